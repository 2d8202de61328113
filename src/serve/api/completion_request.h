// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// POST /v1/completions: texts to go on with. Plain data.
// max_tokens is 16 where it is absent, as OpenAI has it.
//
//   TW_ASSIGN(const CompletionRequest request, ParseCompletionRequest(body));
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "serve/api/answer_options.h"
#include "serve/api/request_terms.h"
#include "serve/api/text_input.h"

namespace tradewind {

struct CompletionRequest {
  std::string model;  // empty: the server's choice
  std::vector<TextInput> prompts;
  bool echo = false;  // the prompt's text before the answer's, with its log-probabilities
  AnswerOptions options;
  RequestTerms terms;
};

// kInvalidInput or kUnsupported at the field ("prompt[3]").
Result<CompletionRequest> ParseCompletionRequest(std::string_view body, const ApiLimits& limits = {});

}  // namespace tradewind
