// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Integer convolutions on AVX2: a lane is an output channel; products of 16 bits are added in pairs (vpmaddwd), exactly. Internal linkage;
// include only from *_avx2.cc.
#pragma once

#include <immintrin.h>

#include "kernels/convolution.h"

namespace tradewind {
namespace {

struct I32x16 {
  __m256i lo, hi;
};

static inline __m256i LoadI(const void* p) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}
static inline I32x16 LoadI32(const int32_t* p) {
  return {LoadI(p), LoadI(p + 8)};
}

// Eight products' upper halves, rounded: (a * b + 2^30) >> 31 of each, by even and odd lanes.
static inline __m256i HighProducts(__m256i a, __m256i b) {
  const __m256i nudge = _mm256_set1_epi64x(int64_t{1} << 30);
  const __m256i even = _mm256_srli_epi64(_mm256_add_epi64(_mm256_mul_epi32(a, b), nudge), 31);
  const __m256i odd_products = _mm256_mul_epi32(_mm256_srli_epi64(a, 32), _mm256_srli_epi64(b, 32));
  const __m256i odd = _mm256_slli_epi64(_mm256_srli_epi64(_mm256_add_epi64(odd_products, nudge), 31), 32);
  return _mm256_blend_epi32(even, odd, 0xAA);
}

// Requantize of eight sums, with the zero point added, bounded, and taken off again.
static inline __m256i Requantized8(__m256i sums, const int32_t* multipliers, const int32_t* shifts, const Requantization& r) {
  const __m256i zero = _mm256_setzero_si256();
  const __m256i shift = LoadI(shifts);
  const __m256i left = _mm256_max_epi32(shift, zero);
  const __m256i right = _mm256_max_epi32(_mm256_sub_epi32(zero, shift), zero);
  const __m256i high = HighProducts(_mm256_sllv_epi32(sums, left), LoadI(multipliers));
  const __m256i one = _mm256_set1_epi32(1);
  const __m256i mask = _mm256_sub_epi32(_mm256_sllv_epi32(one, right), one);
  const __m256i threshold = _mm256_sub_epi32(_mm256_srli_epi32(mask, 1), _mm256_cmpgt_epi32(zero, high));
  const __m256i up = _mm256_cmpgt_epi32(_mm256_and_si256(high, mask), threshold);  // -1 where it rounds up
  const __m256i value = _mm256_sub_epi32(_mm256_srav_epi32(high, right), up);
  const __m256i zero_point = _mm256_set1_epi32(r.zero_point);
  const __m256i bounded =
      _mm256_min_epi32(_mm256_max_epi32(_mm256_add_epi32(value, zero_point), _mm256_set1_epi32(r.low)), _mm256_set1_epi32(r.high));
  return _mm256_sub_epi32(bounded, zero_point);
}

// The first n of sixteen sums, as the next layer's numbers, to `out`.
static inline void StoreRequantized(I32x16 sums, const Requantization& r, int64_t channel, int16_t* out, int64_t n) {
  const __m256i lo = Requantized8(sums.lo, r.multipliers + channel, r.shifts + channel, r);
  const __m256i hi = Requantized8(sums.hi, r.multipliers + channel + 8, r.shifts + channel + 8, r);
  const __m256i words = _mm256_permute4x64_epi64(_mm256_packs_epi32(lo, hi), 0xD8);
  if (n >= 16) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), words);
  } else {
    alignas(32) int16_t all[16];
    _mm256_store_si256(reinterpret_cast<__m256i*>(all), words);
    for (int64_t i = 0; i < n; ++i) out[i] = all[i];
  }
}

// Two neighbouring channels of a pixel, in every lane.
static inline __m256i Pair(const int16_t* x) {
  int32_t both;
  __builtin_memcpy(&both, x, sizeof(both));
  return _mm256_set1_epi32(both);
}

template <int kPixels>
static inline void ConvolveIntegerTile(const IntegerConvolution& task, const IntegerPixel* pixels, int64_t group) {
  const int16_t* w = task.weights + group * task.tap_count * task.channels * kChannelGroup;
  I32x16 acc[kPixels];
  const I32x16 bias = LoadI32(task.bias + group * kChannelGroup);
  for (int p = 0; p < kPixels; ++p) acc[p] = bias;
  for (int64_t t = 0; t < task.tap_count; ++t) {
    const int16_t* x[kPixels];
    for (int p = 0; p < kPixels; ++p) x[p] = pixels[p].input + task.taps[t];
    for (int64_t c = 0; c < task.channels; c += 2) {
      const __m256i lo = LoadI(w);
      const __m256i hi = LoadI(w + 16);
      w += 2 * kChannelGroup;
#pragma GCC unroll 8
      for (int p = 0; p < kPixels; ++p) {
        const __m256i pair = Pair(x[p] + c);
        acc[p].lo = _mm256_add_epi32(acc[p].lo, _mm256_madd_epi16(lo, pair));
        acc[p].hi = _mm256_add_epi32(acc[p].hi, _mm256_madd_epi16(hi, pair));
      }
    }
  }
  const int64_t first = group * kChannelGroup;
  for (int p = 0; p < kPixels; ++p) StoreRequantized(acc[p], task.requantization, first, pixels[p].out + first, task.out_channels - first);
}

