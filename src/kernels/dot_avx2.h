// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// One block of quantised weights times the activations of a tile, on AVX2. A lane is an output row: 8 of a group's 16 rows in a register,
// four k side by side in a lane, four activations broadcast. vpmaddubsw takes the weights as its unsigned operand; how many of its sums fit
// in int16 is each format's kSpan. Offsets (4 to 32) are a correction by the activations' sums, exact in integers. Include only from
// *_avx2.cc.
#pragma once

#include "kernels/activations_inl.h"
#include "kernels/bytes_avx2.h"
#include "kernels/kernel_table.h"

namespace tradewind {
namespace {

static inline __m256i Broadcast4(const int8_t* p) {
  int32_t four;
  __builtin_memcpy(&four, p, 4);
  return _mm256_set1_epi32(four);
}

// Keeps a running sum in the order and the register in which it stands: g++ would make a tree of it, which needs more registers than there
// are. The sums are exact either way.
static inline __m256i InOrder(__m256i sum) {
  asm("" : "+x"(sum));
  return sum;
}

// The whole number that goes with half `half` of a block, twice in each lane: vpmaddwd multiplies by it what it adds anyway.
template <typename Source>
static inline __m256i HalfScales(const Source& w, int half, int h) {
  if constexpr (!Source::kIntegerScales) {
    return _mm256_set1_epi16(1);
  } else if constexpr (Source::kPlain) {
    return w.Twice(half, h);
  } else {
    return Twice(w.ScalePairs(h), half);
  }
}

// sum[t][h] = the products of groups kFirst..kFirst+kCount-1 (4 columns each) of the block, for unsigned weights.
template <typename Source, int kRows, int kFirst, int kCount>
static inline void DotUnsigned(const Source& w, const int8_t* a, int64_t cols, __m256i (&sum)[kRows][2]) {
#pragma GCC unroll 8
  for (int base = 0; base < kCount; base += Source::kSpan) {
    __m256i part[kRows][2];
#pragma GCC unroll 8
    for (int n = 0; n < Source::kSpan; ++n) {
      const int g = kFirst + base + Source::Order(n);
      const __m256i w0 = w.Quants(g, 0);
      const __m256i w1 = w.Quants(g, 1);
#pragma GCC unroll 8
      for (int t = 0; t < kRows; ++t) {
        const __m256i four = Broadcast4(a + t * cols + 4 * g);
        const __m256i p0 = _mm256_maddubs_epi16(w0, four);
        const __m256i p1 = _mm256_maddubs_epi16(w1, four);
        part[t][0] = InOrder(n == 0 ? p0 : _mm256_add_epi16(part[t][0], p0));
        part[t][1] = InOrder(n == 0 ? p1 : _mm256_add_epi16(part[t][1], p1));
      }
    }
    const __m256i factor[2] = {HalfScales(w, base / 4, 0), HalfScales(w, base / 4, 1)};
#pragma GCC unroll 8
    for (int t = 0; t < kRows; ++t) {
      for (int h = 0; h < 2; ++h) {
        const __m256i wide = _mm256_madd_epi16(part[t][h], factor[h]);
        sum[t][h] = InOrder(base == 0 ? wide : _mm256_add_epi32(sum[t][h], wide));
      }
    }
  }
}

// The same for int8 weights: |w| times the activation with w's sign. |-128| is 128 as an unsigned byte; a pair (2 * 128 * 127) fits.
template <typename Source, int kRows>
static inline void DotSigned(const Source& w, const int8_t* a, int64_t cols, __m256i (&sum)[kRows][2]) {
  const __m256i ones = _mm256_set1_epi16(1);
#pragma GCC unroll 8
  for (int g = 0; g < 8; ++g) {
#pragma GCC unroll 2
    for (int h = 0; h < 2; ++h) {
      const __m256i weights = w.Quants(g, h);
      const __m256i magnitude = _mm256_abs_epi8(weights);
#pragma GCC unroll 8
      for (int t = 0; t < kRows; ++t) {
        const __m256i four = _mm256_sign_epi8(Broadcast4(a + t * cols + 4 * g), weights);
        const __m256i wide = _mm256_madd_epi16(_mm256_maddubs_epi16(magnitude, four), ones);
        sum[t][h] = InOrder(g == 0 ? wide : _mm256_add_epi32(sum[t][h], wide));
      }
    }
  }
}

// The sums of activations in the form in which a block needs them: kOffset times them for each part; where kIntegerScales, those of its two
// halves side by side in 16 bits (4 * 16 * 127 at most).
template <typename Source>
static inline void PrepareSums(const int32_t* sums, int64_t parts, int32_t* out) {
  constexpr int32_t kTimes = Source::kOffset != 0 ? Source::kOffset : 1;
  for (int64_t i = 0; i < parts; ++i) {
    if constexpr (Source::kIntegerScales) {
      out[i] = static_cast<int32_t>((static_cast<uint32_t>(kTimes * sums[2 * i]) & 0xFFFFu) |
                                    static_cast<uint32_t>(kTimes * sums[2 * i + 1]) << 16);
    } else {
      out[i] = kTimes * (Source::kParts == 2 ? sums[i] : sums[2 * i] + sums[2 * i + 1]);
    }
  }
}

// The two halves' sums of activations, each times its whole number.
template <typename Source>
static inline __m256i TimesSums(const Source& w, __m256i sums, int h) {
  if constexpr (Source::kIntegerScales) {
    return DotPairs(w.SumPairs(h), sums);
  } else {
    return sums;
  }
}

// One part of a block (the block, or of Q6_K a half) into the float sums.
template <typename Source, int kRows, int kPart>
static inline void AddPart(const Source& w, const Activations& a, const int32_t* prepared, int64_t stride, __m256 (&acc)[kRows][2]) {
  __m256i sum[kRows][2];
  if constexpr (Source::kSigned) {
    DotSigned<Source, kRows>(w, a.values, a.cols, sum);
  } else {
    DotUnsigned<Source, kRows, kPart * 4, 8 / Source::kParts>(w, a.values, a.cols, sum);
  }
  const __m256 s0 = w.Scale(kPart, 0);
  const __m256 s1 = w.Scale(kPart, 1);
#pragma GCC unroll 8
  for (int t = 0; t < kRows; ++t) {
    if constexpr (Source::kOffset != 0) {
      const __m256i sums = _mm256_set1_epi32(prepared[t * stride]);
      sum[t][0] = _mm256_sub_epi32(sum[t][0], TimesSums(w, sums, 0));
      sum[t][1] = _mm256_sub_epi32(sum[t][1], TimesSums(w, sums, 1));
    }
    const __m256 scale = _mm256_set1_ps(a.scales[t * (a.cols / kBlock)]);
    acc[t][0] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(sum[t][0]), _mm256_mul_ps(s0, scale), acc[t][0]);
    acc[t][1] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(sum[t][1]), _mm256_mul_ps(s1, scale), acc[t][1]);
  }
}

// What the minima of a block add.
template <typename Source, int kRows>
static inline void AddMinima(const Source& w, const Activations& a, const int32_t* prepared, int64_t stride, __m256 (&acc)[kRows][2]) {
  const int64_t row_blocks = a.cols / kBlock;
#pragma GCC unroll 8
  for (int t = 0; t < kRows; ++t) {
#pragma GCC unroll 2
    for (int h = 0; h < 2; ++h) {
      if constexpr (Source::kIntegerScales) {
        const __m256 sum = _mm256_cvtepi32_ps(TimesSums(w, _mm256_set1_epi32(prepared[t * stride]), h));
        acc[t][h] = _mm256_fmadd_ps(sum, _mm256_mul_ps(w.Min(h), _mm256_set1_ps(a.scales[t * row_blocks])), acc[t][h]);
      } else {
        acc[t][h] = _mm256_fmadd_ps(w.Min(h), _mm256_set1_ps(a.scaled_sums[t * row_blocks]), acc[t][h]);
      }
    }
  }
}

}  // namespace
}  // namespace tradewind
