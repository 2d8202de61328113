// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The scheduler under thousands of random worlds (random_world.h), every step checked: with it sequence_memory.cc, scheduler_pass.cc and
// scheduler_room.cc. TRADEWIND_SIMULATION=FROM:COUNT runs other seeds (`./test --long=simulation`).
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "sched/random_world.h"

namespace tradewind {
namespace {

TEST(Simulation, EveryStepIsSound) {
  unsigned long long from = 0, count = 4000;
  const char* asked = std::getenv("TRADEWIND_SIMULATION");
  ASSERT_TRUE(asked == nullptr || std::sscanf(asked, "%llu:%llu", &from, &count) == 2) << "TRADEWIND_SIMULATION is FROM:COUNT";
  int64_t preemptions = 0, held = 0, copies = 0;
  std::map<EndCause, int64_t> causes;
  for (uint64_t seed = from; seed < from + count; ++seed) {
    RandomWorld world(seed);
    const std::string wrong = world.Run();
    ASSERT_EQ(wrong, "") << "seed " << seed << ", step " << world.steps();
    preemptions += world.preemptions();
    held += world.held();
    copies += world.copies();
    for (const auto& [cause, n] : world.causes()) causes[cause] += n;
  }
  // The worlds are not too peaceful to show anything.
  if (count < 100) return;
  const auto often = static_cast<int64_t>(count / 100);
  EXPECT_GT(preemptions, often);
  EXPECT_GT(held, often);
  EXPECT_GT(copies, often);
  EXPECT_GT(causes[EndCause::kDeadline], often);
  EXPECT_GT(causes[EndCause::kCancelled], often);
  EXPECT_GT(causes[EndCause::kNoMemory], often);
}

}  // namespace
}  // namespace tradewind
