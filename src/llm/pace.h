// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Pace: how long prompt tokens and decode steps take, learnt as they run, so that under a deadline a prefill chunk stays below 50 ms, or
// below a sixteenth of the time left where that is more (docs/decisions/006), and no step is begun that would outlast the deadline. Plain
// arithmetic over durations; the caller tells the time.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/clock.h"

namespace tradewind {

class Pace {
 public:
  static constexpr Duration kChunkLimit = Duration::Millis(50);

  // What one prompt token is expected to take among others, before any was seen.
  void Expect(Duration prompt_token) {
    prefill_token_ = prompt_token;
    last_chunk_ = kChunkLimit.ns / std::max<int64_t>(1, prompt_token.ns) + 1;
  }
  void ObserveChunk(int64_t tokens, Duration took) {
    prefill_token_ = {took.ns / std::max<int64_t>(1, tokens)};
    last_chunk_ = tokens;
  }
  void ObserveStep(Duration took) { step_ = took; }

  // What a chunk may take with so much time left until the deadline.
  static Duration ChunkLimit(Duration left) { return std::max(kChunkLimit, Duration{left.ns / 16}); }
  // Tokens that the next chunk may take. One token costs more alone than among others, so the first chunk is a single one and later ones
  // grow at most fourfold: the estimate errs on the safe side.
  int64_t ChunkTokens(int64_t most, Duration left) const {
    if (last_chunk_ == 0) return 1;
    const int64_t fitting = (ChunkLimit(left).ns * 9 / 10) / std::max<int64_t>(1, prefill_token_.ns);
    return std::clamp<int64_t>(std::min(fitting, 4 * last_chunk_), 1, most);
  }
  // What a chunk or a step is expected to take; 0 before the first.
  Duration ChunkTime(int64_t tokens) const { return {prefill_token_.ns * tokens}; }
  Duration StepTime() const { return step_; }

 private:
  Duration prefill_token_;
  Duration step_;
  int64_t last_chunk_ = 0;
};

}  // namespace tradewind
