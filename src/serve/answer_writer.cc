// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/answer_writer.h"

#include <utility>

#include "serve/api/anthropic_answer.h"
#include "serve/api/chat_answer.h"
#include "serve/api/completion_answer.h"
#include "serve/api/server_sent_event.h"

namespace tradewind {
namespace {

// What OpenAI's two forms have alike.
class OpenAiWriter : public AnswerWriter {
 public:
  std::string StreamError(const ApiError& error) override { return ServerSentEvent(OpenAiErrorJson(error)) + std::string(kStreamDone); }
  std::string WholeError(const ApiError& error) const override { return OpenAiErrorJson(error); }
};

class ChatWriter final : public OpenAiWriter {
 public:
  explicit ChatWriter(WriterOptions o) : stream_{std::move(o.head), o.logprobs, o.include_usage} {}
  std::string Whole(const std::vector<AnswerChoice>& choices, const AnswerTail& tail) const override {
    return ChatAnswerJson(stream_.head, choices, tail, stream_.logprobs);
  }
  std::string Begin(int64_t index, const AnswerUsage&) override { return ServerSentEvent(stream_.First(index)); }
  std::string Piece(const AnswerChoice& choice, const AnswerTail* tail) override { return ServerSentEvent(stream_.Delta(choice, tail)); }
  std::string End(const AnswerTail& tail) override {
    return (stream_.include_usage ? ServerSentEvent(stream_.Usage(tail)) : std::string()) + std::string(kStreamDone);
  }

 private:
  ChatStream stream_;
};

class CompletionWriter final : public OpenAiWriter {
 public:
  explicit CompletionWriter(WriterOptions o) : stream_{std::move(o.head), o.logprobs, o.include_usage} {}
  std::string Whole(const std::vector<AnswerChoice>& choices, const AnswerTail& tail) const override {
    return CompletionAnswerJson(stream_.head, choices, tail, stream_.logprobs);
  }
  std::string Begin(int64_t, const AnswerUsage&) override { return {}; }
  std::string Piece(const AnswerChoice& choice, const AnswerTail* tail) override { return ServerSentEvent(stream_.Delta(choice, tail)); }
  std::string End(const AnswerTail& tail) override {
    return (stream_.include_usage ? ServerSentEvent(stream_.Usage(tail)) : std::string()) + std::string(kStreamDone);
  }

 private:
  CompletionStream stream_;
};

class AnthropicWriter final : public AnswerWriter {
 public:
  explicit AnthropicWriter(WriterOptions o) : head_(o.head), stream_(std::move(o.head)) {}
  std::string Whole(const std::vector<AnswerChoice>& choices, const AnswerTail& tail) const override {
    return AnthropicAnswerJson(head_, choices.front(), tail);
  }
  std::string Begin(int64_t, const AnswerUsage& usage) override { return stream_.Start(usage); }
  std::string Piece(const AnswerChoice& choice, const AnswerTail* tail) override {
    std::string out;
    if (!choice.text.empty()) out += stream_.Text(choice.text);
    for (const ToolCall& call : choice.tool_calls) out += stream_.Call(call);
    if (choice.finish && tail != nullptr) out += stream_.End(choice, *tail);
    return out;
  }
  std::string End(const AnswerTail&) override { return {}; }
  std::string StreamError(const ApiError& error) override { return AnthropicStream::Error(error); }
  std::string WholeError(const ApiError& error) const override { return AnthropicErrorJson(error); }

 private:
  AnswerHead head_;
  AnthropicStream stream_;
};

}  // namespace

std::unique_ptr<AnswerWriter> MakeChatWriter(WriterOptions options) {
  return std::make_unique<ChatWriter>(std::move(options));
}

std::unique_ptr<AnswerWriter> MakeCompletionWriter(WriterOptions options) {
  return std::make_unique<CompletionWriter>(std::move(options));
}

std::unique_ptr<AnswerWriter> MakeAnthropicWriter(WriterOptions options) {
  return std::make_unique<AnthropicWriter>(std::move(options));
}

}  // namespace tradewind
