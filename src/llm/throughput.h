// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Bare times of the engine, without sampling or text: what `tradewind bench` prints beside a peer's.
#pragma once

#include <cstdint>
#include <memory>

#include "base/status.h"
#include "llm/language_model.h"
#include "llm/op_times.h"

namespace tradewind {

// What is timed, with arbitrary tokens: behind `depth` tokens already read, reading `prompt` tokens (logits of the last), then making
// `generated` tokens one at a time, with logits. In each of `sequences` sequences, which generate in one pass.
struct ThroughputTest {
  int64_t prompt = 0;
  int64_t generated = 0;
  int64_t depth = 0;
  int64_t sequences = 1;

  // Positions that a sequence takes.
  int64_t positions() const { return depth + prompt + generated; }
  // Tokens that are timed.
  int64_t tokens() const { return sequences * (prompt + generated); }
};

// The sequences of a test. What a first run touched, a second one finds in memory: as with a server's later requests, and with the peers'
// benchmarks, only the first waits for the kernel to hand out cleared pages. One thread.
class ThroughputRun {
 public:
  // Each sequence has the context's room, which its positions must fit into; kResourceExhausted if the keys and values of all do not fit
  // into memory. The instance must live longer.
  static Result<ThroughputRun> Prepare(LanguageModelInstance& instance, const ThroughputTest& test);
  ThroughputRun(ThroughputRun&& other) noexcept;
  ~ThroughputRun();

  // Runs the test from its beginning. `times`, if there is one, is told where the time goes.
  Result<Duration> Time(OpTimes* times = nullptr);

 private:
  struct Engine;
  explicit ThroughputRun(std::unique_ptr<Engine> engine);
  std::unique_ptr<Engine> engine_;
};

}  // namespace tradewind
