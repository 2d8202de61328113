// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/sampler.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "llm/dry.h"
#include "llm/penalties.h"
#include "text/grammar_mask.h"

namespace tradewind {
namespace {

using LogitStep = void (*)(const Sampling& options, const DrawContext& context, std::span<float> logits);
using CandidateStep = void (*)(const Sampling& options, TokenCandidates& candidates);

void AllowOnly(const DrawContext& context, std::span<float> logits) {
  if (context.allowed == nullptr) return;
  for (size_t i = 0; i < logits.size(); ++i) {
    if (!context.allowed->Has(static_cast<int32_t>(i))) logits[i] = -std::numeric_limits<float>::infinity();
  }
}

// The chain: first what changes logits, then top-k, then what works on the candidates that it left.
constexpr std::array<LogitStep, 5> kLogitSteps = {
    [](const Sampling& o, const DrawContext&, std::span<float> l) { AddBias(o, l); },
    [](const Sampling&, const DrawContext& c, std::span<float> l) { AllowOnly(c, l); },
    [](const Sampling& o, const DrawContext& c, std::span<float> l) { PenalizeRepeats(o, c.tokens, l); },
    [](const Sampling& o, const DrawContext& c, std::span<float> l) { PenalizeDry(o, c.tokens, c.breaks, l); },
    [](const Sampling& o, const DrawContext&, std::span<float> l) { TopNSigma(o, l); },
};
constexpr std::array<CandidateStep, 3> kCandidateSteps = {Typical, TopP, MinP};

int32_t Likeliest(std::span<const float> logits) {
  return static_cast<int32_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
}

bool IsForbidden(float logit) {
  return logit == -std::numeric_limits<float>::infinity();
}

}  // namespace

std::vector<int32_t> TopIds(std::span<const float> logits, int64_t count) {
  std::vector<int32_t> ids(logits.size());
  std::iota(ids.begin(), ids.end(), 0);
  const auto keep = static_cast<size_t>(std::clamp<int64_t>(count, 0, static_cast<int64_t>(ids.size())));
  const auto before = [&](int32_t a, int32_t b) {
    const float x = logits[static_cast<size_t>(a)];
    const float y = logits[static_cast<size_t>(b)];
    return x > y || (x == y && a < b);
  };
  std::partial_sort(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(keep), ids.end(), before);
  ids.resize(keep);
  return ids;
}

bool Sampler::ChangesLogits(const DrawContext& context) const {
  return context.allowed != nullptr || !options_.logit_bias.empty() || options_.repeat_penalty != 1 || options_.presence_penalty != 0 ||
         options_.frequency_penalty != 0 || options_.dry_multiplier != 0 || options_.top_n_sigma > 0;
}

std::span<const float> Sampler::Changed(std::span<const float> logits, const DrawContext& context) {
  if (!ChangesLogits(context)) return logits;
  changed_.assign(logits.begin(), logits.end());
  for (const LogitStep step : kLogitSteps) step(options_, context, changed_);
  return changed_;
}

// Fills kept_ with what the filters leave, likeliest first, with the probabilities of the untempered distribution.
void Sampler::Keep(std::span<const float> logits) {
  const auto all = static_cast<int64_t>(logits.size());
  const int64_t k = options_.top_k > 0 ? std::min(options_.top_k, all) : all;
  kept_.clear();
  for (const int32_t id : TopIds(logits, k)) {
    const float logit = logits[static_cast<size_t>(id)];
    if (IsForbidden(logit)) break;
    kept_.push_back({id, logit, 0});
  }
  for (TokenCandidate& c : kept_) c.probability = std::exp(static_cast<double>(c.logit) - static_cast<double>(kept_[0].logit));
  for (const CandidateStep step : kCandidateSteps) step(options_, kept_);
}

int32_t Sampler::Draw(std::span<const float> given, const DrawContext& context) {
  const std::span<const float> logits = Changed(given, context);
  if (options_.temperature <= 0) {
    const int32_t id = Likeliest(logits);
    return IsForbidden(logits[static_cast<size_t>(id)]) ? -1 : id;
  }
  Keep(logits);
  if (kept_.empty()) return -1;
  double sum = 0;
  for (TokenCandidate& c : kept_) {
    c.probability = std::exp((static_cast<double>(c.logit) - static_cast<double>(kept_[0].logit)) / options_.temperature);
    sum += c.probability;
  }
  double at = random_.Uniform() * sum;
  for (const TokenCandidate& c : kept_) {
    at -= c.probability;
    if (at < 0) return c.id;
  }
  return kept_.back().id;
}

}  // namespace tradewind
