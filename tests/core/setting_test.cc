// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/setting.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace tradewind {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::vector<Knob> Knobs() {
  return {
      {.name = "model", .stage = Stage::kBuild, .domain = TextDomain{"a file"}, .default_value = std::string("auto")},
      {.name = "threads", .stage = Stage::kLoad, .domain = IntegerDomain{1, 256}, .default_value = int64_t{2}, .resolved_default = true},
      {.name = "threads_batch",
       .stage = Stage::kLoad,
       .domain = IntegerDomain{1, 256},
       .default_value = int64_t{2},
       .resolved_default = true},
      {.name = "kv_type_k", .stage = Stage::kLoad, .domain = ChoiceDomain{{"f16", "q8_0"}}, .default_value = std::string("f16")},
      {.name = "retriever.k", .stage = Stage::kRequest, .domain = IntegerDomain{1, 100}, .default_value = int64_t{8}},
      {.name = "temp", .stage = Stage::kRequest, .domain = RealDomain{-1e300, 1e300}, .default_value = 0.0},
      {.name = "exit.threshold", .stage = Stage::kStep, .domain = RealDomain{0, 1}, .default_value = 0.5},
  };
}

Setting Read(std::string_view text) {
  const auto knobs = Knobs();
  auto setting = Setting::Parse(text, knobs);
  EXPECT_TRUE(setting) << setting.error().ToString();
  return setting.value_or(Setting());
}

TEST(Setting, CanonicalTextIsSortedByName) {
  EXPECT_EQ(Read("threads=2 kv_type_k=q8_0").Text(), "kv_type_k=q8_0 threads=2");
  EXPECT_EQ(Read("  threads=2   retriever.k=3 ").Text(), "retriever.k=3 threads=2");
  EXPECT_EQ(Read("").Text(), "");
}

TEST(Setting, EscapesWhatPartsNamesValuesAndPairs) {
  Setting setting;
  setting.Set("model", std::string("a b=c%d\ne"));
  EXPECT_EQ(setting.Text(), "model=a%20b%3Dc%25d%0Ae");
  EXPECT_EQ(Read(setting.Text()), setting);
  EXPECT_EQ(Read("model=a%20b%3dc").TextOr("model", ""), "a b=c");
  EXPECT_EQ(Read("model=").TextOr("model", "?"), "");
}

TEST(Setting, AnUnescapedEqualsSignInAValueIsTaken) {
  EXPECT_EQ(Read("model=a=b").TextOr("model", ""), "a=b");
}

TEST(Setting, ErrorsNameThePlace) {
  const auto knobs = Knobs();
  const auto error = [&](std::string_view text) { return Setting::Parse(text, knobs).error(); };
  EXPECT_EQ(error("threads=2 model=a%2").offset(), 17u);
  EXPECT_EQ(error("model=%zz").code(), StatusCode::kInvalidInput);
  EXPECT_EQ(error("model=%").code(), StatusCode::kInvalidInput);
  EXPECT_THAT(error("threads").message(), AllOf(HasSubstr("threads"), HasSubstr("name=value")));
  EXPECT_THAT(error("threads=2 threads=3").message(), AllOf(HasSubstr("threads"), HasSubstr("twice")));
  EXPECT_THAT(error("threads=none").message(), AllOf(HasSubstr("threads"), HasSubstr("none"), HasSubstr("1 to 256")));
  EXPECT_EQ(error("=2").code(), StatusCode::kNotFound);
  EXPECT_THAT(error("model=" + std::string(100000, 'x')).message(), HasSubstr("65536"));
}

TEST(Setting, AnUnknownKnobIsAnsweredWithTheNearest) {
  const auto knobs = Knobs();
  const Status status = Setting::Parse("thread=2", knobs).error();
  EXPECT_EQ(status.code(), StatusCode::kNotFound);
  EXPECT_THAT(status.message(), AllOf(HasSubstr("\"thread\""), HasSubstr("nearest: threads,")));
  EXPECT_THAT(FindKnob(knobs, "kv_typek").error().message(), HasSubstr("nearest: kv_type_k"));
  EXPECT_THAT(FindKnob(knobs, "retreiver.k").error().message(), HasSubstr("nearest: retriever.k"));
  EXPECT_THAT(FindKnob(knobs, "modle").error().message(), HasSubstr("nearest: model"));
  EXPECT_EQ((*FindKnob(knobs, "temp"))->name, "temp");
  EXPECT_FALSE(FindKnob({}, "x"));
  EXPECT_LT(FindKnob(knobs, std::string(100000, 'x')).error().message().size(), 300u);
}

