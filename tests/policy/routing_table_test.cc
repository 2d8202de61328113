// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/routing_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace tradewind {
namespace {

RoutingTable Good() {
  RoutingTable table{.arms = {"a", "b"}, .arm_cost = {1, 2}, .samples = {}};
  table.samples.push_back({"What is it?", "x", {1, kNoScore}});
  table.samples.push_back({"Who is she?", "y", {0.5f, 1}});
  return table;
}

TEST(RoutingTable, MalformedOnesAreRefusedAndNamed) {
  EXPECT_TRUE(CheckRoutingTable(Good()));
  const auto message = [](const RoutingTable& t) { return CheckRoutingTable(t).error().ToString(); };
  RoutingTable t = Good();
  t.arms[1] = "a";
  EXPECT_THAT(message(t), testing::HasSubstr("two arms have one name"));
  t = Good();
  t.arm_cost[0] = std::nan("");
  EXPECT_THAT(message(t), testing::HasSubstr("cost of arm a"));
  t = Good();
  t.samples[1].score[0] = 1.5f;
  EXPECT_THAT(message(t), testing::HasSubstr("sample 1"));
  t = Good();
  t.samples[0].score.pop_back();
  EXPECT_THAT(message(t), testing::HasSubstr("sample 0"));
  t = Good();
  t.samples.clear();
  EXPECT_THAT(message(t), testing::HasSubstr("0 samples"));
  t = Good();
  t.arms.assign(kMostArms + 1, "a");
  EXPECT_FALSE(CheckRoutingTable(t));
}

TEST(RoutingTable, QuestionsAreOneWhateverTheirApostrophesCaseAndSpaces) {
  EXPECT_EQ(QuestionKey("Janet\u2019s  ducks lay\n16 eggs."), QuestionKey("janet's ducks lay 16 eggs"));
  EXPECT_EQ(QuestionKey("A\u2014B\u00a0C"), QuestionKey("a b c"));
  EXPECT_NE(QuestionKey("2+2"), QuestionKey("2-2"));
  EXPECT_NE(QuestionKey("caf\u00e9"), QuestionKey("caf"));
  EXPECT_EQ(QuestionKey("\xe2\x80"), QuestionKey("\xe2\x80"));  // cut in the middle: no read beyond the end
}

TEST(RoutingTable, ASharedQuestionIsFoundAndDropped) {
  RoutingTable train = Good(), test = Good();
  test.samples.erase(test.samples.begin());
  test.samples[0].text = "who IS she ?!";
  const auto shared = CheckNoSharedQuestion(train, test);
  ASSERT_FALSE(shared);
  EXPECT_THAT(shared.error().message(), testing::HasSubstr("who IS she"));
  const std::vector<std::string> keys = {QuestionKey(test.samples[0].text)};
  EXPECT_EQ(DropQuestions(train, keys), 1u);
  EXPECT_TRUE(CheckNoSharedQuestion(train, test));
}

TEST(RoutingTable, SplitsByGroupAndOrdersByCost) {
  const auto [in, out] = SplitByGroups(Good(), std::vector<std::string>{"y"});
  ASSERT_EQ(in.samples.size(), 1u);
  EXPECT_EQ(in.samples[0].group, "y");
  EXPECT_EQ(out.samples[0].group, "x");
  EXPECT_EQ(in.arms, out.arms);
  EXPECT_THAT(ArmsByCost(std::vector<double>{3, 1, 2, 1}), testing::ElementsAre(1, 3, 2, 0));
}

TEST(RoutingTable, HalvesPartWholeGroups) {
  RoutingTable table{.arms = {"a"}, .arm_cost = {1}, .samples = {}};
  for (int i = 0; i < 70; ++i) table.samples.push_back({std::to_string(i), "g" + std::to_string(i % 7), {1}});
  std::set<std::set<std::string>> drawn;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const auto [first, second] = SplitInHalves(table, seed);
    EXPECT_EQ(first.samples.size(), 30u);  // three of seven groups
    EXPECT_EQ(second.samples.size(), 40u);
    std::set<std::string> groups;
    for (const RoutingSample& sample : first.samples) groups.insert(sample.group);
    for (const RoutingSample& sample : second.samples) EXPECT_FALSE(groups.contains(sample.group));
    drawn.insert(groups);
  }
  EXPECT_GT(drawn.size(), 10u);  // of 35 there are
  for (RoutingSample& sample : table.samples) sample.group.clear();
  EXPECT_EQ(SplitInHalves(table, 1).first.samples.size(), 35u);
}

TEST(RoutingTable, FromColumns) {
  const std::vector<std::string> texts = {"x", "y"}, groups = {"g", "h"};
  const std::vector<ArmColumn> arms = {{"small", 0.2, {5, std::nan("")}}, {"large", 3, {10, 0}}};
  const auto table = RoutingTableOf(texts, groups, arms, 0.1);
  ASSERT_TRUE(table) << table.error().ToString();
  EXPECT_THAT(table->arms, testing::ElementsAre("small", "large"));
  EXPECT_THAT(table->arm_cost, testing::ElementsAre(0.2, 3));
  EXPECT_EQ(table->samples[1].text, "y");
  EXPECT_EQ(table->samples[1].group, "h");
  EXPECT_THAT(table->samples[0].score, testing::ElementsAre(0.5f, 1));
  EXPECT_TRUE(std::isnan(table->samples[1].score[0]));
  EXPECT_EQ(RoutingTableOf(texts, {}, arms, 0.1)->samples[0].group, "");
  EXPECT_FALSE(RoutingTableOf(texts, groups, arms));  // a score of 10
  EXPECT_FALSE(RoutingTableOf(texts, std::vector<std::string>{"g"}, arms, 0.1));
  const std::vector<ArmColumn> cut = {{"small", 0.2, {5}}};
  EXPECT_THAT(RoutingTableOf(texts, groups, cut).error().message(), testing::HasSubstr("small"));
}

TEST(RoutingTable, EmbedsEachText) {
  const HashedNgrams embedder({.dimensions = 16});
  const FeatureMatrix m = EmbedTexts(Good(), embedder);
  ASSERT_EQ(m.rows(), 2u);
  EXPECT_EQ(m.embedder, embedder.name());
  EXPECT_THAT(m.Row(1), testing::ElementsAreArray(embedder.Embed("Who is she?")));
}

TEST(RoutingTable, WithSomeOfItsArmsInAnotherOrder) {
  const size_t arms[] = {1, 0};
  const RoutingTable turned = WithArms(Good(), arms);
  EXPECT_THAT(turned.arms, testing::ElementsAre("b", "a"));
  EXPECT_THAT(turned.arm_cost, testing::ElementsAre(2, 1));
  EXPECT_THAT(turned.samples[1].score, testing::ElementsAre(1, 0.5f));
  EXPECT_EQ(turned.samples[1].group, "y");
  const size_t one[] = {1};
  EXPECT_THAT(WithArms(Good(), one).samples[1].score, testing::ElementsAre(1));
}

}  // namespace
}  // namespace tradewind
