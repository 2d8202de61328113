// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Integer convolutions: a lane is an output channel; products of 16 bits are added in pairs, exactly. Include after a pair_sums_*.h, and
// from files of that instruction set only; what is rarer than the products is of AVX2 everywhere.
#pragma once

#include <immintrin.h>

#include "kernels/convolution.h"

namespace tradewind {
namespace {

static inline __m256i LoadI(const void* p) {
  return _mm256_loadu_si256(static_cast<const __m256i*>(p));
}

// Requantize (convolution.h) of eight channels, as vectors that many pixels share.
struct Requantizer8 {
  __m256i multipliers, odd_multipliers, left, right, mask, half;
};
static inline Requantizer8 MakeRequantizer8(__m256i multipliers, __m256i shift) {
  const __m256i zero = _mm256_setzero_si256(), one = _mm256_set1_epi32(1);
  Requantizer8 q;
  q.multipliers = multipliers;
  q.odd_multipliers = _mm256_srli_epi64(q.multipliers, 32);
  q.left = _mm256_max_epi32(shift, zero);
  q.right = _mm256_max_epi32(_mm256_sub_epi32(zero, shift), zero);
  q.mask = _mm256_sub_epi32(_mm256_sllv_epi32(one, q.right), one);
  q.half = _mm256_srli_epi32(q.mask, 1);
  return q;
}

// Of sixteen channels, with the bounds of all.
struct Requantizer {
  Requantizer8 lo, hi;
  __m256i zero_point, low, high;
};
static inline Requantizer LoadRequantizer(const Requantization& r, int64_t channel) {
  return {MakeRequantizer8(LoadI(r.multipliers + channel), LoadI(r.shifts + channel)),
          MakeRequantizer8(LoadI(r.multipliers + channel + 8), LoadI(r.shifts + channel + 8)), _mm256_set1_epi32(r.zero_point),
          _mm256_set1_epi32(r.low), _mm256_set1_epi32(r.high)};
}

// The products' upper halves, (a * b + 2^30) >> 31, go by even and odd lanes.
static inline __m256i Rounded8(__m256i sums, const Requantizer8& q) {
  const __m256i nudge = _mm256_set1_epi64x(int64_t{1} << 30);
  const __m256i a = _mm256_sllv_epi32(sums, q.left);
  const __m256i even = _mm256_srli_epi64(_mm256_add_epi64(_mm256_mul_epi32(a, q.multipliers), nudge), 31);
  const __m256i odd_products = _mm256_mul_epi32(_mm256_srli_epi64(a, 32), q.odd_multipliers);
  const __m256i odd = _mm256_slli_epi64(_mm256_srli_epi64(_mm256_add_epi64(odd_products, nudge), 31), 32);
  const __m256i high = _mm256_blend_epi32(even, odd, 0xAA);
  const __m256i threshold = _mm256_sub_epi32(q.half, _mm256_cmpgt_epi32(_mm256_setzero_si256(), high));
  const __m256i up = _mm256_cmpgt_epi32(_mm256_and_si256(high, q.mask), threshold);  // -1 where it rounds up
  return _mm256_sub_epi32(_mm256_srav_epi32(high, q.right), up);
}

// Eight sums, with the zero point added, bounded, and taken off again.
static inline __m256i Requantized8(__m256i sums, const Requantizer8& q, const Requantizer& of) {
  const __m256i value = _mm256_add_epi32(Rounded8(sums, q), of.zero_point);
  return _mm256_sub_epi32(_mm256_min_epi32(_mm256_max_epi32(value, of.low), of.high), of.zero_point);
}

// The first n of sixteen sums, as the next layer's numbers, to `out`.
static inline void StoreRequantized(__m256i low_sums, __m256i high_sums, const Requantizer& q, int16_t* out, int64_t n) {
  const __m256i lo = Requantized8(low_sums, q.lo, q);
  const __m256i hi = Requantized8(high_sums, q.hi, q);
  const __m256i words = _mm256_permute4x64_epi64(_mm256_packs_epi32(lo, hi), 0xD8);
  if (n >= 16) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), words);
  } else {
    alignas(32) int16_t all[16];
    _mm256_store_si256(reinterpret_cast<__m256i*>(all), words);
    for (int64_t i = 0; i < n; ++i) out[i] = all[i];
  }
}

// Two neighbouring channels of a pixel.
static inline int32_t Pair(const int16_t* x) {
  int32_t both;
  __builtin_memcpy(&both, x, sizeof(both));
  return both;
}

