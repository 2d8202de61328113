// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "measure/fake_tunable.h"

namespace tradewind {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Point Make(int64_t layers, double bits, double tpot) {
  Point point;
  point.setting.Set("layers", layers);
  point.setting.Set("threads", int64_t{2});
  point.measurements = {{"bits_per_byte", bits, {bits - 0.01, bits + 0.01, 0.95}, 9}, {"tpot_ms", tpot, {tpot - 0.1, tpot + 0.1, 0.95}, 9}};
  return point;
}

SearchResult Three() {
  SearchResult result;
  result.axes = {{"bits_per_byte", Direction::kLowerIsBetter}, {"tpot_ms", Direction::kLowerIsBetter}};
  result.points = {Make(2, 2.0, 5), Make(5, 1.0, 9), Make(4, 2.5, 8)};
  result.trials.resize(3);
  result.frontier = ComputeFrontier(result.points, result.axes);
  return result;
}

TEST(Results, SettingsWithoutWhatAllShare) {
  std::string shared;
  EXPECT_THAT(ShortSettings(Three().points, &shared), ElementsAre("layers=2", "layers=5", "layers=4"));
  EXPECT_EQ(shared, "threads=2");
  EXPECT_THAT(ShortSettings({Make(2, 1, 1)}, &shared), ElementsAre("layers=2 threads=2"));
  EXPECT_THAT(ShortSettings({Make(2, 1, 1), Make(2, 1, 1)}, &shared), ElementsAre("(as all)", "(as all)"));
  EXPECT_TRUE(ShortSettings({}, &shared).empty());
}

TEST(Results, TheTableIsInOrderOfQualityAndSaysWhatBeatsWhat) {
  const std::string table = FrontierTable(Three());
  EXPECT_LT(table.find("layers=5"), table.find("layers=2"));
  EXPECT_THAT(table, testing::AllOf(HasSubstr("dominated by layers=2"), HasSubstr("all with threads=2"), HasSubstr("1 (0.99-1.01)")));
}

TEST(Results, TheTableBeginsWithTheBestOfAnAxisThatRises) {
  SearchResult result = Three();
  result.axes = {{"bits_per_byte", Direction::kHigherIsBetter}, {"tpot_ms", Direction::kLowerIsBetter}};
  result.frontier = ComputeFrontier(result.points, result.axes);
  const std::string table = FrontierTable(result);
  EXPECT_LT(table.find("layers=4 "), table.find("layers=2 "));
  EXPECT_LT(table.find("layers=2 "), table.find("layers=5 "));
}

TEST(Results, JsonOfASearch) {
  const Json json = ToJson(Three());
  EXPECT_EQ(json["axes"].dump(), R"(["bits_per_byte","tpot_ms"])");
  ASSERT_EQ(json["points"].size(), 3u);
  EXPECT_EQ(json["points"][0]["frontier"], true);
  EXPECT_EQ(json["points"][2]["frontier"], false);
  EXPECT_EQ(json["points"][2]["dominated_by"], "layers=2 threads=2");
  EXPECT_EQ(json["points"][1]["measurements"][1]["value"], 9);
}

TEST(Results, AMeasurementHasItsIntervalAndOrigin) {
  const Json json = ToJson(Measurement{"tpot_ms", 5, {4, 6, 0.95}, 3, Origin::kAssumed});
  EXPECT_EQ(json.dump(), R"({"metric":"tpot_ms","value":5.0,"interval":[4.0,6.0],"confidence":0.95,"count":3,"origin":"assumed"})");
  EXPECT_EQ(ToJson(Prediction{5, {4, 6, 0.9}})["origin"], "modelled");
}

TEST(Results, MeasurementsStandWithTheirDefinition) {
  EXPECT_THAT(MeasurementTable({{"tpot_ms", 5, {4, 6, 0.95}, 3}}, FakeTunable()),
              testing::AllOf(HasSubstr("5 (4-6)"), HasSubstr("the first excluded"), HasSubstr("ms")));
}

}  // namespace
}  // namespace tradewind
