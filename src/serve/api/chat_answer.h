// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Answers of /v1/chat/completions: the `chat.completion` object, or the chunks of a stream. Plain data in, one line of JSON out.
//
//   const ChatStream stream{head, .include_usage = true};
//   Send(stream.First(0)); Send(stream.Delta({.text = "Hel"})); Send(stream.Delta({.finish = kStop}, &tail)); Send(stream.Usage(tail));
#pragma once

#include <string>
#include <vector>

#include "serve/api/answer.h"

namespace tradewind {

std::string ChatAnswerJson(const AnswerHead& head, const std::vector<AnswerChoice>& choices, const AnswerTail& tail, bool logprobs);

struct ChatStream {
  AnswerHead head;
  bool logprobs = false;
  bool include_usage = false;

  // Of each choice the first: the role.
  std::string First(int64_t index) const;
  // New text, new calls, and the end if `finish` is set. `tail`: its timings and steering come along (with the last one, or with each).
  std::string Delta(const AnswerChoice& choice, const AnswerTail* tail = nullptr) const;
  // No choices; the last chunk where `include_usage` was asked for.
  std::string Usage(const AnswerTail& tail) const;
};

}  // namespace tradewind