template <int kPixels>
static inline void ConvolveIntegerTile(const IntegerConvolution& task, const IntegerPixel* pixels, int64_t group) {
  const int16_t* w = task.weights + group * task.tap_count * task.channels * kChannelGroup;
  PairSums acc[kPixels];
  const PairSums bias = LoadSums(task.bias + group * kChannelGroup);
  for (int p = 0; p < kPixels; ++p) acc[p] = bias;
  for (int64_t t = 0; t < task.tap_count; ++t) {
    const int16_t* x[kPixels];
    for (int p = 0; p < kPixels; ++p) x[p] = pixels[p].input + task.taps[t];
    for (int64_t c = 0; c < task.channels; c += 2) {
      const PairSums weights = LoadSums(reinterpret_cast<const int32_t*>(w));
      w += 2 * kChannelGroup;
#pragma GCC unroll 16
      for (int p = 0; p < kPixels; ++p) acc[p] = AddPairs(acc[p], weights, Pair(x[p] + c));
    }
  }
  const int64_t first = group * kChannelGroup;
  const Requantizer q = LoadRequantizer(task.requantization, first);
  for (int p = 0; p < kPixels; ++p)
    StoreRequantized(LowSums(acc[p]), HighSums(acc[p]), q, pixels[p].out + first, task.out_channels - first);
}

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

// Sixteen channels of one pixel: two taps at a time make the pairs. Of a part of sixteen the rest is read, too, and not used.
static inline void DepthwisePixel(const IntegerDepthwise& task, const IntegerPixel& pixel, int64_t c, const Requantizer& q) {
  // The pairs' order: channels 0-3 and 8-11 in lo, 4-7 and 12-15 in hi, as unpacking leaves them; put right at the end.
  __m256i lo = _mm256_setzero_si256();
  __m256i hi = _mm256_setzero_si256();
  const __m256i zero = _mm256_setzero_si256();
  for (int64_t t = 0; t < task.tap_count; t += 2) {
    const bool both = t + 1 < task.tap_count;
    const __m256i x0 = LoadI(pixel.input + task.taps[t] + c);
    const __m256i x1 = both ? LoadI(pixel.input + task.taps[t + 1] + c) : zero;
    const __m256i w0 = LoadI(task.weights + t * task.channels + c);
    const __m256i w1 = both ? LoadI(task.weights + (t + 1) * task.channels + c) : zero;
    lo = _mm256_add_epi32(lo, _mm256_madd_epi16(_mm256_unpacklo_epi16(x0, x1), _mm256_unpacklo_epi16(w0, w1)));
    hi = _mm256_add_epi32(hi, _mm256_madd_epi16(_mm256_unpackhi_epi16(x0, x1), _mm256_unpackhi_epi16(w0, w1)));
  }
  const __m256i low_sums = _mm256_add_epi32(LoadI(task.bias + c), _mm256_permute2x128_si256(lo, hi, 0x20));
  const __m256i high_sums = _mm256_add_epi32(LoadI(task.bias + c + 8), _mm256_permute2x128_si256(lo, hi, 0x31));
  StoreRequantized(low_sums, high_sums, q, pixel.out + c, task.channels - c);
}

static void DepthwiseInteger(const IntegerDepthwise& task, const IntegerPixel* pixels, int64_t count) {
  for (int64_t c = 0; c < task.channels; c += 16) {
    const Requantizer q = LoadRequantizer(task.requantization, c);
    for (int64_t p = 0; p < count; ++p) DepthwisePixel(task, pixels[p], c, q);
  }
}

static inline Requantizer8 RequantizerOf(const IntegerScale& scale) {
  return MakeRequantizer8(_mm256_set1_epi32(scale.multiplier), _mm256_set1_epi32(scale.shift));
}

static void AddIntegers(const IntegerAddition& task, const int16_t* a, const int16_t* b, int16_t* out, int64_t count) {
  const Requantizer8 of_a = RequantizerOf(task.a), of_b = RequantizerOf(task.b), of_out = RequantizerOf(task.out);
  const Requantizer q = {of_out, of_out, _mm256_set1_epi32(task.zero_point), _mm256_set1_epi32(task.low), _mm256_set1_epi32(task.high)};
  const auto sums = [&](__m128i x, __m128i y) {
    const __m256i wide_x = _mm256_slli_epi32(_mm256_cvtepi16_epi32(x), kAdditionBits);
    const __m256i wide_y = _mm256_slli_epi32(_mm256_cvtepi16_epi32(y), kAdditionBits);
    return _mm256_add_epi32(Rounded8(wide_x, of_a), Rounded8(wide_y, of_b));
  };
  for (int64_t i = 0; i < count; i += 16) {
    alignas(32) int16_t last[2][16] = {};
    const int16_t *x = a + i, *y = b + i;
    if (count - i < 16) {
      __builtin_memcpy(last[0], x, static_cast<size_t>(count - i) * sizeof(int16_t));
      __builtin_memcpy(last[1], y, static_cast<size_t>(count - i) * sizeof(int16_t));
      x = last[0];
      y = last[1];
    }
    const __m256i xs = LoadI(x), ys = LoadI(y);
    StoreRequantized(sums(_mm256_castsi256_si128(xs), _mm256_castsi256_si128(ys)),
                     sums(_mm256_extracti128_si256(xs, 1), _mm256_extracti128_si256(ys, 1)), q, out + i, count - i);
  }
}

}  // namespace
}  // namespace tradewind
