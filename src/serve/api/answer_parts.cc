// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/answer_parts.h"

#include <algorithm>
#include <cmath>

#include "base/version.h"
#include "text/utf8.h"

namespace tradewind {
namespace {

OrderedJson FiniteOrNull(double value) {
  return std::isfinite(value) ? OrderedJson(value) : OrderedJson();
}

OrderedJson PerSecond(int64_t count, double ms) {
  return ms > 0 ? OrderedJson(static_cast<double>(count) * 1e3 / ms) : OrderedJson();
}

OrderedJson PerToken(int64_t count, double ms) {
  return count > 0 ? OrderedJson(ms / static_cast<double>(count)) : OrderedJson();
}

OrderedJson NumbersJson(const std::map<std::string, double>& numbers) {
  OrderedJson json = OrderedJson::object();
  for (const auto& [name, value] : numbers) json[name] = FiniteOrNull(value);
  return json;
}

OrderedJson QualityJson(const QualityEstimate& quality) {
  OrderedJson json = {{"metric", quality.metric}, {"value", FiniteOrNull(quality.value)}, {"interval", nullptr}};
  if (quality.interval) json["interval"] = {FiniteOrNull(quality.interval->first), FiniteOrNull(quality.interval->second)};
  return json;
}

}  // namespace

std::string_view OpenAiFinish(const AnswerChoice& choice) {
  const FinishReason reason = choice.finish.value_or(FinishReason::kError);
  const bool called = !choice.tool_calls.empty() || choice.first_tool_call > 0;
  if (reason == FinishReason::kStop && called) return "tool_calls";
  if (reason == FinishReason::kContext) return "length";
  return FinishReasonName(reason);
}

OrderedJson UsageJson(const AnswerUsage& usage) {
  return {{"prompt_tokens", usage.prompt_tokens},
          {"completion_tokens", usage.completion_tokens},
          {"total_tokens", usage.prompt_tokens + usage.completion_tokens},
          {"prompt_tokens_details", {{"cached_tokens", usage.cached_tokens}}}};
}

OrderedJson TimingsJson(const AnswerTimings& t) {
  return {{"cache_n", t.cache_n},
          {"prompt_n", t.prompt_n},
          {"prompt_ms", t.prompt_ms},
          {"prompt_per_token_ms", PerToken(t.prompt_n, t.prompt_ms)},
          {"prompt_per_second", PerSecond(t.prompt_n, t.prompt_ms)},
          {"predicted_n", t.predicted_n},
          {"predicted_ms", t.predicted_ms},
          {"predicted_per_token_ms", PerToken(t.predicted_n, t.predicted_ms)},
          {"predicted_per_second", PerSecond(t.predicted_n, t.predicted_ms)}};
}

OrderedJson SteeringJson(const AnswerSteering& steering) {
  OrderedJson setting = OrderedJson::object();
  for (const auto& [name, value] : steering.setting.values()) {
    std::visit([&, knob = name](const auto& v) { setting[knob] = v; }, value);
  }
  return {{"setting", std::move(setting)},
          {"setting_text", steering.setting.Text()},
          {"predicted", NumbersJson(steering.predicted)},
          {"got", NumbersJson(steering.got)},
          {"reason", steering.reason},
          {"quality", steering.quality ? QualityJson(*steering.quality) : OrderedJson()}};
}

void AddReports(const AnswerTail& tail, OrderedJson* json) {
  if (tail.timings) (*json)["timings"] = TimingsJson(*tail.timings);
  if (tail.steering) (*json)["tradewind"] = SteeringJson(*tail.steering);
}

OrderedJson HeadJson(const AnswerHead& head, std::string_view object) {
  static const std::string fingerprint = "tradewind " + BuildId();
  return {
      {"id", head.id}, {"object", object}, {"created", head.created_unix_s}, {"model", head.model}, {"system_fingerprint", fingerprint}};
}

OrderedJson ToolCallsJson(const AnswerChoice& choice, bool chunk) {
  OrderedJson list = OrderedJson::array();
  int64_t index = choice.first_tool_call;
  for (const ToolCall& call : choice.tool_calls) {
    OrderedJson item = OrderedJson::object();
    if (chunk) item["index"] = index++;
    item["id"] = call.id;
    item["type"] = "function";
    item["function"] = {{"name", call.name}, {"arguments", call.arguments}};
    list.push_back(std::move(item));
  }
  return list;
}

std::string TokenText(std::string_view bytes) {
  if (!ReplaceInvalidUtf8(bytes, '?')) return std::string(bytes);
  constexpr char kHex[] = "0123456789abcdef";
  std::string text = "bytes:";
  for (const char c : bytes) {
    text += "\\x";
    text += kHex[static_cast<unsigned char>(c) >> 4];
    text += kHex[static_cast<unsigned char>(c) & 15];
  }
  return text;
}

int64_t CountCharacters(std::string_view bytes) {
  return std::count_if(bytes.begin(), bytes.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
}

}  // namespace tradewind
