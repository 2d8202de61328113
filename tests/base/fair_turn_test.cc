// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/fair_turn.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace tradewind {
namespace {

// Whoever gives it up and asks again at once comes behind the one who waits; with a plain mutex mostly not.
TEST(FairTurn, WhoeverWaitsIsNext) {
  for (int round = 0; round < 50; ++round) {
    FairTurn turn;
    bool had_it = false;
    turn.lock();
    std::thread other([&] {
      const std::lock_guard lock(turn);
      had_it = true;
    });
    while (turn.asked() < 2) std::this_thread::yield();
    turn.unlock();
    turn.lock();
    EXPECT_TRUE(had_it);
    turn.unlock();
    other.join();
  }
}

TEST(FairTurn, KeepsOneAtATime) {
  FairTurn turn;
  int64_t count = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 2000; ++i) {
        const std::lock_guard lock(turn);
        ++count;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(count, 8000);
}

}  // namespace
}  // namespace tradewind
