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
  s.products.Run(input, chunk.rows, width, in, chunk.pool, s.adapted);
  Lap(Op::kQkv);
  // b, c and x of a row lie side by side. Of each part, b * x of the taps-1 positions before it come first, then of its own.
  const int64_t stride = w.convolution_in.padded_rows();
  const auto gated_before = [&](int64_t row) {
    return s.gated.get() + (row + static_cast<int64_t>(chunk.places[static_cast<size_t>(row)].part) * (taps - 1)) * width;
  };
  chunk.ForRows([&](int64_t row) {
    const RowPlace& place = chunk.places[static_cast<size_t>(row)];
    float* gated = gated_before(row);
    if (place.token == 0) chunk.parts[place.part].cache->convolution().Read(block, place.position, gated);
    const float* bcx = s.convolution_in.get() + row * stride;
    MultiplyRows(bcx, bcx + 2 * width, width, gated + (taps - 1) * width);
  });
  chunk.ForRows([&](int64_t row) {
    float* out = s.attended.get() + row * width;
    ConvolveRows(gated_before(row), w.convolution_taps.data(), taps, width, out);
    MultiplyRows(s.convolution_in.get() + row * stride + width, out, width, out);
  });
  int64_t row = 0;
  for (const SequencePart& part : chunk.parts) {
    const auto count = static_cast<int64_t>(part.tokens.size());
    part.cache->convolution().Write(block, part.start, count, gated_before(row));
    row += count;
  }
  Lap(Op::kAttention);
  const Product out[] = {{&w.convolution_out, s.update.get()}};
  s.products.Run(s.attended.get(), chunk.rows, width, out, chunk.pool, s.adapted);
  Lap(Op::kMixerOut);
  AddResidual(chunk, block, w.attention_post_norm, w.attention_post_bias);
}

}  // namespace tradewind
