// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Float convolutions over F32x16: a lane is an output channel, so each output is one chain of fused multiply-adds. Include after a
// vec16_*.h, and from files of that instruction set only.
#pragma once

#include "kernels/convolution.h"

namespace tradewind {
namespace {

// Lanes below `low` become `low`, above `high` become `high`; the bound is the first operand, so that a NaN stays.
static inline F32x16 Bound(F32x16 v, float low, float high) {
  return Min(Set1(high), Max(Set1(low), v));
}

// kPixels pixels against one group of output channels.
template <int kPixels>
static inline void ConvolveTile(const FloatConvolution& task, const FloatPixel* pixels, int64_t group) {
  const float* w = task.weights + group * task.tap_count * task.channels * kChannelGroup;
  F32x16 acc[kPixels];
  const F32x16 bias = Load(task.bias + group * kChannelGroup);
  for (int p = 0; p < kPixels; ++p) acc[p] = bias;
  for (int64_t t = 0; t < task.tap_count; ++t) {
    const float* x[kPixels];
    for (int p = 0; p < kPixels; ++p) x[p] = pixels[p].input + task.taps[t];
    for (int64_t c = 0; c < task.channels; ++c) {
      const F32x16 weights = Load(w);
      w += kChannelGroup;
#pragma GCC unroll 16
      for (int p = 0; p < kPixels; ++p) acc[p] = Fma(weights, Set1(x[p][c]), acc[p]);
    }
  }
  const int64_t first = group * kChannelGroup;
  const int64_t left = task.out_channels - first;
  for (int p = 0; p < kPixels; ++p) {
    if (left >= kChannelGroup) {
      if (pixels[p].residual != nullptr) acc[p] = Add(acc[p], Load(pixels[p].residual + first));
      Store(pixels[p].out + first, Bound(acc[p], task.low, task.high));
    } else {
      if (pixels[p].residual != nullptr) acc[p] = Add(acc[p], LoadPartial(pixels[p].residual + first, left));
      StorePartial(pixels[p].out + first, Bound(acc[p], task.low, task.high), left);
    }
  }
}

template <int kMost>
static inline void ConvolveTileOf(int64_t count, const FloatConvolution& task, const FloatPixel* pixels, int64_t group) {
  if constexpr (kMost > 1) {
    if (count < kMost) return ConvolveTileOf<kMost - 1>(count, task, pixels, group);
  }
  ConvolveTile<kMost>(task, pixels, group);
}

// As few tiles as will do, as equal as can be: a small one has too few sums under way to keep the multipliers busy.
static void ConvolveFloat(const FloatConvolution& task, const FloatPixel* pixels, int64_t count, int64_t group_begin, int64_t group_end) {
  const int64_t tiles = (count + kFloatTileRows - 1) / kFloatTileRows;
  for (int64_t group = group_begin; group < group_end; ++group) {
    for (int64_t t = 0; t < tiles; ++t) {
      const int64_t begin = count * t / tiles;
      ConvolveTileOf<kFloatTileRows>(count * (t + 1) / tiles - begin, task, pixels + begin, group);
    }
  }
}

// kPixels pixels at once share what is loaded of the weights; enough chains for the latency of a multiply-add.
template <int kPixels>
static inline void DepthwiseTile(const FloatDepthwise& task, const FloatPixel* pixels) {
  for (int64_t c = 0; c < task.channels; c += 16) {
    const int64_t left = task.channels - c;
    const bool whole = left >= 16;
    const auto load = [&](const float* p) { return whole ? Load(p) : LoadPartial(p, left); };
    F32x16 acc[kPixels];
    for (int p = 0; p < kPixels; ++p) acc[p] = load(task.bias + c);
    for (int64_t t = 0; t < task.tap_count; ++t) {
      const F32x16 weights = load(task.weights + t * task.channels + c);
      for (int p = 0; p < kPixels; ++p) acc[p] = Fma(weights, load(pixels[p].input + task.taps[t] + c), acc[p]);
    }
    for (int p = 0; p < kPixels; ++p) {
      const F32x16 out = Bound(acc[p], task.low, task.high);
      if (whole) {
        Store(pixels[p].out + c, out);
      } else {
        StorePartial(pixels[p].out + c, out, left);
      }
    }
  }
}

static void DepthwiseFloat(const FloatDepthwise& task, const FloatPixel* pixels, int64_t count) {
  int64_t p = 0;
  for (; p + 4 <= count; p += 4) DepthwiseTile<4>(task, pixels + p);
  for (; p < count; ++p) DepthwiseTile<1>(task, pixels + p);
}

}  // namespace
}  // namespace tradewind
