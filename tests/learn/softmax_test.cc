// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Softmax regression against logistic regression, which is it with two classes, and against what a minimum must be.
#include "learn/softmax.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "learn/linear.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

// Columns of mean 0 and spread 1: each value comes with its opposite.
std::vector<double> BalancedRows(size_t pairs) {
  std::vector<double> rows;
  for (size_t i = 0; i < pairs; ++i) {
    const double a = i % 2 == 0 ? 1 : -1, b = i % 3 == 0 ? std::sqrt(2.0) : std::sqrt(0.5);
    rows.insert(rows.end(), {a, b, -a, -b});
  }
  return rows;
}

TEST(Softmax, OfTwoClassesIsLogisticRegression) {
  const std::vector<double> rows = BalancedRows(30);
  std::vector<double> y, shares;
  for (size_t r = 0; r < 60; ++r) {
    y.push_back((r * 7 + r / 3) % 5 < 2 ? 0.9 : 0.2);
    shares.insert(shares.end(), {1 - y.back(), y.back()});
  }
  const double l2 = 0.1;
  const auto softmax = FitSoftmax(rows, 2, shares, 2, {.l2 = l2});
  ASSERT_TRUE(softmax) << softmax.error().ToString();
  // Both classes' weights are opposite, so that half the penalty, and 60 times the mean, is the logistic one's.
  const auto logistic = FitLogistic(rows, 2, y, {.l2 = 60 * l2 / 2});
  ASSERT_TRUE(logistic);
  for (size_t c = 0; c < 2; ++c) EXPECT_NEAR(softmax->weights[2 + c] - softmax->weights[c], logistic->weights[c], 1e-5);
  EXPECT_NEAR(softmax->intercepts[1] - softmax->intercepts[0], logistic->intercept, 1e-5);
}

// Without a penalty, each class's mean probability is its mean share, and so for every column: the conditions of the minimum.
TEST(Softmax, KeepsTheMeansOfItsTraining) {
  std::vector<double> rows, shares;
  uint32_t state = 7;
  const auto draw = [&] { return static_cast<double>((state = state * 1664525u + 1013904223u) >> 8) / (1 << 24); };
  for (size_t r = 0; r < 200; ++r) {
    for (int c = 0; c < 3; ++c) rows.push_back(5 + 10 * draw());
    const double a = draw(), b = draw() * (1 - a);
    shares.insert(shares.end(), {a, b, 1 - a - b});
  }
  const auto model = FitSoftmax(rows, 3, shares, 3, {.l2 = 0, .steps = 1000});
  ASSERT_TRUE(model) << model.error().ToString();
  for (size_t k = 0; k < 3; ++k) {
    double gap = 0, gap_of_column = 0;
    for (size_t r = 0; r < 200; ++r) {
      double sum = 0, mine = 0;
      for (size_t other = 0; other < 3; ++other) {
        double score = model->intercepts[other];
        for (size_t c = 0; c < 3; ++c) score += model->weights[other * 3 + c] * rows[r * 3 + c];
        sum += std::exp(score);
        if (other == k) mine = std::exp(score);
      }
      gap += mine / sum - shares[r * 3 + k];
      gap_of_column += (mine / sum - shares[r * 3 + k]) * rows[r * 3 + 1];
    }
    EXPECT_NEAR(gap / 200, 0, 1e-6);
    EXPECT_NEAR(gap_of_column / 200, 0, 1e-5);
  }
}

TEST(Softmax, RefusesWhatIsNoTable) {
  const std::vector<double> rows = {1, 2, 3, 4};
  const auto error = [&](std::vector<double> shares, size_t classes, SoftmaxOptions options = {}) {
    const auto model = FitSoftmax(rows, 2, shares, classes, options);
    return model ? "" : model.error().ToString();
  };
  EXPECT_EQ(error({1, 0, 0, 1}, 2), "");
  EXPECT_THAT(error({1, 0, 0.7, 0.7}, 2), HasSubstr("row 1"));
  EXPECT_THAT(error({1, 0, -1, 2}, 2), HasSubstr("row 1"));
  EXPECT_THAT(error({1, 0}, 2), HasSubstr("a share of each"));
  EXPECT_THAT(error({1, 1}, 1), HasSubstr("at least 2 classes"));
  EXPECT_THAT(error({1, 0, 0, 1}, 2, {.l2 = -1}), HasSubstr("l2"));
}

}  // namespace
}  // namespace tradewind
