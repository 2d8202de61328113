// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/sampler.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "llm/llm_test_util.h"
#include "llm/stories_gguf.h"

namespace tradewind {
namespace {

constexpr int kDraws = 20'000;

// Logits of these probabilities, shifted: only differences matter.
std::vector<float> LogitsOf(const std::vector<double>& probabilities) {
  std::vector<float> logits;
  for (const double p : probabilities) logits.push_back(static_cast<float>(std::log(p)) + 3.5f);
  return logits;
}

std::map<int32_t, int> Draws(Sampling options, const std::vector<float>& logits) {
  options.seed = 5;
  Sampler sampler(options);
  std::map<int32_t, int> counts;
  for (int i = 0; i < kDraws; ++i) ++counts[sampler.Draw(logits)];
  return counts;
}

// Pearson's statistic against these shares, in units of its standard deviation above its mean (degrees of freedom); what must never come
// counts as infinite.
double Excess(const std::map<int32_t, int>& counts, const std::map<int32_t, double>& weights) {
  double sum = 0;
  for (const auto& [id, w] : weights) sum += w;
  double statistic = 0;
  for (const auto& [id, w] : weights) {
    const double expected = kDraws * w / sum;
    const double seen = counts.count(id) ? counts.at(id) : 0;
    statistic += (seen - expected) * (seen - expected) / expected;
  }
  for (const auto& [id, n] : counts) {
    if (weights.count(id) == 0) return INFINITY;
  }
  const double freedom = static_cast<double>(weights.size()) - 1;
  return (statistic - freedom) / std::sqrt(2 * std::max(1.0, freedom));
}

const std::vector<double> kP = {0.05, 0.4, 0.1, 0.25, 0.2};  // ids by likelihood: 1 3 4 2 0
const Sampling kAll = {.temperature = 1, .top_k = 0, .top_p = 1, .min_p = 0};

TEST(Sampler, TemperatureZeroTakesTheLikeliestAndOfEqualsTheLowest) {
  EXPECT_EQ(Sampler({.temperature = 0}).Draw(LogitsOf(kP)), 1);
  EXPECT_EQ(Sampler({.temperature = 0}).Draw(std::vector<float>{1, 2, 2, 2}), 1);
}

TEST(Sampler, DrawsInProportion) {
  EXPECT_LT(Excess(Draws(kAll, LogitsOf(kP)), {{0, 0.05}, {1, 0.4}, {2, 0.1}, {3, 0.25}, {4, 0.2}}), 4);
}

TEST(Sampler, TemperatureIsAPowerOfTheShares) {
  Sampling options = kAll;
  options.temperature = 0.5;
  std::map<int32_t, double> squares;
  for (size_t i = 0; i < kP.size(); ++i) squares[static_cast<int32_t>(i)] = kP[i] * kP[i];
  EXPECT_LT(Excess(Draws(options, LogitsOf(kP)), squares), 4);
  EXPECT_GT(Excess(Draws(kAll, LogitsOf(kP)), squares), 50) << "the statistic sees nothing";
}

TEST(Sampler, TopKKeepsTheLikeliest) {
  Sampling options = kAll;
  options.top_k = 2;
  EXPECT_LT(Excess(Draws(options, LogitsOf(kP)), {{1, 0.4}, {3, 0.25}}), 4);
  options.top_k = 99;
  EXPECT_EQ(Draws(options, LogitsOf(kP)).size(), 5u);
}

TEST(Sampler, TopPKeepsTheFewestThatHoldTheShare) {
  Sampling options = kAll;
  options.top_p = 0.7;  // 0.4 + 0.25 fall short of it
  EXPECT_LT(Excess(Draws(options, LogitsOf(kP)), {{1, 0.4}, {3, 0.25}, {4, 0.2}}), 4);
  options.top_p = 0.6;
  EXPECT_LT(Excess(Draws(options, LogitsOf(kP)), {{1, 0.4}, {3, 0.25}}), 4);
  options.top_p = 0;
  EXPECT_EQ(Draws(options, LogitsOf(kP)).size(), 1u);
}

TEST(Sampler, MinPIsAShareOfTheLikeliest) {
  Sampling options = kAll;
  options.min_p = 0.4;  // of 0.4: below 0.16 none
  EXPECT_LT(Excess(Draws(options, LogitsOf(kP)), {{1, 0.4}, {3, 0.25}, {4, 0.2}}), 4);
  // It looks at the distribution before the temperature.
  options.temperature = 100;
  EXPECT_EQ(Draws(options, LogitsOf(kP)).size(), 3u);
}

// Of what top-k left: 0.4 and 0.25 are 0.615 and 0.385.
TEST(Sampler, TopPLooksAtWhatTopKLeft) {
  Sampling options = kAll;
  options.top_k = 2;
  options.top_p = 0.6;
  EXPECT_EQ(Draws(options, LogitsOf(kP)).size(), 1u);
}

TEST(Sampler, ASeedGivesASequence) {
  const auto sequence = [](uint64_t seed) {
    Sampler sampler({.temperature = 1, .top_k = 0, .top_p = 1, .min_p = 0, .seed = seed});
    std::vector<int32_t> ids;
    for (int i = 0; i < 50; ++i) ids.push_back(sampler.Draw(LogitsOf(kP)));
    return ids;
  };
  EXPECT_EQ(sequence(1), sequence(1));
  EXPECT_NE(sequence(1), sequence(2));
}

TEST(TopIds, AreOrderedWithTiesById) {
  const std::vector<float> logits = {1, 5, 5, -2, 7};
  EXPECT_EQ(TopIds(logits, 3), (std::vector<int32_t>{4, 1, 2}));
  EXPECT_EQ(TopIds(logits, 0), (std::vector<int32_t>{}));
  EXPECT_EQ(TopIds(logits, 99).size(), 5u);
}

TEST(Sampler, ASeedGivesTheSameTextAtAnyThreadCount) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  Prompt prompt;
  prompt.raw = "Once upon a time";
  prompt.sampling = {.temperature = 1, .top_k = 0, .top_p = 1, .min_p = 0, .seed = 42};
  std::vector<int32_t> first;
  for (const int64_t threads : {1, 2, 3}) {
    const auto instance = OpenModel(path, SettingOf({{"threads", threads}, {"threads_batch", threads}}));
    ASSERT_NE(instance, nullptr);
    const std::vector<int32_t> ids = Generate(*instance, prompt, 48);
    if (first.empty()) first = ids;
    EXPECT_GT(ids.size(), 4u);
    EXPECT_EQ(ids, first);
  }
}

}  // namespace
}  // namespace tradewind
