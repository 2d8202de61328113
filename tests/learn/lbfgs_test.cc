// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "learn/lbfgs.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace tradewind {
namespace {

// Rosenbrock's valley, whose only minimum lies at (1, ..., 1).
double Rosenbrock(std::span<const double> x, std::span<double> g) {
  double value = 0;
  for (double& d : g) d = 0;
  for (size_t i = 0; i + 1 < x.size(); ++i) {
    const double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
    value += 100 * a * a + b * b;
    g[i] += -400 * a * x[i] - 2 * b;
    g[i + 1] += 200 * a;
  }
  return value;
}

TEST(Lbfgs, WalksRosenbrocksValley) {
  for (const size_t n : {2U, 3U}) {
    const Minimum m = MinimiseLbfgs(Rosenbrock, std::vector<double>(n, -1.2), {.steps = 1000});
    EXPECT_TRUE(m.converged);
    for (const double x : m.x) EXPECT_NEAR(x, 1, 1e-7);
  }
}

TEST(Lbfgs, StepsBackFromBounds) {  // x - log x, defined for x > 0 only
  const Objective f = [](std::span<const double> x, std::span<double> g) {
    if (x[0] <= 0) return std::numeric_limits<double>::infinity();
    g[0] = 1 - 1 / x[0];
    return x[0] - std::log(x[0]);
  };
  const Minimum m = MinimiseLbfgs(f, {20}, {});
  EXPECT_TRUE(m.converged);
  EXPECT_NEAR(m.x[0], 1, 1e-7);
}

TEST(Lbfgs, SaysThatItDidNotConverge) {
  EXPECT_FALSE(MinimiseLbfgs(Rosenbrock, {-1.2, 1}, {.steps = 3}).converged);
}

}  // namespace
}  // namespace tradewind
