// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// AnswerWriter: how an answer goes out in one API's words, whole or as a stream's bytes (already framed). One an answer; one thread at a
// time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "serve/api/answer.h"
#include "serve/api/api_error.h"

namespace tradewind {

struct WriterOptions {
  AnswerHead head;
  bool logprobs = false;
  bool include_usage = false;
};

class AnswerWriter {
 public:
  virtual ~AnswerWriter() = default;
  virtual std::string Whole(const std::vector<AnswerChoice>& choices, const AnswerTail& tail) const = 0;
  // A stream: of each choice its beginning, what is new, and its end with it; then the end of all.
  virtual std::string Begin(int64_t index, const AnswerUsage& usage) = 0;
  virtual std::string Piece(const AnswerChoice& choice, const AnswerTail* tail) = 0;
  virtual std::string End(const AnswerTail& tail) = 0;
  // In the middle of a stream, or instead of an answer.
  virtual std::string StreamError(const ApiError& error) = 0;
  virtual std::string WholeError(const ApiError& error) const = 0;
};

std::unique_ptr<AnswerWriter> MakeChatWriter(WriterOptions options);
std::unique_ptr<AnswerWriter> MakeCompletionWriter(WriterOptions options);
std::unique_ptr<AnswerWriter> MakeAnthropicWriter(WriterOptions options);

}  // namespace tradewind
