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

TEST(Throughput, OneStretchIsTimed) {
  const CountingClock clock;
  const auto instance = Open(clock);
  EXPECT_EQ(TimePrefill(*instance, 64)->ns, 1);
  EXPECT_EQ(TimeDecode(*instance, 20, 44)->ns, 1);
}

TEST(Throughput, WhatDoesNotFitIsRefused) {
  const auto instance = Open(RealClock());
  EXPECT_EQ(TimePrefill(*instance, 65).error().code(), StatusCode::kInvalidInput);
  EXPECT_EQ(TimeDecode(*instance, 21, 44).error().where(), "-c");
}

}  // namespace
}  // namespace tradewind
