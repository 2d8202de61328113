// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/transfer.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "search/device_family.h"
#include "search/nas_tables.h"
#include "shared_data.h"

namespace tradewind {
namespace {

const TransferRow& Row(const TransferReport& report, const std::string& predictor, const std::string& device) {
  const auto found = std::find_if(report.rows.begin(), report.rows.end(),
                                  [&](const TransferRow& r) { return r.predictor == predictor && r.device == device; });
  if (found == report.rows.end()) ADD_FAILURE() << "no row of " << predictor << " on " << device;
  return found == report.rows.end() ? report.rows.front() : *found;
}

TransferOptions FamilyOptions() {
  TransferOptions options;
  for (int d = 0; d < 10; ++d) options.train.push_back("device_" + std::to_string(d));
  options.valid = {"device_10", "device_11"};
  options.test = {"device_12", "device_13"};
  options.training_architectures = 200;
  options.tested_architectures = 150;
  options.seeds = {1, 2};
  options.few_shot = {.episodes = 200, .hidden = 32, .modulation = 16};
  options.beside = {"additive_table", "nearest", "gp", "regression"};
  return options;
}

TEST(Transfer, AFewShotPredictorIsAboveWhatLearnsFromTheSamplesAlone) {
  const auto report = FewShotTransfer(DeviceFamily(14, 400, 8), FamilyOptions());
  ASSERT_TRUE(report) << report.error().ToString();
  const double ours = Row(*report, "few_shot", "mean").spearman;
  EXPECT_GT(ours, 0.85);
  for (const char* other : {"additive_table", "nearest", "gp", "regression"}) {
    EXPECT_GT(ours, Row(*report, other, "mean").spearman) << other;
  }
}

TEST(Transfer, MeansAndComparisonsAgreeWithTheRows) {
  TransferOptions options = FamilyOptions();
  options.few_shot.episodes = 20;
  const auto report = FewShotTransfer(DeviceFamily(14, 400, 8), options);
  ASSERT_TRUE(report);
  const TransferRow& mean = Row(*report, "nearest", "mean");
  for (size_t s = 0; s < 2; ++s) {
    EXPECT_NEAR(mean.by_seed[s], (Row(*report, "nearest", "device_12").by_seed[s] + Row(*report, "nearest", "device_13").by_seed[s]) / 2,
                1e-12);
  }
  for (const TransferComparison& c : report->comparisons) {
    EXPECT_NEAR(c.difference, Row(*report, "few_shot", "mean").spearman - Row(*report, c.predictor, "mean").spearman, 1e-12) << c.predictor;
    EXPECT_TRUE(c.interval.Contains(c.difference));
  }
  EXPECT_EQ(Row(*report, "few_shot", "mean").coverage.size(), std::size(kCoverageLevels));
}

TEST(Transfer, ATestedDeviceMustBeUnseen) {
  TransferOptions options = FamilyOptions();
  options.test.push_back("device_3");
  const auto refused = FewShotTransfer(DeviceFamily(14, 400, 8), options);
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find("device_3"), std::string::npos);
  options = FamilyOptions();
  options.tested_architectures = 500;
  EXPECT_FALSE(FewShotTransfer(DeviceFamily(14, 400, 8), options));
  options = FamilyOptions();
  options.valid = {"device_99"};
  EXPECT_FALSE(FewShotTransfer(DeviceFamily(14, 400, 8), options));
}

TEST(Transfer, ReferencesSpreadOverTheRangeOfTheDevicesGiven) {
  const LatencyTable table = DeviceFamily(3, 100, 2);
  std::vector<size_t> all(100);
  for (size_t i = 0; i < all.size(); ++i) all[i] = i;
  Random random(1);
  const std::vector<size_t> device = {0};
  const std::vector<size_t> references = ChooseReferences(table, device, all, 10, random);
  ASSERT_EQ(references.size(), 10U);
  for (size_t part = 0; part < 10; ++part) {
    const double y = table.latencies[0][references[part]];
    const auto below =
        static_cast<size_t>(std::count_if(table.latencies[0].begin(), table.latencies[0].end(), [&](double x) { return x < y; }));
    EXPECT_EQ(below / 10, part) << "one from each tenth, in order";
  }
}

// The paper's split (the devices of its released script for NAS-Bench-201), with less training than a study does.
TEST(Transfer, OnNasBench201TheFewShotPredictorIsAboveTablesAndFlops) {
  TW_REQUIRE_DATA(path, SharedPath("assets/nas/nb201_acc_latency_joined.csv"));
  const NasTable nas = ReadNasTable(path, '|', 3000);
  TransferOptions options;
  options.train = {"1080ti_1",    "1080ti_32", "1080ti_256",     "silver_4114", "silver_4210r",
                   "samsung_a50", "pixel3",    "essential_ph_1", "samsung_s7"};
  options.valid = {"titanx_1", "titanx_32", "titanx_256", "gold_6240"};
  options.test = {"titan_rtx_256", "gold_6226", "pixel2", "raspi4", "eyeriss", "fpga"};
  options.tested_architectures = 300;
  options.seeds = {1};
  options.few_shot.episodes = 300;
  options.cost = NasBench201Cost(nas);
  options.beside = {"additive_table", "nearest", "flops"};
  const auto report = FewShotTransfer(nas.table, options);
  ASSERT_TRUE(report) << report.error().ToString();
  const double ours = Row(*report, "few_shot", "mean").spearman;
  EXPECT_GT(ours, 0.8);
  for (const char* other : {"additive_table", "nearest", "flops"}) EXPECT_GT(ours, Row(*report, other, "mean").spearman) << other;
}

}  // namespace
}  // namespace tradewind
