// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// OpTimes: where the time of forward passes goes, and what each kind of operation had to read and to compute. A stopwatch with laps: all
// time from Start() to the last lap belongs to some kind, so the kinds add up to the whole. One thread, the pass's.
//
//   OpTimes times(clock);
//   pass.SetOpTimes(&times);
//   pass.Run(...);
//   times.Of(Op::kAttention).time
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/clock.h"

namespace tradewind {

enum class Op : uint8_t {
  kEmbed,      // rows of the embedding, rotary tables
  kNorm,       // before a mixer or feed-forward, and the last one
  kQuantize,   // activations to int8
  kQkv,        // products; of a short convolution its way in
  kRotate,     // bias, head norms, rotation, and keys and values into the cache
  kAttention,  // scores, softmax, values; of a short convolution that
  kMixerOut,   // product
  kRouter,     // product, and choosing and gathering for the experts
  kGateUp,     // products
  kActivate,   // silu or gelu
  kDown,       // product; of experts also adding up what they give
  kResidual,   // what a part gives into the stream, norms after it
  kOutput,     // product: logits
  kSink,       // handing logits over
  kCount
};
std::string_view OpName(Op op);

// What there is to do, however it is done.
struct OpWork {
  double bytes = 0;      // of weights, keys and values, each once a pass
  double int8_ops = 0;   // 2 for each multiply-add of int8
  double float_ops = 0;  // the same in single precision
  OpWork& operator+=(const OpWork& other);
};

class OpTimes {
 public:
  struct Total {
    Duration time;
    OpWork work;
  };
  explicit OpTimes(const Clock& clock) : clock_(clock) {}

  void Start() { last_ = clock_.Now(); }
  // The work of the operation that runs now, or is about to.
  void Add(const OpWork& work) { pending_ += work; }
  // Time and work since the last lap were of this kind.
  void Lap(Op op);
  const Total& Of(Op op) const { return totals_[static_cast<size_t>(op)]; }
  Total All() const;

 private:
  const Clock& clock_;
  TimePoint last_;
  OpWork pending_;
  std::array<Total, static_cast<size_t>(Op::kCount)> totals_{};
};

}  // namespace tradewind
