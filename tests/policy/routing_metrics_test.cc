// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/routing_metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"

namespace tradewind {
namespace {

// Ten questions; the strong arm gets all right, the weak one the last five.
struct Ten {
  std::vector<float> weak = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
  std::vector<float> strong = std::vector<float>(10, 1.0f);
  std::vector<std::string> groups = std::vector<std::string>(10);
  RoutingCurve Curve(const std::vector<double>& gap) const { return *TwoArmCurve(weak, strong, gap, groups, {1, 11}); }
};

TEST(RoutingMetrics, AnOracleByHand) {
  const Ten ten;
  const TwoArmMetrics m = MeasureCurve(ten.Curve({10, 9, 8, 7, 6, 5, 4, 3, 2, 1}), {});
  EXPECT_DOUBLE_EQ(m.weak_score, 0.5);
  EXPECT_DOUBLE_EQ(m.strong_score, 1);
  EXPECT_NEAR(m.apgr.value, 0.75, 1e-12);  // PGR rises to 1 at half of the calls, and stays
  EXPECT_NEAR(m.cpt50.value, 0.25, 1e-12);
  EXPECT_NEAR(m.cpt80.value, 0.4, 1e-12);
  EXPECT_NEAR(m.calls_saved.value, 0.5, 1e-12);
  EXPECT_NEAR(m.cost_saving.value, 6 / 3.5, 1e-12);  // 1 + 0.5 * 10 over 1 + 0.25 * 10
  EXPECT_NEAR(m.pgr[3], 0.6, 1e-12);
  EXPECT_NEAR(m.pgr[10], 1, 1e-12);
  // Cost 1 to 6: quality 1/2 to 1; then 1.
  const RoutingCurve curve = ten.Curve({10, 9, 8, 7, 6, 5, 4, 3, 2, 1});
  EXPECT_NEAR(QualityCostArea({&curve, 1}, {}).value, 0.5 * 0.75 + 0.5, 1e-12);
}

TEST(RoutingMetrics, TheWorstOrderAndNoOrder) {
  const Ten ten;
  EXPECT_NEAR(MeasureCurve(ten.Curve({1, 2, 3, 4, 5, 6, 7, 8, 9, 10}), {}).apgr.value, 0.25, 1e-12);
  const TwoArmMetrics tied = MeasureCurve(ten.Curve(std::vector<double>(10, 0.3)), {});
  EXPECT_NEAR(tied.apgr.value, 0.5, 1e-12);  // equal gaps are as good as a lot
  EXPECT_NEAR(tied.cpt80.value, 0.8, 1e-12);
  EXPECT_NEAR(tied.calls_saved.value, 0, 1e-12);
  EXPECT_NEAR(tied.cost_saving.value, 1, 1e-12);
}

TEST(RoutingMetrics, NoLeadHasNoGapToRecover) {
  const std::vector<float> same = {1, 0, 1};
  const RoutingCurve curve = *TwoArmCurve(same, same, std::vector<double>{1, 2, 3}, std::vector<std::string>(3), {1, 2});
  EXPECT_TRUE(std::isnan(MeasureCurve(curve, {}).apgr.value));
}

// Random gaps have an expected APGR of 0.5; the 95 % interval over groups should hold it in about 95 % of the tables.
TEST(RoutingMetrics, IntervalsCoverWithGroupsThatErrTogether) {
  Random random(17);
  int covered = 0;
  constexpr int kTables = 150;
  for (int table = 0; table < kTables; ++table) {
    std::vector<float> weak, strong;
    std::vector<double> gap;
    std::vector<std::string> groups;
    for (int g = 0; g < 40; ++g) {
      const double base = random.Uniform(), lead = 0.4 * random.Uniform(), liked = random.Normal();
      for (int i = 0; i < 20; ++i) {
        weak.push_back(random.Uniform() < base * 0.6 ? 1.0f : 0.0f);
        strong.push_back(random.Uniform() < base * 0.6 + lead ? 1.0f : 0.0f);
        gap.push_back(liked + 0.1 * random.Normal());  // the router likes groups, for no reason
        groups.push_back("g" + std::to_string(g));
      }
    }
    const RoutingCurve curve = *TwoArmCurve(weak, strong, gap, groups, {1, 2}, 60);
    covered += MeasureCurve(curve, {.resamples = 200, .seed = static_cast<uint64_t>(table)}).apgr.interval.Contains(0.5);
  }
  EXPECT_GE(covered, kTables * 85 / 100);
  EXPECT_LT(covered, kTables);  // an interval that always covers is too wide
}

// Splits share their groups: the same samples met twice say no more than once, whatever the order of the groups, and two curves that
// share none are two samples.
TEST(RoutingMetrics, GroupsAreDrawnByNameInAllCurvesAtOnce) {
  Random random(31);
  std::vector<RoutingCurve> parts;
  std::vector<float> weak, strong;
  std::vector<double> gap;
  std::vector<std::string> groups;
  for (int g = 0; g < 12; ++g) {
    const double lead = random.Uniform(), liked = random.Normal();
    for (int i = 0; i < 10; ++i) {
      weak.push_back(0);
      strong.push_back(random.Uniform() < lead ? 1.0f : 0.0f);
      gap.push_back(liked + random.Normal());
      groups.push_back("g" + std::to_string(g));
    }
  }
  const RoutingCurve whole = *TwoArmCurve(weak, strong, gap, groups, {1, 2});
  for (std::vector<float>* v : {&weak, &strong}) std::reverse(v->begin(), v->end());
  std::reverse(gap.begin(), gap.end());
  std::reverse(groups.begin(), groups.end());
  const RoutingCurve turned = *TwoArmCurve(weak, strong, gap, groups, {1, 2});
  EXPECT_EQ(turned.groups.front(), "g11");
  const CurveOptions options = {.resamples = 300};
  const Estimate once = MeasureCurve(whole, options).apgr;
  const Estimate twice = MeasureCurves(std::vector{whole, turned}, options).apgr;
  EXPECT_NEAR(twice.value, once.value, 1e-12);
  EXPECT_NEAR(twice.interval.low, once.interval.low, 1e-12);
  EXPECT_NEAR(twice.interval.high, once.interval.high, 1e-12);
  EXPECT_NEAR(ApgrDifference({&whole, 1}, {&turned, 1}, options).interval.high, 0, 1e-12);
  RoutingCurve stranger = whole;
  for (std::string& name : stranger.groups) name += "'";
  const Estimate more = MeasureCurves(std::vector{whole, stranger}, options).apgr;
  EXPECT_LT(more.interval.high - more.interval.low, 0.9 * (once.interval.high - once.interval.low));
}

TEST(RoutingMetrics, FewerPointsChangeLittle) {
  Random random(23);
  std::vector<float> weak, strong;
  std::vector<double> gap;
  for (int i = 0; i < 3000; ++i) {
    const double hard = random.Uniform();
    weak.push_back(random.Uniform() > hard ? 1.0f : 0.0f);
    strong.push_back(random.Uniform() > hard / 3 ? 1.0f : 0.0f);
    gap.push_back(hard + 0.3 * random.Normal());
  }
  const std::vector<std::string> groups(3000, "one");
  const double fine = MeasureCurve(*TwoArmCurve(weak, strong, gap, groups, {1, 2}, 3000), {.resamples = 1}).apgr.value;
  const double coarse = MeasureCurve(*TwoArmCurve(weak, strong, gap, groups, {1, 2}, 200), {.resamples = 1}).apgr.value;
  EXPECT_NEAR(coarse, fine, 0.002);
}

TEST(RoutingMetrics, ManyArmsGoFromTheCheapestToTheBest) {
  RoutingTable table{.arms = {"a", "b", "c"}, .arm_cost = {1, 5, 9}, .samples = {}};
  table.samples.push_back({"x", "", {1, 1, 1}});
  table.samples.push_back({"y", "", {0, 1, 1}});
  table.samples.push_back({"z", "", {0, 0, 1}});
  table.samples.push_back({"lacks one", "", {0, kNoScore, 1}});
  std::vector<double> oracle;
  for (size_t i = 0; i < 3; ++i) oracle.insert(oracle.end(), table.samples[i].score.begin(), table.samples[i].score.end());
  oracle.insert(oracle.end(), {0, 0, 0});
  const RoutingCurve curve = *ManyArmCurve(table, oracle);
  EXPECT_DOUBLE_EQ(curve.points.front().score[0] + curve.points.front().score[1] + curve.points.front().score[2], 1);
  const OperatingPoint& last = curve.points.back();
  EXPECT_DOUBLE_EQ(last.score[0] + last.score[1] + last.score[2], 3);
  EXPECT_DOUBLE_EQ(last.cost[0] + last.cost[1] + last.cost[2], 15);  // each by the cheapest that is right
  const Estimate ratio = AreaRatio({&curve, 1}, {&curve, 1}, {});
  EXPECT_DOUBLE_EQ(ratio.value, 1);
  EXPECT_DOUBLE_EQ(ratio.interval.low, 1);
}

TEST(RoutingMetrics, BadInputIsRefused) {
  const std::vector<float> s = {0, 1};
  const std::vector<std::string> g(2);
  EXPECT_FALSE(TwoArmCurve(s, s, std::vector<double>{1}, g, {1, 2}));
  EXPECT_FALSE(TwoArmCurve(s, s, std::vector<double>{1, std::nan("")}, g, {1, 2}));
  EXPECT_FALSE(TwoArmCurve(s, s, std::vector<double>{1, 2}, g, {2, 2}));
  EXPECT_FALSE(TwoArmCurve({}, {}, {}, {}, {1, 2}));
}

}  // namespace
}  // namespace tradewind
