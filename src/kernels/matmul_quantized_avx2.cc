// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Products with quantised weights on AVX2. A lane is an output row: 8 of a group's 16 rows in a register, four k side by side in a lane,
// four activations broadcast. vpmaddubsw takes the weights as its unsigned operand; how many of its sums fit in int16 is each format's
// kSpan. Offsets (8, 16, 32) are a correction by the activations' sums, exact in integers.
//
// Tile: 2 registers of weight rows x 3 rows of activations, with 6 float sums, 6 integer sums, 2 weights and 2 temporaries in 16
// registers. Few activation rows read the packed weights directly; more of them have a panel of 512 columns unpacked once to bytes and
// single scales (8 KiB + 4 KiB: it stays in a 32 KiB L1 beside the rows' 1.5 KiB) and sweep over it.
#include "kernels/bytes_avx2.h"
// The registers come first.
#include "kernels/packed_formats_inl.h"
#include "kernels/simd_ops.h"
#include "kernels/unpacked_panel_avx2.h"

namespace tradewind {
namespace {

constexpr int kTileRows = 3;
constexpr int64_t kPanelBlocks = 16;
constexpr int64_t kDirectRows = 6;  // up to two tiles: unpacking twice in registers is cheaper than through memory

// The activations of one tile from the panel's first block on; row t lies at t times a stride.
struct Activations {
  const int8_t* values;
  const float* scales;
  const float* scaled_sums;
  const int32_t* sums;
  int64_t cols;
};

static inline Activations At(const QuantizedRows& x, int64_t cols, int64_t row, int64_t block) {
  const int64_t at = row * (cols / kBlock) + block;
  return {x.values + at * kBlock, x.scales + at, x.scaled_sums + at, x.sums + 2 * at, cols};
}

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

// sum[t][h] = the products of groups kFirst..kFirst+kCount-1 (4 columns each) of the block, for unsigned weights.
template <typename Source, int kRows, int kFirst, int kCount>
static inline void DotUnsigned(const Source& w, const int8_t* a, int64_t cols, __m256i (&sum)[kRows][2]) {
  const __m256i ones = _mm256_set1_epi16(1);
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
#pragma GCC unroll 8
    for (int t = 0; t < kRows; ++t) {
      for (int h = 0; h < 2; ++h) {
        const __m256i wide = _mm256_madd_epi16(part[t][h], ones);
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

// What the offset of the weights adds: offset * (sum of the activations), per block (Q6_K: per half block).
template <typename Source>
static inline void Corrections(const int32_t* sums, int64_t parts, int32_t* out) {
  for (int64_t i = 0; i < parts; ++i) {
    out[i] = Source::kOffset * (Source::kParts == 2 ? sums[i] : sums[2 * i] + sums[2 * i + 1]);
  }
}

// One part of a block (the block, or of Q6_K a half) into the float sums.
template <typename Source, int kRows, int kPart>
static inline void AddPart(const Source& w, const Activations& a, const int32_t* corrections, int64_t stride, __m256 (&acc)[kRows][2]) {
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
      const __m256i correction = _mm256_set1_epi32(corrections[t * stride]);
      sum[t][0] = _mm256_sub_epi32(sum[t][0], correction);
      sum[t][1] = _mm256_sub_epi32(sum[t][1], correction);
    }
    const __m256 scale = _mm256_set1_ps(a.scales[t * (a.cols / kBlock)]);
    acc[t][0] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(sum[t][0]), _mm256_mul_ps(s0, scale), acc[t][0]);
    acc[t][1] = _mm256_fmadd_ps(_mm256_cvtepi32_ps(sum[t][1]), _mm256_mul_ps(s1, scale), acc[t][1]);
  }
}

// kRows activation rows over the blocks of one panel; `out` holds the sums so far unless this is the first panel.
template <typename Source, int kRows>
static inline void Sweep(Source w, Activations a, int64_t blocks, bool first, float* out, int64_t out_stride) {
  constexpr int64_t kStride = kPanelBlocks * Source::kParts;
  int32_t corrections[kRows * kStride];
  const int64_t row_blocks = a.cols / kBlock;
  if constexpr (Source::kOffset != 0) {
    for (int t = 0; t < kRows; ++t) Corrections<Source>(a.sums + t * 2 * row_blocks, blocks * Source::kParts, corrections + t * kStride);
  }
  __m256 acc[kRows][2];
#pragma GCC unroll 8
  for (int t = 0; t < kRows; ++t) {
    acc[t][0] = first ? _mm256_setzero_ps() : _mm256_loadu_ps(out + t * out_stride);
    acc[t][1] = first ? _mm256_setzero_ps() : _mm256_loadu_ps(out + t * out_stride + 8);
  }
  for (int64_t b = 0; b < blocks; ++b) {
    w.Begin();
    AddPart<Source, kRows, 0>(w, a, corrections + b * Source::kParts, kStride, acc);
    if constexpr (Source::kParts == 2) AddPart<Source, kRows, 1>(w, a, corrections + b * 2 + 1, kStride, acc);
    if constexpr (Source::kHasMin) {
#pragma GCC unroll 8
      for (int t = 0; t < kRows; ++t) {
        const __m256 scaled_sum = _mm256_set1_ps(a.scaled_sums[t * row_blocks]);
        acc[t][0] = _mm256_fmadd_ps(w.Min(0), scaled_sum, acc[t][0]);
        acc[t][1] = _mm256_fmadd_ps(w.Min(1), scaled_sum, acc[t][1]);
      }
    }
    w.Next();
    a.values += kBlock;
    ++a.scales;
    ++a.scaled_sums;
  }
#pragma GCC unroll 8
  for (int t = 0; t < kRows; ++t) {
    _mm256_storeu_ps(out + t * out_stride, acc[t][0]);
    _mm256_storeu_ps(out + t * out_stride + 8, acc[t][1]);
  }
}

// All activation rows over one panel.
template <typename Source>
static void SweepRows(const Source& w, const QuantizedRows& x, int64_t cols, int64_t rows, int64_t block, int64_t blocks, float* out,
                      int64_t out_stride) {
  int64_t m = 0;
  for (; m + kTileRows <= rows; m += kTileRows) {
    Sweep<Source, kTileRows>(w, At(x, cols, m, block), blocks, block == 0, out + m * out_stride, out_stride);
  }
  const Activations rest = At(x, cols, m, block);
  if (rows - m == 2) Sweep<Source, 2>(w, rest, blocks, block == 0, out + m * out_stride, out_stride);
  if (rows - m == 1) Sweep<Source, 1>(w, rest, blocks, block == 0, out + m * out_stride, out_stride);
}

template <typename Format>
static void MultiplyGroup(const PackedMatrix& w, int64_t group, const QuantizedRows& x, int64_t rows, float* out, int64_t out_stride) {
  const int64_t blocks = w.cols() / kBlock;
  const auto* quants = reinterpret_cast<const uint8_t*>(w.quants(group));
  const auto* scales = reinterpret_cast<const uint8_t*>(w.scales(group));
  for (int64_t block = 0; block < blocks; block += kPanelBlocks) {
    const int64_t count = blocks - block < kPanelBlocks ? blocks - block : kPanelBlocks;
    const Format direct(quants, scales, block);
    if constexpr (!Format::kSigned) {
      if (rows > kDirectRows) {
        alignas(64) uint8_t bytes[kPanelBlocks * Unpacked<Format>::kBlockBytes];
        alignas(64) float singles[kPanelBlocks * Unpacked<Format>::kBlockScales];
        SweepRows(Unpacked<Format>(direct, count, bytes, singles), x, w.cols(), rows, block, count, out, out_stride);
        continue;
      }
    }
    SweepRows(direct, x, w.cols(), rows, block, count, out, out_stride);
  }
}

static void MatmulQuantized(const PackedMatrix& w, const QuantizedRows& x, int64_t rows, int64_t group_begin, int64_t group_end, float* out,
                            int64_t out_stride) {
  for (int64_t group = group_begin; group < group_end; ++group) {
    float* to = out + group * kRowGroup;
    switch (w.type()) {
      case TensorType::kQ4_0: MultiplyGroup<PackedQ4_0>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ4_1: MultiplyGroup<PackedQ4_1>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ5_0: MultiplyGroup<PackedQ5_0>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ8_0: MultiplyGroup<PackedQ8_0>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ4_K: MultiplyGroup<PackedQ4_K>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ6_K: MultiplyGroup<PackedQ6_K>(w, group, x, rows, to, out_stride); break;
      default: break;
    }
  }
}

}  // namespace

void FillMatmulQuantizedAvx2(KernelTable& table) {
  table.matmul_quantized = MatmulQuantized;
}

}  // namespace tradewind
