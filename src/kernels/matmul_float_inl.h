// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Products with F32, F16 and BF16 weights over F32x16: a lane is an output row, so each output is one chain of fused multiply-adds in the
// order of k. Include after a vec16_*.h, and from files of that instruction set only.
#pragma once

#include "kernels/kernel_table.h"

namespace tradewind {
namespace {

struct WeightsF32 {
  using Stored = float;
  static inline F32x16 At(const float* p) { return Load(p); }
};
struct WeightsF16 {
  using Stored = uint16_t;
  static inline F32x16 At(const uint16_t* p) { return LoadHalf(p); }
};
struct WeightsBf16 {
  using Stored = uint16_t;
  static inline F32x16 At(const uint16_t* p) { return LoadBf16(p); }
};

// kRows rows of activations against one group of 16 weight rows.
template <typename Weights, int kRows>
static inline void FloatTile(const typename Weights::Stored* w, const float* x, int64_t cols, float* out, int64_t out_stride) {
  F32x16 acc[kRows];
  for (int t = 0; t < kRows; ++t) acc[t] = Zero();
  for (int64_t k = 0; k < cols; ++k) {
    _mm_prefetch(reinterpret_cast<const char*>(w + 16 * (k + 32)), _MM_HINT_T0);
    const F32x16 weights = Weights::At(w + 16 * k);
#pragma GCC unroll 16
    for (int t = 0; t < kRows; ++t) acc[t] = Fma(weights, Set1(x[t * cols + k]), acc[t]);
  }
  for (int t = 0; t < kRows; ++t) Store(out + t * out_stride, acc[t]);
}

// FloatTile of `rows`, from 1 to kMost.
template <typename Weights, int kMost>
static inline void FloatTileOf(int64_t rows, const typename Weights::Stored* w, const float* x, int64_t cols, float* out,
                               int64_t out_stride) {
  if constexpr (kMost > 1) {
    if (rows < kMost) return FloatTileOf<Weights, kMost - 1>(rows, w, x, cols, out, out_stride);
  }
  FloatTile<Weights, kMost>(w, x, cols, out, out_stride);
}

// As few tiles as will do, as equal as can be: each reads the weights, and a small one has too few sums under way to keep the multipliers
// busy (8 rows of BF16 on AVX2 as 4 and 4, not as 6, 1 and 1).
template <typename Weights>
static inline void FloatRows(const typename Weights::Stored* w, const float* x, int64_t rows, int64_t cols, float* out,
                             int64_t out_stride) {
  const int64_t tiles = (rows + kFloatTileRows - 1) / kFloatTileRows;
  for (int64_t t = 0; t < tiles; ++t) {
    const int64_t begin = rows * t / tiles;
    const int64_t end = rows * (t + 1) / tiles;
    FloatTileOf<Weights, kFloatTileRows>(end - begin, w, x + begin * cols, cols, out + begin * out_stride, out_stride);
  }
}

template <typename Weights>
static void FloatGroup(const PackedMatrix& w, int64_t group, const float* x, int64_t rows, float* out, int64_t out_stride) {
  const auto* weights = reinterpret_cast<const typename Weights::Stored*>(w.group(group));
  FloatRows<Weights>(weights, x, rows, w.cols(), out, out_stride);
}

static void MatmulFloat(const PackedMatrix& w, const float* x, int64_t rows, int64_t group_begin, int64_t group_end, float* out,
                        int64_t out_stride) {
  for (int64_t group = group_begin; group < group_end; ++group) {
    float* to = out + group * kRowGroup;
    switch (w.type()) {
      case TensorType::kF16: FloatGroup<WeightsF16>(w, group, x, rows, to, out_stride); break;
      case TensorType::kBF16: FloatGroup<WeightsBf16>(w, group, x, rows, to, out_stride); break;
      default: FloatGroup<WeightsF32>(w, group, x, rows, to, out_stride); break;
    }
  }
}

static inline void FillMatmulFloat(KernelTable& table) {
  table.matmul_float = MatmulFloat;
}

}  // namespace
}  // namespace tradewind
