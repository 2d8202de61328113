// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Tests table.cc too.
#include "learn/forest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "base/random.h"
#include "learn/table.h"
#include "reference_numbers.h"
#include "sequence.h"

namespace tradewind {
namespace {

using Values = std::vector<double>;
using testing::HasSubstr;

Values Friedman(const Values& rows, size_t columns) {
  Values y;
  for (size_t i = 0; i < rows.size(); i += columns) {
    const double* x = rows.data() + i;
    y.push_back(10 * x[0] * x[1] + 20 * (x[2] - 0.5) * (x[2] - 0.5) + 10 * x[3] + 5 * x[4]);
  }
  return y;
}

std::span<const double> Row(const Values& rows, size_t columns, size_t i) {
  return std::span<const double>(rows).subspan(i * columns, columns);
}

constexpr ForestOptions kOneTree = {.trees = 1, .column_share = 1, .bootstrap = false};

TEST(Forest, OneTreeOnAllRowsIsScikitLearns) {
  const Values rows = Sequence(1).Draw(1000), fresh = Sequence(2).Draw(100);
  ForestOptions options = kOneTree;
  options.max_depth = 4;
  options.min_leaf = 5;
  const auto forest = FitForest(rows, 5, Friedman(rows, 5), options);
  ASSERT_TRUE(forest);
  for (size_t i = 0; i < 20; ++i) EXPECT_NEAR(forest->Predict(Row(fresh, 5, i)).mean, reference::kTreePrediction[i], 1e-12) << i;
}

TEST(Forest, IsAsGoodAsScikitLearns) {
  const Values rows = Sequence(3).Draw(3000), fresh = Sequence(4).Draw(2000);
  const auto forest = FitForest(rows, 10, Friedman(rows, 10), {.trees = 300});
  ASSERT_TRUE(forest);
  const Values truth = Friedman(fresh, 10);
  double error = 0, apart = 0, theirs = 0;
  for (size_t i = 0; i < truth.size(); ++i) {
    const double p = forest->Predict(Row(fresh, 10, i)).mean;
    error += (p - truth[i]) * (p - truth[i]) / 200;
    apart += std::pow(p - reference::kForestPrediction[i], 2) / 200;
  }
  for (const double e : reference::kForestSquaredErrors) theirs += e / 5;
  EXPECT_NEAR(error / theirs, 1, 0.05);  // their five seeds lie within 3 % of their mean
  EXPECT_LT(apart, 0.015 * theirs);      // and the two forests err in the same places
}

// A function of two steps is found exactly, at the midpoints between its values.
TEST(Forest, StepsAreExact) {
  Values rows, y;
  for (int i = 0; i < 40; ++i) {
    rows.insert(rows.end(), {i / 10.0, i % 7 * 1.0});
    y.push_back(i < 13 ? 1 : i % 7 < 3 ? 5 : -2);
  }
  ForestOptions options = kOneTree;
  options.trees = 25;
  const auto forest = FitForest(rows, 2, y, options);
  ASSERT_TRUE(forest);
  for (size_t i = 0; i < y.size(); ++i) {
    const ForestPrediction p = forest->Predict(Row(rows, 2, i));
    EXPECT_NEAR(p.mean, y[i], 1e-14);
    EXPECT_NEAR(p.variance, 0, 1e-14);
  }
  const auto step = FitForest(Values{1, 2, 3, 4}, 1, Values{1, 1, 5, 5}, kOneTree);
  ASSERT_TRUE(step);
  EXPECT_EQ(step->Predict(Values{2.5}).mean, 1);  // midway between 2 and 3, the left side's own
  EXPECT_EQ(step->Predict(Values{2.5001}).mean, 5);
}

// A tree of one leaf is the sample: mean, variance and quantiles in closed form.
TEST(Forest, OfOneLeafIsTheSample) {
  const Values rows = {1, 2, 3, 4, 5}, y = {7, 1, 5, 3, 9};
  ForestOptions options = kOneTree;
  options.max_depth = 0;
  const auto forest = FitForest(rows, 1, y, options);
  ASSERT_TRUE(forest);
  EXPECT_DOUBLE_EQ(forest->Predict(Values{2}).mean, 5);
  EXPECT_DOUBLE_EQ(forest->Predict(Values{2}).variance, 8);
  EXPECT_THAT(forest->Weights(Values{2}), testing::Each(testing::DoubleEq(0.2)));
  EXPECT_THAT(forest->Quantiles(Values{2}, Values{0, 0.2, 0.21, 0.5, 0.8, 1}), testing::ElementsAre(1, 1, 3, 5, 7, 9));
}

// The variance is that of the mixture of the leaves: the same by its definition, E[m^2 + v] - E[m]^2.
TEST(Forest, VarianceIsTheMixtures) {
  const Values rows = Sequence(11).Draw(300), y = Friedman(rows, 5);
  const auto forest = FitForest(rows, 5, y, {.trees = 30, .min_leaf = 6});
  ASSERT_TRUE(forest);
  const Values x = Sequence(12).Draw(5);
  double mean = 0, squares = 0, within = 0;
  for (const ForestTree& tree : forest->trees) {
    const ForestNode& leaf = tree.Leaf(x);
    mean += leaf.mean / 30;
    squares += (leaf.mean * leaf.mean + leaf.variance) / 30;
    within += leaf.variance;
  }
  EXPECT_GT(within, 0);
  EXPECT_NEAR(forest->Predict(x).variance, squares - mean * mean, 1e-10);
  const Values weights = forest->Weights(x);
  EXPECT_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), 1, 1e-12);
}

