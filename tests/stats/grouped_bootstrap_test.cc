// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/grouped_bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/numbers.h"
#include "simulation.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

using Sample = std::vector<double>;
using Ids = std::vector<int64_t>;

struct Grouped {
  Sample values, others;  // others[i] shares the noise of values[i], and is 1.2 times as large
  Ids ids;
};

// Groups of 3 to 7 whose level varies as much as the values within.
Grouped Clusters(Random& random, int groups) {
  Grouped data;
  for (int group = 0; group < groups; ++group) {
    const double level = 0.2 * random.Normal();
    const auto size = static_cast<int>(3 + random.Below(5));
    for (int i = 0; i < size; ++i) {
      const double shared = level + 0.2 * random.Normal();
      data.values.push_back(std::exp(shared + 0.05 * random.Normal()));
      data.others.push_back(1.2 * std::exp(shared + 0.05 * random.Normal()));
      data.ids.push_back(group);
    }
  }
  return data;
}

// Five prompts of fixed lengths, `repeats` runs each; `step` is how far one prompt's level lies from the next, noise being 0.1.
Grouped PromptLengths(Random& random, int repeats, double step) {
  Grouped data;
  for (int stratum = 0; stratum < 5; ++stratum) {
    for (int i = 0; i < repeats; ++i) {
      data.values.push_back(std::exp(step * stratum + 0.1 * random.Normal()));
      data.others.push_back(1.2 * std::exp(step * stratum + 0.1 * random.Normal()));
      data.ids.push_back(stratum);
    }
  }
  return data;
}

BootstrapOptions Options(Statistic statistic, Random& random, double p = 0.5) {
  return {.statistic = statistic, .p = p, .confidence = 0.95, .resamples = 300, .seed = random.Next()};
}

// Each observation a group of its own is the plain bootstrap: the same interval but for the draws.
TEST(ClusterBootstrap, OfSinglesIsThePlainOne) {
  Random random(31);
  const Sample sample = SkewedSample(random, 60, 0.5);
  Ids singles;
  for (int64_t i = 0; i < 60; ++i) singles.push_back(1000 - i);
  for (const Statistic statistic : {Statistic::kMean, Statistic::kMedian}) {
    const Interval plain = BootstrapInterval(sample, {.statistic = statistic}),
                   grouped = ClusterInterval(sample, singles, {.statistic = statistic});
    EXPECT_NEAR(plain.low, grouped.low, 0.05 * plain.half_width());
    EXPECT_NEAR(plain.high, grouped.high, 0.05 * plain.half_width());
  }
}

// An observation said ten times over is no news.
TEST(ClusterBootstrap, RepetitionTeachesNothing) {
  Random random(32);
  const Sample sample = SkewedSample(random, 40, 0.5);
  Sample repeated;
  Ids ids, once;
  for (int64_t i = 0; i < 400; ++i) {
    repeated.push_back(sample[static_cast<size_t>(i % 40)]);
    ids.push_back(i % 40);
    if (i < 40) once.push_back(i);
  }
  const Interval honest = ClusterInterval(repeated, ids, {}), of_one_each = ClusterInterval(sample, once, {});
  EXPECT_NEAR(honest.low, of_one_each.low, 1e-12);
  EXPECT_NEAR(honest.high, of_one_each.high, 1e-12);
  EXPECT_GT(honest.half_width(), 2.5 * BootstrapInterval(repeated, {}).half_width());
}

TEST(ClusterBootstrap, TooLittleDataSaysSo) {
  EXPECT_TRUE(std::isnan(ClusterInterval(Sample{}, Ids{}, {}).low));
  EXPECT_EQ(ClusterInterval(Sample{1, 2, 3}, Ids{4, 4, 4}, {}).high, kInfinity);
  EXPECT_EQ(ClusterRatioInterval(Sample{1, 2}, Sample{1, 2}, Ids{4, 4}, {}).low, -kInfinity);
  EXPECT_EQ(ClusterRatioInterval(Sample{1, 2}, Sample{0, 1}, Ids{1, 2}, {}).high, kInfinity);  // a draw with nothing below the line
  const Interval same = ClusterInterval(Sample{3, 3, 3}, Ids{1, 2, 3}, {});
  EXPECT_EQ(same.low, 3);
  EXPECT_EQ(same.high, 3);
}

struct ClusterCase {
  Statistic statistic;
  double p;
  int groups;
};

