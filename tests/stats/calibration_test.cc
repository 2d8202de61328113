// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/calibration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "simulation.h"
#include "stats/distributions.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

using Sample = std::vector<double>;
using testing::HasSubstr;

TEST(CoverageCheck, IsCounted) {
  const std::vector<Interval> predicted = {{1, 3, 0.9}, {1, 3, 0.9}, {10, 30, 0.9}, {-4, -2, 0.9}};
  const auto check = CheckCoverage(predicted, Sample{2, 3.5, 10, -2}, 0.95);  // the ends belong to an interval
  ASSERT_TRUE(check) << check.error().ToString();
  EXPECT_EQ(check->inside, 3);
  EXPECT_EQ(check->total, 4);
  EXPECT_EQ(check->share, 0.75);
  EXPECT_EQ(check->claimed, 0.9);
  EXPECT_EQ(check->share_interval, WilsonInterval(3, 4, 0.95));
  EXPECT_DOUBLE_EQ(check->mean_relative_half_width, (1 / 2.0 + 1 / 3.5 + 10 / 10.0 + 1 / 2.0) / 4);
  EXPECT_FALSE(check->TooNarrow());
  EXPECT_FALSE(check->TooWide());
}

TEST(CoverageCheck, RefusesWhatCannotBeChecked) {
  const Interval good{1, 2, 0.9};
  const auto message = [](const std::vector<Interval>& predicted, const Sample& observed) {
    const auto check = CheckCoverage(predicted, observed, 0.95);
    return check ? std::string("accepted") : check.error().message();
  };
  EXPECT_THAT(message({}, {}), HasSubstr("at least one"));
  EXPECT_THAT(message({good}, {1, 2}), HasSubstr("1 predictions and 2"));
  EXPECT_THAT(message({good, {2, 1, 0.9}}, {1, 2}), HasSubstr("prediction 1"));
  EXPECT_THAT(message({{NAN, 1, 0.9}}, {1}), HasSubstr("prediction 0"));
  EXPECT_THAT(message({good, {1, 2, 0.8}}, {1, 2}), HasSubstr("another confidence"));
  EXPECT_THAT(message({good}, {0}), HasSubstr("zero"));
  EXPECT_THAT(message({good}, {kInfinity}), HasSubstr("finite"));
  EXPECT_EQ(message({{-kInfinity, kInfinity, 0.9}}, {1}), "accepted");
}

// A predictor of normal values that thinks their deviation is `belief` instead of 1.
auto Believer(double belief) {
  return [belief](size_t, double level) {
    const double reach = belief * NormalQuantile(0.5 + level / 2);
    return Interval{10 - reach, 10 + reach, level};
  };
}

TEST(Calibration, FindsIntervalsThatAreTooNarrowOrTooWide) {
  Random random(41);
  const Sample observed = NormalSample(random, 400, 10, 1), levels = {0.5, 0.8, 0.95};
  const auto narrow = CheckCalibration(Believer(0.7), observed, levels, 0.95);
  const auto right = CheckCalibration(Believer(1), observed, levels, 0.95);
  const auto wide = CheckCalibration(Believer(1.5), observed, levels, 0.95);
  ASSERT_TRUE(narrow && right && wide);
  EXPECT_TRUE(right->calibrated);
  EXPECT_FALSE(narrow->calibrated);
  EXPECT_FALSE(wide->calibrated);
  ASSERT_EQ(narrow->levels.size(), 3u);
  for (size_t i = 0; i < 3; ++i) {
    const double truth = 2 * NormalCdf(0.7 * NormalQuantile(0.5 + levels[i] / 2)) - 1;
    EXPECT_EQ(narrow->levels[i].claimed, levels[i]);
    EXPECT_TRUE(narrow->levels[i].share_interval.Contains(truth));
    EXPECT_TRUE(narrow->levels[i].TooNarrow());
    EXPECT_TRUE(wide->levels[i].TooWide());
  }
  EXPECT_NEAR(narrow->worst_gap, 0.8 - (2 * NormalCdf(0.7 * 1.2815515655446) - 1), 0.06);
  EXPECT_LT(right->worst_gap, 0.06);
  // Right at 0.8 and wrong in shape: one level alone would not see it.
  const auto shaped = CheckCalibration(
      [](size_t, double level) {
        const double reach = 1.2815515655446 * level / 0.8;
        return Interval{10 - reach, 10 + reach, level};
      },
      observed, levels, 0.95);
  ASSERT_TRUE(shaped);
  EXPECT_FALSE(shaped->levels[1].TooNarrow() || shaped->levels[1].TooWide());
  EXPECT_FALSE(shaped->calibrated);
}

