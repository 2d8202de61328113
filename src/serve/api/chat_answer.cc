// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/chat_answer.h"

#include <algorithm>

#include "serve/api/answer_parts.h"

namespace tradewind {
namespace {

constexpr double kLeastLogprob = -9999;  // OpenAI's word for never: JSON has no infinity

OrderedJson ByteNumbers(std::string_view bytes) {
  OrderedJson list = OrderedJson::array();
  for (const char c : bytes) list.push_back(static_cast<unsigned char>(c));
  return list;
}

OrderedJson ChatTokenJson(std::string_view bytes, double logprob) {
  return {{"token", bytes}, {"logprob", std::max(logprob, kLeastLogprob)}, {"bytes", ByteNumbers(bytes)}};
}

OrderedJson ChatLogprobsJson(const std::vector<AnswerToken>& tokens) {
  OrderedJson content = OrderedJson::array();
  for (const AnswerToken& token : tokens) {
    OrderedJson entry = ChatTokenJson(token.bytes, token.logprob.value_or(kLeastLogprob));
    OrderedJson top = OrderedJson::array();
    for (const auto& [bytes, logprob] : token.top) top.push_back(ChatTokenJson(bytes, logprob));
    entry["top_logprobs"] = std::move(top);
    content.push_back(std::move(entry));
  }
  return {{"content", std::move(content)}, {"refusal", nullptr}};
}

OrderedJson ChatMessageJson(const AnswerChoice& choice) {
  OrderedJson message = {{"role", "assistant"}, {"content", choice.text}, {"refusal", nullptr}};
  if (choice.tool_calls.empty()) return message;
  if (choice.text.empty()) message["content"] = nullptr;
  message["tool_calls"] = ToolCallsJson(choice, false);
  return message;
}

OrderedJson ChunkJson(const ChatStream& stream, OrderedJson choices) {
  OrderedJson json = HeadJson(stream.head, "chat.completion.chunk");
  json["choices"] = std::move(choices);
  if (stream.include_usage) json["usage"] = nullptr;
  return json;
}

OrderedJson ChunkChoice(int64_t index, OrderedJson delta, OrderedJson logprobs, OrderedJson finish) {
  return {{"index", index}, {"delta", std::move(delta)}, {"logprobs", std::move(logprobs)}, {"finish_reason", std::move(finish)}};
}

}  // namespace

std::string ChatAnswerJson(const AnswerHead& head, const std::vector<AnswerChoice>& choices, const AnswerTail& tail, bool logprobs) {
  OrderedJson json = HeadJson(head, "chat.completion");
  OrderedJson list = OrderedJson::array();
  for (const AnswerChoice& choice : choices) {
    list.push_back({{"index", choice.index},
                    {"message", ChatMessageJson(choice)},
                    {"logprobs", logprobs ? ChatLogprobsJson(choice.tokens) : OrderedJson()},
                    {"finish_reason", OpenAiFinish(choice)}});
  }
  json["choices"] = std::move(list);
  json["usage"] = UsageJson(tail.usage);
  AddReports(tail, &json);
  return JsonLine(json);
}

std::string ChatStream::First(int64_t index) const {
  OrderedJson delta = {{"role", "assistant"}, {"content", ""}};
  return JsonLine(ChunkJson(*this, OrderedJson::array({ChunkChoice(index, std::move(delta), nullptr, nullptr)})));
}

std::string ChatStream::Delta(const AnswerChoice& choice, const AnswerTail* tail) const {
  OrderedJson delta = OrderedJson::object();
  if (!choice.text.empty()) delta["content"] = choice.text;
  if (!choice.tool_calls.empty()) delta["tool_calls"] = ToolCallsJson(choice, true);
  OrderedJson finish = choice.finish ? OrderedJson(OpenAiFinish(choice)) : OrderedJson();
  OrderedJson probabilities = logprobs && !choice.tokens.empty() ? ChatLogprobsJson(choice.tokens) : OrderedJson();
  OrderedJson json =
      ChunkJson(*this, OrderedJson::array({ChunkChoice(choice.index, std::move(delta), std::move(probabilities), std::move(finish))}));
  if (tail != nullptr) AddReports(*tail, &json);
  return JsonLine(json);
}

std::string ChatStream::Usage(const AnswerTail& tail) const {
  OrderedJson json = ChunkJson(*this, OrderedJson::array());
  json["usage"] = UsageJson(tail.usage);
  AddReports(tail, &json);
  return JsonLine(json);
}

}  // namespace tradewind
