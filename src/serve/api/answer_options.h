// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// AnswerOptions: how a text is to be drawn, ended, constrained and reported; the fields that chat and completion requests share: OpenAI's,
// and llama.cpp's additions. What is absent is as OpenAI has it (temperature 1, top_p 1), with top_k and min_p off; the rest are the
// defaults of core/event.h. Plain data.
//
//   AnswerOptions options;
//   ReadSampling(fields, limits, &options);
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/event.h"
#include "serve/api/fields.h"
#include "serve/api/limits.h"

namespace tradewind {

struct AnswerOptions {
  Sampling sampling{.temperature = 1, .top_k = 0, .top_p = 1, .min_p = 0};
  bool seeded = false;                  // sampling.seed is the request's; else it is the caller's to draw
  std::optional<int64_t> max_tokens{};  // absent: as far as the context goes
  int64_t answers = 1;                  // n, of each prompt
  std::vector<std::string> stop{};
  bool ignore_end = false;      // go on where the model would end
  bool logprobs = false;        // of each token
  int top_logprobs = 0;         // alternatives beside it
  std::string grammar{};        // GBNF that the answer keeps; parsed once already
  std::string grammar_place{};  // the field that it came from
  bool cache_prompt = true;
  bool stream = false;
  bool include_usage = false;  // a last chunk with the usage
  bool timings_per_token = false;
};

// temperature ... logit_bias, seed, stop, n, stream, cache_prompt and the like; not max_tokens, logprobs and grammars.
void ReadAnswerOptions(ApiFields& fields, const ApiLimits& limits, AnswerOptions* options);
// `stop` or `stop_sequences`: a text or a list of them.
void ReadStops(ApiFields& fields, std::string_view name, const ApiLimits& limits, std::vector<std::string>* stops);
// max_tokens and its other names; `least` is 0 where a prompt alone may be read. Two that differ are a fault.
void ReadMaxTokens(ApiFields& fields, std::initializer_list<std::string_view> names, int64_t least, const ApiLimits& limits,
                   AnswerOptions* options);
// What others serve and we do not: each is refused by name. And what changes nothing in an answer: `user`, `metadata`,
// `safety_identifier`, `prompt_cache_key`, `prompt_cache_retention`, `store` and `service_tier` (as far as they ask for nothing).
void RefuseForeignFields(ApiFields& fields);

}  // namespace tradewind
