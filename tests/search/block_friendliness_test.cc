// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/laws/block_friendliness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <sstream>

#include "base/random.h"
#include "laws_table.h"
#include "search/laws/reduced_search.h"
#include "shared_data.h"

namespace tradewind {
namespace {

using Column = std::vector<double>;

BlockSamples RandomNets(size_t positions, size_t choices, size_t nets, Random& random) {
  BlockSamples samples = {positions, choices, {}};
  for (size_t i = 0; i < nets * positions; ++i) samples.blocks.push_back(static_cast<uint8_t>(random.Below(choices)));
  return samples;
}

TEST(BlockFriendliness, PlantedEffectsAreRecoveredAndCovered) {
  const double planted[2][3] = {{-1, 0, 1}, {2, -2.5, 0.5}};
  int covered = 0, all = 0;
  for (uint64_t seed = 1; seed <= 100; ++seed) {
    Random random(seed);
    const BlockSamples nets = RandomNets(2, 3, 60, random);
    Column values;
    for (size_t i = 0; i < 60; ++i) {
      values.push_back(10 + planted[0][nets.blocks[2 * i]] + planted[1][nets.blocks[2 * i + 1]] + 0.5 * random.Normal());
    }
    const auto effects = EstimateBlockEffects(nets, values, 0.9);
    ASSERT_TRUE(effects);
    EXPECT_NEAR(effects->mean, 10, 0.5);
    for (size_t j = 0; j < 2; ++j) {
      for (size_t k = 0; k < 3; ++k, ++all) {
        EXPECT_NEAR(effects->At(j, k).value, planted[j][k], 0.6);
        covered += effects->At(j, k).interval.Contains(planted[j][k]) ? 1 : 0;
      }
    }
  }
  EXPECT_NEAR(static_cast<double>(covered) / all, 0.9, 0.06);
}

// numpy 2.4.6: lstsq on the same dummies, centred by position; standard errors from inv(X'X) and scipy's t.
TEST(BlockFriendliness, AgreesWithNumpy) {
  const BlockSamples nets = {2, 3, {0, 0, 1, 0, 2, 0, 0, 1, 1, 1, 2, 1, 0, 2, 1, 2, 2, 2, 0, 0}};
  const Column values = {1.0, 2.5, 2.0, 3.0, 5.5, 4.0, 2.0, 3.5, 3.0, 1.5};
  const auto effects = EstimateBlockEffects(nets, values, 0.95);
  ASSERT_TRUE(effects);
  const Column expected = {-0.8571428571428581, 0.8452380952380965, 0.011904761904761862,
                           -1.023809523809524,  1.1785714285714288, -0.15476190476190443};
  const Column reach = {0.4151079585217469, 0.44028847859284703, 0.44028847859284703,
                        0.4151079585217469, 0.44028847859284703, 0.44028847859284703};
  for (size_t i = 0; i < 6; ++i) {
    EXPECT_NEAR(effects->effects[i].value, expected[i], 1e-9);
    EXPECT_NEAR(effects->effects[i].interval.half_width(), reach[i], 1e-9);
  }
  EXPECT_NEAR(effects->explained, 0.9561202686202687, 1e-9);
}

TEST(BlockFriendliness, WhatCannotBeToldApartIsRefused) {
  // Block 1 at the first position always comes with block 1 at the second.
  BlockSamples nets = {2, 2, {0, 0, 1, 1, 0, 0, 1, 1, 0, 0}};
  EXPECT_FALSE(EstimateBlockEffects(nets, Column{1, 2, 1, 2, 1}, 0.95));
  nets.blocks[0] = 2;
  EXPECT_FALSE(EstimateBlockEffects(nets, Column{1, 2, 1, 2, 1}, 0.95));
  EXPECT_FALSE(EstimateBlockEffects({2, 2, {0, 0, 1, 1}}, Column{1, std::nan("")}, 0.95));
  EXPECT_FALSE(EstimateBlockEffects({2, 2, {0, 1, 1, 0}}, Column{1, 2}, 0.95));
}

TEST(BlockFriendliness, ABlockBeatenOnBothIsLeftOut) {
  Random random(3);
  const BlockSamples nets = RandomNets(3, 4, 200, random);
  const double gain[4] = {0, 1, 2, 1.5}, cost[4] = {0, 1, 3, 2};  // block 3 is between the others; see position 1
  Column accuracy, latency;
  for (size_t i = 0; i < 200; ++i) {
    double a = 0, l = 0;
    for (size_t j = 0; j < 3; ++j) {
      const uint8_t block = nets.blocks[3 * i + j];
      a += gain[block];
      l += cost[block] + (j == 1 && block == 3 ? 5 : 0);  // there it costs more than block 2, which gives more
    }
    accuracy.push_back(a);
    latency.push_back(l);
  }
  const auto of_accuracy = EstimateBlockEffects(nets, accuracy, 0.95), of_latency = EstimateBlockEffects(nets, latency, 0.95);
  const auto space = ReduceSpace(*of_accuracy, *of_latency);
  ASSERT_TRUE(space);
  EXPECT_DOUBLE_EQ(space->Share(), 0.75);
  EXPECT_TRUE(space->Contains(std::vector<uint8_t>{3, 2, 3}));
  EXPECT_FALSE(space->Contains(std::vector<uint8_t>{0, 3, 0}));
  // Where effects add up, nothing of the front is lost.
  for (size_t i = 0; i < 200; ++i) {
    bool dominated = false;
    for (size_t m = 0; m < 200; ++m) dominated = dominated || (accuracy[m] > accuracy[i] && latency[m] < latency[i]);
    if (!dominated && nets.blocks[3 * i + 1] == 3) ADD_FAILURE() << "network " << i << " of the front is left out";
  }
  EXPECT_NEAR(Friendliness(*of_accuracy, *of_latency, 0.5)[2] - Friendliness(*of_accuracy, *of_latency, 0.5)[1], 1 - 0.5 * 2, 1e-9);
  EXPECT_DOUBLE_EQ(FrontSlope(Column{1, 2, 3, 2}, Column{1, 2, 5, 9}), 0.5);
}

// A block that another beats on both at every position: without it, half of the networks are left, and all of the better half.
TEST(ReducedSearch, IsBetterWhereBlocksAreUseless) {
  BlockSamples nets = {8, 3, {}};
  Column accuracy, latency;
  for (size_t net = 0; net < 6561; ++net) {
    double a = 0, l = 1;
    for (size_t j = 0, rest = net; j < 8; ++j, rest /= 3) {
      const auto block = static_cast<uint8_t>(rest % 3);
      nets.blocks.push_back(block);
      a += block == 1 ? 1.0 : 0.0;  // 1 gives and costs; 0 neither; 2 costs most and gives nothing
      l += block;
    }
    accuracy.push_back(a);
    latency.push_back(l);
  }
  const ReducedSearchOptions options = {.profiled = 60, .searched = 40, .seeds = 10};
  const auto result = CompareReducedSearch(nets, accuracy, latency, options);
  ASSERT_TRUE(result);
  EXPECT_NEAR(result->share, 256.0 / 6561, 1e-12);
  EXPECT_GT(result->interval.low, 1);
  EXPECT_EQ(result->ratios.size(), 10U);
  EXPECT_EQ(CompareReducedSearch(nets, accuracy, latency, options)->ratios, result->ratios);
  // Blocks that trade one for the other all stay: the two spaces are one.
  const auto same = CompareReducedSearch({1, 2, {0, 1, 0, 1, 0, 1}}, Column{0, 1, 0, 1, 0.1, 0.9}, Column{1, 2, 1, 2, 1, 2.1},
                                         {.profiled = 6, .searched = 6, .seeds = 3});
  ASSERT_TRUE(same) << same.error().ToString();
  EXPECT_EQ(same->share, 1);
  EXPECT_EQ(same->ratio, 1);
}

TEST(ReducedSearch, WrongTablesAreRefused) {
  const BlockSamples nets = {1, 2, {0, 1, 0, 1}};
  const Column fine = {1, 2, 3, 4};
  EXPECT_FALSE(CompareReducedSearch(nets, fine, Column{1, 2, 3}, {.profiled = 4, .searched = 1}));
  EXPECT_FALSE(CompareReducedSearch(nets, fine, Column{1, 2, 3, std::nan("")}, {.profiled = 4, .searched = 1}));
  EXPECT_FALSE(CompareReducedSearch({1, 2, {0, 1, 2, 1}}, fine, fine, {.profiled = 4, .searched = 1}));
  EXPECT_FALSE(CompareReducedSearch(nets, fine, fine, {.profiled = 5, .searched = 1}));
  EXPECT_FALSE(CompareReducedSearch(nets, fine, fine, {.profiled = 4, .searched = 1, .seeds = 1}));
  EXPECT_FALSE(CompareReducedSearch(nets, Column{1, 1, 1, 1}, Column{1, 1, 1, 1}, {.profiled = 4, .searched = 1}));
}

class NasBench201 : public testing::Test {
 protected:
  static constexpr size_t kPositions = 6;
  void SetUp() override {
    const auto path = SharedPath("assets/nas/nb201_acc_latency_joined.csv");
    if (!path) GTEST_SKIP() << "absent: shared/assets/nas/nb201_acc_latency_joined.csv";
    table_ = ReadCsv(*path);
    accuracy_ = Numbers(table_.at("e200_cifar100_test"));
    const std::vector<std::string> names = {"none", "skip_connect", "nor_conv_1x1", "nor_conv_3x3", "avg_pool_3x3"};
    for (std::string arch : table_.at("arch")) {
      std::replace(arch.begin(), arch.end(), '|', ' ');
      std::istringstream in(arch);
      for (std::string word; in >> word;) {
        if (word == "+") continue;
        const auto name = std::find(names.begin(), names.end(), word.substr(0, word.find('~')));
        blocks_.push_back(static_cast<uint8_t>(name - names.begin()));
      }
    }
    all_.resize(accuracy_.size());
    std::iota(all_.begin(), all_.end(), size_t{0});
  }
  std::span<const uint8_t> Row(size_t i) const { return std::span(blocks_).subspan(i * kPositions, kPositions); }