// Pixels at once: 2 x 5 sums, 2 weights, 1 pair and 2 products of the 16 registers.
constexpr int kIntegerTilePixels = 5;

template <int kMost>
static inline void ConvolveIntegerTileOf(int64_t count, const IntegerConvolution& task, const IntegerPixel* pixels, int64_t group) {
  if constexpr (kMost > 1) {
    if (count < kMost) return ConvolveIntegerTileOf<kMost - 1>(count, task, pixels, group);
  }
  ConvolveIntegerTile<kMost>(task, pixels, group);
}

static void ConvolveInteger(const IntegerConvolution& task, const IntegerPixel* pixels, int64_t count, int64_t group_begin,
                            int64_t group_end) {
  const int64_t tiles = (count + kIntegerTilePixels - 1) / kIntegerTilePixels;
  for (int64_t group = group_begin; group < group_end; ++group) {
    for (int64_t t = 0; t < tiles; ++t) {
      const int64_t begin = count * t / tiles;
      ConvolveIntegerTileOf<kIntegerTilePixels>(count * (t + 1) / tiles - begin, task, pixels + begin, group);
    }
  }
}

// Sixteen channels of one pixel: two taps at a time make the pairs.
static inline I32x16 DepthwiseSums(const IntegerDepthwise& task, const int16_t* input, int64_t c) {
  // The pairs' order: channels 0-3 and 8-11 in lo, 4-7 and 12-15 in hi, as unpacking leaves them; put right at the end.
  __m256i lo = _mm256_setzero_si256();
  __m256i hi = _mm256_setzero_si256();
  int64_t t = 0;
  for (; t + 2 <= task.tap_count; t += 2) {
    const __m256i x0 = LoadI(input + task.taps[t] + c);
    const __m256i x1 = LoadI(input + task.taps[t + 1] + c);
    const __m256i w0 = LoadI(task.weights + t * task.channels + c);
    const __m256i w1 = LoadI(task.weights + (t + 1) * task.channels + c);
    lo = _mm256_add_epi32(lo, _mm256_madd_epi16(_mm256_unpacklo_epi16(x0, x1), _mm256_unpacklo_epi16(w0, w1)));
    hi = _mm256_add_epi32(hi, _mm256_madd_epi16(_mm256_unpackhi_epi16(x0, x1), _mm256_unpackhi_epi16(w0, w1)));
  }
  if (t < task.tap_count) {
    const __m256i zero = _mm256_setzero_si256();
    const __m256i x = LoadI(input + task.taps[t] + c);
    const __m256i w = LoadI(task.weights + t * task.channels + c);
    lo = _mm256_add_epi32(lo, _mm256_madd_epi16(_mm256_unpacklo_epi16(x, zero), _mm256_unpacklo_epi16(w, zero)));
    hi = _mm256_add_epi32(hi, _mm256_madd_epi16(_mm256_unpackhi_epi16(x, zero), _mm256_unpackhi_epi16(w, zero)));
  }
  const I32x16 bias = LoadI32(task.bias + c);
  return {_mm256_add_epi32(bias.lo, _mm256_permute2x128_si256(lo, hi, 0x20)),
          _mm256_add_epi32(bias.hi, _mm256_permute2x128_si256(lo, hi, 0x31))};
}

static void DepthwiseInteger(const IntegerDepthwise& task, const IntegerPixel* pixels, int64_t count) {
  for (int64_t p = 0; p < count; ++p) {
    int64_t c = 0;
    for (; c + 16 <= task.channels; c += 16) {
      StoreRequantized(DepthwiseSums(task, pixels[p].input, c), task.requantization, c, pixels[p].out + c, 16);
    }
    for (; c < task.channels; ++c) {
      int32_t sum = task.bias[c];
      for (int64_t t = 0; t < task.tap_count; ++t) sum += task.weights[t * task.channels + c] * pixels[p].input[task.taps[t] + c];
      const Requantization& r = task.requantization;
      const int32_t value = Requantize(sum, r.multipliers[c], r.shifts[c]) + r.zero_point;
      const int32_t bounded = value < r.low ? r.low : value > r.high ? r.high : value;
      pixels[p].out[c] = static_cast<int16_t>(bounded - r.zero_point);
    }
  }
}

}  // namespace
}  // namespace tradewind
