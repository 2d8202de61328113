// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/study.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradewind {
namespace {

using testing::HasSubstr;

constexpr const char* kWhole = R"(row: "018"
name: yolobench
title: YOLOBench
paper: arXiv:2307.13901
claims:
  - claim: the sets are as published
    kind: frontier
    analysis: published_flags
    with: {table: yolobench, pairs: 16}
    number: share
    floor: ">= 0.99"
    published: 1
    evidence: public table
  - claim: proxies find them
    pending: built nets
)";

TEST(ParseStudy, ReadsEveryField) {
  const auto study = ParseStudy(kWhole, "s.yaml");
  ASSERT_TRUE(study) << study.error().ToString();
  EXPECT_EQ(study->row, "018");
  ASSERT_EQ(study->claims.size(), 2u);
  const Claim& claim = study->claims[0];
  EXPECT_EQ(claim.kind, ClaimKind::kFrontier);
  EXPECT_EQ(claim.with.at("pairs"), "16");
  EXPECT_TRUE(claim.floor->Holds(0.99));
  EXPECT_FALSE(claim.floor->Holds(0.98));
  EXPECT_EQ(claim.published, 1);
  EXPECT_EQ(study->claims[1].pending, "built nets");
}

// Replaces the first `from` of the whole study by `to` and gives the error.
Status ErrorWith(const std::string& from, const std::string& to) {
  std::string yaml = kWhole;
  yaml.replace(yaml.find(from), from.size(), to);
  const auto study = ParseStudy(yaml, "s.yaml");
  return study ? Status(StatusCode::kInternal, "accepted") : study.error();
}

TEST(ParseStudy, NamesTheLineOfWhatIsWrong) {
  EXPECT_EQ(ErrorWith("kind: frontier", "kind: guess").where(), "s.yaml, line 7");
  EXPECT_THAT(ErrorWith("kind: frontier", "kind: guess").message(), HasSubstr("compare, frontier, law"));
  EXPECT_EQ(ErrorWith("evidence: public table", "evidence: rumour").where(), "s.yaml, line 13");
  EXPECT_EQ(ErrorWith(">= 0.99", "about 1").where(), "s.yaml, line 11");
  EXPECT_EQ(ErrorWith("published: 1", "published: one").where(), "s.yaml, line 12");
  EXPECT_THAT(ErrorWith("number: share", "nombre: share").message(), HasSubstr("nombre"));
  EXPECT_THAT(ErrorWith("paper: arXiv:2307.13901\n", "").message(), HasSubstr("paper"));
  EXPECT_THAT(ErrorWith("row: \"018\"", "row: eighteen").message(), HasSubstr("digits"));
  EXPECT_THAT(ErrorWith("    pending: built nets\n", "").message(), HasSubstr("pending"));
  EXPECT_THAT(ErrorWith("    floor: \">= 0.99\"\n", "").message(), HasSubstr("floor"));
  EXPECT_THAT(ErrorWith("pairs: 16", "pairs: [16]").message(), HasSubstr("pairs"));
  EXPECT_THAT(ErrorWith("name: yolobench", "name: [").message(), HasSubstr("YAML"));
  EXPECT_FALSE(ParseStudy(std::string(300 << 10, ' '), "s.yaml"));
  EXPECT_FALSE(ParseStudy("", "s.yaml"));
}

TEST(ParseFloor, ReadsTheFourRelations) {
  EXPECT_TRUE(ParseFloor("> 1")->Holds(1.5));
  EXPECT_FALSE(ParseFloor("> 1")->Holds(1));
  EXPECT_TRUE(ParseFloor(">=1")->Holds(1));
  EXPECT_TRUE(ParseFloor("< -0.5")->Holds(-1));
  EXPECT_FALSE(ParseFloor("< -0.5")->Holds(-0.5));
  EXPECT_TRUE(ParseFloor("<= 100")->Holds(100));
  for (const char* text : {"", ">", "1", "= 1", ">> 1", "> 1 ms", ">= x"}) EXPECT_FALSE(ParseFloor(text)) << text;
}

}  // namespace
}  // namespace tradewind
