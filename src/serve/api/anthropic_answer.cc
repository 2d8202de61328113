// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/anthropic_answer.h"

#include "serve/api/answer_parts.h"
#include "serve/api/server_sent_event.h"

namespace tradewind {
namespace {

std::string_view AnthropicStop(const AnswerChoice& choice, bool called) {
  const FinishReason reason = choice.finish.value_or(FinishReason::kError);
  switch (reason) {
    case FinishReason::kStop:
      if (called) return "tool_use";
      return choice.stop ? "stop_sequence" : "end_turn";
    case FinishReason::kLength:
    case FinishReason::kContext: return "max_tokens";
    default: return FinishReasonName(reason);
  }
}

OrderedJson StopText(const AnswerChoice& choice) {
  return choice.stop ? OrderedJson(*choice.stop) : OrderedJson();
}

// Theirs counts what was kept apart from what was read.
OrderedJson AnthropicUsage(const AnswerUsage& usage) {
  return {{"input_tokens", usage.prompt_tokens - usage.cached_tokens},
          {"cache_creation_input_tokens", 0},
          {"cache_read_input_tokens", usage.cached_tokens},
          {"output_tokens", usage.completion_tokens}};
}

OrderedJson ToolUseBlock(const ToolCall& call, OrderedJson input) {
  return {{"type", "tool_use"}, {"id", call.id}, {"name", call.name}, {"input", std::move(input)}};
}

OrderedJson MessageJson(const AnswerHead& head, OrderedJson content) {
  return {
      {"id", head.id},          {"type", "message"},       {"role", "assistant"}, {"model", head.model}, {"content", std::move(content)},
      {"stop_reason", nullptr}, {"stop_sequence", nullptr}};
}

std::string Event(const OrderedJson& json) {
  return ServerSentEvent(JsonLine(json), json["type"].get_ref<const std::string&>());
}

}  // namespace

std::string AnthropicAnswerJson(const AnswerHead& head, const AnswerChoice& choice, const AnswerTail& tail) {
  OrderedJson content = OrderedJson::array();
  if (!choice.text.empty()) content.push_back({{"type", "text"}, {"text", choice.text}});
  for (const ToolCall& call : choice.tool_calls) {
    content.push_back(ToolUseBlock(call, OrderedJson::parse(call.arguments, nullptr, false)));
  }
  OrderedJson json = MessageJson(head, std::move(content));
  json["stop_reason"] = AnthropicStop(choice, !choice.tool_calls.empty());
  json["stop_sequence"] = StopText(choice);
  json["usage"] = AnthropicUsage(tail.usage);
  AddReports(tail, &json);
  return JsonLine(json);
}

std::string AnthropicStream::Start(const AnswerUsage& usage) {
  OrderedJson message = MessageJson(head_, OrderedJson::array());
  message["usage"] = AnthropicUsage(usage);
  return Event({{"type", "message_start"}, {"message", std::move(message)}});
}

std::string AnthropicStream::CloseBlock() {
  if (!open_) return "";
  open_ = false;
  return Event({{"type", "content_block_stop"}, {"index", block_}});
}

std::string AnthropicStream::Text(const std::string& delta) {
  std::string frames;
  if (!open_) {
    open_ = true;
    frames = Event({{"type", "content_block_start"}, {"index", ++block_}, {"content_block", {{"type", "text"}, {"text", ""}}}});
  }
  return frames + Event({{"type", "content_block_delta"}, {"index", block_}, {"delta", {{"type", "text_delta"}, {"text", delta}}}});
}

std::string AnthropicStream::Call(const ToolCall& call) {
  std::string frames = CloseBlock();
  called_ = true;
  open_ = true;
  frames += Event({{"type", "content_block_start"}, {"index", ++block_}, {"content_block", ToolUseBlock(call, OrderedJson::object())}});
  frames += Event(
      {{"type", "content_block_delta"}, {"index", block_}, {"delta", {{"type", "input_json_delta"}, {"partial_json", call.arguments}}}});
  return frames + CloseBlock();
}

std::string AnthropicStream::End(const AnswerChoice& choice, const AnswerTail& tail) {
  std::string frames = CloseBlock();
  OrderedJson last = {{"type", "message_delta"},
                      {"delta", {{"stop_reason", AnthropicStop(choice, called_)}, {"stop_sequence", StopText(choice)}}},
                      {"usage", AnthropicUsage(tail.usage)}};
  AddReports(tail, &last);
  return frames + Event(last) + Event({{"type", "message_stop"}});
}

std::string AnthropicStream::Error(const ApiError& error) {
  return ServerSentEvent(AnthropicErrorJson(error), "error");
}

}  // namespace tradewind
