// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Answers of /v1/messages: Anthropic's message object, or the events of a stream, framed. One AnthropicStream a stream;
// thread-compatible.
//
//   AnthropicStream stream(head);
//   Send(stream.Start(usage)); Send(stream.Text("Hel")); Send(stream.Call(call)); Send(stream.End(choice, tail));
#pragma once

#include <string>

#include "serve/api/answer.h"
#include "serve/api/api_error.h"

namespace tradewind {

// stop_reason: end_turn, max_tokens, stop_sequence, tool_use; and ours: deadline, cancelled, error.
std::string AnthropicAnswerJson(const AnswerHead& head, const AnswerChoice& choice, const AnswerTail& tail);

class AnthropicStream {
 public:
  explicit AnthropicStream(AnswerHead head) : head_(std::move(head)) {}

  std::string Start(const AnswerUsage& usage);
  // Begins a block of text where none is open.
  std::string Text(const std::string& delta);
  // A block of its own, whole.
  std::string Call(const ToolCall& call);
  // Only `finish`, `stop` and whether there were calls are taken of the choice; usage and reports of the tail.
  std::string End(const AnswerChoice& choice, const AnswerTail& tail);
  static std::string Error(const ApiError& error);

 private:
  std::string CloseBlock();
  AnswerHead head_;
  int64_t block_ = -1;  // the last one
  bool open_ = false;
  bool called_ = false;
};

}  // namespace tradewind
