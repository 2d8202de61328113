// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/op_times.h"

#include <gtest/gtest.h>

#include <set>

namespace tradewind {
namespace {

TEST(OpTimes, ALapTakesTheTimeAndTheWorkSinceTheLastOne) {
  VirtualClock clock;
  OpTimes times(clock);
  times.Start();
  clock.Advance({5});
  times.Add({.bytes = 100, .int8_ops = 7});
  times.Lap(Op::kQkv);
  clock.Advance({3});
  times.Add({.float_ops = 2});
  times.Add({.bytes = 1});
  times.Lap(Op::kAttention);
  clock.Advance({1000});  // between passes
  times.Start();
  clock.Advance({11});
  times.Lap(Op::kQkv);
  EXPECT_EQ(times.Of(Op::kQkv).time.ns, 16);
  EXPECT_EQ(times.Of(Op::kQkv).work.bytes, 100);
  EXPECT_EQ(times.Of(Op::kAttention).time.ns, 3);
  EXPECT_EQ(times.Of(Op::kAttention).work.float_ops, 2);
  EXPECT_EQ(times.Of(Op::kDown).time.ns, 0);
  EXPECT_EQ(times.All().time.ns, 19);
  EXPECT_EQ(times.All().work.bytes, 101);
  EXPECT_EQ(times.All().work.int8_ops, 7);
}

TEST(OpTimes, EveryKindHasItsOwnName) {
  std::set<std::string_view> names;
  for (size_t i = 0; i < static_cast<size_t>(Op::kCount); ++i) names.insert(OpName(static_cast<Op>(i)));
  EXPECT_EQ(names.size(), static_cast<size_t>(Op::kCount));
  EXPECT_FALSE(names.count(""));
}

}  // namespace
}  // namespace tradewind
