// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/pace.h"

#include <gtest/gtest.h>

namespace tradewind {
namespace {

TEST(Pace, BeginsWithOneTokenAndGrowsAtMostFourfold) {
  Pace pace;
  EXPECT_EQ(pace.ChunkTokens(256, {}), 1);
  EXPECT_EQ(pace.ChunkTime(1).ns, 0);
  pace.ObserveChunk(1, Duration::Millis(0.01));
  EXPECT_EQ(pace.ChunkTokens(256, {}), 4);
  pace.ObserveChunk(4, Duration::Millis(0.04));
  EXPECT_EQ(pace.ChunkTokens(256, {}), 16);
  EXPECT_EQ(pace.ChunkTokens(3, {}), 3);
}

TEST(Pace, AChunkStaysBelowItsLimitWhateverATokenTakes) {
  for (const double token_ms : {0.001, 0.1, 1.0, 7.0, 49.0}) {
    Pace pace;
    for (int i = 0; i < 20; ++i) {
      const int64_t tokens = pace.ChunkTokens(100'000, {});
      EXPECT_TRUE(tokens == 1 || Duration::Millis(token_ms * static_cast<double>(tokens)) < Pace::kChunkLimit) << token_ms;
      pace.ObserveChunk(tokens, Duration::Millis(token_ms * static_cast<double>(tokens)));
    }
    EXPECT_TRUE(token_ms > 20 || pace.ChunkTime(pace.ChunkTokens(100'000, {})) > Duration::Millis(25)) << "chunks smaller than need be";
  }
}

TEST(Pace, FarFromTheDeadlineChunksAreLong) {
  Pace pace;
  pace.ObserveChunk(1000, Duration::Seconds(1));
  EXPECT_EQ(pace.ChunkTokens(100'000, Duration::Seconds(16)), 900) << "a sixteenth of the time left, less a tenth";
  EXPECT_EQ(pace.ChunkTokens(256, Duration::Seconds(16)), 256);
  EXPECT_EQ(pace.ChunkTokens(100'000, Duration::Seconds(0.1)), 45) << "50 ms, less a tenth";
  EXPECT_EQ(pace.ChunkTokens(100'000, Duration::Seconds(-1)), 45);
}

TEST(Pace, AVerySlowTokenIsAChunkAlone) {
  Pace pace;
  pace.ObserveChunk(1, Duration::Seconds(3));
  EXPECT_EQ(pace.ChunkTokens(256, {}), 1);
  EXPECT_EQ(pace.ChunkTime(2), Duration::Seconds(6));
}

TEST(Pace, WhatIsExpectedCutsTheFirstChunk) {
  Pace pace;
  pace.Expect(Duration::Millis(1));
  EXPECT_GE(pace.ChunkTokens(256, {}), 30);
  EXPECT_LE(pace.ChunkTokens(256, {}), 50);
  EXPECT_EQ(pace.ChunkTime(10), Duration::Millis(10));
  Pace odd;
  odd.Expect({});
  EXPECT_EQ(odd.ChunkTokens(256, {}), 256);
}

TEST(Pace, AStepTakesWhatTheLastOneTook) {
  Pace pace;
  EXPECT_EQ(pace.StepTime().ns, 0);
  pace.ObserveStep(Duration::Millis(9));
  EXPECT_EQ(pace.StepTime(), Duration::Millis(9));
}

}  // namespace
}  // namespace tradewind
