// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/candidate_filters.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace tradewind {
namespace {

double SumOf(const TokenCandidates& candidates) {
  return std::accumulate(candidates.begin(), candidates.end(), 0.0,
                         [](double sum, const TokenCandidate& c) { return sum + c.probability; });
}

// How many of the first hold `share` of all; at least one.
size_t CountHolding(const TokenCandidates& candidates, double share) {
  const double enough = share * SumOf(candidates);
  double held = 0;
  size_t count = 0;
  while (count < candidates.size() && (count == 0 || held < enough)) held += candidates[count++].probability;
  return count;
}

}  // namespace

void TopNSigma(const Sampling& options, std::span<float> logits) {
  if (!(options.top_n_sigma > 0)) return;
  double sum = 0, squares = 0, count = 0;
  float greatest = -std::numeric_limits<float>::infinity();
  for (const float l : logits) {
    if (std::isinf(l)) continue;
    greatest = std::max(greatest, l);
    sum += static_cast<double>(l);
    ++count;
  }
  if (count == 0) return;
  const double mean = sum / count;
  for (const float l : logits) {
    if (!std::isinf(l)) squares += (static_cast<double>(l) - mean) * (static_cast<double>(l) - mean);
  }
  const double least = static_cast<double>(greatest) - options.top_n_sigma * std::sqrt(squares / count);
  for (float& l : logits) {
    if (static_cast<double>(l) < least) l = -std::numeric_limits<float>::infinity();
  }
}

void Typical(const Sampling& options, TokenCandidates& candidates) {
  if (options.typical >= 1 || candidates.empty()) return;
  const double sum = SumOf(candidates);
  double entropy = 0;
  for (const TokenCandidate& c : candidates) {
    const double p = c.probability / sum;
    if (p > 0) entropy -= p * std::log(p);
  }
  const auto strangeness = [&](const TokenCandidate& c) { return std::fabs(-std::log(c.probability / sum) - entropy); };
  std::stable_sort(candidates.begin(), candidates.end(),
                   [&](const TokenCandidate& a, const TokenCandidate& b) { return strangeness(a) < strangeness(b); });
  candidates.resize(CountHolding(candidates, options.typical));
  std::sort(candidates.begin(), candidates.end(),
            [](const TokenCandidate& a, const TokenCandidate& b) { return a.logit > b.logit || (a.logit == b.logit && a.id < b.id); });
}

void TopP(const Sampling& options, TokenCandidates& candidates) {
  if (options.top_p < 1) candidates.resize(CountHolding(candidates, options.top_p));
}

void MinP(const Sampling& options, TokenCandidates& candidates) {
  if (candidates.empty()) return;
  const double floor = options.min_p * candidates[0].probability;
  const auto past = std::find_if(candidates.begin() + 1, candidates.end(), [&](const TokenCandidate& c) { return c.probability < floor; });
  candidates.erase(past, candidates.end());
}

}  // namespace tradewind
