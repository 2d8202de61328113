// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A gated short convolution as a block's mixer. Its state is what the next position needs of the last ones (llm/convolution_state.h).
#include "kernels/plain_rows.h"
#include "llm/forward_scratch.h"

namespace tradewind {

void ForwardPass::ShortConvolution(const Chunk& chunk, size_t block) {
  Scratch& s = *scratch_;
  const BlockWeights& w = model_.blocks()[block];
  const int64_t taps = model_.spec().blocks[block].convolution.taps;
  const int64_t width = model_.spec().width;
  const float* input = NormBefore(chunk, block, w.attention_norm);
  const Product in[] = {{&w.convolution_in, s.convolution_in.get()}};
  s.products.Run(input, chunk.rows, width, in, chunk.pool);
  // b, c and x of a row lie side by side; b * x of the positions before the chunk come first.
  const int64_t stride = w.convolution_in.padded_rows();
  float* gated = s.gated.get();
  float* own = gated + (taps - 1) * width;
  ConvolutionState& state = chunk.cache.convolution();
  state.Read(block, chunk.start, gated);
  chunk.ForRows([&](int64_t row) {
    const float* bcx = s.convolution_in.get() + row * stride;
    MultiplyRows(bcx, bcx + 2 * width, width, own + row * width);
  });
  chunk.ForRows([&](int64_t row) {
    float* out = s.attended.get() + row * width;
    ConvolveRows(gated + row * width, w.convolution_taps.data(), taps, width, out);
    MultiplyRows(s.convolution_in.get() + row * stride + width, out, width, out);
  });
  state.Write(block, chunk.start, chunk.rows, gated);
  const Product out[] = {{&w.convolution_out, s.update.get()}};
  s.products.Run(s.attended.get(), chunk.rows, width, out, chunk.pool);
  AddResidual(chunk, block, w.attention_post_norm, w.attention_post_bias);
}

}  // namespace tradewind
