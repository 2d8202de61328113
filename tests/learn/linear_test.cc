// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "learn/linear.h"

#include <gtest/gtest.h>

#include <cmath>

#include "reference_numbers.h"
#include "sequence.h"

namespace tradewind {
namespace {

using Values = std::vector<double>;

// The data of reference.py.
struct LinearData {
  Values rows = Sequence(8).Draw(240), y, label, weights;
  std::vector<SparseRow> sparse;
  LinearData() {
    const Values noise = Sequence(9).Draw(60), coin = Sequence(10).Draw(60);
    for (size_t i = 0; i < 60; ++i) {
      const double* x = rows.data() + 4 * i;
      y.push_back(2 * x[0] - x[1] + 0.5 * noise[i]);
      label.push_back(x[0] + 0.3 * x[1] + 0.8 * coin[i] > 1 ? 1 : 0);
      weights.push_back(static_cast<double>(1 + i % 3));
      sparse.push_back({{3, x[3]}, {0, x[0] / 4}, {1, x[1]}, {2, x[2]}, {0, x[0] * 3 / 4}});  // column 0 in two parts
    }
  }
};

void ExpectModel(const Result<LinearModel>& model, const Values& expected, double tolerance) {
  ASSERT_TRUE(model) << model.error().ToString();
  EXPECT_NEAR(model->intercept, expected[0], tolerance);
  ASSERT_EQ(model->weights.size() + 1, expected.size());
  for (size_t i = 1; i < expected.size(); ++i) EXPECT_NEAR(model->weights[i - 1], expected[i], tolerance);
}

TEST(Linear, RidgeIsScikitLearns) {
  const LinearData data;
  ExpectModel(FitRidge(data.rows, 4, data.y, {.l2 = 0.7}), reference::kRidge, 1e-10);
  ExpectModel(FitRidge(data.sparse, 4, data.y, {.l2 = 0.7}), reference::kRidge, 1e-9);
}

TEST(Linear, LogisticIsScikitLearns) {
  const LinearData data;
  ExpectModel(FitLogistic(data.rows, 4, data.label, {.l2 = 0.3}), reference::kLogistic, 1e-8);
  ExpectModel(FitLogistic(data.sparse, 4, data.label, {.l2 = 0.3}), reference::kLogistic, 1e-8);
  ExpectModel(FitLogistic(data.rows, 4, data.label, {.l2 = 0.3, .example_weights = data.weights}), reference::kLogisticWeighted, 1e-8);
}

// One column that is always 0: the intercept alone, the log odds of the mean; a share counts as so many of each outcome.
TEST(Linear, OfAConstantIsTheLogOdds) {
  const auto model = FitLogistic(Values{0, 0, 0, 0}, 1, Values{1, 0.5, 0, 0.5}, {});
  ASSERT_TRUE(model);
  EXPECT_NEAR(model->intercept, 0, 1e-9);
  const auto quarter = FitLogistic(Values{0, 0}, 1, Values{0.5, 0}, {});
  EXPECT_NEAR(quarter->intercept, std::log(0.25 / 0.75), 1e-8);
  EXPECT_NEAR(quarter->Probability(Values{5}), 0.25, 1e-8);
  EXPECT_NEAR(quarter->Probability(SparseRow{}), 0.25, 1e-8);
}

TEST(Linear, WeightsAreRepetitions) {
  const auto weighted = FitRidge(Values{1, 4, 2}, 1, Values{1, 0, 3}, {.l2 = 0.1, .example_weights = {2, 1, 0}});
  const auto repeated = FitRidge(Values{1, 1, 4}, 1, Values{1, 1, 0}, {.l2 = 0.1});
  ExpectModel(weighted, {repeated->intercept, repeated->weights[0]}, 1e-12);
}

TEST(Linear, RefusesWhatItCannotFit) {
  EXPECT_EQ(FitRidge(Values{1, 1, 2, 2, 5, 5}, 2, Values{1, 2, 3}, {.l2 = 0}).error().code(), StatusCode::kUnsupported);
  EXPECT_FALSE(FitRidge(Values{1, 2}, 1, Values{1, 2}, {.l2 = -1}));
  EXPECT_FALSE(FitLogistic(Values{1, 2}, 1, Values{1, 2}, {}));
  EXPECT_FALSE(FitLogistic(Values{1, 2}, 1, Values{1, 0}, {.example_weights = {0, 0}}));
  const std::vector<SparseRow> beyond = {SparseRow{SparseEntry{5, 1}}};
  EXPECT_FALSE(FitLogistic(beyond, 5, Values{1}, {}));
}

}  // namespace
}  // namespace tradewind
