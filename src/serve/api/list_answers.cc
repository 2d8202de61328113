// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/list_answers.h"

#include <bit>
#include <cstring>

#include "text/utf8.h"

namespace tradewind {
namespace {

static_assert(std::endian::native == std::endian::little, "base64 vectors are little-endian floats");

std::string Base64(std::string_view bytes) {
  constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t left = std::min<size_t>(3, bytes.size() - i);
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k) group = group << 8 | (k < left ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (size_t k = 0; k < 4; ++k) out += k <= left ? kAlphabet[group >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

OrderedJson VectorJson(const std::vector<float>& vector, bool base64) {
  if (!base64) return vector;
  std::string bytes(vector.size() * sizeof(float), '\0');
  if (!vector.empty()) std::memcpy(bytes.data(), vector.data(), bytes.size());
  return Base64(bytes);
}

OrderedJson PromptUsage(int64_t prompt_tokens) {
  return {{"prompt_tokens", prompt_tokens}, {"total_tokens", prompt_tokens}};
}

OrderedJson ServedModelJson(const ServedModel& model) {
  OrderedJson json = {{"id", model.id}, {"object", "model"}, {"created", model.created_unix_s}, {"owned_by", "tradewind"}};
  if (!model.meta.is_null()) json["meta"] = model.meta;
  return json;
}

// llama-server's way to show a piece that is part of a character.
OrderedJson PieceJson(const std::string& piece) {
  if (!ReplaceInvalidUtf8(piece, '?')) return piece;
  OrderedJson bytes = OrderedJson::array();
  for (const char c : piece) bytes.push_back(static_cast<unsigned char>(c));
  return bytes;
}

}  // namespace

std::string EmbeddingListJson(const std::vector<std::vector<float>>& vectors, bool base64, const std::string& model,
                              int64_t prompt_tokens) {
  OrderedJson data = OrderedJson::array();
  for (const std::vector<float>& vector : vectors) {
    data.push_back({{"object", "embedding"}, {"index", data.size()}, {"embedding", VectorJson(vector, base64)}});
  }
  return JsonLine({{"object", "list"}, {"data", std::move(data)}, {"model", model}, {"usage", PromptUsage(prompt_tokens)}});
}

std::string RankedListJson(const std::string& id, const std::string& model, const std::vector<RankedDocument>& ranked,
                           std::string_view method, int64_t prompt_tokens) {
  OrderedJson results = OrderedJson::array();
  for (const RankedDocument& document : ranked) {
    OrderedJson result = {{"index", document.index}, {"relevance_score", document.score}};
    if (document.text) result["document"] = {{"text", *document.text}};
    results.push_back(std::move(result));
  }
  return JsonLine({{"id", id},
                   {"object", "list"},
                   {"model", model},
                   {"usage", PromptUsage(prompt_tokens)},
                   {"results", std::move(results)},
                   {"tradewind", {{"method", method}}}});
}

std::string ModelListJson(const std::vector<ServedModel>& models) {
  OrderedJson data = OrderedJson::array();
  for (const ServedModel& model : models) data.push_back(ServedModelJson(model));
  return JsonLine({{"object", "list"}, {"data", std::move(data)}});
}

std::string ModelJson(const ServedModel& model) {
  return JsonLine(ServedModelJson(model));
}

std::string TokenListJson(const std::vector<int32_t>& tokens, const std::vector<std::string>* pieces, int64_t context) {
  OrderedJson json = {{"tokens", tokens}, {"count", tokens.size()}, {"max_model_len", context}};
  if (pieces == nullptr) return JsonLine(json);
  OrderedJson list = OrderedJson::array();
  for (size_t i = 0; i < tokens.size() && i < pieces->size(); ++i) list.push_back({{"id", tokens[i]}, {"piece", PieceJson((*pieces)[i])}});
  json["tokens"] = std::move(list);
  json["token_strs"] = *pieces;
  return JsonLine(json);
}

std::string DetokenizedJson(const std::string& text) {
  return JsonLine({{"content", text}, {"prompt", text}});
}

}  // namespace tradewind
