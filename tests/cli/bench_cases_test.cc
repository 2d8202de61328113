// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_cases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradewind {
namespace {

using testing::ElementsAre;

TEST(BenchCases, NumbersListsAndRanges) {
  EXPECT_THAT(*ParseNumbers("7", "-p"), ElementsAre(7));
  EXPECT_THAT(*ParseNumbers("0,512", "-p"), ElementsAre(0, 512));
  EXPECT_THAT(*ParseNumbers("1-4", "-p"), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(*ParseNumbers("0-300+128", "-p"), ElementsAre(0, 128, 256));
  EXPECT_THAT(*ParseNumbers("1-16*2,3", "-p"), ElementsAre(1, 2, 4, 8, 16, 3));
  EXPECT_THAT(*ParseNumbers("5-5", "-p"), ElementsAre(5));
}

TEST(BenchCases, WhatIsNoNumberIsRefused) {
  for (const char* text : {"", ",", "1,", "a", "-1", "1-", "4-1", "1-4+0", "0-4*2", "1-4*1", "1-4+", "1 2", "99999999999999999999",
                           "1-4+2x", "0x10", "2000000000", "1e3"}) {
    const auto numbers = ParseNumbers(text, "--n-prompt");
    ASSERT_FALSE(numbers) << text;
    EXPECT_EQ(numbers.error().code(), StatusCode::kInvalidInput) << text;
    EXPECT_EQ(numbers.error().where(), "--n-prompt") << text;
  }
  EXPECT_FALSE(ParseNumbers("0-1000000000", "-p")) << "a list of a thousand million";
}

TEST(BenchCases, EveryCombinationInLlamaBenchsOrder) {
  const auto cases = BenchCases({.models = {"a", "b"},
                                 .prompt = "16,0",
                                 .generated = "4",
                                 .prompt_and_generated = {"8,2"},
                                 .depth = "0,32",
                                 .sequences = 3,
                                 .threads = "1,2",
                                 .key_type = "f16,q8_0"});
  ASSERT_TRUE(cases) << cases.error().ToString();
  ASSERT_EQ(cases->size(), 2 * 2 * 2 * 2 * 3u);
  std::vector<std::string> names;
  for (size_t i = 0; i < 6; ++i) names.push_back(TestName((*cases)[i].test));
  EXPECT_THAT(names, ElementsAre("pp16", "tg4 x 3", "pp8+tg2 x 3", "pp16 @ d32", "tg4 x 3 @ d32", "pp8+tg2 x 3 @ d32"));
  EXPECT_EQ((*cases)[6].threads, 2);
  EXPECT_EQ((*cases)[12].key_type, "q8_0");
  EXPECT_EQ((*cases)[24].model, "b");
  EXPECT_FALSE((*cases)[0].ubatch.has_value()) << "what was not asked for is left to the model";
  EXPECT_TRUE((*cases)[0].SameInstance((*cases)[5]));
  EXPECT_FALSE((*cases)[5].SameInstance((*cases)[6]));
  EXPECT_EQ((*cases)[2].test.tokens(), 3 * (8 + 2));
}

TEST(BenchCases, LimitsAreNamed) {
  const auto refused = [](BenchLists lists) {
    lists.models = {"a"};
    const auto cases = BenchCases(lists);
    EXPECT_FALSE(cases);
    return cases ? "" : cases.error().where();
  };
  EXPECT_EQ(refused({.sequences = 0}), "--parallel");
  EXPECT_EQ(refused({.sequences = 1025}), "--parallel");
  EXPECT_EQ(refused({.prompt_and_generated = {"8"}}), "--pg");
  EXPECT_EQ(refused({.prompt_and_generated = {"8,x"}}), "--pg");
  EXPECT_EQ(refused({.prompt = "1-9000", .depth = "0-9000"}), "--n-depth");
  EXPECT_EQ(refused({.prompt = "1-200", .threads = "1-200"}), "--threads");
}

TEST(BenchCases, NothingToTimeIsNoCase) {
  const auto cases = BenchCases({.models = {"a"}, .prompt = "0", .generated = "0", .prompt_and_generated = {"0,0"}});
  ASSERT_TRUE(cases);
  EXPECT_TRUE(cases->empty());
}

}  // namespace
}  // namespace tradewind
