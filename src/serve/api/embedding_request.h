// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// POST /v1/embeddings: texts as vectors. Plain data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "serve/api/request_terms.h"
#include "serve/api/text_input.h"

namespace tradewind {

struct EmbeddingRequest {
  std::string model;  // empty: the server's choice
  std::vector<TextInput> inputs;
  bool base64 = false;                // little-endian floats, instead of a list of numbers
  std::optional<int64_t> dimensions;  // whether the model has so many is judged by who knows it
  RequestTerms terms;
};

// kInvalidInput or kUnsupported at the field ("input[3]").
Result<EmbeddingRequest> ParseEmbeddingRequest(std::string_view body, const ApiLimits& limits = {});

}  // namespace tradewind
