// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The analyses of routing and of expert selection, on public outcomes; and recorded tables as routing tables (study/recorded_routing.h).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unordered_set>

#include "shared_data.h"
#include "study/recorded_routing.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

constexpr const char* kPair = "mistralai/Mixtral-8x7B-Instruct-v0.1 gpt-4-1106-preview";
constexpr const char* kLeftOut = "text/routellm/routellm/evals/mmlu/contaminated_prompts.jsonl";

class RoutingAnalyses : public testing::Test {
 protected:
  void SetUp() override {
    if (!SharedPath("assets/text/routellm")) GTEST_SKIP() << "absent: the shared data's assets/text/routellm (TRADEWIND_SHARED)";
    context_.data_folder = *SharedPath("assets");
  }
  Result<Finding> Run(const std::string& analysis, std::map<std::string, std::string> parameters) const {
    Parameters with(std::move(parameters));
    auto finding = Analyses().Find(analysis)->run(with, context_);
    if (finding && !with.CheckAllRead()) ADD_FAILURE() << with.CheckAllRead().error().ToString();
    return finding;
  }
  static Number Of(const Result<Finding>& finding, const std::string& name) {
    if (!finding) {
      ADD_FAILURE() << finding.error().ToString();
      return {};
    }
    for (const Number& number : finding->numbers) {
      if (number.name == name) return number;
    }
    ADD_FAILURE() << "no number " << name;
    return {};
  }
  AnalysisContext context_;
};

