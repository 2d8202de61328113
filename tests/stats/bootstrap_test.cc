// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/numbers.h"
#include "simulation.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

using Sample = std::vector<double>;

TEST(Bootstrap, OfTheMeanOfMuchDataIsTheNormalInterval) {
  Random random(1);
  const Sample sample = NormalSample(random, 2000, 5, 1);
  const Interval student = MeanInterval(sample, 0.95);
  const Interval interval = BootstrapInterval(sample, {.resamples = 4000});
  EXPECT_NEAR(interval.low, student.low, 0.1 * student.half_width());
  EXPECT_NEAR(interval.high, student.high, 0.1 * student.half_width());
}

TEST(Bootstrap, IsDeterministicAndKnowsItsSeed) {
  Random random(2);
  const Sample sample = SkewedSample(random, 30, 0.5);
  const Interval a = BootstrapInterval(sample, {.seed = 7}), b = BootstrapInterval(sample, {.seed = 7}),
                 c = BootstrapInterval(sample, {.seed = 8});
  EXPECT_EQ(a.low, b.low);
  EXPECT_EQ(a.high, b.high);
  EXPECT_NE(a.low, c.low);
  EXPECT_NEAR(a.low, c.low, 0.2 * a.half_width());
}

TEST(Bootstrap, IsEquivariantUnderScale) {
  Random random(3);
  Sample sample = SkewedSample(random, 25, 0.5);
  const Interval before = BootstrapInterval(sample, {});
  for (double& x : sample) x *= 8;
  const Interval after = BootstrapInterval(sample, {});
  EXPECT_NEAR(after.low, 8 * before.low, 1e-9);
  EXPECT_NEAR(after.high, 8 * before.high, 1e-9);
}

TEST(Bootstrap, TooLittleDataSaysSo) {
  EXPECT_TRUE(std::isnan(BootstrapInterval(Sample{}, {}).low));
  EXPECT_EQ(BootstrapInterval(Sample{1}, {}).high, kInfinity);
  EXPECT_EQ(RatioInterval(Sample{1}, Sample{2}, Pairing::kPaired, {}).low, -kInfinity);
  const Interval constant = BootstrapInterval(Sample{3, 3, 3, 3}, {});
  EXPECT_EQ(constant.low, 3);
  EXPECT_EQ(constant.high, 3);
}

struct Case {
  const char* name;
  Statistic statistic;
  double p;
  size_t n;
  double confidence;
};

class BootstrapCoverage : public testing::TestWithParam<Case> {
 protected:
  // A bootstrap is no exact method: it may miss its mark by 2.5 %, and by what the simulation's length allows.
  void ExpectNominal(double share) const {
    EXPECT_GE(share, GetParam().confidence - 0.025 - Slack(GetParam().confidence, kTrials));
    EXPECT_LE(share, std::min(0.995, GetParam().confidence + 0.03 + Slack(GetParam().confidence, kTrials)));
  }
  BootstrapOptions Options(Random& random) const {
    return {
        .statistic = GetParam().statistic, .p = GetParam().p, .confidence = GetParam().confidence, .resamples = 300, .seed = random.Next()};
  }
  static constexpr int kTrials = 500;
};
INSTANTIATE_TEST_SUITE_P(Statistics, BootstrapCoverage,
                         testing::Values(Case{"mean_10", Statistic::kMean, 0.5, 10, 0.95}, Case{"mean_40", Statistic::kMean, 0.5, 40, 0.90},
                                         Case{"median_15", Statistic::kMedian, 0.5, 15, 0.95},
                                         Case{"median_40", Statistic::kMedian, 0.5, 40, 0.90},
                                         Case{"p90_120", Statistic::kQuantile, 0.9, 120, 0.90}),
                         [](const auto& test) { return test.param.name; });

constexpr double kSigma = 0.3;  // as wide as latencies on a busy machine

TEST_P(BootstrapCoverage, OfOneSample) {
  const Case& c = GetParam();
  const double truth =
      c.statistic == Statistic::kMean ? std::exp(kSigma * kSigma / 2) : std::exp(kSigma * (c.p == 0.9 ? 1.2815515655446 : 0));
  ExpectNominal(Coverage(kTrials, [&](Random& random) {
    const Sample sample = SkewedSample(random, c.n, kSigma);
    return BootstrapInterval(sample, Options(random)).Contains(truth);
  }));
}

TEST_P(BootstrapCoverage, OfAnUnpairedRatio) {
  const Case& c = GetParam();
  ExpectNominal(Coverage(kTrials, [&](Random& random) {
    Sample a = SkewedSample(random, c.n, kSigma);
    const Sample b = SkewedSample(random, c.n + 5, kSigma);
    for (double& x : a) x *= 1.25;
    return RatioInterval(a, b, Pairing::kUnpaired, Options(random)).Contains(1.25);
  }));
}

