// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// POST /tokenize and /detokenize, in llama-server's form (`content`) and vLLM's (`prompt`). Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "serve/api/fields.h"
#include "serve/api/limits.h"

namespace tradewind {

struct TokenizeRequest {
  std::string model;  // empty: the server's choice
  std::string text;
  bool add_special = false;   // the model's own beginning: absent, no for `content` and yes for `prompt`, as either server has it
  bool parse_special = true;  // "<s>" in the text is the token of that name
  bool with_pieces = false;   // each token's text, too
};

struct DetokenizeRequest {
  std::string model;
  std::vector<int32_t> tokens;
};

// kInvalidInput or kUnsupported at the field.
Result<TokenizeRequest> ParseTokenizeRequest(std::string_view body, const ApiLimits& limits = {});
Result<DetokenizeRequest> ParseDetokenizeRequest(std::string_view body, const ApiLimits& limits = {});

}  // namespace tradewind
