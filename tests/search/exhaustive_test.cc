// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/exhaustive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradewind {
namespace {

const std::vector<Knob> kKnobs = {{.name = "threads", .domain = IntegerDomain{1, 8}, .default_value = int64_t{1}},
                                  {.name = "kv", .domain = ChoiceDomain{{"f16", "q8_0"}}, .default_value = std::string("f16")},
                                  {.name = "share", .domain = RealDomain{0, 1}, .default_value = 0.5}};

std::vector<SearchDimension> Dimensions(const std::vector<std::string>& texts) {
  std::vector<SearchDimension> dimensions;
  for (const std::string& text : texts) dimensions.push_back(ParseDimension(text, kKnobs).value());
  return dimensions;
}

std::vector<std::string> Texts(const std::vector<Setting>& settings) {
  std::vector<std::string> texts;
  for (const Setting& s : settings) texts.push_back(s.Text());
  return texts;
}

TEST(Exhaustive, ProposesEveryCombinationTheLastTurningFastest) {
  Setting base;
  base.Set("share", 0.25);
  auto strategy = Exhaustive::Make(base, Dimensions({"threads=4,1", "kv=f16,q8_0"}));
  ASSERT_TRUE(strategy);
  EXPECT_EQ(strategy->TotalTrials(), 4u);
  EXPECT_THAT(Texts(strategy->Propose(3)),
              testing::ElementsAre("kv=f16 share=0.25 threads=4", "kv=q8_0 share=0.25 threads=4", "kv=f16 share=0.25 threads=1"));
  EXPECT_THAT(Texts(strategy->Propose(3)), testing::ElementsAre("kv=q8_0 share=0.25 threads=1"));
  EXPECT_TRUE(strategy->Propose(1).empty());
}

TEST(Exhaustive, WithoutDimensionsTriesTheBaseAlone) {
  auto strategy = Exhaustive::Make({}, {});
  EXPECT_EQ(strategy->Propose(5).size(), 1u);
}

TEST(Exhaustive, TooManyCombinationsAreRefused) {
  EXPECT_TRUE(Exhaustive::Make({}, Dimensions({"threads=1,2,3", "kv=f16,q8_0"}), 6));
  const auto refused = Exhaustive::Make({}, Dimensions({"threads=1,2,3", "kv=f16,q8_0"}), 5);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().where(), "--over kv");
  EXPECT_FALSE(Exhaustive::Make({}, {{.knob = "threads", .values = {}}}));
  // 2^80 combinations do not wrap around to few.
  EXPECT_FALSE(Exhaustive::Make({}, std::vector<SearchDimension>(80, {.knob = "kv", .values = {std::string("a"), std::string("b")}})));
}

TEST(ParseDimension, ReadsValuesOfTheKnob) {
  const auto dimension = ParseDimension("threads=2,8,1", kKnobs);
  ASSERT_TRUE(dimension) << dimension.error().ToString();
  EXPECT_EQ(dimension->knob, "threads");
  EXPECT_THAT(dimension->values, testing::ElementsAre(KnobValue(int64_t{2}), KnobValue(int64_t{8}), KnobValue(int64_t{1})));
}

TEST(ParseDimension, SaysWhatIsWrong) {
  for (const char* text : {"threads", "", "threads=", "threads=1,", "threads=1,,2", "threads=9", "threads=two", "kv=f32", "=1"}) {
    EXPECT_FALSE(ParseDimension(text, kKnobs)) << text;
  }
  EXPECT_EQ(ParseDimension("threads", kKnobs).error().where(), "--over");
  const auto unknown = ParseDimension("thread=1", kKnobs);
  EXPECT_EQ(unknown.error().code(), StatusCode::kNotFound);
  EXPECT_NE(unknown.error().message().find("threads"), std::string::npos);
}

}  // namespace
}  // namespace tradewind
