// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Parameters of analyses, the analyses on tables and closed forms (study/table_search.h), and whole studies (study/run_study.h).
#include "study/analysis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "store/store_testing.h"
#include "study/choice_costs.h"
#include "study/run_study.h"
#include "study/table_search.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

std::string Data() {
  const char* shared = std::getenv("TRADEWIND_SHARED");
  return std::string(shared != nullptr ? shared : std::string(TRADEWIND_SOURCE_DIR) + "/../shared") + "/assets";
}

Result<Finding> RunAnalysis(const std::string& name, std::map<std::string, std::string> parameters) {
  Parameters with(std::move(parameters));
  return Analyses().Find(name)->run(with, {.data_folder = Data()});
}

TEST(Parameters, AreReadBoundedAndChecked) {
  Parameters with({{"trials", "20"}, {"names", "a, b c"}, {"share", "0.5"}, {"typo", "1"}});
  EXPECT_EQ(with.Integer("trials", 1, 1, 100).value(), 20);
  EXPECT_EQ(with.Integer("absent", 7, 1, 100).value(), 7);
  EXPECT_FALSE(with.Integer("share", 1, 0, 100)) << "not whole";
  EXPECT_FALSE(with.Number("trials", 1, 0, 10)) << "too large";
  EXPECT_THAT(with.List("names", ""), testing::ElementsAre("a", "b", "c"));
  EXPECT_EQ(with.CheckAllRead().error().where(), "typo");
  with.Text("typo", "");
  EXPECT_TRUE(with.CheckAllRead());
}

TEST(TableSearch, OfAClosedFormItComparesAndHasNoWholeFront) {
  const auto search = TableSearch::Open("zdt1", "", "", "");
  ASSERT_TRUE(search) << search.error().ToString();
  EXPECT_EQ(search->WholeHypervolume().error().code(), StatusCode::kUnsupported);
  const double few = search->Hypervolume("nsga2", {.seed = 1, .trials = 40}).value();
  EXPECT_GE(search->Hypervolume("nsga2", {.seed = 1, .trials = 400}).value(), few);
  EXPECT_EQ(search->table(), nullptr);
  EXPECT_FALSE(TableSearch::Open("nosuch", "", "", ""));
}

class Analysed : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    if (!std::filesystem::exists(Data() + "/nas")) GTEST_SKIP() << "absent: the shared data's assets/nas (TRADEWIND_SHARED)";
  }
};

TEST_F(Analysed, RandomSearchFindsAShareOfTheFrontAndAllOfItInAsManyTrialsAsSettings) {
  const auto some = RunAnalysis("hypervolume_share", {{"table", "yolobench"}, {"strategy", "random"}, {"trials", "57"}, {"seeds", "3"}});
  ASSERT_TRUE(some) << some.error().ToString();
  EXPECT_GT(some->numbers[0].value, 0.5);
  EXPECT_LT(some->numbers[0].value, 1);
  const auto all =
      RunAnalysis("hypervolume_share", {{"table", "yolobench"}, {"strategy", "exhaustive"}, {"trials", "100000"}, {"seeds", "2"}});
  ASSERT_TRUE(all) << all.error().ToString();
  EXPECT_DOUBLE_EQ(all->numbers[0].value, 1);
}

TEST_F(Analysed, AStrategyBesideItselfIsAsGood) {
  const auto same = RunAnalysis(
      "compare_strategies", {{"tables", "yolobench"}, {"strategy", "random"}, {"baseline", "random"}, {"trials", "30"}, {"seeds", "3"}});
  ASSERT_TRUE(same) << same.error().ToString();
  EXPECT_DOUBLE_EQ(same->numbers[0].value, 1);
  EXPECT_EQ(RunAnalysis("compare_strategies", {{"tables", "zdt2"}, {"trials", "10"}, {"seeds", "2"}}).error().where(), "baseline_trials")
      << "ten random points of 30 knobs lie beyond the reference";
  const auto more =
      RunAnalysis("compare_strategies",
                  {{"tables", "yolobench"}, {"strategy", "random"}, {"trials", "200"}, {"baseline_trials", "20"}, {"seeds", "3"}});
  EXPECT_GT(more->numbers[0].value, 1.02);
}

