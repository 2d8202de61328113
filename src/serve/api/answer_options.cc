// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/answer_options.h"

#include <charconv>

namespace tradewind {
namespace {

constexpr int64_t kGreatestCount = 1 << 30;

void ReadDistribution(ApiFields& fields, Sampling* s) {
  fields.Real("temperature", &s->temperature, 0, 2);
  fields.Real("top_p", &s->top_p, 0, 1);
  fields.Real("min_p", &s->min_p, 0, 1);
  fields.Real("typical_p", &s->typical, 0, 1);
  fields.Real("top_n_sigma", &s->top_n_sigma, -1, 100);
  // Minus one is vLLM's word for all, zero llama.cpp's.
  if (fields.Integer("top_k", &s->top_k, -1, kGreatestCount) && s->top_k < 0) s->top_k = 0;
}

void ReadPenalties(ApiFields& fields, const ApiLimits& limits, Sampling* s) {
  fields.Real("presence_penalty", &s->presence_penalty, -2, 2);
  fields.Real("frequency_penalty", &s->frequency_penalty, -2, 2);
  fields.Real("repetition_penalty", &s->repeat_penalty, 0.01, 100);  // vLLM's name
  fields.Real("repeat_penalty", &s->repeat_penalty, 0.01, 100);
  fields.Integer("repeat_last_n", &s->repeat_last_n, -1, kGreatestCount);
  fields.Real("dry_multiplier", &s->dry_multiplier, 0, 100);
  fields.Real("dry_base", &s->dry_base, 1, 100);
  fields.Integer("dry_allowed_length", &s->dry_allowed_length, 1, kGreatestCount);
  fields.Integer("dry_penalty_last_n", &s->dry_last_n, -1, kGreatestCount);
  const auto breakers = fields.List("dry_sequence_breakers", limits.dry_breakers);
  if (!breakers) return;
  s->dry_breakers.clear();
  for (const JsonNode item : breakers->children()) {
    const auto text = TextAt(item, ItemPlace(fields.Where("dry_sequence_breakers"), s->dry_breakers.size()));
    if (!text) return void(fields.Check(text.error()));
    s->dry_breakers.emplace_back(*text);
  }
}

Result<std::vector<LogitBias>> LogitBiasesAt(JsonNode node, const std::string& where, const ApiLimits& limits) {
  if (node.size() > limits.logit_biases) return Fail(BadField(where, "has over " + std::to_string(limits.logit_biases) + " tokens"));
  std::vector<LogitBias> biases;
  for (const JsonNode member : node.children()) {
    const std::string_view key = member.key();
    LogitBias bias;
    const auto read = std::from_chars(key.data(), key.data() + key.size(), bias.id);
    const bool plain = key.size() < 2 || key.front() != '0';  // one way to write a number: no token twice
    if (read.ec != std::errc() || read.ptr != key.data() + key.size() || bias.id < 0 || !plain) {
      return Fail(BadField(where, "maps token ids like \"42\" to numbers; \"" + std::string(key.substr(0, 32)) + "\" is none"));
    }
    TW_ASSIGN(bias.bias, RealAt(member, where + "." + std::string(key), -100, 100));
    biases.push_back(bias);
  }
  return biases;
}

void ReadSeed(ApiFields& fields, AnswerOptions* options) {
  int64_t seed = 0;
  if (!fields.Integer("seed", &seed, INT64_MIN, INT64_MAX)) return;
  options->seeded = seed != -1;  // llama.cpp's word for any
  if (options->seeded) options->sampling.seed = static_cast<uint64_t>(seed);
}

void ReadStreaming(ApiFields& fields, AnswerOptions* options) {
  fields.Bool("stream", &options->stream);
  const auto node = fields.Object("stream_options");
  if (!node) return;
  if (!options->stream) return void(fields.Check(BadField(fields.Where("stream_options"), "is only for `stream`: true")));
  ApiFields parts(*node, fields.Where("stream_options"));
  parts.Bool("include_usage", &options->include_usage);
  parts.Refuse({"include_obfuscation", "continuous_usage_stats"}, "leave it out");
  fields.Check(parts.Finish());
}

}  // namespace

void ReadStops(ApiFields& fields, std::string_view name, const ApiLimits& limits, std::vector<std::string>* stops) {
  const auto node = fields.Any(name);
  if (!node) return;
  const std::string where = fields.Where(name);
  const auto add = [&](JsonNode item, const std::string& place) {
    const auto text = TextAt(item, place);
    if (!text) return fields.Check(text.error());
    if (text->empty()) return fields.Check(BadField(place, "must not be empty: every text ends with nothing"));
    if (text->size() > limits.stop_bytes) return fields.Check(BadField(place, "has over " + std::to_string(limits.stop_bytes) + " bytes"));
    stops->emplace_back(*text);
    return true;
  };
  if (node->kind() == JsonKind::kText) return void(add(*node, where));
  if (node->kind() != JsonKind::kArray) return void(fields.Check(BadField(where, "must be a text or a list of texts")));
  if (!fields.Check(ListAt(*node, where, limits.stops))) return;
  size_t index = 0;
  for (const JsonNode item : node->children()) {
    if (!add(item, ItemPlace(where, index++))) return;
  }
}

void ReadMaxTokens(ApiFields& fields, std::initializer_list<std::string_view> names, int64_t least, const ApiLimits& limits,
                   AnswerOptions* options) {
  for (const std::string_view name : names) {
    int64_t tokens = 0;
    if (!fields.Integer(name, &tokens, least, limits.max_tokens)) continue;
    if (options->max_tokens && *options->max_tokens != tokens) {
      return void(fields.Check(BadField(fields.Where(name), "is not what its other name says; send one of them")));
    }
    options->max_tokens = tokens;
  }
}

void ReadAnswerOptions(ApiFields& fields, const ApiLimits& limits, AnswerOptions* options) {
  ReadDistribution(fields, &options->sampling);
  ReadPenalties(fields, limits, &options->sampling);
  if (const auto node = fields.Object("logit_bias")) {
    const auto biases = LogitBiasesAt(*node, fields.Where("logit_bias"), limits);
    if (biases) options->sampling.logit_bias = *biases;
    if (!biases) fields.Check(biases.error());
  }
  ReadSeed(fields, options);
  ReadStops(fields, "stop", limits, &options->stop);
  fields.Integer("n", &options->answers, 1, limits.answers);
  ReadStreaming(fields, options);
  fields.Bool("ignore_eos", &options->ignore_end);
  fields.Bool("cache_prompt", &options->cache_prompt);
  fields.Bool("timings_per_token", &options->timings_per_token);
}

void RefuseForeignFields(ApiFields& fields) {
  fields.Ignore({"user", "metadata", "safety_identifier", "prompt_cache_key", "prompt_cache_retention"});
  fields.Refuse({"store"}, "nothing is kept; send false");
  fields.RefuseUnless("service_tier", {"auto", "default"}, "there is one tier; send \"auto\" or leave it out");
  fields.Refuse({"audio", "prediction", "web_search_options", "reasoning_effort", "reasoning"}, "leave it out");
  fields.Refuse({"functions", "function_call"}, "send `tools` and `tool_choice`");
  fields.Refuse({"mirostat", "mirostat_tau", "mirostat_eta", "dynatemp_range", "xtc_probability", "min_keep", "samplers", "n_keep",
                 "n_probs", "id_slot", "lora", "t_max_predict_ms", "post_sampling_probs", "return_tokens"},
                "leave it out; docs/api-http.md lists what there is");
  fields.Refuse({"use_beam_search", "length_penalty", "min_tokens", "stop_token_ids", "bad_words", "prompt_logprobs", "guided_json",
                 "guided_regex", "guided_choice", "guided_grammar", "truncate_prompt_tokens"},
                "leave it out; docs/api-http.md lists what there is");
}

}  // namespace tradewind
