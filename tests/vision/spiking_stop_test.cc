// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// When a spiking classifier may stop: rules on records made by hand, whose best answers are known.
#include "vision/spiking_stop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "graph/net_script.h"
#include "graph/spiking.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

using testing::ElementsAre;

// A picture is right from step `from[i]` on (never: beyond the last), its lead growing with the steps.
StepRecord RightFrom(const std::vector<int64_t>& from, int64_t steps) {
  StepRecord record;
  record.steps = steps;
  record.classes = 2;
  for (const int64_t first : from) {
    record.labels.push_back(1);
    for (int64_t step = 1; step <= steps; ++step) {
      const float lead = step >= first ? 4.0f : -0.5f;
      record.means.insert(record.means.end(), {0.0f, lead});
      record.spikes.push_back(static_cast<double>(step));
      record.synaptic_operations.push_back(0);
    }
  }
  return record;
}

TEST(SpikingStop, TheOracleStopsAtTheFirstRightStep) {
  StepRecord record = RightFrom({1, 3, 4, 9}, 4);
  record.means[2 * static_cast<size_t>(record.Place(0, 3)) + 1] = -1;  // the first picture is wrong again at step 3
  EXPECT_THAT(RunOracle(4, false, record).steps, ElementsAre(1, 3, 4, 4));
  EXPECT_THAT(RunOracle(4, false, record).right, ElementsAre(1, 1, 1, 0));
  EXPECT_THAT(RunOracle(4, true, record).steps, ElementsAre(4, 3, 4, 4));
  EXPECT_THAT(RunOracle(3, false, record).right, ElementsAre(1, 1, 0, 0));
  EXPECT_THAT(RunFixed(3, record).right, ElementsAre(0, 1, 0, 0));
  EXPECT_THAT(RunFixed(3, record).spikes, ElementsAre(3, 3, 3, 3));
  EXPECT_EQ(record.Top1(4), 0.75);
}

TEST(SpikingStop, CertaintyIsOfASumThatGrows) {
  const StopRule rule{.steps = 8, .temperature = 2, .enough = 0.9};
  const std::vector<float> means = {0.0f, 4.0f};
  for (const int64_t step : {1, 4, 8}) {
    EXPECT_NEAR(rule.CertaintyOf(means, step), 1 / (1 + std::exp(-4.0 * static_cast<double>(step) / 16)), 1e-9);
  }
}

// Pictures that are right from a step on, and as sure: the rule stops there, and loses nothing.
TEST(SpikingStop, ARuleStopsAsEarlyAsItMay) {
  const StepRecord record = RightFrom({2, 2, 3, 6, 7, 2, 4, 3}, 8);
  const auto rule = FitStopRule(record, {.steps = 8});
  ASSERT_TRUE(rule) << rule.error().ToString();
  const StopRun run = RunWith(*rule, record);
  EXPECT_EQ(Mean(run.right), 1);
  EXPECT_LT(Mean(run.steps), 8);
  EXPECT_GE(Mean(run.steps), Mean(RunOracle(8, false, record).steps));
  // No other certainty of the record's own is as good and stops earlier.
  for (int64_t i = 0; i < record.pictures(); ++i) {
    for (int64_t step = 1; step < 8; ++step) {
      StopRule other = *rule;
      other.enough = rule->CertaintyOf(record.Means(i, step), step);
      const StopRun others = RunWith(other, record);
      EXPECT_TRUE(Mean(others.right) < 1 || Mean(others.steps) >= Mean(run.steps)) << i << " at " << step;
    }
  }
  // More loss allowed: earlier still.
  EXPECT_LT(Mean(RunWith(*FitStopRule(record, {.steps = 8, .loss = 0.5}), record).steps), Mean(run.steps));
  EXPECT_FALSE(FitStopRule(record, {.steps = 9}));
  EXPECT_FALSE(FitStopRule(StepRecord(), {.steps = 1}));
}

// Labels drawn from the softmax of logits over 3: the temperature is 3.
TEST(SpikingStop, TheTemperatureIsTheOneThatLabelsWereDrawnBy) {
  Random random(4);
  std::vector<float> logits;
  std::vector<int64_t> labels;
  constexpr double kTemperature = 3;
  for (int i = 0; i < 4000; ++i) {
    double weights[3], all = 0;
    for (double& w : weights) {
      logits.push_back(static_cast<float>(5 * random.Normal()));
      all += w = std::exp(static_cast<double>(logits.back()) / kTemperature);
    }
    double drawn = random.Uniform() * all;
    int64_t label = 0;
    while (label < 2 && drawn > weights[label]) drawn -= weights[label++];
    labels.push_back(label);
  }
  EXPECT_NEAR(FitTemperature(logits, labels), kTemperature, 0.2);
}

// The record of a net is what the net says step by step, whoever runs it.
TEST(SpikingStop, ARecordIsWhatTheNetSays) {
  const auto weights = RandomWeightSource(2);
  const auto model =
      RunNetScript("output('logits', linear(flatten(gap(relu(conv(input('image', 3, 8, 8), 8, 3)))), 4))", "net.lua", {}, *weights);
  ASSERT_TRUE(model);
  std::vector<Tensor> pictures;
  Random random(5);
  for (int i = 0; i < 5; ++i) {
    for (float& v : pictures.emplace_back(Tensor::Of<float>({1, 3, 8, 8})).Values<float>()) v = static_cast<float>(random.Normal());
  }
  const auto spiking = ToSpiking(*model, pictures, {});
  ASSERT_TRUE(spiking) << spiking.error().ToString();
  const std::vector<int64_t> labels = {0, 1, 2, 3, 0};
  const auto one = RecordSteps(*spiking, pictures, labels, 6, 1), two = RecordSteps(*spiking, pictures, labels, 6, 2);
  ASSERT_TRUE(one && two);
  EXPECT_EQ(one->means, two->means);
  EXPECT_EQ(one->spikes, two->spikes);
  const auto net = SpikingNet::Open(*spiking, 1);
  (*net)->Begin(pictures[3]);
  for (int64_t step = 1; step <= 6; ++step) {
    ASSERT_TRUE((*net)->Step());
    const auto recorded = one->Means(3, step);
    EXPECT_TRUE(std::equal(recorded.begin(), recorded.end(), (*net)->logits().begin())) << step;
  }
  const StepRecord part = one->Part(2, 1);
  EXPECT_THAT(part.labels, ElementsAre(1, 3));
  EXPECT_TRUE(std::ranges::equal(part.Means(1, 6), one->Means(3, 6)));
  EXPECT_THAT(one->AllBut(2, 1).labels, ElementsAre(0, 2, 0));
  EXPECT_FALSE(RecordSteps(*spiking, pictures, std::vector<int64_t>(5, 4), 2, 1)) << "a label that there is not";
}

}  // namespace
}  // namespace tradewind