TEST_F(Analysed, PublishedSetsAreEqual) {
  const std::string folder = "nas/deeplite-torch-zoo/results/yolobench/";
  const auto flags = RunAnalysis("published_flags", {{"table", "yolobench"},
                                                     {"file", folder + "merged_results.csv"},
                                                     {"flags", folder + "pareto_indices.csv"},
                                                     {"accuracies", "mAP_0.5:0.95_voc"},
                                                     {"latencies", "openvino_latency"},
                                                     {"families", "YOLOv3"}});
  ASSERT_TRUE(flags) << flags.error().ToString();
  EXPECT_EQ(flags->numbers[0].value, 1);
}

TEST_F(Analysed, AReducedSpaceNeedsDevices) {
  EXPECT_FALSE(RunAnalysis("reduced_space", {}));
  const auto found =
      RunAnalysis("reduced_space", {{"devices", "pixel3"}, {"profiled", "60"}, {"trials", "20"}, {"seeds", "2"}, {"workload", "cifar10"}});
  ASSERT_TRUE(found) << found.error().ToString();
  EXPECT_NEAR(found->numbers[1].value, 1, 0.2);
}

TEST_F(Analysed, FewShotTransferNeedsDevicesHeldBackAndWeightsThatAreNumbers) {
  EXPECT_EQ(RunAnalysis("few_shot_transfer", {{"table", "yolobench"}}).error().where(), "table");
  EXPECT_EQ(RunAnalysis("few_shot_transfer", {{"cost", "nor_conv_3x3"}}).error().where(), "cost");
}

const Number* NumberOf(const Result<Finding>& finding, const std::string& name) {
  if (!finding) {
    ADD_FAILURE() << finding.error().ToString();
    return nullptr;
  }
  for (const Number& number : finding->numbers) {
    if (number.name == name) return &number;
  }
  ADD_FAILURE() << "no number " << name;
  return nullptr;
}

TEST(ChoiceCosts, AreReadAndSummed) {
  const auto costs = ParseChoiceCosts({"conv=9", "pool=0.5"});
  ASSERT_TRUE(costs);
  Setting setting;
  setting.Set("a", std::string("conv"));
  setting.Set("b", std::string("conv"));
  setting.Set("c", std::string("skip"));
  EXPECT_DOUBLE_EQ(CostOf(setting, *costs), 18);
  for (const char* bad : {"conv", "conv=", "conv=x", "conv=1x"}) EXPECT_EQ(ParseChoiceCosts({bad}).error().where(), "cost") << bad;
}

TEST(Analyses, BoundsOfPriorsHold) {
  const auto found = RunAnalysis("prior_bounds", {{"draws", "2000"}});
  EXPECT_EQ(NumberOf(found, "broken")->value, 0);
  EXPECT_GE(NumberOf(found, "problems_within")->value, 2);
  EXPECT_LT(NumberOf(found, "minimax_gap")->value, 1e-6);
  EXPECT_LE(NumberOf(found, "bayes_gap")->interval.low, 0.1);
  EXPECT_EQ(NumberOf(RunAnalysis("prior_bounds", {{"draws", "500"}, {"factor", "1"}}), "problems_within")->value, 0)
      << "no bound is met exactly";
}

TEST(Analyses, SaturationOfSimulatedTasks) {
  const auto found = RunAnalysis("saturation", {{"tasks", "same:0.85:0.3"}, {"paradigms", "parallel"}, {"seeds", "3"}});
  EXPECT_LT(NumberOf(found, "ratio_error")->value, 0.2);
  EXPECT_GT(NumberOf(found, "tokens_saved")->value, 0.4);
  EXPECT_LT(NumberOf(found, "points_lost")->value, 1);
  // A gain of 0.05 a sample is given up far too early: the worst task counts.
  const auto early =
      RunAnalysis("saturation", {{"tasks", "same:0.85:0.3 beta:0.9:0.25"}, {"paradigms", "parallel"}, {"seeds", "3"}, {"epsilon", "0.05"}});
  EXPECT_GT(NumberOf(early, "points_lost")->value, 5);
  for (const char* bad : {"", "same", "same:2:0.3", "same:0.8", "beta:0.9:0.2:1", "logit:0.9:0.3", "odd:0.9:0.3", "same:0.9:x"}) {
    EXPECT_EQ(RunAnalysis("saturation", {{"tasks", bad}}).error().where(), "tasks") << bad;
  }
}

TEST(Analyses, IntegerProgramsAreSolvedOrSaidToBeMissing) {
  const auto found = RunAnalysis("integer_programs", {{"cases", "20"}, {"parts", "3"}});
  if (!found) {
    EXPECT_EQ(found.error().code(), StatusCode::kUnsupported);
    GTEST_SKIP() << "this build has no CBC";
  }
  EXPECT_EQ(NumberOf(found, "equal_share")->value, 1);
}

