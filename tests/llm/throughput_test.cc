// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/throughput.h"

#include <gtest/gtest.h>

#include "llm/llm_test_util.h"

namespace tradewind {
namespace {

// A clock that moves only when it is read: a time then counts readings, not speed.
class CountingClock final : public Clock {
 public:
  TimePoint Now() const override { return {++now_}; }

 private:
  mutable int64_t now_ = 0;
};

std::unique_ptr<LanguageModelInstance> Open(const Clock& clock) {
  Setting load;
  load.Set("context", int64_t{64});
  load.Set("ubatch", int64_t{7});
  auto instance = LanguageModelInstance::Open(SourcePath("tests/llm/golden/tiny-qwen3.gguf"), load, {}, clock);
  EXPECT_TRUE(instance) << instance.error().ToString();
  return std::move(*instance);
}

Result<Duration> TimeOnce(LanguageModelInstance& instance, const ThroughputTest& test, OpTimes* times = nullptr) {
  TW_ASSIGN(ThroughputRun run, ThroughputRun::Prepare(instance, test));
  return run.Time(times);
}

TEST(Throughput, OneStretchIsTimed) {
  const CountingClock clock;
  const auto instance = Open(clock);
  EXPECT_EQ(TimeOnce(*instance, {.prompt = 64})->ns, 1);
  EXPECT_EQ(TimeOnce(*instance, {.generated = 20, .depth = 44})->ns, 1);
  EXPECT_EQ(TimeOnce(*instance, {.prompt = 30, .generated = 20, .depth = 14})->ns, 1);
  EXPECT_EQ(TimeOnce(*instance, {.generated = 20, .depth = 44, .sequences = 9})->ns, 1) << "more sequences than a chunk has rows";
}

// The work of tiny-qwen3 in closed form: every matrix's multiply-adds, and keys and values seen by each query.
TEST(Throughput, WorkIsCountedByKind) {
  const auto instance = Open(RealClock());
  const ModelSpec& spec = instance->model().spec();
  const AttentionSpec& a = spec.blocks[0].attention;
  constexpr double kTokens = 20;  // chunks of 7, 7 and 6
  OpTimes times(instance->clock());
  ASSERT_TRUE(TimeOnce(*instance, {.prompt = 20}, &times));
  double multiply_adds = 0;
  double bytes = 0;
  for (const BlockWeights& b : instance->model().blocks()) {
    for (const PackedMatrix* w : {&b.query, &b.key, &b.value, &b.attention_out, &b.gate, &b.up, &b.down}) {
      multiply_adds += kTokens * static_cast<double>(w->rows() * w->cols());
      bytes += 3 * static_cast<double>(w->size_bytes());
    }
  }
  const PackedMatrix& output = instance->model().output();
  const double logits = static_cast<double>(output.rows() * output.cols());
  const auto blocks = static_cast<double>(spec.blocks.size());
  const double seen = kTokens * (kTokens + 1) / 2 * static_cast<double>(a.heads * a.head_dim);
  const OpTimes::Total all = times.All();
  EXPECT_EQ(all.work.int8_ops + all.work.float_ops, 2 * (multiply_adds + logits) + 4 * blocks * seen);
  EXPECT_EQ(times.Of(Op::kAttention).work.float_ops, 4 * blocks * seen);
  EXPECT_EQ(times.Of(Op::kOutput).work.bytes, static_cast<double>(output.size_bytes()));
  const double kv = blocks * static_cast<double>((7 + 14 + 20) * a.kv_heads * 2 * KvRowBytes(KvType::kF16, a.head_dim));
  EXPECT_EQ(times.Of(Op::kAttention).work.bytes, kv);
  EXPECT_EQ(all.work.bytes, bytes + static_cast<double>(output.size_bytes()) + kv);
}

// What lies before the timed stretch is not in its work: at a depth only the timed tokens' products count, and all positions before them
// are seen.
TEST(Throughput, DepthIsNotTimed) {
  const auto instance = Open(RealClock());
  const AttentionSpec& a = instance->model().spec().blocks[0].attention;
  const auto blocks = static_cast<double>(instance->model().spec().blocks.size());
  OpTimes times(instance->clock());
  ASSERT_TRUE(TimeOnce(*instance, {.prompt = 7, .generated = 2, .depth = 14, .sequences = 2}, &times));
  double seen = 0;
  for (int position = 14; position < 14 + 7 + 2; ++position) seen += position + 1;
  EXPECT_EQ(times.Of(Op::kAttention).work.float_ops, 2 * 4 * blocks * seen * static_cast<double>(a.heads * a.head_dim));
  // Logits: of each prompt's last token, and of each token made.
  const PackedMatrix& output = instance->model().output();
  const OpWork& logits = times.Of(Op::kOutput).work;
  EXPECT_EQ(logits.int8_ops + logits.float_ops, 2.0 * static_cast<double>(output.rows() * output.cols()) * 2 * (1 + 2));
}

TEST(Throughput, KindsAddUpToTheWholeTime) {
  const CountingClock clock;
  const auto instance = Open(clock);
  OpTimes times(clock);
  const Duration whole = TimeOnce(*instance, {.generated = 3, .depth = 5, .sequences = 2}, &times).value();
  // Between the laps the clock is read by nobody: what is missing is the reading at each pass's start and around the stretch.
  EXPECT_EQ(whole.ns - times.All().time.ns, 3 + 1);
}

// A second run does the same work again, from the first position on.
TEST(Throughput, RunsAgain) {
  const CountingClock clock;
  const auto instance = Open(clock);
  const ThroughputTest test = {.prompt = 7, .generated = 2, .depth = 14, .sequences = 2};
  OpTimes once(clock), again(clock);
  ThroughputRun run = ThroughputRun::Prepare(*instance, test).value();
  const Duration first = run.Time(&once).value();
  EXPECT_EQ(run.Time(&again).value(), first);
  EXPECT_EQ(again.All().work.int8_ops, once.All().work.int8_ops);
  EXPECT_EQ(again.All().work.float_ops, once.All().work.float_ops);
  EXPECT_EQ(run.Time().value().ns, 1) << "times of nobody's";
}

TEST(Throughput, WhatDoesNotFitIsRefused) {
  const auto instance = Open(RealClock());
  EXPECT_EQ(TimeOnce(*instance, {.prompt = 65}).error().code(), StatusCode::kInvalidInput);
  EXPECT_EQ(TimeOnce(*instance, {.prompt = 10, .generated = 11, .depth = 44}).error().where(), "-c");
}

}  // namespace
}  // namespace tradewind
