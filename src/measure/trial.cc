// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/trial.h"

#include <algorithm>
#include <limits>

#include "core/token_windows.h"

namespace tradewind {
namespace {

constexpr int64_t kWindowTokens = 512;

// Runs a prompt that echoes and generates nothing; gives the nats of its tokens from `first_scored` on.
Result<ScoredWindow> Score(Instance& instance, const Setting& setting, Prompt prompt, size_t first_scored) {
  Setting request = setting;
  request.Set("max_tokens", int64_t{0});
  TW_ASSIGN(auto session, instance.Start({.setting = request}));
  prompt.echo = true;
  TW_RETURN_IF_ERROR(session->Push({TimePoint{}, std::move(prompt)}));
  ScoredWindow window;
  for (size_t index = 0;; ++index) {
    TW_ASSIGN(const OutputEvent event, session->Next());
    const Token* token = std::get_if<Token>(&event.body);
    if (token == nullptr) return window;
    if (!token->logprob || index < first_scored) continue;
    window.bytes += static_cast<int64_t>(token->bytes.size());
    window.nats -= static_cast<double>(*token->logprob);
    ++window.tokens;
  }
}

// Scores a window of text whole, or, where the context is too short for it, in pieces that each begin with the last token of the one
// before: every token but the first is scored once, some with less before it.
Result<ScoredWindow> ScoreWhole(Instance& instance, const Setting& setting, const Prompt& prompt) {
  const int64_t context = instance.setting().IntegerOr("context", std::numeric_limits<int64_t>::max());
  TW_ASSIGN(const std::vector<int32_t> ids, instance.Tokenize(prompt));
  if (static_cast<int64_t>(ids.size()) <= context || context < 2) return Score(instance, setting, prompt, 0);
  ScoredWindow whole;
  for (size_t begin = 0; begin + 1 < ids.size(); begin += static_cast<size_t>(context) - 1) {
    Prompt piece;
    const size_t end = std::min(ids.size(), begin + static_cast<size_t>(context));
    piece.ids = std::vector<int32_t>(ids.begin() + static_cast<std::ptrdiff_t>(begin), ids.begin() + static_cast<std::ptrdiff_t>(end));
    piece.sampling = prompt.sampling;
    TW_ASSIGN(const ScoredWindow part, Score(instance, setting, std::move(piece), 0));
    whole.bytes += part.bytes;
    whole.tokens += part.tokens;
    whole.nats += part.nats;
  }
  return whole;
}

}  // namespace

void RegisterAllMetrics(Registry<Metric>& registry);

const Registry<Metric>& Metrics() {
  static const Registry<Metric> registry = [] {
    Registry<Metric> r;
    RegisterAllMetrics(r);
    return r;
  }();
  return registry;
}

const MetricInfo* FindMetricInfo(const Tunable& tunable, std::string_view name) {
  for (const MetricInfo& info : tunable.metrics()) {
    if (info.name == name) return &info;
  }
  const Metric* metric = Metrics().Find(name);
  return metric == nullptr ? nullptr : &metric->info;
}

Result<std::vector<ScoredWindow>> ScoreByteWindows(Instance& instance, const Setting& setting, const Workload& workload) {
  std::vector<ScoredWindow> windows;
  const std::vector<Sample>& all = workload.quality;
  const size_t scored = std::min(all.size(), kMostByteWindows);
  for (size_t i = 0; i < scored; ++i) {
    TW_ASSIGN(const ScoredWindow window, ScoreWhole(instance, setting, all[i * all.size() / scored].prompt));
    if (window.tokens > 0) windows.push_back(window);
  }
  return windows;
}

Result<std::vector<ScoredWindow>> ScoreTokenWindows(Instance& instance, const Setting& setting, const std::string& text, int64_t limit) {
  std::vector<ScoredWindow> windows;
  if (instance.setting().IntegerOr("context", kWindowTokens) < kWindowTokens) return windows;  // no window fits
  TW_ASSIGN(std::vector<std::vector<int32_t>> stretches, TokenWindows(instance, text, kWindowTokens));
  if (stretches.size() < 2) return windows;
  if (static_cast<int64_t>(stretches.size()) > limit) stretches.resize(static_cast<size_t>(std::max<int64_t>(0, limit)));
  for (std::vector<int32_t>& ids : stretches) {
    Prompt prompt;
    prompt.ids = std::move(ids);
    TW_ASSIGN(const ScoredWindow window, Score(instance, setting, std::move(prompt), kWindowTokens / 2 + 1));
    windows.push_back(window);
  }
  return windows;
}

Result<Outcome> RunTimed(Instance& instance, const Setting& setting, const Sample& sample, const Clock& clock) {
  Setting request = setting;
  request.Set("max_tokens", sample.output_tokens);
  TW_ASSIGN(auto session, instance.Start({.setting = request}));
  TW_RETURN_IF_ERROR(session->Push({clock.Now(), sample.prompt}));
  while (true) {
    TW_ASSIGN(const OutputEvent event, session->Next());
    if (std::holds_alternative<End>(event.body)) return session->outcome();
  }
}

}  // namespace tradewind