  // How many of the devices have a ratio whose interval lies above 1, and below 1; all are tried, so that nobody picks them. The intervals
  // are at 1 - 0.05 / 27: with this confidence all of them hold together (Bonferroni).
  struct Verdict {
    int devices = 0, above = 0, below = 0;
  };
  Verdict OverDevices(const std::string& accuracy_column, int seeds, uint64_t first_seed) {
    Verdict verdict;
    const BlockSamples nets = {kPositions, 5, blocks_};
    const Column accuracy = Numbers(table_.at(accuracy_column));
    for (const auto& [name, texts] : table_) {
      if (!name.starts_with("lat_ms_")) continue;
      const auto result =
          CompareReducedSearch(nets, accuracy, Numbers(texts), {.seeds = seeds, .first_seed = first_seed, .confidence = 1 - 0.05 / 27});
      if (!result) {
        ADD_FAILURE() << name << ": " << result.error().ToString();
        continue;
      }
      ++verdict.devices;
      verdict.above += result->interval.low > 1 ? 1 : 0;
      verdict.below += result->interval.high < 1 ? 1 : 0;
      std::ostringstream line;
      line << result->ratio << " in [" << result->interval.low << ", " << result->interval.high << "], share left " << result->share;
      RecordProperty(accuracy_column + "_" + name, line.str());
    }
    return verdict;
  }

