// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

namespace tradewind {
namespace {

SearchDimension Letters(const std::string& knob) {
  return {.knob = knob, .values = {std::string("a"), std::string("b"), std::string("c")}};
}
SearchDimension NumbersOf(const std::string& knob) {
  return {.knob = knob, .values = {int64_t{1}, int64_t{2}, int64_t{4}, int64_t{8}}, .ordered = true};
}
SearchDimension Share(const std::string& knob) {
  return {.knob = knob, .values = {}, .range = RealDomain{-1, 3}};
}
// `draft` exists only where `letter` is b or c.
SearchSpace Conditional() {
  SearchDimension draft = NumbersOf("draft");
  draft.when = KnobCondition{"letter", {std::string("b"), std::string("c")}};
  return {.base = {}, .dimensions = {Letters("letter"), draft}};
}
Space Made(SearchSpace spec) {
  return Space::Make(std::move(spec)).value();
}

TEST(Space, NamesWhatIsWrongWithADimension) {
  const auto where = [](std::vector<SearchDimension> dimensions) {
    const auto space = Space::Make({.base = {}, .dimensions = std::move(dimensions)});
    return space ? "" : space.error().where();
  };
  EXPECT_EQ(where({Letters("x"), NumbersOf("y")}), "");
  EXPECT_EQ(where({Letters("x"), NumbersOf("x")}), "x");
  EXPECT_EQ(where({{.knob = "none", .values = {}}}), "none");
  EXPECT_EQ(where({{.knob = "flat", .values = {}, .range = RealDomain{1, 1}}}), "flat");
  EXPECT_EQ(where({{.knob = "ratio", .values = {}, .range = RealDomain{0, 1}, .logarithmic = true}}), "ratio");
  SearchDimension early = NumbersOf("early");
  early.when = KnobCondition{"late", {std::string("a")}};
  EXPECT_EQ(where({early, Letters("late")}), "early");
}

TEST(Space, WithoutACombinationThatExistsIsRefused) {
  SearchSpace spec{.base = {}, .dimensions = {Letters("x")}};
  spec.valid = [](const Setting&) { return false; };
  EXPECT_EQ(Space::Make(spec).error().code(), StatusCode::kNotFound);
}

TEST(Space, EncodesWhatItDecodes) {
  SearchSpace spec = Conditional();
  spec.base.Set("fixed", int64_t{7});
  spec.dimensions.push_back(Share("share"));
  const Space space = Made(spec);
  Random random(3);
  for (int i = 0; i < 200; ++i) {
    const Genome genome = space.Sample(random);
    const Setting setting = space.Decode(genome);
    EXPECT_EQ(setting.IntegerOr("fixed", 0), 7);
    EXPECT_EQ(setting.Has("draft"), setting.TextOr("letter", "") != "a") << setting.Text();
    ASSERT_TRUE(space.Encode(setting));
    EXPECT_EQ(*space.Encode(setting), genome);
  }
  EXPECT_FALSE(space.Encode({})) << "a value is missing";
}

TEST(Space, CountsAndEnumeratesEveryCombination) {
  const Space space = Made({.base = {}, .dimensions = {Letters("x"), NumbersOf("y")}});
  ASSERT_EQ(space.Combinations(), 12u);
  std::set<Genome> all;
  for (uint64_t i = 0; i < 12; ++i) all.insert(space.At(i));
  EXPECT_EQ(all.size(), 12u);
  EXPECT_EQ(space.Decode(space.At(1)).Text(), "x=a y=2") << "the last turns fastest";
  EXPECT_FALSE(Made({.base = {}, .dimensions = {Share("s")}}).Combinations());
  EXPECT_FALSE(Made({.base = {}, .dimensions = std::vector<SearchDimension>{[] {
                                   std::vector<KnobValue> values;
                                   for (int64_t i = 0; i < 3; ++i) values.emplace_back(i);
                                   return SearchDimension{.knob = "k", .values = values};
                                 }()}})
                   .Combinations() != 3u);
}

TEST(Space, SamplesUniformly) {
  const Space space = Made({.base = {}, .dimensions = {Letters("x"), NumbersOf("y")}});
  Random random(5);
  std::map<Genome, int> counts;
  for (int i = 0; i < 12000; ++i) ++counts[space.Sample(random)];
  EXPECT_EQ(counts.size(), 12u);
  // 1,000 expected of each, with a standard deviation of 30.
  for (const auto& [genome, count] : counts) EXPECT_NEAR(count, 1000, 150);
}

TEST(Space, AllThatItMakesExistsAndIsRepaired) {
  SearchSpace spec = Conditional();
  spec.dimensions.push_back(NumbersOf("size"));
  spec.valid = [](const Setting& s) { return s.IntegerOr("size", 0) >= s.IntegerOr("draft", 0); };
  const Space space = Made(spec);
  Random random(11);
  Genome last = space.Sample(random);
  for (int i = 0; i < 500; ++i) {
    const Genome changed = space.Mutate(last, 0.3, random);
    EXPECT_NE(changed, last);
    for (const Genome& g : {changed, space.Cross(last, changed, random)}) {
      EXPECT_TRUE(space.Valid(g));
      EXPECT_EQ(g[1] == kInactive, g[0] == 0) << "the draft exists with b and c alone";
    }
    last = changed;
  }
}

TEST(Space, MutationReachesEveryCombination) {
  const Space space = Made({.base = {}, .dimensions = {Letters("x"), NumbersOf("y")}});
  Random random(2);
  std::set<Genome> reached;
  Genome g = space.At(0);
  for (int i = 0; i < 600; ++i) reached.insert(g = space.Mutate(g, 0.2, random));
  EXPECT_EQ(reached.size(), 12u);
}

TEST(Space, NeighboursAreOneStepAway) {
  const Space space = Made({.base = {}, .dimensions = {Letters("x"), NumbersOf("y")}});
  std::vector<std::string> texts;
  for (const Genome& g : space.Neighbours(space.At(1))) texts.push_back(space.Decode(g).Text());
  EXPECT_THAT(texts, testing::UnorderedElementsAre("x=b y=2", "x=c y=2", "x=a y=1", "x=a y=4"));
}

TEST(Space, RangesStayWithinTheirEnds) {
  const Space space = Made({.base = {}, .dimensions = {Share("s"), Share("t")}});
  Random random(9);
  Genome g = {-1, 3};
  for (int i = 0; i < 1000; ++i) {
    g = i % 2 == 0 ? space.Mutate(g, 0.5, random) : space.Cross(g, space.Sample(random), random);
    for (const double v : g) {
      EXPECT_GE(v, -1);
      EXPECT_LE(v, 3);
    }
  }
}

// By ratio, each decade of six is as likely as another, a step from its end as from its middle.
TEST(Space, LogarithmicRangesAreMovedInByRatio) {
  const Space space = Made({.base = {}, .dimensions = {{.knob = "rate", .values = {}, .range = RealDomain{1e-6, 1}, .logarithmic = true}}});
  Random random(4);
  std::map<int, int> decades;
  for (int i = 0; i < 6000; ++i) {
    const Genome g = space.Sample(random);
    EXPECT_EQ(space.Encode(space.Decode(g)), g);
    ++decades[static_cast<int>(std::floor(std::log10(g[0])))];
  }
  ASSERT_EQ(decades.size(), 6u);
  for (const auto& [decade, count] : decades) EXPECT_NEAR(count, 1000, 120) << decade;  // four standard deviations
  double low = 0;
  double high = 0;
  for (int i = 0; i < 2000; ++i) {
    low += std::abs(std::log10(space.Mutate({1e-4}, 1, random)[0]) + 4);
    high += std::abs(std::log10(space.Mutate({1e-2}, 1, random)[0]) + 2);
    const double child = space.Cross({1e-6}, {1}, random)[0];
    EXPECT_TRUE(child >= 1e-6 && child <= 1) << child;
  }
  EXPECT_NEAR(low / high, 1, 0.15);
  EXPECT_NEAR(space.Features({1e-3})[0], 0.5, 1e-12);
}

TEST(Space, FeaturesScaleOrderedValuesAndMarkOthers) {
  SearchSpace spec = Conditional();
  spec.dimensions.push_back(Share("share"));
  const Space space = Made(spec);
  EXPECT_EQ(space.feature_count(), 6u);
  EXPECT_THAT(space.Features({1, 3, 0}), testing::ElementsAre(0, 1, 0, 1, 1, 0.25));
  EXPECT_THAT(space.Features({0, kInactive, 3}), testing::ElementsAre(1, 0, 0, 0, 0, 1));
}

}  // namespace
}  // namespace tradewind
