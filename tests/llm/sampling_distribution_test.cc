// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Tests penalties.cc and candidate_filters.cc through sampler.h.
// What each filter and penalty leaves, drawn 20,000 times, against its definition worked out over a small vocabulary.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "llm/chi_squared.h"
#include "llm/sampler.h"
#include "text/grammar_mask.h"

namespace tradewind {
namespace {

constexpr int kTries = 20'000;
constexpr double kSignificance = 1e-3;  // a chance below it fails; the seed is fixed
using Shares = std::map<int32_t, double>;

const std::vector<double> kShares = {0.05, 0.4, 0.1, 0.25, 0.2};  // ids by likelihood: 1 3 4 2 0
const Sampling kOff = {.temperature = 1, .top_k = 0, .top_p = 1, .min_p = 0, .seed = 5};

std::vector<float> AsLogits(const std::vector<double>& shares, double shift = 1.5) {
  std::vector<float> logits;
  for (const double p : shares) logits.push_back(static_cast<float>(std::log(p) + shift));
  return logits;
}

std::map<int32_t, int> Tried(const Sampling& options, const std::vector<float>& logits, const DrawContext& context = {}) {
  Sampler sampler(options);
  std::map<int32_t, int> counts;
  for (int i = 0; i < kTries; ++i) ++counts[sampler.Draw(logits, context)];
  return counts;
}

// exp of logits, each changed by a rule.
template <typename Change>
Shares SharesOf(const std::vector<float>& logits, Change change) {
  Shares shares;
  for (size_t i = 0; i < logits.size(); ++i) {
    shares[static_cast<int32_t>(i)] = std::exp(change(static_cast<int32_t>(i), static_cast<double>(logits[i])));
  }
  return shares;
}

TEST(SamplingDistribution, TheTestSeesAWrongShare) {
  const auto counts = Tried(kOff, AsLogits(kShares));
  EXPECT_GT(ChiSquaredChance(counts, {{0, 0.05}, {1, 0.4}, {2, 0.1}, {3, 0.25}, {4, 0.2}}), kSignificance);
  EXPECT_LT(ChiSquaredChance(counts, {{0, 0.06}, {1, 0.4}, {2, 0.1}, {3, 0.24}, {4, 0.2}}), kSignificance);
  EXPECT_EQ(ChiSquaredChance(counts, {{1, 0.4}, {3, 0.25}}), 0);
}

// Surprises 3.00, 0.92, 2.30, 1.39, 1.61 nats; their mean, the entropy, is 1.415: nearest are ids 3, 4, 1, 2, 0, with shares 0.25, 0.45,
// 0.85, 0.95, 1 held.
TEST(SamplingDistribution, Typical) {
  const std::vector<std::pair<double, Shares>> cases = {{0.2, {{3, 0.25}}},
                                                        {0.4, {{3, 0.25}, {4, 0.2}}},
                                                        {0.8, {{3, 0.25}, {4, 0.2}, {1, 0.4}}},
                                                        {0.9, {{3, 0.25}, {4, 0.2}, {1, 0.4}, {2, 0.1}}}};
  for (const auto& [typical, shares] : cases) {
    Sampling options = kOff;
    options.typical = typical;
    const auto counts = Tried(options, AsLogits(kShares));
    EXPECT_EQ(counts.size(), shares.size()) << typical;
    EXPECT_GT(ChiSquaredChance(counts, shares), kSignificance) << typical;
  }
}

// It looks at what top-k left (0.4, 0.25, 0.2 of 0.85: entropy 1.052; surprises 0.75, 1.22, 1.45): id 3 is nearest.
TEST(SamplingDistribution, TypicalComesAfterTopK) {
  Sampling options = kOff;
  options.top_k = 3;
  options.typical = 0.28;
  EXPECT_EQ(Tried(options, AsLogits(kShares)).count(3), 1u);
  EXPECT_EQ(Tried(options, AsLogits(kShares)).size(), 1u);
}

// Logits 0, 1, 2, 3, 4: standard deviation sqrt(2), so that one of them reaches down to 2.59 and two to 1.17.
TEST(SamplingDistribution, TopNSigma) {
  const std::vector<float> logits = {0, 1, 2, 3, 4};
  Sampling options = kOff;
  options.top_n_sigma = 1;
  EXPECT_GT(ChiSquaredChance(Tried(options, logits), {{3, std::exp(3)}, {4, std::exp(4)}}), kSignificance);
  options.top_n_sigma = 2;
  EXPECT_GT(ChiSquaredChance(Tried(options, logits), {{2, std::exp(2)}, {3, std::exp(3)}, {4, std::exp(4)}}), kSignificance);
  EXPECT_EQ(Tried(options, logits).size(), 3u);
  // Tokens are kept whatever the temperature; it only flattens.
  options.temperature = 4;
  EXPECT_GT(ChiSquaredChance(Tried(options, logits), {{2, std::exp(0.5)}, {3, std::exp(0.75)}, {4, 1 * std::exp(1.0)}}), kSignificance);
}

TEST(SamplingDistribution, RepetitionPresenceAndFrequency) {
  const std::vector<float> logits = {1.5F, -0.5F, 0.75F, 2, -1};
  const std::vector<int32_t> tokens = {2, 0, 1, 0, 3, 1, 1};  // of the last six: 0 and 1 came two and three times, 3 once, 2 never
  Sampling options = kOff;
  options.repeat_last_n = 6;
  options.repeat_penalty = 1.3;
  options.presence_penalty = 0.2;
  options.frequency_penalty = 0.15;
  const std::map<int32_t, int> times = {{0, 2}, {1, 3}, {3, 1}};
  const Shares shares = SharesOf(logits, [&](int32_t id, double logit) {
    const auto found = times.find(id);
    if (found == times.end()) return logit;
    return (logit > 0 ? logit / 1.3 : logit * 1.3) - 0.2 - 0.15 * found->second;
  });
  EXPECT_GT(ChiSquaredChance(Tried(options, logits, {.tokens = tokens}), shares), kSignificance);
  options.repeat_last_n = -1;  // now 2 came, too
  EXPECT_LT(ChiSquaredChance(Tried(options, logits, {.tokens = tokens}), shares), kSignificance);
  options.repeat_last_n = 0;
  EXPECT_GT(ChiSquaredChance(Tried(options, logits, {.tokens = tokens}), SharesOf(logits, [](int32_t, double l) { return l; })),
            kSignificance);
}

// 3 0 1 | 2 0 1 | 4 0 1: after "0 1" came 2 and 4; after "1" the same.
TEST(SamplingDistribution, Dry) {
  const std::vector<float> logits = {0.1F, 0.2F, 1.3F, 0.4F, 1.5F};
  const std::vector<int32_t> tokens = {0, 1, 2, 3, 0, 1, 4, 3, 0, 1};
  Sampling options = kOff;
  options.dry_multiplier = 0.8;
  options.dry_base = 1.75;
  options.dry_allowed_length = 2;
  // "0 1" came before 2 (two tokens repeated), "3 0 1" before 4 (three).
  const Shares shares = SharesOf(logits, [](int32_t id, double l) { return id == 2 ? l - 0.8 : id == 4 ? l - 0.8 * 1.75 : l; });
  EXPECT_GT(ChiSquaredChance(Tried(options, logits, {.tokens = tokens}), shares), kSignificance);
  options.dry_allowed_length = 3;
  EXPECT_GT(ChiSquaredChance(Tried(options, logits, {.tokens = tokens}),
                             SharesOf(logits, [](int32_t id, double l) { return id == 4 ? l - 0.8 : l; })),
            kSignificance);
  options.dry_last_n = 5;  // 1 4 3 0 1: one token repeated
  EXPECT_GT(ChiSquaredChance(Tried(options, logits, {.tokens = tokens}), SharesOf(logits, [](int32_t, double l) { return l; })),
            kSignificance);
}

TEST(SamplingDistribution, LogitBias) {
  Sampling options = kOff;
  options.logit_bias = {{0, std::log(4.0)}, {3, -std::log(2.0)}, {4, -std::numeric_limits<double>::infinity()}, {99, 7}};
  EXPECT_GT(ChiSquaredChance(Tried(options, AsLogits(kShares)), {{0, 0.2}, {1, 0.4}, {2, 0.1}, {3, 0.125}}), kSignificance);
}

TEST(SamplingDistribution, AGrammarRenormalizesAndComesBeforeTheFilters) {
  TokenSet allowed(5);
  for (const int32_t id : {0, 2, 4}) allowed.Add(id);
  EXPECT_GT(ChiSquaredChance(Tried(kOff, AsLogits(kShares), {.allowed = &allowed}), {{0, 0.05}, {2, 0.1}, {4, 0.2}}), kSignificance);
  Sampling options = kOff;
  options.top_k = 2;
  EXPECT_GT(ChiSquaredChance(Tried(options, AsLogits(kShares), {.allowed = &allowed}), {{2, 0.1}, {4, 0.2}}), kSignificance);
  options.temperature = 0;
  EXPECT_EQ(Sampler(options).Draw(AsLogits(kShares), {.allowed = &allowed}), 4);
}

TEST(SamplingDistribution, PenaltiesAndBiasCountAtTemperatureZero) {
  Sampling options = kOff;
  options.temperature = 0;
  const std::vector<int32_t> tokens = {1};
  options.presence_penalty = 1;
  EXPECT_EQ(Sampler(options).Draw(AsLogits(kShares), {.tokens = tokens}), 3);
  options.logit_bias = {{2, 9}};
  EXPECT_EQ(Sampler(options).Draw(AsLogits(kShares), {.tokens = tokens}), 2);
}

TEST(SamplingDistribution, NothingAllowedIsSaid) {
  const TokenSet none(5);
  for (const double temperature : {0.0, 1.0}) {
    Sampling options = kOff;
    options.temperature = temperature;
    EXPECT_EQ(Sampler(options).Draw(AsLogits(kShares), {.allowed = &none}), -1);
  }
}

}  // namespace
}  // namespace tradewind