TEST_F(RoutingAnalyses, TablesOfSamplesAreRoutingTables) {
  const auto mmlu = ReadRoutingTable({.table = "routellm_mmlu", .arms = {}, .cost = ""}, context_);
  ASSERT_TRUE(mmlu) << mmlu.error().ToString();
  EXPECT_EQ(mmlu->samples.size(), 14'042u);
  EXPECT_THAT(mmlu->arm_cost, testing::ElementsAre(0.24, 24.7));
  double weak = 0, strong = 0;
  for (const RoutingSample& sample : mmlu->samples) weak += sample.score[0], strong += sample.score[1];
  EXPECT_EQ(weak, 9560);  // as pandas counts them
  EXPECT_EQ(strong, 11315);
  const auto marks = ReadRoutingTable({.table = "routellm_mt_bench", .arms = {}, .cost = ""}, context_);
  ASSERT_TRUE(marks) << marks.error().ToString();
  EXPECT_TRUE(CheckRoutingTable(*marks));
  const auto four =
      ReadRoutingTable({.table = "routellm_gsm8k", .arms = {"175b_finetuning", "6b_finetuning"}, .cost = "energy_j"}, context_);
  ASSERT_TRUE(four) << four.error().ToString();
  EXPECT_THAT(four->arms, testing::ElementsAre("6b_finetuning", "175b_finetuning")) << "in the table's order";
  EXPECT_THAT(four->arm_cost, testing::ElementsAre(36, 1050));
  EXPECT_EQ(ReadRoutingTable({.table = "routellm_mmlu", .arms = {"gpt-5"}, .cost = ""}, context_).error().where(), "arms");
  EXPECT_EQ(ReadRoutingTable({.table = "routellm_mmlu", .arms = {}, .cost = "correct"}, context_).error().where(), "table")
      << "a cost must be one for all samples";
  EXPECT_FALSE(ReadRoutingTable({.table = "routellm_mmlu", .arms = {}, .cost = "colour"}, context_));
}

TEST_F(RoutingAnalyses, WhatIsLeftOutIsNeitherTrainedOnNorTested) {
  Parameters with(
      {{"table", "routellm_mmlu"}, {"leave_out", kLeftOut}, {"splits", "3"}, {"first_split", "7"}, {"carried", "routellm_mt_bench"}});
  const auto task = ReadRoutingTask(with, context_);
  ASSERT_TRUE(task) << task.error().ToString();
  EXPECT_LT(task->table.samples.size(), 14'042u);
  EXPECT_GT(task->table.samples.size(), 14'000u);
  const std::unordered_set<std::string> left_out(task->halves.not_trained_on.begin(), task->halves.not_trained_on.end());
  EXPECT_GE(left_out.size(), 5u);
  for (const RoutingSample& sample : task->table.samples) ASSERT_FALSE(left_out.contains(QuestionKey(sample.text))) << sample.text;
  EXPECT_THAT(task->halves.splits, testing::ElementsAre(7, 8, 9));
  ASSERT_EQ(task->carried.size(), 1u);
}

TEST_F(RoutingAnalyses, ARouterBeatsChanceOnSubjectsThatItDidNotSee) {
  const auto found = Run("route_halves", {{"table", "routellm_mmlu"},
                                          {"carried", "routellm_gsm8k"},
                                          {"arms", kPair},
                                          {"cost", "price_usd_per_mtok"},
                                          {"routers", "classifier"},
                                          {"splits", "2"},
                                          {"resamples", "100"},
                                          {"leave_out", kLeftOut}});
  EXPECT_GT(Of(found, "classifier.above_random").value, 0.02);
  EXPECT_NEAR(Of(found, "classifier.apgr").value - 0.5, Of(found, "classifier.above_random").value, 0.03) << "random has a half";
  EXPECT_LT(Of(found, "classifier.cpt50").value, 0.5);
  EXPECT_LT(Of(found, "classifier.cpt50").value, Of(found, "classifier.cpt80").value);
  EXPECT_GT(Of(found, "classifier.routellm_gsm8k.apgr").value, 0.3);
  EXPECT_LE(Of(found, "classifier.choice_ms").value, Of(found, "classifier.decision_ms").value);
  EXPECT_EQ(Run("route_halves", {{"routers", "nobody"}}).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(Run("route_halves", {{"splits", "none"}}).error().where(), "splits");
}

TEST_F(RoutingAnalyses, ARouterBesideItselfIsAsGood) {
  const auto found = Run(
      "route_halves",
      {{"table", "routellm_gsm8k"}, {"arms", kPair}, {"routers", "random"}, {"beside", "random"}, {"splits", "2"}, {"resamples", "50"}});
  EXPECT_EQ(Of(found, "random.above_random").value, 0);
  EXPECT_EQ(Of(found, "random.area_over_random").value, 1);
}

TEST_F(RoutingAnalyses, ADialIsTurnedWithoutTraining) {
  const auto found =
      Run("turn_dial", {{"table", "routellm_gsm8k"}, {"arms", kPair}, {"router", "difficulty"}, {"splits", "2"}, {"steps", "40"}});
  EXPECT_EQ(Of(found, "calls_never_fall").value, 1);
  EXPECT_EQ(Of(found, "cost_never_falls").value, 1);
  EXPECT_GT(Of(found, "gain").value, 0);
  EXPECT_EQ(Run("turn_dial", {{"table", "routellm_gsm8k"}, {"router", "nobody"}}).error().where(), "router");
}

TEST_F(RoutingAnalyses, AModelJoinsByItsScores) {
  // In one of these five halvings the model stays unused (a ratio of 1 exactly): five others teach little of where a better one than all of
  // them belongs. Over all of them it is worth something, and training with it is worth more, at the 95 % of the intervals.
  const auto found =
      Run("added_arm", {{"table", "routellm_gsm8k"}, {"added", "gpt-4-1106-preview"}, {"splits", "5"}, {"resamples", "200"}});
  EXPECT_GT(Of(found, "area_over_without").interval.low, 1);
  EXPECT_LT(Of(found, "area_over_trained").interval.high, 1);
  EXPECT_GT(Of(found, "area_over_trained").interval.low, 0.75);
  EXPECT_EQ(Run("added_arm", {{"table", "routellm_gsm8k"}, {"added", "gpt-5"}}).error().where(), "added");
}

TEST_F(RoutingAnalyses, TheExactSelectionOfRealModelsIsTheBest) {
  const auto found = Run("select_experts", {{"table", "routellm_gsm8k"}, {"cost", "energy_j"}, {"limits", "4"}, {"splits", "1"}});
  EXPECT_EQ(Of(found, "equal_share").value, 1);
  EXPECT_EQ(Of(found, "gates_serve_share").value, 1);
  EXPECT_GE(Of(found, "score_over_greedy").value, 0.9);
}

TEST(SelectDrawn, TheExactSelectionIsTheBest) {
  Parameters with({{"experts", "7"}, {"instances", "10"}, {"samples", "50"}});
  const auto found = Analyses().Find("select_drawn")->run(with, {});
  ASSERT_TRUE(found) << found.error().ToString();
  EXPECT_EQ(found->numbers[0].name, "equal_share");
  EXPECT_EQ(found->numbers[0].value, 1);
  EXPECT_THAT(found->detail.back(), HasSubstr("70 instances of 1 to 7 experts"));
}

}  // namespace
}  // namespace tradewind
