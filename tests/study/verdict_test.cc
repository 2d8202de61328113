// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradewind {
namespace {

using testing::HasSubstr;

Claim Asking(const std::string& floor, std::optional<double> published = {}) {
  return {.claim = "c", .analysis = "a", .floor = ParseFloor(floor).value(), .published = published};
}
Finding Found(double value, double low, double high) {
  return {.numbers = {{"share", value, {low, high, 0.95}}, {"other", 7, {7, 7, 0}}}, .detail = {"line"}};
}

TEST(JudgeClaim, TheWholeIntervalMustKeepTheFloor) {
  EXPECT_EQ(JudgeClaim(Asking(">= 0.9"), Found(0.95, 0.9, 0.99)).verdict, "reproduces");
  EXPECT_EQ(JudgeClaim(Asking(">= 0.9"), Found(0.8, 0.7, 0.85)).verdict, "does not");
  const ClaimResult undecided = JudgeClaim(Asking(">= 0.9"), Found(0.95, 0.89, 0.99));
  EXPECT_EQ(undecided.verdict, "does not") << "the words of verdicts are fixed";
  EXPECT_TRUE(undecided.undecided);
  EXPECT_EQ(VerdictText(undecided), "does not (undecided)");
  EXPECT_EQ(undecided.reason, "share 0.95 (0.89 to 0.99) where >= 0.9 is asked; undecided: the interval holds the bound");
  const ClaimResult missed = JudgeClaim(Asking(">= 0.9"), Found(0.8, 0.7, 0.85));
  EXPECT_FALSE(missed.undecided);
  EXPECT_EQ(VerdictText(missed), "does not");
  EXPECT_EQ(missed.reason, "share 0.8 (0.7 to 0.85) where >= 0.9 is asked");
  EXPECT_EQ(JudgeClaim(Asking("<= 100"), Found(40, 30, 50)).verdict, "reproduces");
  EXPECT_TRUE(JudgeClaim(Asking("<= 100"), Found(90, 70, 110)).undecided);
}

TEST(JudgeClaim, ShortOfThePublishedFigureItIsAScale) {
  EXPECT_EQ(JudgeClaim(Asking(">= 1", 2.0), Found(1.5, 1.4, 1.6)).verdict, "at scale 0.75");
  EXPECT_EQ(JudgeClaim(Asking(">= 1", 2.0), Found(2.5, 2.4, 2.6)).verdict, "reproduces");
  EXPECT_EQ(JudgeClaim(Asking("<= 100", 10.0), Found(20, 19, 21)).verdict, "at scale 0.5");
}

TEST(JudgeClaim, TakesTheNumberThatTheClaimNames) {
  Claim claim = Asking(">= 5");
  EXPECT_EQ(JudgeClaim(claim, Found(1, 1, 1)).here->name, "share");
  claim.number = "other";
  EXPECT_EQ(JudgeClaim(claim, Found(1, 1, 1)).verdict, "reproduces");
  EXPECT_THAT(JudgeClaim(claim, Found(1, 1, 1)).detail, testing::ElementsAre("line"));
  claim.number = "none";
  EXPECT_EQ(JudgeClaim(claim, Found(1, 1, 1)).verdict, "not testable here");
}

TEST(JudgeClaim, SaysWhatIsMissing) {
  const ClaimResult missing = JudgeClaim(Asking("> 0"), Result<Finding>(Fail(StatusCode::kNotFound, "no table; pull it")));
  EXPECT_EQ(missing.verdict, "not testable here");
  EXPECT_THAT(missing.reason, HasSubstr("pull it"));
  EXPECT_FALSE(missing.here);
  const ClaimResult later = JudgeClaim({.claim = "c", .pending = "the graphs"}, std::nullopt);
  EXPECT_EQ(later.verdict, "not yet");
  EXPECT_EQ(later.reason, "the graphs");
  Claim partly = Asking("> 0");
  partly.pending = "the nets";
  EXPECT_THAT(JudgeClaim(partly, Found(1, 1, 1)).reason, HasSubstr("not yet: the nets"));
}

}  // namespace
}  // namespace tradewind
