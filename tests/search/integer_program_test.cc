// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/integer_program.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace tradewind {
namespace {

double Cost(const IntegerProgram& p, const std::vector<bool>& x) {
  double sum = 0;
  for (size_t i = 0; i < x.size(); ++i) sum += x[i] ? p.cost[i] : 0;
  return sum;
}

bool Keeps(const IntegerProgram& p, const std::vector<bool>& x) {
  for (const IntegerRow& row : p.rows) {
    double sum = 0;
    for (const auto& [column, factor] : row.terms) sum += x[column] ? factor : 0;
    if (sum < row.low - 1e-9 || sum > row.high + 1e-9) return false;
  }
  return true;
}

// The least cost by trying all values; absent if none keeps the rows.
std::optional<double> BruteForce(const IntegerProgram& p) {
  std::optional<double> best;
  for (size_t bits = 0; bits < size_t{1} << p.cost.size(); ++bits) {
    std::vector<bool> x;
    for (size_t i = 0; i < p.cost.size(); ++i) x.push_back((bits >> i & 1) != 0);
    if (Keeps(p, x) && (!best || Cost(p, x) < *best)) best = Cost(p, x);
  }
  return best;
}

TEST(SolveIntegerProgram, IsAsGoodAsTryingAllValues) {
  if (!HasIntegerPrograms()) GTEST_SKIP() << "this build has no CBC";
  Random random(7);
  int infeasible = 0;
  for (int round = 0; round < 60; ++round) {
    // Groups of three of which one is taken, a budget, and a cut: the shape that the strategy makes.
    IntegerProgram p;
    for (int i = 0; i < 9; ++i) p.cost.push_back(random.Uniform() * 10 - 3);
    for (size_t g = 0; g < 3; ++g) p.rows.push_back({{{3 * g, 1}, {3 * g + 1, 1}, {3 * g + 2, 1}}, 1, 1});
    IntegerRow budget{{}, -INFINITY, 2 + 3 * random.Uniform()};
    for (size_t i = 0; i < 9; ++i) budget.terms.emplace_back(i, random.Uniform() * 4);
    p.rows.push_back(budget);
    p.rows.push_back({{{random.Below(3), 1}, {3 + random.Below(3), 1}, {6 + random.Below(3), 1}}, -INFINITY, 2});
    const auto solution = SolveIntegerProgram(p);
    ASSERT_TRUE(solution) << solution.error().ToString();
    const std::optional<double> best = BruteForce(p);
    ASSERT_EQ(solution->has_value(), best.has_value()) << round;
    if (!best) {
      ++infeasible;
      continue;
    }
    EXPECT_TRUE(Keeps(p, **solution)) << round;
    EXPECT_NEAR(Cost(p, **solution), *best, 1e-6) << round;
  }
  EXPECT_GT(infeasible, 0) << "both kinds must have come up";
  EXPECT_LT(infeasible, 50);
}

TEST(SolveIntegerProgram, SaysWhereThereIsNoSolver) {
  if (HasIntegerPrograms()) GTEST_SKIP() << "this build has CBC";
  EXPECT_EQ(SolveIntegerProgram({.cost = {1}}).error().code(), StatusCode::kUnsupported);
}

}  // namespace
}  // namespace tradewind
