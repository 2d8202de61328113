// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Products with quantised weights on AVX-512 with VNNI. A lane is an output row, all 16 of a group in a register, four k side by side in a
// lane; vpdpbusd takes the weights as its unsigned operand and four activations broadcast from memory. Offsets (4 to 32; 128 for signed
// weights, whose sign bit is flipped) start the sum as -offset * (sum of the activations), exact in integers.
//
// Tile: 8 rows of activations, with 8 float sums, 8 integer sums and a block's 8 weight vectors in 32 registers. Unpacking a block costs
// 16 to 40 instructions against the tile's 64 products, so nothing is written out.
#include "kernels/bytes_avx512.h"
// The registers come first.
#include "kernels/activations_inl.h"
#include "kernels/packed_formats_inl.h"
#include "kernels/simd_ops.h"

namespace tradewind {
namespace {

constexpr int kTileRows = 8;

// Signed weights as unsigned ones with an offset.
template <typename Signed>
struct Unsigned : Signed {
  static constexpr bool kSigned = false;
  static constexpr int kOffset = 128;
  using Signed::Signed;
  inline Bytes Quants(int g, int h) const { return _mm512_xor_si512(Signed::Quants(g, h), _mm512_set1_epi8(static_cast<char>(0x80))); }
};

static inline __m512i Broadcast4(const int8_t* p) {
  int32_t four;
  __builtin_memcpy(&four, p, 4);
  return _mm512_set1_epi32(four);
}

// The products of half a block or a whole one, from group kFirst on, with one row of activations.
template <typename Source, int kFirst, int kGroups>
static inline __m512i Dot(const __m512i (&weights)[8], const int8_t* values, const int32_t* sums) {
  __m512i sum = _mm512_setzero_si512();
  if constexpr (Source::kOffset != 0) {
    const int32_t total = kGroups == 4 ? sums[kFirst / 4] : sums[0] + sums[1];
    sum = _mm512_set1_epi32(-Source::kOffset * total);
  }
#pragma GCC unroll 8
  for (int g = kFirst; g < kFirst + kGroups; ++g) sum = _mm512_dpbusd_epi32(sum, weights[g], Broadcast4(values + 4 * g));
  return sum;
}

// One block into the float sums.
template <typename Source, int kRows>
static inline void AddBlock(const Source& w, const Activations& a, __m512 (&acc)[kRows]) {
  constexpr int kGroups = 8 / Source::kParts;
  const int64_t blocks = a.cols / kBlock;
  __m512i weights[8];
#pragma GCC unroll 8
  for (int g = 0; g < 8; ++g) weights[g] = w.Quants(g, 0);
#pragma GCC unroll 2
  for (int part = 0; part < Source::kParts; ++part) {
    const __m512 s = w.Scale(part, 0);
#pragma GCC unroll 8
    for (int t = 0; t < kRows; ++t) {
      const int32_t* sums = a.sums + t * 2 * blocks;
      const int8_t* values = a.values + t * a.cols;
      __m512i sum;
      if constexpr (Source::kIntegerScales) {  // a half is at most 16 * 7 * 127: 16 bits
        sum = DotPairs(Pair(Dot<Source, 0, 4>(weights, values, sums), Dot<Source, 4, 4>(weights, values, sums)), w.ScalePairs(0));
      } else if (part == 0) {
        sum = Dot<Source, 0, kGroups>(weights, values, sums);
      } else {
        sum = Dot<Source, 8 - kGroups, kGroups>(weights, values, sums);
      }
      const __m512 scale = _mm512_mul_ps(s, _mm512_set1_ps(a.scales[t * blocks]));
      acc[t] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sum), scale, acc[t]);
    }
  }
}

