// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Each metric by its definition, on made-up trials.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "measure/metric_tools.h"
#include "measure/trial.h"

namespace tradewind {
namespace {

std::optional<Measurement> Compute(const char* metric, const Trial& trial) {
  return Metrics().Find(metric)->compute(trial);
}

Outcome Timed(int64_t prompt, double prefill_ms, std::optional<double> ttft_ms, std::optional<double> tpot_ms) {
  Outcome o;
  o.prompt_tokens = prompt;
  o.prefill = Duration::Millis(prefill_ms);
  if (ttft_ms) o.ttft = Duration::Millis(*ttft_ms);
  if (tpot_ms) o.tpot = Duration::Millis(*tpot_ms);
  return o;
}

TEST(Metrics, AreDescribedAndHaveNothingToSayOfAnEmptyTrial) {
  EXPECT_GE(Metrics().All().size(), 8u);
  for (const auto& [name, metric] : Metrics().All()) {
    EXPECT_EQ(metric.info.name, name);
    EXPECT_FALSE(metric.info.definition.empty()) << name;
    EXPECT_FALSE(metric.compute({})) << name;
  }
}

// A long window weighs more than a short one: sums are divided, not means averaged.
TEST(Metrics, QualityIsARatioOfSums) {
  Trial trial;
  trial.byte_windows = {{.bytes = 1000, .tokens = 300, .nats = 900}, {.bytes = 100, .tokens = 20, .nats = 20}};
  trial.token_windows = {{.bytes = 1000, .tokens = 300, .nats = 900}, {.bytes = 100, .tokens = 100, .nats = 20}};
  EXPECT_NEAR(Compute("bits_per_byte", trial)->value, 920 / std::numbers::ln2 / 1100, 1e-12);
  EXPECT_NEAR(Compute("perplexity", trial)->value, std::exp(920.0 / 400), 1e-9);
  const auto m = Compute("bits_per_byte", trial);
  EXPECT_LE(m->interval.low, m->value);
  EXPECT_GE(m->interval.high, m->value);
  EXPECT_EQ(m->count, 2);
}

TEST(Metrics, OfEqualWindowsTheIntervalIsAPoint) {
  Trial trial;
  trial.byte_windows.assign(12, {.bytes = 100, .tokens = 30, .nats = 50});
  const auto m = Compute("bits_per_byte", trial);
  EXPECT_NEAR(m->interval.low, m->value, 1e-9);
  EXPECT_NEAR(m->interval.high, m->value, 1e-9);
  trial.byte_windows.resize(1);
  EXPECT_EQ(Compute("bits_per_byte", trial)->interval.confidence, 0) << "one window says nothing of its spread";
  trial.byte_windows[0].bytes = 0;
  EXPECT_FALSE(Compute("bits_per_byte", trial));
}

TEST(Metrics, LatenciesAreMedians) {
  Trial trial;
  trial.timed = {Timed(100, 50, 52, 4), Timed(200, 50, 60, 6), Timed(10, 1, 1000, 5), Timed(10, 1, {}, {})};
  EXPECT_EQ(Compute("ttft_ms", trial)->value, 60);
  EXPECT_EQ(Compute("tpot_ms", trial)->value, 5);
  EXPECT_EQ(Compute("decode_tokens_per_s", trial)->value, 200);
  EXPECT_EQ(Compute("prefill_tokens_per_s", trial)->value, 3000) << "of 2,000 and 4,000; short prompts do not count";
  EXPECT_EQ(Compute("tpot_ms", trial)->count, 3);
}

// Prompts of 10 and of 1,000 tokens, each asked six times: what separates the lengths is no uncertainty of the median.
TEST(Metrics, TheSpreadBetweenPromptLengthsDoesNotWidenAnInterval) {
  Trial trial;
  for (int i = 0; i < 6; ++i) {
    const double noise = 0.01 * i;
    trial.timed.push_back(Timed(10, 10, 20, 4 + noise));
    trial.timed.push_back(Timed(100, 10, 20, 5 + noise));
    trial.timed.push_back(Timed(1000, 10, 20, 6 + noise));
  }
  const auto m = Compute("tpot_ms", trial);
  EXPECT_NEAR(m->value, 5.025, 1e-9);
  EXPECT_GT(m->interval.low, 4.99);
  EXPECT_LT(m->interval.high, 5.06);
}

// Two settings a tenth apart on a machine whose speed changes by half from turn to turn.
TEST(Metrics, OfSettingsTimedInTurnTheMachinesDriftIsDividedOut) {
  Trial quick, slow;
  for (int i = 0; i < 24; ++i) {
    const double machine = 1 + 0.5 * (i * 7 % 12) / 12.0;
    quick.timed.push_back(Timed(10, 10, 20, 10 * machine));
    slow.timed.push_back(Timed(10, 10, 20, 11 * machine));
  }
  const double alone = Compute("tpot_ms", quick)->interval.half_width();
  quick.in_turn = slow.in_turn = {&quick, &slow};
  const auto q = Compute("tpot_ms", quick), s = Compute("tpot_ms", slow);
  EXPECT_LT(q->interval.high, s->interval.low);
  EXPECT_NEAR(s->value / q->value, 1.1, 1e-9);
  EXPECT_GT(alone, 10 * q->interval.half_width());
  EXPECT_GT(q->value, 10.0);
  EXPECT_LT(q->value, 15.0);
  slow.timed.pop_back();  // a turn was not finished
  EXPECT_NEAR(Compute("tpot_ms", quick)->interval.half_width(), alone, 1e-9);
}

TEST(Metrics, LoadAndMemory) {
  Trial trial;
  trial.loads = {Duration::Millis(30), Duration::Millis(10), Duration::Millis(11)};
  trial.peak_resident_bytes = 123456;
  EXPECT_EQ(Compute("load_ms", trial)->value, 11);
  EXPECT_EQ(Compute("peak_memory_bytes", trial)->value, 123456);
}

TEST(Metrics, OnlyRatesAreBetterHigher) {
  for (const auto& [name, metric] : Metrics().All()) {
    EXPECT_EQ(metric.info.direction == Direction::kHigherIsBetter, name.ends_with("_per_s")) << name;
  }
}

}  // namespace
}  // namespace tradewind