// Noise whose width depends on x: the quantiles follow it, and cover fresh values as often as they say.
TEST(Forest, QuantilesCover) {
  Random random(5);
  Values rows, y;
  const auto draw = [&](double x) { return (0.1 + x) * random.Normal(); };
  for (int i = 0; i < 3000; ++i) {
    rows.push_back(random.Uniform());
    y.push_back(draw(rows.back()));
  }
  const auto forest = FitForest(rows, 1, y, {.trees = 100, .min_leaf = 40});
  ASSERT_TRUE(forest);
  int covered = 0;
  double narrow = 0, wide = 0;
  for (int i = 0; i < 1000; ++i) {
    const double x = random.Uniform(), value = draw(x);
    const Values q = forest->Quantiles(Values{x}, Values{0.1, 0.9});
    covered += q[0] <= value && value <= q[1];
    if (x < 0.2) narrow = std::max(narrow, q[1] - q[0]);
    if (x > 0.8) wide = std::max(wide, q[1] - q[0]);
  }
  EXPECT_NEAR(covered / 1000.0, 0.8, 0.04);  // three standard deviations of such a share
  EXPECT_GT(wide, 3 * narrow);               // (0.1 + 1) / (0.1 + 0.2) = 3.7
}

TEST(Forest, TheSeedDecides) {
  const Values rows = Sequence(3).Draw(500), y = Friedman(rows, 5);
  const Values x = Sequence(4).Draw(5);
  const auto mean = [&](uint64_t seed) { return FitForest(rows, 5, y, {.trees = 10, .seed = seed})->Predict(x).mean; };
  EXPECT_EQ(mean(1), mean(1));
  EXPECT_NE(mean(1), mean(2));
}

TEST(Forest, LeavesAreAsLargeAsAsked) {
  const Values rows = Sequence(3).Draw(500);
  ForestOptions options = kOneTree;
  options.min_leaf = 9;
  const auto forest = FitForest(rows, 5, Friedman(rows, 5), options);
  ASSERT_TRUE(forest);
  const ForestTree& tree = forest->trees[0];
  EXPECT_GT(tree.starts.size(), 5U);
  for (size_t k = 0; k + 1 < tree.starts.size(); ++k) EXPECT_GE(tree.starts[k + 1] - tree.starts[k], 9U);
}

// Constant columns give no split, and are passed over until one does.
TEST(Forest, ConstantColumnsDoNotHide) {
  Values rows, y;
  for (int i = 0; i < 20; ++i) {
    for (int j = 0; j < 30; ++j) rows.push_back(j == 17 ? i : 1);
    y.push_back(i);
  }
  const auto forest = FitForest(rows, 30, y, {.trees = 5, .column_share = 0.01, .bootstrap = false});
  ASSERT_TRUE(forest);
  for (size_t i = 0; i < 20; ++i) EXPECT_NEAR(forest->Predict(Row(rows, 30, i)).mean, y[i], 1e-12);
  EXPECT_EQ(FitForest(Values{1, 1, 1}, 1, Values{0, 3, 6}, kOneTree)->Predict(Values{1}).mean, 3);
}

TEST(Forest, RefusesBadTablesAndOptions) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THAT(FitForest(Values{1, 2, 3, nan}, 2, Values{1, 2}, {}).error().message(), HasSubstr("row 1, column 1"));
  EXPECT_THAT(FitForest(Values{1, 2, 3}, 2, Values{1, 2}, {}).error().message(), HasSubstr("not whole"));
  EXPECT_THAT(FitForest(Values{1, 2}, 1, Values{1}, {}).error().message(), HasSubstr("2 rows but 1 values"));
  EXPECT_THAT(FitForest(Values{1, 2}, 1, Values{1, nan}, {}).error().message(), HasSubstr("value 1"));
  EXPECT_FALSE(FitForest(Values{}, 1, Values{}, {}));
  EXPECT_FALSE(FitForest(Values{1}, 0, Values{1}, {}));
  EXPECT_FALSE(FitForest(Values{1}, 1, Values{1}, {.trees = 0}));
  EXPECT_FALSE(FitForest(Values{1}, 1, Values{1}, {.column_share = 0}));
  EXPECT_FALSE(FitForest(Values{1}, 1, Values{1}, {.max_depth = 65}));
  EXPECT_THAT(FitForest(Values(30'000, 1), 1, Values(30'000, 1), {.trees = 10'000}).error().message(), HasSubstr("rows times trees"));
  EXPECT_TRUE(FitForest(Values{1}, 1, Values{1}, {}));
}

}  // namespace
}  // namespace tradewind
