// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/encoding.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

const std::vector<KnobValue> kOperations = {std::string("skip"), std::string("conv")};

std::vector<SearchDimension> Dimensions() {
  std::vector<SearchDimension> out(3);
  out[0].knob = "threads";
  out[0].values = {int64_t{1}, int64_t{2}, int64_t{5}};
  out[1].knob = "a";
  out[1].values = kOperations;
  out[2].knob = "b";
  out[2].values = kOperations;
  return out;
}

Setting Of(int64_t threads, const std::string& a, const std::string& b) {
  Setting s;
  s.Set("threads", threads);
  s.Set("a", a);
  s.Set("b", b);
  return s;
}

TEST(Encoding, OrderedAreScaledOthersOneHotAndSharedListsCounted) {
  const auto x = EncodeSetting(Of(2, "conv", "conv"), Dimensions());
  ASSERT_TRUE(x) << x.error().ToString();
  EXPECT_EQ(*x, (std::vector<double>{0.25, 0, 1, 0, 1, 0, 2}));
  EXPECT_EQ(EncodingNames(Dimensions()),
            (std::vector<std::string>{"threads", "a=skip", "a=conv", "b=skip", "b=conv", "count:skip", "count:conv"}));
}

TEST(Encoding, NumbersThatDoNotRiseAreChoices) {
  std::vector<SearchDimension> d(1);
  d[0].knob = "k";
  d[0].values = {int64_t{3}, int64_t{1}};
  Setting s;
  s.Set("k", int64_t{1});
  EXPECT_EQ(EncodeSetting(s, d).value(), (std::vector<double>{0, 1}));
}

TEST(Encoding, MissingAndForeignValuesAreNamed) {
  Setting s = Of(2, "conv", "conv");
  s.Erase("b");
  const auto missing = EncodeSetting(s, Dimensions());
  ASSERT_FALSE(missing);
  EXPECT_NE(missing.error().message().find("gives b no value"), std::string::npos);
  const auto foreign = EncodeSetting(Of(3, "conv", "conv"), Dimensions());
  ASSERT_FALSE(foreign);
  EXPECT_NE(foreign.error().message().find("threads=3"), std::string::npos);
}

}  // namespace
}  // namespace tradewind
