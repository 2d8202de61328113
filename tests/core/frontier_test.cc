// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/frontier.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <random>

namespace tradewind {
namespace {

const std::vector<Axis> kAxes = {
    {"bits_per_byte", Direction::kLowerIsBetter}, {"rate", Direction::kHigherIsBetter}, {"memory", Direction::kLowerIsBetter}};

Measurement Exact(const std::string& metric, double value) {
  return {metric, value, {value, value}, 1};
}

Point P(double bits, double rate, double memory) {
  return {{}, {Exact("bits_per_byte", bits), Exact("rate", rate), Exact("memory", memory)}};
}

TEST(Frontier, FollowsTheDirections) {
  EXPECT_TRUE(Dominates(P(1, 10, 5), P(2, 10, 5), kAxes));
  EXPECT_TRUE(Dominates(P(1, 11, 5), P(1, 10, 5), kAxes));
  EXPECT_FALSE(Dominates(P(1, 9, 5), P(2, 10, 5), kAxes));
  EXPECT_FALSE(Dominates(P(1, 10, 5), P(1, 10, 5), kAxes));
  EXPECT_FALSE(Dominates(P(1, 10, 5), P(2, 9, 6), {}));
}

TEST(Frontier, OverlappingIntervalsAreNotBetter) {
  const std::vector<Axis> axis = {{"ms", Direction::kLowerIsBetter}};
  const auto point = [](double value, double low, double high) { return Point{{}, {{"ms", value, {low, high}, 9}}}; };
  EXPECT_FALSE(Dominates(point(2, 1, 3), point(3, 2.5, 4), axis));
  EXPECT_FALSE(Dominates(point(2, 1, 3), point(4, 3, 5), axis)) << "ends belong to the interval";
  EXPECT_TRUE(Dominates(point(2, 1, 3), point(4, 3.1, 5), axis));
  EXPECT_FALSE(Dominates(point(2, -HUGE_VAL, HUGE_VAL), point(4, 4, 4), axis)) << "one sample says nothing";
}

TEST(Frontier, AMissingMeasurementNeitherDominatesNorIsDominated) {
  Point whole = P(1, 10, 5);
  Point gap = P(2, 9, 6);
  gap.measurements.pop_back();
  EXPECT_FALSE(Dominates(whole, gap, kAxes));
  EXPECT_FALSE(Dominates(gap, whole, kAxes));
  gap.measurements.push_back(Exact("memory", std::nan("")));
  EXPECT_FALSE(Dominates(whole, gap, kAxes));
  EXPECT_FALSE(Dominates(gap, whole, kAxes));
}

TEST(Frontier, NamesAPointOfTheFrontierAsTheWinner) {
  const std::vector<Point> points = {P(3, 1, 9), P(2, 2, 8), P(1, 3, 7), P(9, 9, 9)};
  const auto entries = ComputeFrontier(points, kAxes);
  ASSERT_EQ(entries.size(), 4u);
  EXPECT_EQ(entries[0].dominated_by, 2u);
  EXPECT_EQ(entries[1].dominated_by, 2u);
  EXPECT_FALSE(entries[2].dominated_by);
  EXPECT_FALSE(entries[3].dominated_by);
  EXPECT_TRUE(ComputeFrontier({}, kAxes).empty());
}

// The oracle: the definition, word for word, over maps.
bool OracleDominates(const Point& a, const Point& b, const std::vector<Axis>& axes) {
  std::map<std::string, Measurement> left, right;
  for (const auto& m : a.measurements) left.emplace(m.metric, m);
  for (const auto& m : b.measurements) right.emplace(m.metric, m);
  int worse = 0, better = 0, unknown = 0;
  for (const Axis& axis : axes) {
    if (!left.count(axis.metric) || !right.count(axis.metric)) {
      ++unknown;
      continue;
    }
    const Measurement& l = left.at(axis.metric);
    const Measurement& r = right.at(axis.metric);
    const bool higher = axis.direction == Direction::kHigherIsBetter;
    if (higher ? l.value < r.value : l.value > r.value) ++worse;
    const bool apart = l.interval.high < r.interval.low || r.interval.high < l.interval.low;
    if (apart && (higher ? l.value > r.value : l.value < r.value)) ++better;
  }
  return worse == 0 && unknown == 0 && better > 0;
}

std::vector<Point> RandomPoints(std::mt19937_64& random, size_t count) {
  std::vector<Point> points(count);
  for (Point& point : points) {
    for (const Axis& axis : kAxes) {
      if (random() % 12 == 0) continue;
      const double value = static_cast<double>(random() % 12);  // few values, so that ties are common
      const double half = static_cast<double>(random() % 4) / 2;
      point.measurements.push_back({axis.metric, value, {value - half, value + half}, 5});
    }
  }
  return points;
}

TEST(Frontier, AgreesWithTheDefinitionOnRandomPoints) {
  std::mt19937_64 random(3);
  size_t dominated = 0, total = 0;
  for (int round = 0; round < 300; ++round) {
    const auto points = RandomPoints(random, random() % 40);
    const auto entries = ComputeFrontier(points, kAxes);
    ASSERT_EQ(entries.size(), points.size());
    for (size_t i = 0; i < points.size(); ++i) {
      ASSERT_EQ(entries[i].point, i);
      bool beaten = false, beaten_by_frontier = false;
      for (size_t j = 0; j < points.size(); ++j) {
        const bool wins = OracleDominates(points[j], points[i], kAxes);
        ASSERT_EQ(Dominates(points[j], points[i], kAxes), wins);
        beaten = beaten || wins;
        beaten_by_frontier = beaten_by_frontier || (wins && !entries[j].dominated_by);
      }
      ASSERT_EQ(entries[i].dominated_by.has_value(), beaten);
      if (!beaten) continue;
      const size_t winner = *entries[i].dominated_by;
      ASSERT_TRUE(OracleDominates(points[winner], points[i], kAxes));
      ASSERT_TRUE(!beaten_by_frontier || !entries[winner].dominated_by);
      ++dominated;
    }
    total += points.size();
  }
  EXPECT_GT(dominated, total / 10);  // the generator reaches both sides
  EXPECT_LT(dominated, total);
}

TEST(Frontier, DominanceIsIrreflexiveAndAntisymmetric) {
  std::mt19937_64 random(4);
  for (int round = 0; round < 200; ++round) {
    auto points = RandomPoints(random, 20);
    // Also intervals that make no sense: a bug elsewhere must not make a point beat itself.
    for (Point& point : points) {
      for (Measurement& m : point.measurements) {
        if (random() % 4 == 0) std::swap(m.interval.low, m.interval.high);
      }
    }
    for (const Point& a : points) {
      ASSERT_FALSE(Dominates(a, a, kAxes));
      for (const Point& b : points) ASSERT_FALSE(Dominates(a, b, kAxes) && Dominates(b, a, kAxes));
    }
  }
}

TEST(Frontier, IsNeverEmpty) {
  std::mt19937_64 random(5);
  for (int round = 0; round < 500; ++round) {
    const auto points = RandomPoints(random, 1 + random() % 30);
    size_t best = 0;
    for (const auto& entry : ComputeFrontier(points, kAxes)) best += entry.dominated_by ? 0 : 1;
    ASSERT_GT(best, 0u);
  }
}

}  // namespace
}  // namespace tradewind
