// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The analyses over a board, on one of tiny nets: which numbers they give and what they refuse. Whether the numbers are right is tested
// where they are worked out (tests/vision/board_contest_test.cc). Tests board_verdict.cc, board_tiers.cc and board_ablation.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "study/board_timing.h"

namespace tradewind {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;

// Of pictures of 32 pixels; `large` is some ten times the work of `small`, and so much more accurate that time decides nothing.
std::map<std::string, std::string> OnTinyBoard(std::map<std::string, std::string> with) {
  const std::string path = testing::TempDir() + "/tiny_board.yaml";
  std::ofstream(path)
      << "name: tiny\nnets:\n"
         "  - {name: small_a, net: lcnet, set: {width: 0.5}, resolution: 32, top1: 50, weights: small_a.x}\n"
         "  - {name: large_b, net: lcnet, set: {width: 2}, resolution: 64, top1: 70, weights: large_b.y, also: {large_b.x: 40}}\n";
  with.insert({{"board", path}, {"rounds", "3"}, {"runs", "1"}, {"backends", "native"}, {"threads", "1"}});
  return with;
}
Result<Finding> RunBoard(const std::string& name, const std::map<std::string, std::string>& with) {
  Parameters parameters(OnTinyBoard(with));
  const Analysis* analysis = Analyses().Find(name);
  if (analysis == nullptr) return Fail(StatusCode::kNotFound, name);
  TW_ASSIGN(Finding finding, analysis->run(parameters, {.data_folder = ""}));
  TW_RETURN_IF_ERROR(parameters.CheckAllRead());
  return finding;
}
double NumberNamed(const Result<Finding>& finding, const std::string& name) {
  if (!finding) {
    ADD_FAILURE() << finding.error().ToString();
    return 0;
  }
  for (const Number& number : finding->numbers) {
    if (number.name == name) return number.value;
  }
  ADD_FAILURE() << "no number " << name;
  return 0;
}

// Rivals may take eleven times as long: how fast the machine is just now decides nothing.
TEST(BoardVerdict, NetsMeetWithTheWeightsThatAreChosen) {
  const auto large = RunBoard("board_verdict", {{"nets", "large"}, {"against", "small"}, {"within", "10"}});
  EXPECT_EQ(NumberNamed(large, "share_won"), 1);
  EXPECT_EQ(NumberNamed(large, "mean_difference"), 20);
  EXPECT_GT(NumberNamed(large, "speedup"), 0);
  EXPECT_THAT(large->detail, Contains(AllOf(HasSubstr("large_b at 64"), HasSubstr("against small_a at 32"), HasSubstr("+20.00 points"))));
  const auto chosen = RunBoard("board_verdict", {{"nets", "large"}, {"against", "small"}, {"within", "10"}, {"weights", "x"}});
  EXPECT_EQ(NumberNamed(chosen, "mean_difference"), -10);
  EXPECT_EQ(NumberNamed(RunBoard("board_verdict", {{"nets", "small"}, {"against", "large small"}}), "least_difference.small"), 0);
}

TEST(BoardVerdict, SizesCanStandInThePlaceOfTimes) {
  const auto large = RunBoard("board_verdict", {{"nets", "large"}, {"against", "small"}, {"cost", "parameters"}});
  EXPECT_EQ(NumberNamed(large, "mean_difference"), 20);
  EXPECT_THAT(large->detail, Contains(HasSubstr("million parameters")));
  EXPECT_EQ(RunBoard("board_verdict", {{"nets", "large"}, {"against", "small"}, {"cost", "joules"}}).error().where(), "cost");
}

TEST(BoardVerdict, NeedsFamiliesThatAreThere) {
  EXPECT_EQ(RunBoard("board_verdict", {{"nets", "large"}}).error().where(), "nets");
  EXPECT_THAT(RunBoard("board_verdict", {{"nets", "large"}, {"against", "swin"}}).error().message(), HasSubstr("'swin'"));
  EXPECT_THAT(RunBoard("board_verdict", {{"nets", "large"}, {"against", "small"}, {"backends", "nobody"}}).error().message(),
              HasSubstr("nobody"));
  EXPECT_EQ(RunBoard("board_verdict", {{"nets", "large"}, {"against", "small"}, {"rounds", "2"}}).error().where(), "rounds");
}

TEST(BoardTiers, EachDeadlinesBestIsHeldAgainstTheRivals) {
  const auto found = RunBoard("board_tiers", {{"against", "small"}});
  EXPECT_EQ(NumberNamed(found, "tiers"), 1) << "the hub is one net";
  EXPECT_EQ(NumberNamed(found, "tiers_above"), 1);
  EXPECT_EQ(NumberNamed(found, "share_above"), 1);
  EXPECT_EQ(NumberNamed(found, "least_lead"), 20);
  EXPECT_THAT(found->detail, Contains(AllOf(HasSubstr("within"), HasSubstr("large_b"), HasSubstr("of the rivals small_a"))));
  EXPECT_EQ(RunBoard("board_tiers", {}).error().where(), "against");
  EXPECT_EQ(RunBoard("board_tiers", {{"against", "small large"}}).error().where(), "against") << "nothing is left for the hub";
}

TEST(BoardAblation, EachChoiceIsLeftOutByItself) {
  const auto found =
      RunBoard("board_ablation", {{"net", "lcnet"}, {"set", "width=2"}, {"choices", "head=0 width=0.25"}, {"resolution", "64"}});
  ASSERT_TRUE(found) << found.error().ToString();
  EXPECT_EQ(NumberNamed(found, "most_cost"), std::max(NumberNamed(found, "cost.width"), NumberNamed(found, "cost.head")));
  EXPECT_EQ(found->numbers.size(), 4u);
  EXPECT_THAT(found->detail, Contains(HasSubstr("lcnet without all of them")));
  EXPECT_EQ(RunBoard("board_ablation", {{"net", "lcnet"}}).error().where(), "choices");
  EXPECT_EQ(RunBoard("board_ablation", {{"net", "lcnet"}, {"choices", "head"}}).error().where(), "choices");
  EXPECT_THAT(RunBoard("board_ablation", {{"net", "lcnet"}, {"choices", "tail=0"}}).error().message(), HasSubstr("tail"));
}

// What is said in studies/ can be run: each claim's analysis is there, and its families are on its board.
TEST(BoardStudies, NameAnalysesAndFamiliesThatAreThere) {
  size_t tested = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(TRADEWIND_SOURCE_DIR) + "/studies")) {
    std::ifstream file(entry.path());
    const std::string yaml((std::istreambuf_iterator<char>(file)), {});
    const auto study = ParseStudy(yaml, entry.path().filename());
    ASSERT_TRUE(study) << study.error().ToString();
    EXPECT_TRUE(entry.path().filename().string().starts_with(study->row + "-" + study->name)) << study->row;
    for (const Claim& claim : study->claims) {
      if (claim.analysis.empty()) continue;
      EXPECT_NE(Analyses().Find(claim.analysis), nullptr) << claim.analysis;
      if (!claim.analysis.starts_with("board_") || claim.analysis == "board_ablation") continue;
      ++tested;
      Parameters with(claim.with);
      const auto timing = ReadBoardTiming(with);
      ASSERT_TRUE(timing) << study->row << ": " << timing.error().ToString();
      std::vector<std::string> families = with.List("nets", "");
      for (const std::string& rival : with.List("against", "")) families.push_back(rival);
      EXPECT_TRUE(OnlyFamilies(timing->board, families)) << study->row;
    }
  }
  EXPECT_GE(tested, 12u);
}

}  // namespace
}  // namespace tradewind
