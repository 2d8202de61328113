// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Tests sample_regressor.cc and what it makes: flops.cc, additive_table.cc, nearest.cc, regression.cc, forest.cc, gp.cc, mlp.cc.
#include "search/predictors/sample_regressor.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "search/nas_tables.h"

namespace tradewind {
namespace {

constexpr double kCost[] = {0.5, 3, 7};

// Two positions of three operations; costs add up, the second position's are doubled, and noise is normal.
std::vector<Observation> Additive(size_t count, double noise, uint64_t seed) {
  Random random(seed);
  std::vector<Observation> out;
  for (size_t i = 0; i < count; ++i) {
    const std::vector<size_t> operations = {random.Below(3), random.Below(3)};
    out.push_back({OneHotWithCounts(operations, 3), 10 + kCost[operations[0]] + 2 * kCost[operations[1]] + noise * random.Normal()});
  }
  return out;
}

std::unique_ptr<Predictor> Make(std::string_view name) {
  auto made = MakeSampleRegressor(name, {{0.5, 3, 7, 1, 6, 14, 0, 0, 0}, 1});
  EXPECT_TRUE(made) << made.error().ToString();
  return std::move(*made);
}

TEST(SampleRegressor, EachNameIsMadeAndOthersAreRefused) {
  for (const std::string_view name : SampleRegressorNames()) EXPECT_EQ(Make(name)->name(), name);
  const auto refused = MakeSampleRegressor("oracle", {});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find("additive_table"), std::string::npos);
}

TEST(SampleRegressor, AllLearnCostsThatAddUp) {
  for (const std::string_view name : SampleRegressorNames()) {
    const std::unique_ptr<Predictor> predictor = Make(name);
    ASSERT_TRUE(predictor->Fit(Additive(60, 0, 1))) << name;
    // A forest's trees miss some rows of each draw.
    const double allowed = name == "forest" ? 1.5 : name == "mlp" || name == "gp" ? 0.3 : 0.01;
    for (const Observation& o : Additive(20, 0, 2)) EXPECT_NEAR(predictor->Predict(o.features, 0.9).value, o.value, allowed) << name;
  }
}

TEST(SampleRegressor, AnAdditiveTableNeedsNoSampleOfEveryCombination) {
  // Rows and columns through one corner tell a sum's whole table; the look-up table of whole architectures does not know the rest.
  std::vector<Observation> corner;
  for (const auto& [a, b] : std::vector<std::pair<size_t, size_t>>{{0, 0}, {1, 0}, {2, 0}, {0, 1}, {0, 2}}) {
    corner.push_back({OneHotWithCounts({a, b}, 3), 10 + kCost[a] + 2 * kCost[b]});
  }
  const auto table = Make("additive_table");
  const auto nearest = Make("nearest");
  ASSERT_TRUE(table->Fit(corner) && nearest->Fit(corner));
  const std::vector<double> unseen = OneHotWithCounts({2, 2}, 3);
  EXPECT_NEAR(table->Predict(unseen, 0.9).value, 31, 1e-9);
  EXPECT_GT(std::abs(nearest->Predict(unseen, 0.9).value - 31), 3);
}

TEST(SampleRegressor, NineOfTenNewValuesLieInTheInterval) {
  for (const std::string_view name : {"additive_table", "regression", "flops"}) {
    int inside = 0;
    int all = 0;
    for (uint64_t round = 0; round < 60; ++round) {
      const auto predictor = Make(name);
      ASSERT_TRUE(predictor->Fit(Additive(12, 1, 100 + round)));
      for (const Observation& o : Additive(20, 1, 900 + round)) {
        inside += predictor->Predict(o.features, 0.9).interval.Contains(o.value) ? 1 : 0;
        ++all;
      }
    }
    const double share = static_cast<double>(inside) / all;
    EXPECT_GT(share, 0.82) << name;
    EXPECT_LT(share, 0.99) << name;
  }
}

TEST(SampleRegressor, FlopsNeverFallWithWork) {
  const auto flops = Make("flops");
  std::vector<Observation> falling = Additive(10, 0, 3);
  for (Observation& o : falling) o.value = -o.value;
  ASSERT_TRUE(flops->Fit(falling));
  const double light = flops->Predict(OneHotWithCounts({0, 0}, 3), 0.9).value;
  EXPECT_EQ(flops->Predict(OneHotWithCounts({2, 2}, 3), 0.9).value, light);
}

TEST(SampleRegressor, BadMeasurementsAreNamed) {
  for (const std::string_view name : SampleRegressorNames()) {
    const auto predictor = Make(name);
    EXPECT_FALSE(predictor->Fit(Additive(2, 0, 1))) << name;
    std::vector<Observation> bad = Additive(5, 0, 1);
    bad[3].value = std::nan("");
    const auto refused = predictor->Fit(bad);
    ASSERT_FALSE(refused) << name;
    EXPECT_NE(refused.error().message().find("measurement 3"), std::string::npos);
    bad = Additive(5, 0, 1);
    bad[4].features.pop_back();
    EXPECT_FALSE(predictor->Fit(bad)) << name;
  }
}

TEST(SampleRegressor, AFeatureThatNeverVariesDoesNoHarm) {
  for (const std::string_view name : {"regression", "gp", "mlp", "forest", "additive_table", "nearest"}) {
    std::vector<Observation> same;
    for (int i = 0; i < 5; ++i) same.push_back({{1, 2}, 4.0 + 0.1 * i});
    const auto predictor = Make(name);
    ASSERT_TRUE(predictor->Fit(same)) << name;
    EXPECT_NEAR(predictor->Predict(std::vector<double>{1, 2}, 0.9).value, 4.2, 0.15) << name;
    EXPECT_TRUE(std::isfinite(predictor->Predict(std::vector<double>{3, 9}, 0.9).value)) << name;
  }
}

}  // namespace
}  // namespace tradewind
