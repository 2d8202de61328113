// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Answers of /v1/completions: the `text_completion` object, or the chunks of a stream. With `echo` the caller puts the prompt's text and
// tokens before the answer's. Plain data in, one line of JSON out.
#pragma once

#include <string>
#include <vector>

#include "serve/api/answer.h"

namespace tradewind {

std::string CompletionAnswerJson(const AnswerHead& head, const std::vector<AnswerChoice>& choices, const AnswerTail& tail, bool logprobs);

struct CompletionStream {
  AnswerHead head;
  bool logprobs = false;
  bool include_usage = false;

  // New text, and the end if `finish` is set. `tail`: its timings and steering come along (with the last one, or with each).
  std::string Delta(const AnswerChoice& choice, const AnswerTail* tail = nullptr) const;
  // No choices; the last chunk where `include_usage` was asked for.
  std::string Usage(const AnswerTail& tail) const;
};

}  // namespace tradewind
