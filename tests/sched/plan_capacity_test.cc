// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/plan_capacity.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

// One request at a time, 100 ms each: a machine that a textbook knows.
SimulationOptions Turnstile() {
  SimulationOptions options;
  options.scheduler = {.page_positions = 16, .pages = 100, .running = 1, .step_tokens = 100, .context = 1000};
  options.cost = {.pass_ms = 100};
  return options;
}

std::vector<TraceRequest> Evenly(int count) {
  std::vector<TraceRequest> trace(static_cast<size_t>(count), {.prompt = 10, .output = 1});
  for (int i = 0; i < count; ++i) trace[static_cast<size_t>(i)].at = Duration::Seconds(i);
  return trace;
}

CapacityPlan Plan(const std::vector<TraceRequest>& trace, const ServiceLevel& level, const SimulationOptions& options) {
  Result<CapacityPlan> plan = PlanCapacity(trace, level, options);
  EXPECT_TRUE(plan) << plan.error().ToString();
  return std::move(*plan);
}

// Evenly spaced requests of 100 ms each wait for nobody up to ten a second.
TEST(PlanCapacity, OfAMachineThatServesTenASecond) {
  const CapacityPlan plan = Plan(Evenly(2000), {.ttft = Duration::Millis(101), .share = 1}, Turnstile());
  EXPECT_NEAR(plan.requests_per_s, 10, 0.1);
  EXPECT_TRUE(plan.bounded);
  EXPECT_EQ(plan.kept_share, 1);
}

// At rate r > 10 number i waits i (100 ms - 1/r): the first share of n requests are within the limit as long as that is below 1 s.
TEST(PlanCapacity, AShareMayBeLate) {
  const int n = 1000;
  const CapacityPlan plan = Plan(Evenly(n), {.ttft = Duration::Millis(1100), .share = 0.5}, Turnstile());
  const double gap_s = 0.1 - 1.0 / (0.5 * n);
  EXPECT_NEAR(plan.requests_per_s, 1 / gap_s, 0.02 / gap_s);
}

TEST(PlanCapacity, TwoMachinesCarryTwice) {
  SimulationOptions options = Turnstile();
  options.machines = 2;
  EXPECT_NEAR(Plan(Evenly(2000), {.ttft = Duration::Millis(101), .share = 1}, options).requests_per_s, 20, 0.3);
}

TEST(PlanCapacity, NotEvenFarApart) {
  const CapacityPlan plan = Plan(Evenly(10), {.ttft = Duration::Millis(99)}, Turnstile());
  EXPECT_EQ(plan.requests_per_s, 0);
  EXPECT_EQ(plan.kept_share, 0);
}

TEST(PlanCapacity, ATraceThatIsTooShortToTell) {
  EXPECT_FALSE(Plan(Evenly(3), {.ttft = Duration::Seconds(10)}, Turnstile()).bounded);
}

TEST(PlanCapacity, WhatIsKept) {
  const ServiceLevel level{.ttft = Duration::Millis(10), .tpot = Duration::Millis(5), .total = Duration::Millis(50)};
  SimulatedRequest good{.ttft = Duration::Millis(10), .tpot = Duration::Millis(5), .total = Duration::Millis(50)};
  EXPECT_TRUE(Kept(good, level));
  const auto but = [&](auto change) {
    SimulatedRequest request = good;
    change(request);
    return Kept(request, level);
  };
  EXPECT_FALSE(but([](auto& r) { r.ttft = Duration::Millis(11); }));
  EXPECT_FALSE(but([](auto& r) { r.tpot = Duration::Millis(6); }));
  EXPECT_FALSE(but([](auto& r) { r.total = Duration::Millis(51); }));
  EXPECT_FALSE(but([](auto& r) { r.refused = AdmissionRefusal::kQueueFull; }));
  EXPECT_FALSE(but([](auto& r) { r.cut = EndCause::kDeadline; }));
  EXPECT_FALSE(but([](auto& r) { r.ttft.reset(); }));
  EXPECT_TRUE(but([](auto& r) { r.tpot.reset(); })) << "of one token";
}

TEST(PlanCapacity, RefusesWhatCannotBe) {
  EXPECT_EQ(PlanCapacity(Evenly(1), {}, Turnstile()).error().where(), "trace");
  EXPECT_EQ(PlanCapacity(std::vector<TraceRequest>(5), {}, Turnstile()).error().where(), "trace");
  EXPECT_EQ(PlanCapacity(Evenly(5), {.share = 0}, Turnstile()).error().where(), "share");
}

}  // namespace
}  // namespace tradewind
