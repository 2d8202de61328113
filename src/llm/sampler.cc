// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/sampler.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace tradewind {
namespace {

int32_t Likeliest(std::span<const float> logits) {
  return static_cast<int32_t>(std::max_element(logits.begin(), logits.end()) - logits.begin());
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

// Fills kept_ with what top-k, top-p and min-p leave, likeliest first, with the probabilities of the untempered distribution.
void Sampler::Keep(std::span<const float> logits) {
  const auto all = static_cast<int64_t>(logits.size());
  const int64_t k = options_.top_k > 0 ? std::min(options_.top_k, all) : all;
  kept_.clear();
  for (const int32_t id : TopIds(logits, k)) kept_.push_back({id, logits[static_cast<size_t>(id)], 0});
  double sum = 0;
  for (Weighted& w : kept_) sum += w.probability = std::exp(static_cast<double>(w.logit) - static_cast<double>(kept_[0].logit));
  double cumulated = 0;
  size_t count = 0;
  const double floor = options_.min_p * kept_[0].probability;
  while (count < kept_.size() && (count == 0 || (cumulated < options_.top_p * sum && kept_[count].probability >= floor))) {
    cumulated += kept_[count++].probability;
  }
  kept_.resize(count);
}

int32_t Sampler::Draw(std::span<const float> logits) {
  if (options_.temperature <= 0) return Likeliest(logits);
  Keep(logits);
  double sum = 0;
  for (Weighted& w : kept_) {
    w.probability = std::exp((static_cast<double>(w.logit) - static_cast<double>(kept_[0].logit)) / options_.temperature);
    sum += w.probability;
  }
  double at = random_.Uniform() * sum;
  for (const Weighted& w : kept_) {
    at -= w.probability;
    if (at < 0) return w.id;
  }
  return kept_.back().id;
}

}  // namespace tradewind
