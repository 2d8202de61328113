// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/knob.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <random>

namespace tradewind {
namespace {

using ::testing::HasSubstr;

Knob Threads() {
  return {.name = "threads", .domain = IntegerDomain{1, 256}, .default_value = int64_t{1}, .unit = "threads"};
}
Knob Temperature() {
  return {.name = "temp", .domain = RealDomain{-2, 2}, .default_value = 0.8};
}
Knob CacheType() {
  return {.name = "kv_type_k", .domain = ChoiceDomain{{"f16", "bf16", "q8_0"}}, .default_value = std::string("f16")};
}
Knob Model() {
  return {.name = "model", .domain = TextDomain{"a model's name or file"}, .default_value = std::string()};
}

TEST(Knob, ReadsIntegersWithinTheBoundsAndNothingElse) {
  EXPECT_EQ(Threads().Parse("1").value(), KnobValue(int64_t{1}));
  EXPECT_EQ(Threads().Parse("256").value(), KnobValue(int64_t{256}));
  for (const char* bad : {"0", "257", "-1", "", " 2", "2 ", "+2", "2.0", "0x2", "two", "99999999999999999999", "2\n"}) {
    const auto value = Threads().Parse(bad);
    ASSERT_FALSE(value) << bad;
    EXPECT_EQ(value.error().code(), StatusCode::kInvalidInput);
    EXPECT_EQ(value.error().ToString().find('\n'), std::string::npos);
  }
}

TEST(Knob, ErrorsNameTheKnobTheTextAndWhatIsAllowed) {
  EXPECT_THAT(Threads().Parse("many").error().message(),
              testing::AllOf(HasSubstr("threads"), HasSubstr("\"many\""), HasSubstr("1 to 256 threads")));
  EXPECT_THAT(CacheType().Parse("q4_0").error().message(),
              testing::AllOf(HasSubstr("kv_type_k"), HasSubstr("\"q4_0\""), HasSubstr("f16 | bf16 | q8_0")));
  EXPECT_THAT(Temperature().Parse("3").error().message(), testing::AllOf(HasSubstr("temp"), HasSubstr("\"3\""), HasSubstr("-2 to 2")));
  EXPECT_THAT(Model().Parse(std::string(5000, 'x')).error().message(),
              testing::AllOf(HasSubstr("4096"), HasSubstr("a model's name or file")));
  EXPECT_LT(Model().Parse(std::string(5000, 'x')).error().message().size(), 300u);
}

TEST(Knob, ReadsRealsThatAreFiniteAndWithinTheBounds) {
  EXPECT_EQ(Temperature().Parse("0.5").value(), KnobValue(0.5));
  EXPECT_EQ(Temperature().Parse("2").value(), KnobValue(2.0));
  EXPECT_EQ(Temperature().Parse("1e-3").value(), KnobValue(0.001));
  for (const char* bad : {"nan", "inf", "-inf", "2.0000001", "", "0.5x", "1e999"}) EXPECT_FALSE(Temperature().Parse(bad)) << bad;
  const Knob unbounded{.name = "x", .domain = RealDomain{-HUGE_VAL, HUGE_VAL}};
  EXPECT_FALSE(unbounded.Parse("inf"));
  EXPECT_FALSE(unbounded.Parse("nan"));
}

TEST(Knob, MinusZeroIsWrittenAsZero) {
  EXPECT_EQ(ToText(KnobValue(-0.0)), "0");
  EXPECT_FALSE(std::signbit(std::get<double>(Temperature().Parse("-0").value())));
}

TEST(Knob, ChecksTheTypeOfAValue) {
  EXPECT_TRUE(Threads().Check(int64_t{2}));
  EXPECT_FALSE(Threads().Check(2.0));
  EXPECT_FALSE(Threads().Check(std::string("2")));
  EXPECT_FALSE(Temperature().Check(int64_t{1}));
  EXPECT_FALSE(Temperature().Check(std::nan("")));
  EXPECT_FALSE(CacheType().Check(int64_t{0}));
  EXPECT_FALSE(CacheType().Check(std::string("F16")));
  EXPECT_FALSE(Model().Check(1.0));
  EXPECT_TRUE(Model().Check(std::string()));
}

TEST(Knob, RealsAreWrittenAsPeopleWriteThem) {
  EXPECT_EQ(ToText(KnobValue(0.1)), "0.1");
  EXPECT_EQ(ToText(KnobValue(100000.0)), "100000");
  EXPECT_EQ(ToText(KnobValue(-1.5)), "-1.5");
  EXPECT_EQ(ToText(KnobValue(1e300)), "1e+300");
  EXPECT_EQ(ToText(KnobValue(int64_t{-7})), "-7");
  EXPECT_EQ(ToText(KnobValue(std::numeric_limits<int64_t>::min())), "-9223372036854775808");
}

TEST(Knob, EveryRealReadsBackAsItself) {
  const Knob any{.name = "x", .domain = RealDomain{std::numeric_limits<double>::lowest(), std::numeric_limits<double>::max()}};
  std::mt19937_64 random(1);
  for (int i = 0; i < 100000; ++i) {
    const double value = std::bit_cast<double>(random());
    if (!std::isfinite(value)) continue;
    const std::string text = ToText(KnobValue(value));
    ASSERT_EQ(std::strtod(text.c_str(), nullptr), value) << text;  // the C library is the oracle
    ASSERT_EQ(any.Parse(text).value(), KnobValue(value)) << text;
  }
}

TEST(Knob, StagesAreOrderedAndNamed) {
  EXPECT_LT(Stage::kBuild, Stage::kLoad);
  EXPECT_LT(Stage::kRequest, Stage::kStep);
  EXPECT_EQ(StageName(Stage::kBuild), "build");
  EXPECT_EQ(StageName(Stage::kLoad), "load");
  EXPECT_EQ(StageName(Stage::kRequest), "request");
  EXPECT_EQ(StageName(Stage::kStep), "step");
}

}  // namespace
}  // namespace tradewind