TEST_F(Analysed, WarmStartsPayWhenTheLawSaysSo) {
  const std::map<std::string, std::string> parameters = {
      {"truths", "cifar10_accuracy_percent"}, {"predictors", "cifar10_accuracy_percent"}, {"searches", "200"}, {"prices", "0 19"}};
  const auto found = RunAnalysis("warm_start", parameters);
  EXPECT_EQ(NumberOf(found, "right_share")->value, 1);
  EXPECT_LT(NumberOf(found, "right_share")->interval.low, 0.7) << "two questions prove little";
  EXPECT_EQ(NumberOf(found, "thresholds_agreed")->value, 1);
  auto wrong = parameters;
  wrong["cheap_fidelity"] = "13";
  EXPECT_EQ(RunAnalysis("warm_start", wrong).error().where(), "fidelity");
  EXPECT_EQ(RunAnalysis("warm_start", {}).error().where(), "truths");
}

TEST_F(Analysed, OfAllNetworksNoneIsFasterThanTheOneChosenByLatency) {
  const std::map<std::string, std::string> parameters = {
      {"devices", "fpga"}, {"strategy", "exhaustive"}, {"trials", "100000"}, {"seeds", "2"}, {"cost", "nor_conv_3x3=9 nor_conv_1x1=1"},
      {"levels", "0.95 1"}};
  const auto found = RunAnalysis("latency_reward", parameters);
  EXPECT_GE(NumberOf(found, "speedup")->value, 1) << "of all networks, the fastest that is accurate enough";
  EXPECT_EQ(NumberOf(found, "best_device_speedup")->value, NumberOf(found, "speedup")->value) << "one device";
  auto wrong = parameters;
  wrong["levels"] = "1.5";
  EXPECT_EQ(RunAnalysis("latency_reward", wrong).error().where(), "levels");
  EXPECT_EQ(RunAnalysis("latency_reward", {}).error().where(), "devices");
}

TEST_F(Analysed, AStrategyHasParameters) {
  const std::map<std::string, std::string> parameters = {{"tables", "yolobench"}, {"strategy", "random"}, {"trials", "30"}, {"seeds", "2"}};
  auto wrong = parameters;
  wrong["parameters"] = "reward";
  EXPECT_EQ(RunAnalysis("compare_strategies", wrong).error().where(), "parameters");
  wrong["parameters"] = "reward=hard";
  EXPECT_THAT(RunAnalysis("compare_strategies", wrong).error().message(), HasSubstr("no parameter \"reward\""));
}

TEST_F(Analysed, AStudyKeepsWhatItFoundAndMissingDataAreNoVerdict) {
  auto profile = DeviceProfile::Open(Path());
  Study study{.row = "999", .name = "n", .title = "t", .paper = "p", .claims = {}};
  study.claims.push_back({.claim = "half of the front",
                          .analysis = "hypervolume_share",
                          .with = {{"table", "yolobench"}, {"strategy", "random"}, {"trials", "57"}, {"seeds", "2"}},
                          .floor = ParseFloor("> 0.5").value()});
  study.claims.push_back({.claim = "later", .pending = "the nets"});
  int told = 0;
  const StudyOptions options{.context = {.data_folder = Data(), .progress = [&](double, const std::string&) { ++told; }}};
  const auto cached = RunStudy(study, *profile, {.context = options.context, .cached = true});
  EXPECT_EQ(cached->claims[0].verdict, "not yet");
  const auto first = RunStudy(study, *profile, options);
  ASSERT_TRUE(first) << first.error().ToString();
  EXPECT_EQ(first->claims[0].verdict, "reproduces");
  EXPECT_EQ(first->claims[1].verdict, "not yet");
  const int before = told;
  const auto second = RunStudy(study, *profile, options);
  EXPECT_EQ(told, before) << "what is kept is not run again";
  EXPECT_EQ(second->claims[0].here->value, first->claims[0].here->value);
  EXPECT_THAT(ToMarkdown({*second}), HasSubstr("| half of the front | > 0.5 |"));
  EXPECT_THAT(ToJsonText({*second}), HasSubstr("\"verdict\": \"reproduces\""));
  study.claims[0].with["table"] = "/nowhere/table.yaml";
  EXPECT_EQ(RunStudy(study, *profile, options)->claims[0].verdict, "not testable here");
  study.claims[0].analysis = "nosuch";
  EXPECT_THAT(RunStudy(study, *profile, options)->claims[0].reason, HasSubstr("nosuch"));
}

}  // namespace
}  // namespace tradewind
