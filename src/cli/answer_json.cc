// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/answer_json.h"

#include <optional>
#include <utility>

#include "cli/results.h"

namespace tradewind {
namespace {

Json TokenJson(const Token& token, const Tokenizer& tokenizer) {
  Json entry = {{"id", token.id}, {"token", token.bytes}, {"logprob", token.logprob ? Json(*token.logprob) : Json()}};
  Json top = Json::array();
  for (const TopLogprob& t : token.top) top.push_back({{"id", t.id}, {"token", tokenizer.Decode(t.id, true)}, {"logprob", t.logprob}});
  entry["top"] = std::move(top);
  return entry;
}

Json MillisOrNull(const std::optional<Duration>& d) {
  return d ? Json(d->ms()) : Json();
}

}  // namespace

Json AnswerJson(const Answer& answer, const Budget& budget, Duration load, const Tokenizer& tokenizer) {
  Json ids = Json::array();
  Json logprobs = Json::array();
  for (const Token& t : answer.prompt) logprobs.push_back(TokenJson(t, tokenizer));
  for (const Token& t : answer.tokens) {
    ids.push_back(t.id);
    logprobs.push_back(TokenJson(t, tokenizer));
  }
  const Outcome& o = answer.outcome;
  return {{"text", answer.text},
          {"tokens", std::move(ids)},
          {"logprobs", std::move(logprobs)},
          {"finish_reason", FinishReasonName(answer.finish)},
          {"setting", ToJson(o.setting)},
          {"setting_text", o.setting.Text()},
          {"budget", ToJson(budget)},
          {"timings",
           {{"load_ms", load.ms()},
            {"prompt_n", o.prompt_tokens},
            {"cache_n", o.held_tokens},
            {"prompt_ms", o.prefill.ms()},
            {"predicted_n", o.output_tokens},
            {"predicted_ms", o.decode.ms()},
            {"ttft_ms", MillisOrNull(o.ttft)},
            {"tpot_ms", MillisOrNull(o.tpot)}}}};
}

Json ExpectedJson(const Candidate& expected, const KnownPoint& point, const Axis& primary) {
  Json json = Json::object();
  if (expected.ttft_ms) json["ttft_ms"] = ToJson(*expected.ttft_ms);
  if (expected.tpot_ms) json["tpot_ms"] = ToJson(*expected.tpot_ms);
  if (const Measurement* m = expected.point.Find(primary.metric)) json["quality"] = ToJson(*m);
  json["memory_bytes"] = expected.memory_bytes;
  json["drift"] = {{"prefill", point.drift.prefill.factor}, {"step", point.drift.step.factor}};
  return json;
}

}  // namespace tradewind