TEST(ClusterBootstrap, CoversAsOftenAsItSays) {
  constexpr int kTrials = 500;
  const double spread = std::sqrt(0.2 * 0.2 + 0.2 * 0.2 + 0.05 * 0.05);  // of the logarithm: between, within, own
  for (const ClusterCase& c : {ClusterCase{Statistic::kMean, 0.5, 8}, ClusterCase{Statistic::kMean, 0.5, 25},
                               ClusterCase{Statistic::kMedian, 0.5, 12}, ClusterCase{Statistic::kQuantile, 0.9, 60}}) {
    const double truth =
        c.statistic == Statistic::kMean ? std::exp(spread * spread / 2) : std::exp(spread * (c.p == 0.9 ? 1.2815515655446 : 0));
    int ratio_covered = 0;
    const double share = Coverage(kTrials, [&](Random& random) {
      const Grouped data = Clusters(random, c.groups);
      const BootstrapOptions options = Options(c.statistic, random, c.p);
      ratio_covered += ClusterRatioInterval(data.others, data.values, data.ids, options).Contains(1.2);
      return ClusterInterval(data.values, data.ids, options).Contains(truth);
    });
    EXPECT_NEAR(share, 0.95, 0.025 + Slack(0.95, kTrials)) << c.groups;
    EXPECT_NEAR(static_cast<double>(ratio_covered) / kTrials, 0.95, 0.03 + Slack(0.95, kTrials)) << c.groups;
  }
}

// The plain bootstrap of the same data covers far less: this is what the groups are for.
TEST(ClusterBootstrap, IsNeeded) {
  const double share = Coverage(300, [&](Random& random) {
    const Grouped data = Clusters(random, 25);
    return BootstrapInterval(data.values, Options(Statistic::kMean, random)).Contains(std::exp(0.0825 / 2));
  });
  EXPECT_LT(share, 0.85);
}

TEST(StratifiedBootstrap, OfOneStratumIsThePlainOne) {
  Random random(33);
  const Sample sample = SkewedSample(random, 30, 0.5);
  for (const Statistic statistic : {Statistic::kMean, Statistic::kMedian}) {
    const BootstrapOptions options = {.statistic = statistic};
    const Interval plain = BootstrapInterval(sample, options), stratified = StratifiedInterval(sample, Ids(30, 7), options);
    EXPECT_NEAR(stratified.low, plain.low, 1e-9);
    EXPECT_NEAR(stratified.high, plain.high, 1e-9);
  }
}

// Shifting a whole stratum shifts the mean and widens nothing; the plain bootstrap takes it for noise.
TEST(StratifiedBootstrap, SpreadBetweenStrataDoesNotEnter) {
  Random random(34);
  Grouped data = PromptLengths(random, 8, 0);
  const double before = StratifiedInterval(data.values, data.ids, {}).half_width();
  for (size_t i = 0; i < data.values.size(); ++i) data.values[i] += 10.0 * static_cast<double>(data.ids[i]);
  const Interval after = StratifiedInterval(data.values, data.ids, {});
  EXPECT_NEAR(after.half_width(), before, 1e-9);
  EXPECT_GT(BootstrapInterval(data.values, {}).half_width(), 20 * before);
  EXPECT_TRUE(after.Contains(Mean(data.values)));
}

TEST(StratifiedBootstrap, TooLittleDataSaysSo) {
  EXPECT_TRUE(std::isnan(StratifiedInterval(Sample{}, Ids{}, {}).low));
  EXPECT_EQ(StratifiedInterval(Sample{1, 2, 3}, Ids{1, 1, 2}, {}).high, kInfinity);  // stratum 2 shows no spread
  EXPECT_EQ(StratifiedRatioInterval(Sample{1, 2}, Ids{1, 1}, Sample{1, 2}, Ids{1, 2}, {}).high, kInfinity);
  EXPECT_TRUE(std::isnan(StratifiedRatioInterval(Sample{1, 2}, Ids{1, 1}, Sample{}, Ids{}, {}).high));
}

struct StrataCase {
  Statistic statistic;
  int repeats;
  double step;
};

// Strata are alike, overlapping (a step of one deviation) or apart (five deviations). By symmetry of the logarithms the true median is that
// of the middle stratum.
TEST(StratifiedBootstrap, CoversAsOftenAsItSays) {
  constexpr int kTrials = 500;
  for (const StrataCase& c :
       {StrataCase{Statistic::kMean, 3, 0.5}, StrataCase{Statistic::kMean, 10, 0.1}, StrataCase{Statistic::kMedian, 5, 0},
        StrataCase{Statistic::kMedian, 5, 0.1}, StrataCase{Statistic::kMedian, 12, 0.5}}) {
    double mean = 0;
    for (int stratum = 0; stratum < 5; ++stratum) mean += std::exp(c.step * stratum + 0.005) / 5;
    int ratio_covered = 0;
    const double share = Coverage(kTrials, [&](Random& random) {
      const Grouped data = PromptLengths(random, c.repeats, c.step);
      const BootstrapOptions options = Options(c.statistic, random);
      ratio_covered += StratifiedRatioInterval(data.others, data.ids, data.values, data.ids, options).Contains(1.2);
      return StratifiedInterval(data.values, data.ids, options).Contains(c.statistic == Statistic::kMean ? mean : std::exp(2 * c.step));
    });
    EXPECT_NEAR(share, 0.95, 0.03 + Slack(0.95, kTrials)) << c.repeats << " " << c.step;
    EXPECT_NEAR(static_cast<double>(ratio_covered) / kTrials, 0.95, 0.03 + Slack(0.95, kTrials)) << c.repeats << " " << c.step;
  }
}

}  // namespace
}  // namespace tradewind
