// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// How a study's result reads, on an analysis that draws its own problems and needs no data.
#include "study/run_study.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "store/store_testing.h"

namespace tradewind {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class RunStudyTest : public StoreTest {
 protected:
  static Claim Drawn(const std::string& number, const std::string& floor, const std::string& instances = "3") {
    return {.claim = "of " + number,
            .analysis = "select_drawn",
            .with = {{"experts", "4"}, {"instances", instances}, {"samples", "20"}},
            .number = number,
            .floor = ParseFloor(floor).value()};
  }
  Result<StudyResult> Run(std::vector<Claim> claims) {
    TW_ASSIGN(DeviceProfile profile, DeviceProfile::Open(Path()));
    return RunStudy({.row = "900", .name = "n", .title = "t", .paper = "p", .claims = std::move(claims)}, profile,
                    {.context = {.data_folder = ""}});
  }
};

TEST_F(RunStudyTest, AFindingIsToldOnce) {
  // The second run reads what the first one kept.
  for (int run = 0; run < 2; ++run) {
    const auto result = Run({Drawn("equal_share", ">= 1"), Drawn("speedup", "> 0"), Drawn("equal_share", ">= 1", "2")});
    ASSERT_TRUE(result) << result.error().ToString();
    const std::vector<ClaimResult>& claims = result->claims;
    EXPECT_FALSE(claims[0].detail_of);
    EXPECT_THAT(claims[0].detail, Contains(HasSubstr("12 instances of 1 to 4 experts")));
    EXPECT_THAT(claims[0].detail, Contains(StartsWith("asked_less "))) << "a number that no claim judges";
    EXPECT_THAT(claims[0].detail, Each(Not(StartsWith("equal_share ")))) << "the claim gives it";
    EXPECT_THAT(claims[0].detail, Each(Not(StartsWith("speedup ")))) << "the next claim gives it";
    ASSERT_EQ(claims[1].detail_of, 0u);
    EXPECT_THAT(claims[1].detail, IsEmpty());
    EXPECT_FALSE(claims[2].detail_of) << "of other problems";
    EXPECT_THAT(claims[2].detail, AllOf(Contains(HasSubstr("8 instances")), Contains(StartsWith("speedup "))));
    const auto json = nlohmann::json::parse(ToJsonText({*result}))[0]["claims"];
    EXPECT_EQ(json[0]["detail_of"], nullptr);
    EXPECT_EQ(json[1]["detail_of"], 0);
    EXPECT_THAT(json[1]["detail"], IsEmpty());
  }
}

// Three instances say little of how often the exact way beats the greedy one: of 0, 1 or 2 of them, Wilson's interval holds 0.3.
TEST_F(RunStudyTest, UndecidedReadsTheSameInJsonAndMarkdownAlsoWhenKept) {
  for (int run = 0; run < 2; ++run) {
    const auto result = Run({Drawn("beats_greedy_share", ">= 0.3"), Drawn("equal_share", "<= 0.5")});
    ASSERT_TRUE(result) << result.error().ToString();
    const auto json = nlohmann::json::parse(ToJsonText({*result}))[0]["claims"];
    EXPECT_EQ(json[0]["verdict"], "does not") << json[0];
    EXPECT_EQ(json[0]["undecided"], true) << json[0];
    EXPECT_THAT(json[0]["reason"].get<std::string>(), HasSubstr("undecided: the interval holds the bound"));
    EXPECT_EQ(json[1]["verdict"], "does not");
    EXPECT_EQ(json[1]["undecided"], false);
    const std::string markdown = ToMarkdown({*result});
    EXPECT_THAT(markdown, HasSubstr("| of beats_greedy_share | >= 0.3 |"));
    EXPECT_THAT(markdown, HasSubstr("| does not (undecided) | beats_greedy_share"));
    EXPECT_THAT(markdown, HasSubstr("| does not | equal_share 1"));
  }
}

}  // namespace
}  // namespace tradewind
