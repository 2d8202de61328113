// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What routers are put to: an arm that joins (policy/added_arm.h), a dial that is turned (policy/walk_dial.h), experts selected by gates
// (policy/gated_selection.h), drawn problems (policy/drawn_selection.h); and the net that some are made of (policy/score_net.h).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "policy/added_arm.h"
#include "policy/drawn_selection.h"
#include "policy/gated_selection.h"
#include "policy/score_net.h"
#include "policy/walk_dial.h"

namespace tradewind {
namespace {

// Sums and tales: "cheap" is good at tales alone, "sums" at sums alone, "dear" is fair at both.
RoutingTable Tradesmen(uint64_t seed, int samples) {
  static const std::vector<std::string> kSum = {"solve", "equation", "integers", "modulo", "remainder", "product"};
  static const std::vector<std::string> kTale = {"tell", "story", "dragon", "castle", "princess", "forest"};
  Random random(seed);
  RoutingTable table{.arms = {"cheap", "sums", "dear"}, .arm_cost = {1, 4, 10}, .samples = {}};
  for (int i = 0; i < samples; ++i) {
    const bool sum = random.Below(2) == 1;
    std::string text;
    for (int w = 0; w < 10; ++w) text += (sum ? kSum : kTale)[random.Below(6)] + " ";
    const auto score = [&](double chance) { return random.Uniform() < chance ? 1.0f : 0.0f; };
    table.samples.push_back({text + std::to_string(i), "", {score(sum ? 0.1 : 0.9), score(sum ? 0.95 : 0.1), score(0.6)}});
  }
  return table;
}

TEST(AddedArm, IsWorthWhatTrainingWithItIs) {
  const RoutingTable table = Tradesmen(1, 1200);
  const EvaluateOptions options = {.curve = {.resamples = 100}};
  const auto added = EvaluateAddedArm("contrastive", table, 1, {.splits = {1, 2}}, options);
  ASSERT_TRUE(added) << added.error().ToString();
  EXPECT_GT(added->over_without.interval.low, 1.02);  // nobody else can do sums
  EXPECT_NEAR(added->over_trained.value, 1, 0.1);
  EXPECT_EQ(EvaluateAddedArm("knn", table, 1, {.splits = {1}}, options).error().code(), StatusCode::kUnsupported);
  EXPECT_EQ(EvaluateAddedArm("contrastive", table, 0, {.splits = {1}}, options).error().code(), StatusCode::kInvalidInput);
  EXPECT_EQ(EvaluateAddedArm("contrastive", table, 2, {.splits = {1}}, options).error().code(), StatusCode::kInvalidInput);
  EXPECT_EQ(EvaluateAddedArm("contrastive", table, 3, {.splits = {1}}, options).error().code(), StatusCode::kInvalidInput);
  EXPECT_EQ(EvaluateAddedArm("nobody", table, 1, {.splits = {1}}, options).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(EvaluateAddedArm("contrastive", table, 1, {.splits = {}}, options).error().code(), StatusCode::kInvalidInput);
}

TEST(WalkDial, FromTheCheapestToTheBest) {
  const RoutingTable table = Tradesmen(2, 600);
  const std::unique_ptr<Router> router = (*AllRouters().Find("classifier"))();
  ASSERT_TRUE(router->Fit(table, {}));
  const RoutingTable test = Tradesmen(3, 200);
  const auto steps = WalkDial(*router, test, 20);
  ASSERT_TRUE(steps) << steps.error().ToString();
  ASSERT_EQ(steps->size(), 21u);
  EXPECT_EQ(steps->front().cost, 1) << "dial 0: the cheapest";
  EXPECT_GT(steps->back().score, steps->front().score + 0.3);
  // By hand at one dial.
  double calls = 0;
  for (const RoutingSample& sample : test.samples) calls += router->Choose(sample.text, 0.75) == 2 ? 1 : 0;
  EXPECT_NEAR((*steps)[15].dearest_share, calls / 200, 1e-12);
  EXPECT_FALSE(WalkDial(*router, test, 0));
  const size_t two[] = {0, 1};
  EXPECT_FALSE(WalkDial(*router, WithArms(test, two), 10));
  RoutingTable lacking = test;
  for (RoutingSample& sample : lacking.samples) sample.score[0] = kNoScore;
  EXPECT_FALSE(WalkDial(*router, lacking, 10));
}

TEST(GatedSelection, KeepsThePairThatServesAll) {
  const RoutingTable table = Tradesmen(4, 800);
  const auto found = SelectOnHalves("classifier", table, 1, {.energy_j = 5});
  ASSERT_TRUE(found) << found.error().ToString();
  EXPECT_EQ(found->exact.experts, 0b011u);
  EXPECT_DOUBLE_EQ(found->exact.quality, found->all.quality);
  EXPECT_EQ(found->same_choice, 1);
  EXPECT_GT(found->exact_score, 0.85);
  const auto none = SelectOnHalves("classifier", table, 1, {.energy_j = 0.5});
  EXPECT_EQ(none->exact.experts, 0u);
  EXPECT_EQ(none->exact_score, 0);
  EXPECT_EQ(SelectOnHalves("nobody", table, 1, {}).error().code(), StatusCode::kNotFound);
}

// A router whose arms see each other does not serve every selection alike: the number can tell.
TEST(GatedSelection, GatesThatSeeEachOtherDoNotServeEverySelection) {
  RoutingTable table = Tradesmen(5, 400);
  Random random(6);  // nothing to learn: what is chosen is an accident of the training
  for (RoutingSample& sample : table.samples) {
    for (float& score : sample.score) score = random.Below(2) == 1 ? 1.0f : 0.0f;
  }
  const auto found = SelectOnHalves("contrastive", table, 1, {.energy_j = 5});
  ASSERT_TRUE(found) << found.error().ToString();
  EXPECT_LT(found->same_choice, 1);
}

TEST(DrawnSelection, TheSameForASeedAndNeitherEmptyNorUnlimited) {
  const DrawnSelection a = DrawSelection(3, 12, 50), b = DrawSelection(3, 12, 50), c = DrawSelection(4, 12, 50);
  EXPECT_EQ(a.utility, b.utility);
  EXPECT_EQ(a.limits.energy_j, b.limits.energy_j);
  EXPECT_NE(a.utility, c.utility);
  EXPECT_EQ(a.costs.size(), 12u);
  double energy = 0;
  for (const ExpertCost& cost : a.costs) energy += cost.energy_j;
  EXPECT_LT(a.limits.energy_j, energy);
  EXPECT_GT(a.limits.energy_j, 0.1 * energy);
}

TEST(ScoreNet, OfNothingItKnowsNothingAndOfOneWordItLearnsIt) {
  const FeatureMatrix features{.embedder = "hand", .columns = 2, .values = {1, 0, 0, 1, 1, 0, 0, 1}};
  const std::vector<uint32_t> rows = {0, 1, 2};
  const std::vector<double> labels = {1, 0, 1};
  EXPECT_EQ(ScoreNet().Probability(features.Row(0)), 0.5);
  EXPECT_EQ(ScoreNet::Fit(features, {}, {}, {})->Probability(features.Row(0)), 0.5);
  for (const size_t hidden : {0u, 8u}) {
    const auto net = ScoreNet::Fit(features, rows, labels, {.hidden = hidden, .epochs = 500, .rate = 0.05, .decay = 0});
    ASSERT_TRUE(net) << net.error().ToString();
    EXPECT_GT(net->Probability(features.Row(0)), 0.9);
    EXPECT_LT(net->Probability(features.Row(3)), 0.1);
  }
}

}  // namespace
}  // namespace tradewind
