// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/dimension.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradewind {
namespace {

const std::vector<Knob> kKnobs = {{.name = "threads", .domain = IntegerDomain{1, 8}, .default_value = int64_t{1}},
                                  {.name = "kv", .domain = ChoiceDomain{{"f16", "q8_0"}}, .default_value = std::string("f16")},
                                  {.name = "share", .domain = RealDomain{0, 1}, .default_value = 0.5}};

TEST(ParseDimension, ReadsValuesOfTheKnob) {
  const auto dimension = ParseDimension("threads=2,8,1", kKnobs);
  ASSERT_TRUE(dimension) << dimension.error().ToString();
  EXPECT_EQ(dimension->knob, "threads");
  EXPECT_THAT(dimension->values, testing::ElementsAre(KnobValue(int64_t{2}), KnobValue(int64_t{8}), KnobValue(int64_t{1})));
}

TEST(ParseDimension, AscendingNumbersAreOrdered) {
  EXPECT_TRUE(ParseDimension("threads=1,2,8", kKnobs)->ordered);
  EXPECT_FALSE(ParseDimension("threads=2,8,1", kKnobs)->ordered);
  EXPECT_FALSE(ParseDimension("kv=f16,q8_0", kKnobs)->ordered);
}

TEST(ParseDimension, ReadsARangeOfReals) {
  const auto dimension = ParseDimension("share=0.25..0.5", kKnobs);
  ASSERT_TRUE(dimension) << dimension.error().ToString();
  ASSERT_TRUE(dimension->range);
  EXPECT_EQ(dimension->range->min, 0.25);
  EXPECT_EQ(dimension->range->max, 0.5);
  EXPECT_FALSE(ParseDimension("share=0.5..2", kKnobs)) << "the knob ends at 1";
}

TEST(WholeDimension, IsAllThatTheKnobAllows) {
  EXPECT_THAT(WholeDimension(kKnobs[0])->values, testing::SizeIs(8));
  EXPECT_TRUE(WholeDimension(kKnobs[0])->ordered);
  EXPECT_THAT(WholeDimension(kKnobs[0], 3)->values,
              testing::ElementsAre(KnobValue(int64_t{1}), KnobValue(int64_t{5}), KnobValue(int64_t{8})));
  EXPECT_THAT(WholeDimension(kKnobs[1])->values, testing::ElementsAre(KnobValue(std::string("f16")), KnobValue(std::string("q8_0"))));
  EXPECT_TRUE(WholeDimension(kKnobs[2])->range);
  EXPECT_FALSE(WholeDimension({.name = "model", .domain = TextDomain{"a file"}, .default_value = std::string()}));
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