TEST_P(BootstrapCoverage, OfAPairedRatio) {
  const Case& c = GetParam();
  ExpectNominal(Coverage(kTrials, [&](Random& random) {
    Sample a = SkewedSample(random, c.n, kSigma), b = a;  // the noise that both share
    const Sample own_a = SkewedSample(random, c.n, 0.05), own_b = SkewedSample(random, c.n, 0.05);
    for (size_t i = 0; i < c.n; ++i) {
      a[i] *= 0.8 * own_a[i];
      b[i] *= own_b[i];
    }
    return RatioInterval(a, b, Pairing::kPaired, Options(random)).Contains(0.8);
  }));
}

// Of samples with a level of their own, 3 above: by difference what the ratio above is by quotient.
TEST_P(BootstrapCoverage, OfAnUnpairedDifference) {
  const Case& c = GetParam();
  ExpectNominal(Coverage(kTrials, [&](Random& random) {
    Sample a = SkewedSample(random, c.n, kSigma);
    const Sample b = SkewedSample(random, c.n + 5, kSigma);
    for (double& x : a) x += 3;
    return DifferenceInterval(a, b, Pairing::kUnpaired, Options(random)).Contains(3);
  }));
}

TEST_P(BootstrapCoverage, OfAPairedDifference) {
  const Case& c = GetParam();
  ExpectNominal(Coverage(kTrials, [&](Random& random) {
    Sample a = NormalSample(random, c.n, 0, kSigma), b = a;
    for (double& x : a) x += 0.05 * random.Normal() - 3;
    for (double& x : b) x += 0.05 * random.Normal();
    return DifferenceInterval(a, b, Pairing::kPaired, Options(random)).Contains(-3);
  }));
}

// One mean is known without doubt, so the difference's interval is that of the other, moved.
TEST(Bootstrap, DifferenceFromAConstant) {
  Random random(5);
  const Sample sample = NormalSample(random, 200, -4, 1), constant(200, 10);
  const Interval one = MeanInterval(sample, 0.95);
  const Interval difference = DifferenceInterval(sample, constant, Pairing::kUnpaired, {});
  EXPECT_NEAR(difference.low, one.low - 10, 0.1 * one.half_width());
  EXPECT_NEAR(difference.high, one.high - 10, 0.1 * one.half_width());
  const Interval paired = DifferenceInterval(sample, constant, Pairing::kPaired, {});
  EXPECT_NEAR(paired.half_width(), one.half_width(), 0.1 * one.half_width());
  EXPECT_EQ(DifferenceInterval(Sample{1}, Sample{2}, Pairing::kPaired, {}).high, kInfinity);
}

// What bootstrap.h says of outer quantiles: the ratio's interval holds from ten observations beyond the quantile.
TEST(Bootstrap, RatiosOfOuterQuantilesHoldFromTenBeyond) {
  constexpr int kTrials = 400;
  const struct {
    double p;
    size_t n;
  } cases[] = {{0.90, 100}, {0.95, 200}};
  for (const auto& c : cases) {
    const BootstrapOptions options = {.statistic = Statistic::kQuantile, .p = c.p, .confidence = 0.95, .resamples = 300};
    const double unpaired = Coverage(kTrials, [&](Random& random) {
      Sample a = SkewedSample(random, c.n, kSigma);
      const Sample b = SkewedSample(random, c.n, kSigma);
      for (double& x : a) x *= 1.25;
      return RatioInterval(a, b, Pairing::kUnpaired, options).Contains(1.25);
    });
    const double paired = Coverage(kTrials, [&](Random& random) {
      Sample a = SkewedSample(random, c.n, kSigma), b = a;
      for (double& x : a) x *= 0.8 * std::exp(0.05 * random.Normal());
      for (double& x : b) x *= std::exp(0.05 * random.Normal());
      return RatioInterval(a, b, Pairing::kPaired, options).Contains(0.8);
    });
    EXPECT_GE(unpaired, 0.95 - 0.025 - Slack(0.95, kTrials)) << c.p;
    EXPECT_GE(paired, 0.95 - 0.025 - Slack(0.95, kTrials)) << c.p;
  }
}

TEST(Bootstrap, PairingTakesAwaySharedNoise) {
  Random random(4);
  const Sample b = SkewedSample(random, 40, 0.5);
  Sample a = b;
  for (double& x : a) x *= 1.1 * std::exp(0.01 * random.Normal());
  const Interval paired = RatioInterval(a, b, Pairing::kPaired, {});
  const Interval unpaired = RatioInterval(a, b, Pairing::kUnpaired, {});
  EXPECT_LT(paired.half_width() * 10, unpaired.half_width());
  EXPECT_TRUE(paired.Contains(1.1));
}

}  // namespace
}  // namespace tradewind