TEST(Setting, CanonicalDropsFixedDefaultsAndKeepsResolvedOnes) {
  const auto knobs = Knobs();
  const Setting setting = Read("kv_type_k=f16 threads=2 temp=0 retriever.k=9").Canonical(knobs);
  EXPECT_EQ(setting.Text(), "retriever.k=9 threads=2");
  // A new knob at its default leaves the text of old results as it was.
  auto more = Knobs();
  more.push_back({.name = "new", .domain = IntegerDomain{0, 9}, .default_value = int64_t{3}});
  EXPECT_EQ(Setting::Parse("threads=2 retriever.k=9 new=3", more)->Canonical(more), setting);
}

TEST(Setting, PartsByStage) {
  const auto knobs = Knobs();
  const Setting setting = Read("model=m threads=4 retriever.k=3 exit.threshold=0.25");
  EXPECT_EQ(setting.OfStages(knobs, Stage::kBuild, Stage::kLoad).Text(), "model=m threads=4");
  EXPECT_EQ(setting.OfStages(knobs, Stage::kRequest, Stage::kRequest).Text(), "retriever.k=3");
  EXPECT_EQ(setting.OfStages(knobs, Stage::kBuild, Stage::kStep), setting);
}

TEST(Setting, LaysOneOverAnother) {
  const Setting base = Read("threads=4 model=m");
  EXPECT_EQ(base.With(Read("threads=8 temp=1")).Text(), "model=m temp=1 threads=8");
  EXPECT_EQ(base.Text(), "model=m threads=4");
}

TEST(Setting, LooksUpByTypeAndFallsBack) {
  const Setting setting = Read("threads=4 model=m");
  EXPECT_EQ(setting.IntegerOr("threads", 1), 4);
  EXPECT_EQ(setting.IntegerOr("model", 1), 1);
  EXPECT_EQ(setting.IntegerOr("absent", 7), 7);
  EXPECT_EQ(setting.TextOr("threads", "x"), "x");
  EXPECT_EQ(setting.Find("absent"), nullptr);
}

// Property: for any setting, Parse(Text(s)) == s, and equal text means equal settings.
TEST(Setting, EverySettingReadsBackAsItself) {
  const auto knobs = Knobs();
  std::mt19937_64 random(7);
  const std::string awkward = " =%\n\t\r\x01\x7f\"'\\|;é\xff\x80%20";
  for (int round = 0; round < 5000; ++round) {
    Setting setting;
    for (const Knob& knob : knobs) {
      if (random() % 2) continue;
      if (const auto* range = std::get_if<IntegerDomain>(&knob.domain)) {
        setting.Set(knob.name, range->min + static_cast<int64_t>(random() % static_cast<uint64_t>(range->max - range->min + 1)));
      } else if (const auto* reals = std::get_if<RealDomain>(&knob.domain)) {
        const double scale = std::uniform_real_distribution<double>(-1, 1)(random);
        setting.Set(knob.name, std::clamp(scale * std::pow(10, static_cast<int>(random() % 600) - 300), reals->min, reals->max));
      } else if (const auto* choice = std::get_if<ChoiceDomain>(&knob.domain)) {
        setting.Set(knob.name, choice->values[random() % choice->values.size()]);
      } else {
        std::string text;
        for (size_t i = random() % 40; i > 0; --i)
          text += random() % 3 ? awkward[random() % awkward.size()] : static_cast<char>(random() % 256);
        setting.Set(knob.name, text);
      }
    }
    const std::string text = setting.Text();
    const auto back = Setting::Parse(text, knobs);
    ASSERT_TRUE(back) << text << ": " << back.error().ToString();
    ASSERT_EQ(*back, setting) << text;
    ASSERT_EQ(back->Text(), text);
  }
}

}  // namespace
}  // namespace tradewind
