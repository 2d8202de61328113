// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/laws/leaderboard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "laws_table.h"
#include "shared_data.h"

namespace tradewind {
namespace {

using Column = std::vector<double>;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Leaderboard, SlowerAndNoMoreAccurateIsOut) {
  const Column accuracy = {0.5, 0.7, 0.6, 0.7, 0.5};
  const Column latency = {10, 30, 40, 35, 10};
  EXPECT_THAT(*ParetoMembers(accuracy, latency, AccuracyTies::kDrop), ElementsAre(0, 4, 1));
  EXPECT_THAT(*ParetoMembers(accuracy, latency, AccuracyTies::kKeep), ElementsAre(0, 4, 1, 3));
}

TEST(Leaderboard, WrongColumnsAreRefused) {
  EXPECT_FALSE(ParetoMembers(Column{1}, Column{1, 2}, AccuracyTies::kDrop));
  EXPECT_FALSE(ParetoMembers(Column{1, std::nan("")}, Column{1, 2}, AccuracyTies::kDrop));
  EXPECT_FALSE(ComparePublished(Column{1}, Column{1}, std::vector<size_t>{1}));
  EXPECT_FALSE(RankCorrelations(std::vector<Column>{{1, 2}, {1, 2, 3}}));
}

TEST(Leaderboard, DifferencesSayWhy) {
  const Column accuracy = {0.5, 0.7, 0.6, 0.7, 0.8};
  const Column latency = {10, 30, 40, 35, 50};
  const auto differences = ComparePublished(accuracy, latency, std::vector<size_t>{0, 1, 2, 3});
  ASSERT_TRUE(differences);
  ASSERT_EQ(differences->size(), 3U);
  EXPECT_EQ((*differences)[0].model, 2U);
  EXPECT_EQ((*differences)[0].reason, FlagReason::kDominated);
  EXPECT_EQ((*differences)[1].model, 3U);
  EXPECT_EQ((*differences)[1].reason, FlagReason::kTiedAccuracy);
  EXPECT_EQ((*differences)[1].other, 1U);
  EXPECT_EQ((*differences)[2].model, 4U);
  EXPECT_EQ((*differences)[2].reason, FlagReason::kLeftOut);
}

TEST(Leaderboard, FamiliesAreCounted) {
  const std::vector<std::string> families = {"a", "b", "a", "c"};
  EXPECT_THAT(CountByFamily(std::vector<size_t>{0, 2, 3}, families),
              ElementsAre(std::pair{"a", 2U}, std::pair{"b", 0U}, std::pair{"c", 1U}));
}

// scipy 1.17.1: stats.spearmanr([1, 2, 2, 4, 5], [2, 1, 4, 3, 5]) = 0.6668859288553502.
TEST(Leaderboard, CorrelationsAgreeWithScipy) {
  const auto matrix = RankCorrelations(std::vector<Column>{{1, 2, 2, 4, 5}, {2, 1, 4, 3, 5}});
  ASSERT_TRUE(matrix);
  EXPECT_NEAR((*matrix)[0], 1, 1e-12);
  EXPECT_NEAR((*matrix)[1], 0.6668859288553502, 1e-12);
  EXPECT_EQ((*matrix)[1], (*matrix)[2]);
}

class YoloBench : public testing::Test {
 protected:
  void SetUp() override {
    const std::string folder = "assets/nas/deeplite-torch-zoo/results/yolobench/";
    const auto models = SharedPath(folder + "merged_results.csv"), sets = SharedPath(folder + "pareto_indices.csv");
    if (!models || !sets) GTEST_SKIP() << "absent: shared/" << folder << "merged_results.csv or pareto_indices.csv";
    models_ = ReadCsv(*models);
    sets_ = ReadCsv(*sets);
  }
  std::vector<size_t> Published(size_t pair) const {
    std::vector<size_t> indices;
    for (const double x : Numbers(SplitCsv(sets_.at("pareto_indices")[pair]))) indices.push_back(static_cast<size_t>(x));
    return indices;
  }
  Column Values(const std::string& column, size_t pair) const { return Numbers(models_.at(sets_.at(column)[pair])); }
  std::map<std::string, std::vector<std::string>> models_, sets_;
};

// The file holds 128 pairs (16 accuracies, 8 latencies) of row numbers of merged_results.csv from 0, fastest first. The paper's 16 are
// mAP@0.5:0.95 of four datasets on four devices; the devices are Jetson Nano, Intel by OpenVINO, VIM3 and Raspberry Pi 4.
TEST_F(YoloBench, ThePapersSixteenSetsAreReproduced) {
  size_t pairs = 0;
  for (size_t i = 0; i < sets_.at("data").size(); ++i) {
    const std::string device = sets_.at("hardware")[i];
    const bool of_paper =
        device == "nano_gpu_latency" || device == "openvino_latency" || device == "vim3_latency" || device == "raspi4_tflite_latency";
    if (!of_paper || !sets_.at("data")[i].starts_with("mAP_0.5:0.95")) continue;
    ++pairs;
    EXPECT_EQ(*ParetoMembers(Values("data", i), Values("hardware", i), AccuracyTies::kDrop), Published(i)) << device;
  }
  EXPECT_EQ(pairs, 16U);
}

// Of all 128, four hold one model more than the Pareto set: one that is slower than another of exactly the same (rounded) accuracy.
// Their scan keeps ties of accuracy; with that rule all 128 agree.
TEST_F(YoloBench, AllSetsAreReproducedWithTiesKept) {
  std::vector<std::string> differing;
  for (size_t i = 0; i < sets_.at("data").size(); ++i) {
    const Column accuracy = Values("data", i), latency = Values("hardware", i);
    EXPECT_EQ(*ParetoMembers(accuracy, latency, AccuracyTies::kKeep), Published(i)) << i;
    const auto differences = ComparePublished(accuracy, latency, Published(i));
    ASSERT_TRUE(differences);
    for (const FlagDifference& difference : *differences) {
      EXPECT_EQ(difference.reason, FlagReason::kTiedAccuracy);
      differing.push_back(sets_.at("data")[i] + " " + sets_.at("hardware")[i] + " " + models_.at("model_name")[difference.model] +
                          " behind " + models_.at("model_name")[*difference.other]);
    }
  }
  EXPECT_EQ(sets_.at("data").size(), 128U);
  EXPECT_THAT(differing, ElementsAre("mAP_0.5_sku orange_pi_latency yolo6m-d33w5_288 behind yolo6s-d33w25_352",
                                     "precision_wider openvino_latency yolo7s_416 behind yolo5s_480",
                                     "precision_wider raspi4_tflite_latency yolo7s_416 behind yolo5s_480",
                                     "precision_wider pi4_ort_latency yolo7s_416 behind yolo5s_480"));
}

// The abstract's claim: older models are on the front, too.
TEST_F(YoloBench, OldFamiliesAreOnTheFrontOfEveryDataset) {
  std::map<std::string, size_t> of_v3, of_v4;
  for (size_t i = 0; i < sets_.at("data").size(); ++i) {
    const std::string& data = sets_.at("data")[i];
    if (!data.starts_with("mAP_0.5:0.95")) continue;
    const auto members = ParetoMembers(Values("data", i), Values("hardware", i), AccuracyTies::kDrop);
    const auto counts = CountByFamily(*members, models_.at("model_family"));
    of_v3[data] += counts.at("YOLOv3");
    of_v4[data] += counts.at("YOLOv4");
    std::string line = data + " " + sets_.at("hardware")[i];
    for (const auto& [family, count] : counts) line += " " + family + "=" + std::to_string(count);
    RecordProperty("pair" + std::to_string(i), line);
  }
  for (const auto& [data, count] : of_v3) EXPECT_GE(count + of_v4[data], 1U) << data;
}

TEST_F(YoloBench, DevicesOrderDetectorsNearlyAlike) {
  std::vector<Column> columns;
  for (const char* device : {"nano_gpu_latency", "openvino_latency", "vim3_latency", "raspi4_tflite_latency"}) {
    columns.push_back(Numbers(models_.at(device)));
  }
  const auto matrix = RankCorrelations(columns);
  ASSERT_TRUE(matrix);
  // scipy 1.17.1: stats.spearmanr of the same four columns, rows 0 and 2.
  const Column expected = {1,   0.9883220547069218, 0.9315002581156385, 0.9835652529654417, 0.9315002581156385, 0.888162543025418,
                           1.0, 0.8908992015422703};
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR((*matrix)[i], expected[i], 1e-9);
    EXPECT_NEAR((*matrix)[8 + i], expected[4 + i], 1e-9);
  }
}

}  // namespace
}  // namespace tradewind
