// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/completion_answer.h"

#include <algorithm>

#include "serve/api/answer_parts.h"

namespace tradewind {
namespace {

constexpr double kNeverLogprob = -9999;  // JSON has no infinity

// Two ids may have one text; a reader that looks for the greatest must find it.
void RaiseTopTo(const std::string& text, double logprob, OrderedJson* top) {
  const double value = std::max(logprob, kNeverLogprob);
  const auto found = top->find(text);
  if (found == top->end()) {
    (*top)[text] = value;
  } else if (found->get<double>() < value) {
    *found = value;
  }
}

// The drawn token is always among them.
OrderedJson TopJson(const AnswerToken& token) {
  if (!token.logprob) return nullptr;
  OrderedJson top = OrderedJson::object();
  for (const auto& [bytes, logprob] : token.top) RaiseTopTo(TokenText(bytes), logprob, &top);
  RaiseTopTo(TokenText(token.bytes), *token.logprob, &top);
  return top;
}

OrderedJson CompletionLogprobsJson(const AnswerChoice& choice) {
  OrderedJson tokens = OrderedJson::array(), logprobs = OrderedJson::array(), tops = OrderedJson::array(), offsets = OrderedJson::array();
  int64_t offset = choice.text_offset;
  for (const AnswerToken& token : choice.tokens) {
    tokens.push_back(TokenText(token.bytes));
    logprobs.push_back(token.logprob ? OrderedJson(std::max(*token.logprob, kNeverLogprob)) : OrderedJson());
    tops.push_back(TopJson(token));
    offsets.push_back(offset);
    offset += CountCharacters(token.bytes);
  }
  return {{"tokens", std::move(tokens)},
          {"token_logprobs", std::move(logprobs)},
          {"top_logprobs", std::move(tops)},
          {"text_offset", std::move(offsets)}};
}

OrderedJson CompletionChoiceJson(const AnswerChoice& choice, bool logprobs) {
  return {{"text", choice.text},
          {"index", choice.index},
          {"logprobs", logprobs ? CompletionLogprobsJson(choice) : OrderedJson()},
          {"finish_reason", choice.finish ? OrderedJson(OpenAiFinish(choice)) : OrderedJson()}};
}

}  // namespace

std::string CompletionAnswerJson(const AnswerHead& head, const std::vector<AnswerChoice>& choices, const AnswerTail& tail, bool logprobs) {
  OrderedJson json = HeadJson(head, "text_completion");
  OrderedJson list = OrderedJson::array();
  for (const AnswerChoice& choice : choices) list.push_back(CompletionChoiceJson(choice, logprobs));
  json["choices"] = std::move(list);
  json["usage"] = UsageJson(tail.usage);
  AddReports(tail, &json);
  return JsonLine(json);
}

std::string CompletionStream::Delta(const AnswerChoice& choice, const AnswerTail* tail) const {
  OrderedJson json = HeadJson(head, "text_completion");
  json["choices"] = OrderedJson::array({CompletionChoiceJson(choice, logprobs && !choice.tokens.empty())});
  if (include_usage) json["usage"] = nullptr;
  if (tail != nullptr) AddReports(*tail, &json);
  return JsonLine(json);
}

std::string CompletionStream::Usage(const AnswerTail& tail) const {
  OrderedJson json = HeadJson(head, "text_completion");
  json["choices"] = OrderedJson::array();
  json["usage"] = UsageJson(tail.usage);
  AddReports(tail, &json);
  return JsonLine(json);
}

}  // namespace tradewind