TEST(Calibration, RefusesLevelsThatAreNone) {
  EXPECT_FALSE(CheckCalibration(Believer(1), Sample{1}, Sample{}, 0.95));
  EXPECT_FALSE(CheckCalibration(Believer(1), Sample{1}, Sample(101, 0.5), 0.95));
  EXPECT_THAT(CheckCalibration(Believer(1), Sample{1}, Sample{0.5, 1}, 0.95).error().message(), HasSubstr("between 0 and 1"));
  EXPECT_FALSE(CheckCalibration(Believer(1), Sample{}, Sample{0.5}, 0.95));
}

// A good predictor is called one at least as often as the confidence says, over all levels together.
TEST(Calibration, RarelyAccusesTheInnocent) {
  constexpr int kTrials = 2000;
  const double share = Coverage(kTrials, [](Random& random) {
    const auto calibration = CheckCalibration(Believer(1), NormalSample(random, 100, 10, 1), Sample{0.5, 0.8, 0.9, 0.95}, 0.95);
    return calibration && calibration->calibrated;
  });
  EXPECT_GE(share, 0.95 - Slack(0.95, kTrials) - 0.01);
}

TEST(Conformal, TakesTheTabledResidual) {
  Sample predicted(19, 100), observed;
  for (int i = 1; i <= 19; ++i) observed.push_back(100 + (i % 2 ? i : -i));
  const auto reach = [&](double confidence) { return FitConformal(predicted, observed, ResidualScale::kAbsolute, confidence)->reach; };
  EXPECT_EQ(reach(0.95), 19);  // the 20 * 0.95 = 19th of 19
  EXPECT_EQ(reach(0.90), 18);
  EXPECT_EQ(reach(0.901), 19);
  EXPECT_EQ(reach(0.96), kInfinity);
  EXPECT_EQ(reach(0.01), 1);
  const auto band = FitConformal(predicted, observed, ResidualScale::kRelative, 0.9);
  ASSERT_TRUE(band);
  EXPECT_DOUBLE_EQ(band->reach, 0.18);
  EXPECT_DOUBLE_EQ(band->Around(200).low, 164);
  EXPECT_DOUBLE_EQ(band->Around(-200).high, -164);
  EXPECT_EQ(band->Around(200).confidence, 0.9);
}

TEST(Conformal, RefusesWhatIsNotFinite) {
  EXPECT_FALSE(FitConformal(Sample{}, Sample{}, ResidualScale::kAbsolute, 0.9));
  EXPECT_FALSE(FitConformal(Sample{1}, Sample{1, 2}, ResidualScale::kAbsolute, 0.9));
  EXPECT_THAT(FitConformal(Sample{1, NAN}, Sample{1, 2}, ResidualScale::kAbsolute, 0.9).error().message(), HasSubstr("residual 1"));
  EXPECT_FALSE(FitConformal(Sample{0}, Sample{1}, ResidualScale::kRelative, 0.9));
  EXPECT_FALSE(FitConformal(Sample{0}, Sample{0}, ResidualScale::kRelative, 0.9));
  EXPECT_TRUE(FitConformal(Sample{0}, Sample{1}, ResidualScale::kAbsolute, 0.9));
}

// For any noise without ties the chance is k / (n + 1) exactly: here that of a predictor which is wrong by a factor.
TEST(Conformal, CoversExactlyAsOftenAsTheoryHasIt) {
  constexpr int kTrials = 10000;
  for (const ResidualScale scale : {ResidualScale::kAbsolute, ResidualScale::kRelative}) {
    for (const size_t n : {12u, 50u}) {
      const double share = Coverage(kTrials, [&](Random& random) {
        Sample predicted(n + 1), observed = SkewedSample(random, n + 1, 0.7);
        for (size_t i = 0; i <= n; ++i) {
          predicted[i] = 5 + 10 * random.Uniform();
          observed[i] *= 1.3 * predicted[i];
        }
        const auto band = FitConformal(std::span(predicted).first(n), std::span(observed).first(n), scale, 0.9);
        return band && band->Around(predicted[n]).Contains(observed[n]);
      });
      const double k = n == 12 ? 12 : 46;  // ceil(13 * 0.9), ceil(51 * 0.9)
      const double truth = k / static_cast<double>(n + 1);
      EXPECT_NEAR(share, truth, Slack(truth, kTrials)) << n;
    }
  }
}

}  // namespace
}  // namespace tradewind
