// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The feed-forward of a block, and the dense one.
#include "kernels/plain_rows.h"
#include "llm/forward_scratch.h"

namespace tradewind {

void ForwardPass::FeedForward(const Chunk& chunk, size_t block) {
  const BlockWeights& w = model_.blocks()[block];
  const float* input = NormBefore(chunk, block, w.feed_forward_norm);
  if (model_.spec().blocks[block].feed_forward.experts > 0) {
    Experts(chunk, block, input);
  } else {
    Dense(chunk, block, input);
  }
  AddResidual(chunk, block, w.feed_forward_post_norm, w.feed_forward_post_bias);
}

void ForwardPass::Dense(const Chunk& chunk, size_t block, const float* input) {
  Scratch& s = *scratch_;
  const BlockWeights& w = model_.blocks()[block];
  const FeedForwardSpec& f = model_.spec().blocks[block].feed_forward;
  const int64_t width = model_.spec().width;
  const Product inner[] = {{&w.up, s.up.get()}, {&w.gate, s.gate.get()}};
  s.products.Run(input, chunk.rows, width, {inner, f.gated ? size_t{2} : size_t{1}}, chunk.pool, s.adapted);
  Lap(Op::kGateUp);
  if (f.bias) AddBias(chunk, w.up_bias, w.up.rows(), s.up.get());
  chunk.ForRows([&](int64_t row) {
    const float* up = s.up.get() + row * w.up.padded_rows();
    Activate(f, f.gated ? s.gate.get() + row * w.gate.padded_rows() : nullptr, up, s.activated.get() + row * f.width);
  });
  Lap(Op::kActivate);
  const Product down[] = {{&w.down, s.update.get()}};
  s.products.Run(s.activated.get(), chunk.rows, f.width, down, chunk.pool, s.adapted);
  if (f.bias) AddBias(chunk, w.down_bias, width, s.update.get());
  Lap(Op::kDown);
}

void ForwardPass::Activate(const FeedForwardSpec& f, const float* gate, const float* up, float* out) const {
  if (f.activation == Activation::kGeluErf) return GeluErf(up, f.width, out);
  const auto activate = f.activation == Activation::kSilu ? kernels_.silu_mul : kernels_.gelu_mul;
  // Without a gate, times one.
  if (f.gated) {
    activate(gate, up, f.width, out);
  } else {
    activate(up, scratch_->ones.data(), f.width, out);
  }
}

}  // namespace tradewind
