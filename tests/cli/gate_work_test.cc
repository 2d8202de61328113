// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/gate_work.h"

#include <gtest/gtest.h>

#include <string>

namespace tradewind {
namespace {

// Which runs follow each other, not how long they take.
TEST(GateWork, RunsTakeTurns) {
  std::string order;
  const auto seconds = TimeInTurns({[&] { order += 'a'; }, [&] { order += 'b'; }, [&] { order += 'c'; }}, 4);
  ASSERT_EQ(seconds.size(), 3u);
  for (const auto& of_run : seconds) EXPECT_EQ(of_run.size(), 4u);
  // Runs in a row count as one turn.
  order.erase(std::unique(order.begin(), order.end()), order.end());
  EXPECT_EQ(order.substr(0, 3), "abc") << "they warm up first";
  EXPECT_EQ(order.substr(3), "abcbcacababc");
}

}  // namespace
}  // namespace tradewind