  std::map<std::string, std::vector<std::string>> table_;
  Column accuracy_;
  std::vector<uint8_t> blocks_;
  std::vector<size_t> all_;
};

// Study 066's criterion: the ratio's interval over seeds lies above 1 on at least three devices. The rule that leaves blocks out was chosen
// while looking at CIFAR-100 (seeds from 1); CIFAR-10 and ImageNet-16-120 with other seeds had no part in that, and are what is judged.
TEST_F(NasBench201, SearchInTheReducedSpaceFindsMore) {
  for (const std::string column : {"e200_cifar100_test", "e200_cifar10_test", "e200_imagenet16_test"}) {
    const Verdict verdict = OverDevices(column, 30, column == "e200_cifar100_test" ? 1 : 5001);
    RecordProperty("verdict_" + column, std::to_string(verdict.above) + " above, " + std::to_string(verdict.below) + " below");
    EXPECT_EQ(verdict.devices, 27);
    EXPECT_GE(verdict.above, 3) << column;
    EXPECT_EQ(verdict.below, 0) << column;
  }
}

// What is known of this space: 3x3 convolutions give the most accuracy and cost most; nothing ("none") is fast and bad.
TEST_F(NasBench201, EffectsAreWhatIsKnownOfTheSpace) {
  const BlockSamples nets = {kPositions, 5, blocks_};
  const auto accuracy = EstimateBlockEffects(nets, accuracy_, 0.95);
  const auto latency = EstimateBlockEffects(nets, Numbers(table_.at("lat_ms_pixel3")), 0.95);
  ASSERT_TRUE(accuracy && latency);
  const Column gain = MeanOfPositions(*accuracy), cost = MeanOfPositions(*latency);
  EXPECT_EQ(std::max_element(gain.begin(), gain.end()) - gain.begin(), 3);
  EXPECT_EQ(std::max_element(cost.begin(), cost.end()) - cost.begin(), 3);
  EXPECT_EQ(std::min_element(gain.begin(), gain.end()) - gain.begin(), 0);
  EXPECT_LT(gain[4], gain[1]);  // pooling is worse than a skip
  EXPECT_GT(cost[4], cost[1]);  // and dearer
  EXPECT_GT(latency->explained, 0.85);
}

// 22 positions of 9 blocks, 177 coefficients: on every device a 5x5 expanded by 6 costs more than a skip.
TEST(BlockFriendlinessOfFbnet, BigBlocksCostMoreOnEveryDevice) {
  const auto path = SharedPath("assets/nas/fbnet_latency.csv");
  if (!path) GTEST_SKIP() << "absent: shared/assets/nas/fbnet_latency.csv";
  const auto table = ReadCsv(*path);
  const std::vector<std::string> names = {"skip", "k3_e1", "k3_e1_g2", "k3_e3", "k3_e6", "k5_e1", "k5_e1_g2", "k5_e3", "k5_e6"};
  BlockSamples nets = {22, 9, {}};
  for (const std::string& arch : table.at("arch")) {
    std::istringstream in(arch);
    for (std::string word; in >> word;)
      nets.blocks.push_back(static_cast<uint8_t>(std::find(names.begin(), names.end(), word) - names.begin()));
  }
  for (const auto& [name, texts] : table) {
    if (!name.starts_with("lat_ms_")) continue;
    const auto effects = EstimateBlockEffects(nets, Numbers(texts), 0.95);
    ASSERT_TRUE(effects) << effects.error().ToString();
    const Column means = MeanOfPositions(*effects);
    EXPECT_GT(means[8], means[0]) << name;
    RecordProperty(name, "explained " + std::to_string(effects->explained) + ", skip " + std::to_string(means[0]) + ", k5_e6 " +
                             std::to_string(means[8]));
  }
}

}  // namespace
}  // namespace tradewind
