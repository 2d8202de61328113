// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Answers of /v1/embeddings, /v1/rerank, /v1/models, /tokenize and /detokenize. Plain data in, one line of JSON out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "serve/api/json_text.h"

namespace tradewind {

// {object: "list", data: [{object: "embedding", index, embedding}], model, usage}. base64: little-endian floats, as OpenAI's SDKs ask for.
std::string EmbeddingListJson(const std::vector<std::vector<float>>& vectors, bool base64, const std::string& model, int64_t prompt_tokens);

struct RankedDocument {
  int64_t index = 0;  // in the request
  double score = 0;
  std::optional<std::string> text;  // where the documents are to come back
};
// {id, model, usage, results: [{index, relevance_score, document: {text}}], tradewind: {method}}, in the given order. `method` says how it
// was judged: "embedding" or "log_odds".
std::string RankedListJson(const std::string& id, const std::string& model, const std::vector<RankedDocument>& ranked,
                           std::string_view method, int64_t prompt_tokens);

struct ServedModel {
  std::string id;
  int64_t created_unix_s = 0;
  OrderedJson meta = nullptr;  // llama-server's: sizes, context, ...; null: left out
};
// {object: "list", data: [{id, object: "model", created, owned_by, meta}]}
std::string ModelListJson(const std::vector<ServedModel>& models);
// One of them, as /v1/models/NAME gives it.
std::string ModelJson(const ServedModel& model);

// {tokens, count, max_model_len}: what llama-server and vLLM give, in one. With pieces tokens are [{id, piece}], where a piece that is not
// text is a list of its bytes, and token_strs has vLLM's.
std::string TokenListJson(const std::vector<int32_t>& tokens, const std::vector<std::string>* pieces, int64_t context);
// {content, prompt}: llama-server's and vLLM's name for the text.
std::string DetokenizedJson(const std::string& text);

}  // namespace tradewind