// What the minima of a block add.
template <typename Source, int kRows>
static inline void AddMinima(const Source& w, const Activations& a, __m512 (&acc)[kRows]) {
  const int64_t blocks = a.cols / kBlock;
  const __m512 min = w.Min(0);
#pragma GCC unroll 8
  for (int t = 0; t < kRows; ++t) {
    if constexpr (Source::kIntegerScales) {
      const int32_t* sums = a.sums + t * 2 * blocks;
      const __m512i sum = DotPairs(w.SumPairs(0), Pair(_mm512_set1_epi32(sums[0]), _mm512_set1_epi32(sums[1])));
      acc[t] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sum), _mm512_mul_ps(min, _mm512_set1_ps(a.scales[t * blocks])), acc[t]);
    } else {
      acc[t] = _mm512_fmadd_ps(min, _mm512_set1_ps(a.scaled_sums[t * blocks]), acc[t]);
    }
  }
}

template <typename Source, int kRows>
static inline void Tile(Source w, Activations a, float* out, int64_t out_stride) {
  const int64_t blocks = a.cols / kBlock;
  __m512 acc[kRows];
  for (int t = 0; t < kRows; ++t) acc[t] = _mm512_setzero_ps();
  for (int64_t b = 0; b < blocks; ++b) {
    w.Ask();
    AddBlock<Source, kRows>(w, a, acc);
    if constexpr (Source::kHasMin) AddMinima<Source, kRows>(w, a, acc);
    w.Next();
    a.values += kBlock;
    a.sums += 2;
    ++a.scales;
    ++a.scaled_sums;
  }
  for (int t = 0; t < kRows; ++t) _mm512_storeu_ps(out + t * out_stride, acc[t]);
}

// All rows, kRows at a time, the rest by halves of that.
template <typename Source, int kRows>
static inline void Rows(const Source& w, const QuantizedRows& x, int64_t first, int64_t rows, int64_t cols, float* out,
                        int64_t out_stride) {
  const int64_t blocks = cols / kBlock;
  int64_t m = first;
  for (; m + kRows <= rows; m += kRows) {
    const Activations a = {x.values + m * cols, x.scales + m * blocks, x.scaled_sums + m * blocks, x.sums + m * blocks * 2, cols};
    Tile<Source, kRows>(w, a, out + m * out_stride, out_stride);
  }
  if constexpr (kRows > 1) {
    if (m < rows) Rows<Source, kRows / 2>(w, x, m, rows, cols, out, out_stride);
  }
}

template <typename Source>
static void MultiplyGroup(const PackedMatrix& w, int64_t group, const QuantizedRows& x, int64_t rows, float* out, int64_t out_stride) {
  const Source source(w.group(group), w.cols() / kBlock, 0);
  Rows<Source, kTileRows>(source, x, 0, rows, w.cols(), out, out_stride);
}

static void MatmulQuantized(const PackedMatrix& w, const QuantizedRows& x, int64_t rows, int64_t group_begin, int64_t group_end, float* out,
                            int64_t out_stride) {
  for (int64_t group = group_begin; group < group_end; ++group) {
    float* to = out + group * kRowGroup;
    switch (w.type()) {
      case TensorType::kQ4_0: MultiplyGroup<PackedQ4_0>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ4_1: MultiplyGroup<PackedQ4_1>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ5_0: MultiplyGroup<PackedQ5_0>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ5_1: MultiplyGroup<PackedQ5_1>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ8_0: MultiplyGroup<Unsigned<PackedQ8_0>>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ2_K: MultiplyGroup<PackedQ2_K>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ3_K: MultiplyGroup<PackedQ3_K>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ4_K: MultiplyGroup<PackedQ4_K>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ5_K: MultiplyGroup<PackedQ5_K>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ6_K: MultiplyGroup<PackedQ6_K>(w, group, x, rows, to, out_stride); break;
      case TensorType::kIQ4_NL: MultiplyGroup<Unsigned<PackedIQ4_NL>>(w, group, x, rows, to, out_stride); break;
      case TensorType::kIQ4_XS: MultiplyGroup<Unsigned<PackedIQ4_XS>>(w, group, x, rows, to, out_stride); break;
      case TensorType::kMXFP4: MultiplyGroup<PackedMXFP4>(w, group, x, rows, to, out_stride); break;
      default: break;
    }
  }
}

}  // namespace

void TRADEWIND_AVX512(FillMatmulQuantized)(KernelTable& table) {
  table.matmul_quantized = MatmulQuantized;
  table.matmul_quantized_many = MatmulQuantized;
}

}  // namespace tradewind
