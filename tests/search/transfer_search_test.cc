// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/transfer_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "search/device_family.h"
#include "search/transfer_draw.h"

namespace tradewind {
namespace {

TransferSearchOptions FamilySearchOptions() {
  TransferSearchOptions options;
  for (int d = 0; d < 10; ++d) options.transfer.train.push_back("device_" + std::to_string(d));
  options.transfer.valid = {"device_10", "device_11"};
  options.transfer.test = {"device_12", "device_13"};
  options.transfer.training_architectures = 200;
  options.transfer.seeds = {1, 2};
  options.transfer.few_shot = {.episodes = 150, .hidden = 16, .modulation = 8};
  options.predictors = {"few_shot", "nearest"};
  return options;
}

// Quality that work brings, with luck of its own: the dearer on all devices, the better on the whole.
std::vector<double> Quality(const LatencyTable& table) {
  Random random(9);
  std::vector<double> quality;
  for (size_t a = 0; a < table.architectures(); ++a) {
    double sum = 0;
    for (const auto& device : table.latencies) sum += std::log(device[a]);
    quality.push_back(sum / static_cast<double>(table.devices.size()) + 0.2 * random.Normal());
  }
  return quality;
}

const TransferSearchRow& Row(const std::vector<TransferSearchRow>& rows, const std::string& predictor, const std::string& device) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const TransferSearchRow& r) { return r.predictor == predictor && r.device == device; });
  if (found == rows.end()) ADD_FAILURE() << "no row of " << predictor << " on " << device;
  return found == rows.end() ? rows.front() : *found;
}

TEST(TransferSearch, AFewShotPredictorFindsMoreOfTheFrontierThanATable) {
  const LatencyTable table = DeviceFamily(14, 400, 8);
  const auto rows = FewShotSearch(table, Quality(table), FamilySearchOptions());
  ASSERT_TRUE(rows) << rows.error().ToString();
  ASSERT_EQ(rows->size(), 6U);  // two predictors on two devices and their means
  const TransferSearchRow& ours = Row(*rows, "few_shot", "mean");
  EXPECT_GT(ours.share, 0.9);
  EXPECT_GT(ours.share, Row(*rows, "nearest", "mean").share);
  EXPECT_GT(ours.met_share, 0.9);
  EXPECT_GE(ours.met_share, ours.met_unchecked);
  EXPECT_GE(ours.measurements, 11);
  EXPECT_LE(ours.measurements, 15);
}

TEST(TransferSearch, MeansAreOfDevicesAndSharesOfSeeds) {
  const LatencyTable table = DeviceFamily(14, 300, 8);
  TransferSearchOptions options = FamilySearchOptions();
  options.predictors = {"nearest"};
  options.bounds = {0.5};
  const auto rows = FewShotSearch(table, Quality(table), options);
  ASSERT_TRUE(rows);
  const TransferSearchRow& mean = Row(*rows, "nearest", "mean");
  const TransferSearchRow& a = Row(*rows, "nearest", "device_12");
  const TransferSearchRow& b = Row(*rows, "nearest", "device_13");
  EXPECT_NEAR(mean.share, (a.share + b.share) / 2, 1e-12);
  EXPECT_NEAR(a.share, (a.shares[0] + a.shares[1]) / 2, 1e-12);
  EXPECT_NEAR(mean.quality_lost, (a.quality_lost + b.quality_lost) / 2, 1e-12);
  EXPECT_NEAR(mean.measurements, (a.measurements + b.measurements) / 2, 1e-12);
  EXPECT_TRUE(mean.share_interval.Contains(mean.share));
  for (const double share : a.shares) EXPECT_TRUE(share > 0 && share <= 1);
}

TEST(TransferSearch, WhatCannotBeSearchedIsRefused) {
  const LatencyTable table = DeviceFamily(14, 300, 8);
  const std::vector<double> quality = Quality(table);
  const auto refuses = [&](const std::vector<double>& q, const TransferSearchOptions& options, const std::string& word) {
    const auto refused = FewShotSearch(table, q, options);
    ASSERT_FALSE(refused) << word;
    EXPECT_NE(refused.error().message().find(word), std::string::npos) << refused.error().message();
  };
  refuses({1, 2}, FamilySearchOptions(), "2 qualities for 300");
  std::vector<double> bad = quality;
  bad[7] = NAN;
  refuses(bad, FamilySearchOptions(), "not finite");
  TransferSearchOptions options = FamilySearchOptions();
  options.bounds = {1.5};
  refuses(quality, options, "quantiles");
  options = FamilySearchOptions();
  options.predictors = {"oracle"};
  refuses(quality, options, "oracle");
  options.predictors = {};
  refuses(quality, options, "no predictor");
  options = FamilySearchOptions();
  options.transfer.test = {"device_1"};
  refuses(quality, options, "device_1");
}

TEST(TransferDraw, NoArchitectureIsTrainedOnAndTested) {
  const LatencyTable table = DeviceFamily(14, 300, 8);
  TransferOptions options = FamilySearchOptions().transfer;
  options.tested_architectures = 100;
  const auto split = SplitDevices(table, options);
  ASSERT_TRUE(split);
  TransferDraw draw = DrawArchitectures(table, *split, options, 3);
  ASSERT_EQ(draw.training.size(), 200U);
  ASSERT_EQ(draw.tested.size(), 100U);
  ASSERT_EQ(draw.references.size(), 10U);
  std::sort(draw.training.begin(), draw.training.end());
  for (const size_t a : draw.tested) EXPECT_FALSE(std::binary_search(draw.training.begin(), draw.training.end(), a)) << a;
  for (const size_t a : draw.references) EXPECT_TRUE(std::binary_search(draw.training.begin(), draw.training.end(), a)) << a;
}

}  // namespace
}  // namespace tradewind
