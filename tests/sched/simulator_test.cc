// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Of simulator.cc and simulated_machine.cc: cases whose times are sums, and what admission promises.
#include "sched/simulator.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"

namespace tradewind {
namespace {

constexpr StepCoefficients kMachine{.pass_ms = 10, .prefill_token_ms = 0.5, .decode_ms = 1};

SimulationOptions SmallMachine() {
  SimulationOptions options;
  options.scheduler = {
      .page_positions = 16, .pages = 400, .running = 16, .step_tokens = 100, .context = 2000, .prefill_tokens_while_decoding = 50};
  options.scheduler.cost = kMachine;
  options.cost = kMachine;
  return options;
}

Simulated Play(const std::vector<TraceRequest>& trace, const SimulationOptions& options) {
  Result<Simulated> simulated = Simulate(trace, options);
  EXPECT_TRUE(simulated) << simulated.error().ToString();
  return std::move(*simulated);
}

// Poisson arrivals of random lengths.
std::vector<TraceRequest> DrawTrace(uint64_t seed, int count, double per_s, std::optional<Duration> ttft) {
  Random random(seed);
  std::vector<TraceRequest> trace;
  double at_s = 0;
  for (int i = 0; i < count; ++i) {
    at_s += -std::log(1 - random.Uniform()) / per_s;
    TraceRequest request;
    request.at = Duration::Seconds(at_s);
    request.prompt = 20 + static_cast<int64_t>(random.Below(300));
    request.output = 1 + static_cast<int64_t>(random.Below(80));
    request.max_output = 100;
    request.tenant = std::to_string(random.Below(4));
    request.ttft = ttft;
    trace.push_back(request);
  }
  return trace;
}

TEST(Simulator, OneRequestAlone) {
  // Passes of 100, 100 and 50 tokens, the last one with the first token; then four of one sequence.
  const Simulated s = Play({{.at = Duration::Seconds(3), .prompt = 250, .output = 5}}, SmallMachine());
  EXPECT_NEAR(s.requests[0].ttft->ms(), 3 * 10 + 250 * 0.5, 1e-3);
  EXPECT_NEAR(s.requests[0].tpot->ms(), 11, 1e-3);
  EXPECT_NEAR(s.requests[0].total->ms(), 155 + 44, 1e-3);
  EXPECT_EQ(s.requests[0].drawn, 5);
  EXPECT_EQ(s.passes, 7);
  EXPECT_NEAR(s.time.ms(), 3000 + 199, 1e-3);
}

TEST(Simulator, AnAnswerThatMayBeLongerEndsByItself) {
  const Simulated s = Play({{.prompt = 10, .output = 3, .max_output = 50}}, SmallMachine());
  EXPECT_EQ(s.requests[0].drawn, 3);
  EXPECT_EQ(s.passes, 4) << "the fourth draws what ends it";
}

TEST(Simulator, TheSecondHasTheFirstsPrefix) {
  std::vector<TraceRequest> trace(2, {.prompt = 90, .output = 1, .prefix = 5, .prefix_tokens = 80});
  trace[1].at = Duration::Seconds(1);
  const Simulated s = Play(trace, SmallMachine());
  EXPECT_EQ(s.prefix_tokens, 80);
  EXPECT_NEAR(s.requests[1].ttft->ms(), 10 + 10 * 0.5, 1e-3);
  trace[1].tenant = "other";
  EXPECT_EQ(Play(trace, SmallMachine()).prefix_tokens, 0);
}

TEST(Simulator, TwoMachinesShareTheWork) {
  std::vector<TraceRequest> trace(2, {.prompt = 100, .output = 1});
  SimulationOptions options = SmallMachine();
  Simulated s = Play(trace, options);
  EXPECT_NEAR(s.requests[1].ttft->ms(), 2 * 60, 1e-3);
  options.machines = 2;
  s = Play(trace, options);
  EXPECT_NEAR(s.requests[1].ttft->ms(), 60, 1e-3);
  EXPECT_NE(s.requests[0].machine, s.requests[1].machine);
}

TEST(Simulator, ADeadlineCutsAndIsSaid) {
  const Simulated s = Play({{.prompt = 10, .output = 50, .total = Duration::Millis(100)}}, SmallMachine());
  EXPECT_EQ(s.requests[0].cut, EndCause::kDeadline);
  EXPECT_EQ(s.requests[0].drawn, 1 + 8) << "15 ms for the first, and 11 for each other: the pass at 92 ms ends at 103";
}

TEST(Simulator, ASeedGivesTheSameTimes) {
  const auto trace = DrawTrace(1, 100, 5, std::nullopt);
  SimulationOptions options = SmallMachine();
  options.noise = 0.2;
  const auto times = [&] {
    std::vector<int64_t> all;
    for (const SimulatedRequest& request : Play(trace, options).requests) all.push_back(request.total->ns);
    return all;
  };
  const auto first = times();
  EXPECT_EQ(first, times());
  options.seed = 2;
  EXPECT_NE(first, times());
}

TEST(Simulator, RefusesWhatCannotBe) {
  EXPECT_EQ(Simulate(std::vector<TraceRequest>{{.prompt = 3000}}, SmallMachine()).error().where(), "request 0");
  EXPECT_EQ(Simulate(std::vector<TraceRequest>{{.prompt = 0}}, SmallMachine()).error().where(), "request 0");
  SimulationOptions options = SmallMachine();
  options.machines = 0;
  EXPECT_EQ(Simulate({}, options).error().where(), "machines");
  options = SmallMachine();
  options.rate = 0;
  EXPECT_EQ(Simulate({}, options).error().where(), "rate");
}

// Four times what the machine carries, with passes that vary: who is taken has the first token in time, nearly always; who is not hears
// when to come again; and the machine is kept busy.
TEST(Simulator, UnderOverloadPromisesAreKept) {
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    const Duration ttft = Duration::Seconds(2);
    SimulationOptions options = SmallMachine();
    options.noise = 0.3;
    options.seed = seed;
    const auto trace = DrawTrace(seed, 2000, 40, ttft);
    const Simulated free = Play(trace, options);
    options.admission.emplace();
    const Simulated s = Play(trace, options);
    int taken = 0, kept = 0;
    for (const SimulatedRequest& request : s.requests) {
      if (request.refused) {
        EXPECT_GT(request.retry_after, Duration{});
        continue;
      }
      ++taken;
      kept += *request.ttft <= ttft ? 1 : 0;
    }
    EXPECT_GT(s.refused, 500) << seed;
    EXPECT_GE(kept, 0.95 * taken) << seed << ": of " << taken;
    const double rate = static_cast<double>(s.tokens_drawn) / s.time.seconds();
    const double most = static_cast<double>(free.tokens_drawn) / free.time.seconds();
    EXPECT_GE(rate, 0.8 * most) << seed << ": it refuses too many";
  }
}

// The last of an overload is refused, and comes again when it was told to, nobody else having come meanwhile. What it was told is a guess:
// half of the time it is soon enough, and nearly always twice of it.
TEST(Simulator, WhoComesWhenToldToIsTaken) {
  int told = 0, taken = 0, taken_later = 0;
  for (uint64_t seed = 1; seed <= 60; ++seed) {
    SimulationOptions options = SmallMachine();
    options.admission.emplace();
    auto trace = DrawTrace(seed, 400, 40, Duration::Seconds(1));
    const Simulated first = Play(trace, options);
    const SimulatedRequest& last = first.requests.back();
    if (!last.refused) continue;
    ++told;
    const auto is_taken_after = [&](Duration wait) {
      auto with_it = trace;
      with_it.push_back(trace.back());
      with_it.back().at = with_it.back().at + wait;
      return !Play(with_it, options).requests.back().refused;
    };
    taken += is_taken_after(last.retry_after) ? 1 : 0;
    taken_later += is_taken_after(last.retry_after + last.retry_after + Duration::Millis(50)) ? 1 : 0;
  }
  EXPECT_GT(told, 20);
  EXPECT_GE(taken, 0.5 * told) << "of " << told;
  EXPECT_GE(taken_later, 0.9 * told) << "of " << told;
}

}  // namespace
}  // namespace tradewind
