// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/thread_pool.h"

#include <gtest/gtest.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <numeric>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace tradewind {
namespace {

class ThreadPoolTest : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Threads, ThreadPoolTest, testing::Values(1, 2, 3, 4, 8));

TEST_P(ThreadPoolTest, RunsEveryIndexOnceWithAValidMember) {
  ThreadPool pool(GetParam());
  EXPECT_EQ(pool.threads(), GetParam());
  for (const int64_t count : {0, 1, 2, 3, 7, 8, 9, 64, 1000}) {
    std::vector<int> runs(static_cast<size_t>(count), 0);  // plain ints: a second run of an index would be a race as well
    std::atomic<bool> members_valid{true};
    pool.ParallelFor(count, [&](int64_t i, int member) {
      ++runs[static_cast<size_t>(i)];
      if (member < 0 || member >= pool.threads()) members_valid = false;
    });
    for (const int n : runs) ASSERT_EQ(n, 1) << "count " << count;
    EXPECT_TRUE(members_valid);
  }
}

// What one loop writes, the next loop on other threads must see, with no synchronisation but the pool's.
TEST_P(ThreadPoolTest, ManySmallLoopsSeeEachOthersWrites) {
  ThreadPool pool(GetParam());
  constexpr int kLoops = 3000;
  std::vector<int64_t> values(17, 0);
  for (int loop = 0; loop < kLoops; ++loop) {
    const int64_t count = 1 + loop % 17;
    pool.ParallelFor(count, [&](int64_t i, int) { ++values[static_cast<size_t>(i)]; });
  }
  int64_t expected = 0;
  for (int loop = 0; loop < kLoops; ++loop) expected += 1 + loop % 17;
  EXPECT_EQ(std::accumulate(values.begin(), values.end(), int64_t{0}), expected);
}

TEST_P(ThreadPoolTest, ScratchOfAMemberIsUsedByOneThreadAtATime) {
  ThreadPool pool(GetParam());
  std::vector<int64_t> scratch(static_cast<size_t>(pool.threads()), 0);
  for (int loop = 0; loop < 200; ++loop) {
    pool.ParallelFor(50, [&](int64_t i, int member) { scratch[static_cast<size_t>(member)] += i; });
  }
  EXPECT_EQ(std::accumulate(scratch.begin(), scratch.end(), int64_t{0}), 200 * 49 * 50 / 2);
}

// Pauses long enough that the workers sleep, so that the way through the condition variable is taken too.
TEST_P(ThreadPoolTest, WakesSleepingWorkers) {
  ThreadPool pool(GetParam());
  std::atomic<int64_t> sum{0};
  for (int loop = 0; loop < 20; ++loop) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    pool.ParallelFor(1 + loop % 5, [&](int64_t, int) { sum += 1; });
  }
  EXPECT_EQ(sum, 20 / 5 * (1 + 2 + 3 + 4 + 5));
}

// The caller runs out of indices while another member is in the middle of its last: the loop must not return before that
// one is done, though it outlasts the caller's spin.
TEST_P(ThreadPoolTest, WhatATaskThrowsComesOutAndThePoolGoesOn) {
  ThreadPool pool(GetParam());
  for (int64_t thrower = 0; thrower < 40; ++thrower) {
    std::atomic<int> ran = 0;
    const auto body = [&](int64_t i, int) {
      if (i == thrower) throw std::runtime_error(std::to_string(i));
      ++ran;
    };
    try {
      pool.ParallelFor(40, body);
      ADD_FAILURE() << "nothing came out";
    } catch (const std::runtime_error& e) {
      EXPECT_EQ(e.what(), std::to_string(thrower));
    }
    EXPECT_LT(ran, 40);
    ran = 0;
    pool.ParallelFor(40, [&](int64_t, int) { ++ran; });
    EXPECT_EQ(ran, 40);
  }
}

TEST(ThreadPoolWaiting, WaitsForTheLastMember) {
  ThreadPool pool(2);
  for (int loop = 0; loop < 5; ++loop) {
    std::atomic<bool> entered{false};
    bool done = false;
    pool.ParallelFor(2, [&](int64_t, int member) {
      if (member == 0) {
        while (!entered) std::this_thread::yield();
      } else if (!entered.exchange(true)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
        done = true;
      }
    });
    EXPECT_TRUE(done);
  }
}

TEST(ThreadPoolInline, OneIndexOrOneThreadRunsOnTheCaller) {
  const auto caller = std::this_thread::get_id();
  std::vector<std::thread::id> ran;
  ThreadPool two(2);
  two.ParallelFor(1, [&](int64_t, int member) {
    EXPECT_EQ(member, 0);
    ran.push_back(std::this_thread::get_id());
  });
  ThreadPool one(1);
  one.ParallelFor(100, [&](int64_t, int) { ran.push_back(std::this_thread::get_id()); });
  EXPECT_EQ(ran, std::vector<std::thread::id>(101, caller));
}

// The pool helps a member that is behind: while one is stuck in an index, the other must run all the rest, in every loop.
TEST(ThreadPoolSharing, AnotherMemberTakesTheRest) {
  ThreadPool pool(2);
  for (int loop = 0; loop < 6; ++loop) {
    std::atomic<int> others{0};
    std::atomic<bool> stuck{false};
    pool.ParallelFor(20, [&](int64_t, int) {
      if (!stuck.exchange(true)) {
        while (others < 19) std::this_thread::yield();
      } else {
        ++others;
      }
    });
    EXPECT_EQ(others, 19);
  }
}

// A handler of SIGTERM must run on a thread of the program's own, never on a worker in the middle of a kernel.
TEST(ThreadPoolSignals, WorkersBlockTerminationSignals) {
  ThreadPool pool(2);
  std::atomic<int> checked{0};
  std::atomic<bool> worker_blocks{false}, caller_blocks{true};
  pool.ParallelFor(2, [&](int64_t, int member) {
    sigset_t mask;
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    const bool blocked = sigismember(&mask, SIGTERM) == 1 && sigismember(&mask, SIGINT) == 1;
    if (member == 0) {
      caller_blocks = blocked;
    } else {
      worker_blocks = blocked;
    }
    ++checked;
    while (checked < 2) std::this_thread::yield();  // so that each member takes one of the two
  });
  EXPECT_TRUE(worker_blocks);
  EXPECT_FALSE(caller_blocks);
}

TEST(ThreadPoolLife, PoolsMayComeAndGoUnused) {
  for (int i = 0; i < 50; ++i) ThreadPool pool(1 + i % 8);
}

TEST(ThreadPoolDeathTest, ANestedLoopIsABug) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        ThreadPool pool(1);
        pool.ParallelFor(1, [&](int64_t, int) { pool.ParallelFor(1, [](int64_t, int) {}); });
      },
      "one loop at a time");
}

}  // namespace
}  // namespace tradewind
