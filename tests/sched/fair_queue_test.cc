// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/fair_queue.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace tradewind {
namespace {

constexpr TimePoint Second(double s) {
  return TimePoint{} + Duration::Seconds(s);
}

SequenceId Take(FairQueue& queue, TimePoint now) {
  const std::optional<SequenceId> id = queue.Pick(now, {});
  if (!id) return 0;
  queue.Remove(*id);
  return *id;
}

TEST(FairQueue, PriorityThenArrival) {
  FairQueue queue(Duration::Seconds(1000));
  queue.Push({.id = 1, .tenant = "a", .priority = 0, .arrived = Second(0)});
  queue.Push({.id = 2, .tenant = "a", .priority = 1, .arrived = Second(2)});
  queue.Push({.id = 3, .tenant = "a", .priority = 1, .arrived = Second(1)});
  EXPECT_EQ(queue.Pick(Second(3), {3}), 2u);
  EXPECT_EQ(Take(queue, Second(3)), 3u);
  EXPECT_EQ(Take(queue, Second(3)), 2u);
  EXPECT_EQ(Take(queue, Second(3)), 1u);
  EXPECT_EQ(Take(queue, Second(3)), 0u);
}

TEST(FairQueue, LeastServedTenantFirst) {
  FairQueue queue(Duration::Seconds(1000));
  queue.Push({.id = 1, .tenant = "a", .arrived = Second(0)});
  queue.Push({.id = 2, .tenant = "b", .arrived = Second(1)});
  queue.Charge("a", 10);
  EXPECT_EQ(Take(queue, Second(2)), 2u);
}

TEST(FairQueue, WithinATenantTheOneThatMustStartSoonestUnlessItIsLateAnyway) {
  FairQueue queue(Duration::Seconds(1000));
  queue.Push({.id = 1, .tenant = "a", .arrived = Second(0)});
  queue.Push({.id = 2, .tenant = "a", .arrived = Second(1), .latest_start = Second(20)});
  queue.Push({.id = 3, .tenant = "a", .arrived = Second(2), .latest_start = Second(10)});
  queue.Push({.id = 4, .tenant = "a", .arrived = Second(3), .latest_start = Second(4)});
  EXPECT_EQ(Take(queue, Second(5)), 3u);
  EXPECT_EQ(Take(queue, Second(5)), 2u);
  EXPECT_EQ(Take(queue, Second(5)), 1u) << "number 4 is late and came later";
}

// One that was away while another was served has no claim on all of that.
TEST(FairQueue, WhoComesBackIsLifted) {
  FairQueue queue(Duration::Seconds(1000));
  queue.Push({.id = 1, .tenant = "a", .arrived = Second(0)});
  queue.Charge("a", 1000);
  queue.Push({.id = 2, .tenant = "b", .arrived = Second(1)});
  EXPECT_EQ(queue.Served("b"), 1000);
  // Nobody waits: the level of the one that waited last counts.
  Take(queue, Second(2));
  Take(queue, Second(2));
  queue.Push({.id = 3, .tenant = "c", .arrived = Second(3)});
  EXPECT_EQ(queue.Served("c"), 1000);
}

// The greater priority never stops coming; the wait of the others is bounded all the same: by the patience times the difference, and by
// those that came before then.
TEST(FairQueue, EverybodysTurnComes) {
  FairQueue queue(Duration::Seconds(10));
  queue.Push({.id = 1, .tenant = "a", .priority = 0, .arrived = Second(0)});
  SequenceId next = 2;
  double served_at = -1;
  for (double now = 0; now < 200 && served_at < 0; now += 1) {
    queue.Push({.id = next++, .tenant = "b", .priority = 5, .arrived = Second(now)});
    if (Take(queue, Second(now)) == 1) served_at = now;
    queue.Charge("b", 1);
  }
  EXPECT_GE(served_at, 50 - 10) << "no sooner than its waiting makes up for the priority";
  EXPECT_LE(served_at, 60);
}

// Two tenants that always wait, whose sequences are of any length: what they were served never differs by more than twice the longest one
// (arXiv:2401.00588, theorem 4.4, with one sequence at a time).
TEST(FairQueue, TenantsThatAlwaysWaitAreServedAlike) {
  FairQueue queue(Duration::Seconds(1e6));
  Random random(7);
  SequenceId next = 1;
  std::map<SequenceId, std::string> tenant_of;
  const auto push = [&](const std::string& tenant) {
    tenant_of[next] = tenant;
    queue.Push({.id = next++, .tenant = tenant, .arrived = Second(static_cast<double>(next))});
  };
  for (int i = 0; i < 20; ++i) push("many");
  for (int i = 0; i < 2; ++i) push("few");
  std::map<std::string, double> served;
  constexpr double kLongest = 500;
  for (int i = 0; i < 5000; ++i) {
    const std::string tenant = tenant_of[Take(queue, Second(0))];
    push(tenant);
    const double tokens = tenant == "many" ? kLongest : 1 + static_cast<double>(random.Below(50));
    queue.Charge(tenant, tokens);
    served[tenant] += tokens;
    ASSERT_LE(std::abs(served["many"] - served["few"]), 2 * kLongest);
  }
}

TEST(FairQueue, ForgetsIdleTenants) {
  FairQueue queue(Duration::Seconds(1));
  queue.Push({.id = 1, .tenant = "waits", .arrived = Second(0)});
  for (size_t i = 0; i < 3 * FairQueue::kTenants; ++i) queue.Charge(std::to_string(i), static_cast<double>(i));
  EXPECT_LE(queue.tenants(), static_cast<int64_t>(FairQueue::kTenants));
  EXPECT_EQ(Take(queue, Second(0)), 1u);
  queue.Remove(17);
}

}  // namespace
}  // namespace tradewind
