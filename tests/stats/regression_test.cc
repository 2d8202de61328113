// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/regression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "simulation.h"

namespace tradewind {
namespace {

using Sample = std::vector<double>;
using testing::HasSubstr;

void ExpectCertified(const LinearFit& fit, const Sample& values, const Sample& deviations, double residual, double tolerance) {
  ASSERT_EQ(fit.coefficients.size(), values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_NEAR(fit.coefficients[i] / values[i], 1, tolerance) << i;
    EXPECT_NEAR(std::sqrt(fit.covariance[i * values.size() + i]) / deviations[i], 1, tolerance) << i;
  }
  EXPECT_NEAR(std::sqrt(fit.residual_variance) / residual, 1, tolerance);
}

// NIST Statistical Reference Datasets, linear regression: data and certified values of Norris (easy) and Longley (hard).
TEST(Regression, AgreesWithNorris) {
  const Sample pairs = {// y, x
                        0.1,   0.2,   338.8, 337.4, 118.1, 118.2, 888.0, 884.6, 9.2,   10.1,  228.1, 226.5, 668.5, 666.3, 998.5,
                        996.3, 449.1, 448.6, 778.9, 777.0, 559.2, 558.2, 0.3,   0.4,   0.1,   0.6,   778.1, 775.5, 668.8, 666.9,
                        339.3, 338.0, 448.9, 447.5, 10.8,  11.6,  557.7, 556.0, 228.3, 228.1, 998.0, 995.8, 888.8, 887.6, 119.6,
                        120.2, 0.3,   0.3,   0.6,   0.3,   557.6, 556.8, 339.3, 339.1, 888.0, 887.2, 998.5, 999.0, 778.9, 779.0,
                        10.2,  11.1,  117.6, 118.3, 228.9, 229.2, 668.4, 669.1, 449.2, 448.9, 0.2,   0.5};
  Sample rows, y;
  for (size_t i = 0; i < pairs.size(); i += 2) {
    y.push_back(pairs[i]);
    rows.insert(rows.end(), {1, pairs[i + 1]});
  }
  const auto fit = FitLeastSquares(rows, 2, y);
  ASSERT_TRUE(fit);
  EXPECT_EQ(fit->degrees, 34);
  ExpectCertified(*fit, {-0.262323073774029, 1.00211681802045}, {0.232818234301152, 0.429796848199937e-03}, 0.884796396144373, 1e-11);
}

TEST(Regression, AgreesWithLongley) {
  const double table[16][7] = {{60323, 83.0, 234289, 2356, 1590, 107608, 1947},  {61122, 88.5, 259426, 2325, 1456, 108632, 1948},
                               {60171, 88.2, 258054, 3682, 1616, 109773, 1949},  {61187, 89.5, 284599, 3351, 1650, 110929, 1950},
                               {63221, 96.2, 328975, 2099, 3099, 112075, 1951},  {63639, 98.1, 346999, 1932, 3594, 113270, 1952},
                               {64989, 99.0, 365385, 1870, 3547, 115094, 1953},  {63761, 100.0, 363112, 3578, 3350, 116219, 1954},
                               {66019, 101.2, 397469, 2904, 3048, 117388, 1955}, {67857, 104.6, 419180, 2822, 2857, 118734, 1956},
                               {68169, 108.4, 442769, 2936, 2798, 120445, 1957}, {66513, 110.8, 444546, 4681, 2637, 121950, 1958},
                               {68655, 112.6, 482704, 3813, 2552, 123366, 1959}, {69564, 114.2, 502601, 3931, 2514, 125368, 1960},
                               {69331, 115.7, 518173, 4806, 2572, 127852, 1961}, {70551, 116.9, 554894, 4007, 2827, 130081, 1962}};
  Sample rows, y;
  for (const auto& row : table) {
    y.push_back(row[0]);
    rows.push_back(1);
    rows.insert(rows.end(), row + 1, row + 7);
  }
  const auto fit = FitLeastSquares(rows, 7, y);
  ASSERT_TRUE(fit) << fit.error().ToString();
  ExpectCertified(*fit,
                  {-3482258.63459582, 15.0618722713733, -0.358191792925910e-01, -2.02022980381683, -1.03322686717359,
                   -0.511041056535807e-01, 1829.15146461355},
                  {890420.383607373, 84.9149257747669, 0.334910077722432e-01, 0.488399681651699, 0.214274163161675, 0.226073200069370,
                   455.478499142212},
                  304.854073561965, 1e-8);
}

// A line through a constant is the mean with Student's interval; both limits of a weight are closed forms too.
TEST(Regression, OfAConstantIsTheMean) {
  const auto fit = FitLeastSquares(Sample{1, 1, 1, 1, 1}, 1, Sample{1, 2, 3, 4, 5});
  ASSERT_TRUE(fit);
  const LinePrediction p = fit->Predict(Sample{1}, 0.95);
  EXPECT_NEAR(p.value, 3, 1e-12);
  EXPECT_NEAR(p.mean.half_width(), 2.776445 * std::sqrt(2.5 / 5), 1e-5);
  EXPECT_NEAR(p.observation.half_width(), 2.776445 * std::sqrt(2.5 * (1 + 1.0 / 5)), 1e-5);
  EXPECT_NEAR(fit->Predict(Sample{1}, 0.95, 4).observation.half_width(), 2.776445 * std::sqrt(2.5 * (0.25 + 1.0 / 5)), 1e-5);
}

// An observation of weight 3 counts as three of the same value (their spread apart), and scaling all weights changes no coefficient.
TEST(Regression, WeightsAreRepetitions) {
  const auto weighted = FitWeighted(Sample{1, 1, 1, 2, 1, 5}, 2, Sample{1, 4, 2}, Sample{3, 1, 2});
  const auto repeated = FitLeastSquares(Sample{1, 1, 1, 1, 1, 1, 1, 2, 1, 5, 1, 5}, 2, Sample{1, 1, 1, 4, 2, 2});
  const auto scaled = FitWeighted(Sample{1, 1, 1, 2, 1, 5}, 2, Sample{1, 4, 2}, Sample{300, 100, 200});
  ASSERT_TRUE(weighted && repeated && scaled);
  for (size_t i = 0; i < 2; ++i) {
    EXPECT_NEAR(weighted->coefficients[i], repeated->coefficients[i], 1e-12);
    EXPECT_NEAR(weighted->coefficients[i], scaled->coefficients[i], 1e-12);
  }
  EXPECT_NEAR(weighted->residual_variance * 1, repeated->residual_variance * 4, 1e-12);  // degrees 1 and 4, one sum of squares
}

TEST(Regression, RefusesWhatCannotBeFitted) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Sample y = {1, 2, 3};
  EXPECT_THAT(FitLeastSquares(Sample{1, 2, 1, 2, 1, 2}, 2, y).error().message(), HasSubstr("column 1"));
  EXPECT_THAT(FitLeastSquares(Sample{0, 0, 0}, 1, y).error().message(), HasSubstr("column 0"));
  EXPECT_THAT(FitLeastSquares(Sample{1, 1, 1, 2, 1, 3, 9, 9, 9}, 3, y).error().message(), HasSubstr("at least 4"));
  EXPECT_THAT(FitLeastSquares(Sample{1, nan, 1}, 1, y).error().message(), HasSubstr("observation 1"));
  EXPECT_THAT(FitWeighted(Sample{1, 1, 1}, 1, y, Sample{1, 1, 0}).error().message(), HasSubstr("observation 2"));
  EXPECT_FALSE(FitLeastSquares(Sample{1, 1}, 1, y));
  EXPECT_FALSE(FitLeastSquares(Sample{}, 0, y));
  EXPECT_FALSE(FitLeastSquares(Sample{}, 0, Sample{}));
  EXPECT_FALSE(FitRelative(Sample{1, 1, 1}, 1, Sample{1, 0, 1}));
  EXPECT_EQ(FitLeastSquares(Sample{1, 1}, 1, y).error().code(), StatusCode::kInvalidInput);
}

TEST(Regression, WithoutNoiseThereIsNoUncertainty) {
  Sample rows, y;
  for (int i = 1; i <= 10; ++i) {
    rows.insert(rows.end(), {1.0, 1.0 * i, 1.0 * i * i});
    y.push_back(2 + 3.0 * i + 0.5 * i * i);
  }
  for (const auto& fit : {FitLeastSquares(rows, 3, y), FitRelative(rows, 3, y)}) {
    ASSERT_TRUE(fit);
    const LinePrediction p = fit->Predict(Sample{1, 20, 400}, 0.99);
    EXPECT_NEAR(p.value, 262, 1e-8);
    EXPECT_LT(p.observation.half_width(), 1e-8);
  }
}

// How noise depends on the expected value, in the data and in the fit.
enum class Noise { kEqual, kKnownWeights, kRelative };

class RegressionCoverage : public testing::TestWithParam<std::tuple<Noise, double>> {};
INSTANTIATE_TEST_SUITE_P(Noise, RegressionCoverage,
                         testing::Combine(testing::Values(Noise::kEqual, Noise::kKnownWeights, Noise::kRelative),
                                          testing::Values(0.90, 0.95)));

// A cost of 20 ms and 0.5 ms a token, measured at ten lengths, asked for at one inside and one outside of them.
TEST_P(RegressionCoverage, OfANewObservationAndOfTheLine) {
  const auto [noise, confidence] = GetParam();
  constexpr int kTrials = 4000;
  for (const double length : {12.0, 700.0, 3000.0}) {
    int line_covered = 0;
    const double share = Coverage(kTrials, [&, noise = noise, confidence = confidence](Random& random) {
      Sample rows, y, weights;
      const auto deviation = [&](double expected) { return noise == Noise::kEqual ? 5.0 : 0.08 * expected; };
      for (const double x : {10, 10, 30, 60, 100, 200, 400, 800, 1500, 1500}) {
        const double expected = 20 + 0.5 * x;
        rows.insert(rows.end(), {1, x});
        y.push_back(expected + deviation(expected) * random.Normal());
        weights.push_back(1 / (expected * expected));
      }
      const double expected = 20 + 0.5 * length;
      const auto fit = noise == Noise::kEqual          ? FitLeastSquares(rows, 2, y)
                       : noise == Noise::kKnownWeights ? FitWeighted(rows, 2, y, weights)
                                                       : FitRelative(rows, 2, y);
      if (!fit) return false;
      const LinePrediction p = fit->Predict(Sample{1, length}, confidence, noise == Noise::kEqual ? 1 : 1 / (expected * expected));
      line_covered += p.mean.Contains(expected);
      return p.observation.Contains(expected + deviation(expected) * random.Normal());
    });
    // Weights found from the data themselves cost a little coverage.
    const double slack = Slack(confidence, kTrials) + (noise == Noise::kRelative ? 0.01 : 0);
    EXPECT_NEAR(share, confidence, slack) << length;
    EXPECT_NEAR(static_cast<double>(line_covered) / kTrials, confidence, slack) << length;
  }
}

}  // namespace
}  // namespace tradewind
