// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/op_times.h"

namespace tradewind {

std::string_view OpName(Op op) {
  switch (op) {
    case Op::kEmbed: return "embedding";
    case Op::kNorm: return "norms";
    case Op::kQuantize: return "activations to int8";
    case Op::kQkv: return "query, key, value";
    case Op::kRotate: return "rotary, cache";
    case Op::kAttention: return "attention";
    case Op::kMixerOut: return "attention output";
    case Op::kRouter: return "router";
    case Op::kGateUp: return "gate and up";
    case Op::kActivate: return "activation";
    case Op::kDown: return "down";
    case Op::kResidual: return "residual";
    case Op::kOutput: return "logits";
    case Op::kSink: return "handing over";
    case Op::kCount: break;
  }
  return "";
}

OpWork& OpWork::operator+=(const OpWork& other) {
  bytes += other.bytes;
  int8_ops += other.int8_ops;
  float_ops += other.float_ops;
  return *this;
}

void OpTimes::Lap(Op op) {
  const TimePoint now = clock_.Now();
  Total& total = totals_[static_cast<size_t>(op)];
  total.time = total.time + (now - last_);
  total.work += pending_;
  pending_ = {};
  last_ = now;
}

OpTimes::Total OpTimes::All() const {
  Total all;
  for (const Total& t : totals_) {
    all.time = all.time + t.time;
    all.work += t.work;
  }
  return all;
}

}  // namespace tradewind
