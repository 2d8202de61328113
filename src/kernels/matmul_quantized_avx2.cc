// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Products with quantised weights on AVX2; dot_avx2.h has those of one block.
//
// Tile: 2 registers of weight rows x 3 rows of activations, with 6 float sums, 6 integer sums, 2 weights and 2 temporaries in 16
// registers. Few activation rows read the packed weights directly; many have a panel of 512 columns unpacked once to bytes and single
// scales (8 KiB + 4 KiB: it stays in a 32 KiB L1 beside the rows' 1.5 KiB) and sweep over it.
#include "kernels/bytes_avx2.h"
// The registers come first.
#include "kernels/dot_avx2.h"
#include "kernels/packed_formats_inl.h"
#include "kernels/simd_ops.h"
#include "kernels/unpacked_panel_avx2.h"

namespace tradewind {
namespace {

constexpr int kTileRows = 3;
constexpr int64_t kPanelBlocks = 16;
// The first tiles ask for the panel to come: one alone leaves some of it to wait for, as requests are dropped where too many are open.
constexpr int64_t kAskingRows = 4 * kTileRows;

static inline Activations At(const QuantizedRows& x, int64_t cols, int64_t row, int64_t block) {
  const int64_t at = row * (cols / kBlock) + block;
  return {x.values + at * kBlock, x.scales + at, x.scaled_sums + at, x.sums + 2 * at, cols};
}

// kRows activation rows over the blocks of one panel; `out` holds the sums so far unless this is the first panel. `ask`: for what comes
// behind these blocks.
template <typename Source, int kRows>
static inline void Sweep(Source w, Activations a, int64_t blocks, bool first, bool ask, float* out, int64_t out_stride) {
  constexpr int64_t kStride = kPanelBlocks * Source::kParts;
  int32_t prepared[kRows * kStride];
  const int64_t row_blocks = a.cols / kBlock;
  if constexpr (Source::kOffset != 0 || Source::kIntegerScales) {
    for (int t = 0; t < kRows; ++t) PrepareSums<Source>(a.sums + t * 2 * row_blocks, blocks * Source::kParts, prepared + t * kStride);
  }
  __m256 acc[kRows][2];
#pragma GCC unroll 8
  for (int t = 0; t < kRows; ++t) {
    acc[t][0] = first ? _mm256_setzero_ps() : _mm256_loadu_ps(out + t * out_stride);
    acc[t][1] = first ? _mm256_setzero_ps() : _mm256_loadu_ps(out + t * out_stride + 8);
  }
  for (int64_t b = 0; b < blocks; ++b) {
    if (ask) w.Ask();
    const int32_t* sums = prepared + b * Source::kParts;
    AddPart<Source, kRows, 0>(w, a, sums, kStride, acc);
    if constexpr (Source::kParts == 2) AddPart<Source, kRows, 1>(w, a, sums + 1, kStride, acc);
    if constexpr (Source::kHasMin) AddMinima<Source, kRows>(w, a, sums, kStride, acc);
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
    Sweep<Source, kTileRows>(w, At(x, cols, m, block), blocks, block == 0, m < kAskingRows, out + m * out_stride, out_stride);
  }
  const Activations rest = At(x, cols, m, block);
  if (rows - m == 2) Sweep<Source, 2>(w, rest, blocks, block == 0, m < kAskingRows, out + m * out_stride, out_stride);
  if (rows - m == 1) Sweep<Source, 1>(w, rest, blocks, block == 0, m < kAskingRows, out + m * out_stride, out_stride);
}

template <typename Format, bool kUnpack>
static void MultiplyGroup(const PackedMatrix& w, int64_t group, const QuantizedRows& x, int64_t rows, float* out, int64_t out_stride) {
  const int64_t blocks = w.cols() / kBlock;
  for (int64_t block = 0; block < blocks; block += kPanelBlocks) {
    const int64_t count = blocks - block < kPanelBlocks ? blocks - block : kPanelBlocks;
    const Format direct(w.group(group), blocks, block);
    if constexpr (kUnpack && !Format::kPlain) {
      alignas(64) uint8_t bytes[kPanelBlocks * Unpacked<Format>::kBlockBytes];
      alignas(64) float singles[kPanelBlocks * Unpacked<Format>::kBlockScales];
      SweepRows(Unpacked<Format>(direct, count, bytes, singles), x, w.cols(), rows, block, count, out, out_stride);
    } else {
      SweepRows(direct, x, w.cols(), rows, block, count, out, out_stride);
    }
  }
}

template <bool kUnpack>
static void MatmulQuantized(const PackedMatrix& w, const QuantizedRows& x, int64_t rows, int64_t group_begin, int64_t group_end, float* out,
                            int64_t out_stride) {
  for (int64_t group = group_begin; group < group_end; ++group) {
    float* to = out + group * kRowGroup;
    switch (w.type()) {
      case TensorType::kQ4_0: MultiplyGroup<PackedQ4_0, kUnpack>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ4_1: MultiplyGroup<PackedQ4_1, kUnpack>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ5_0: MultiplyGroup<PackedQ5_0, kUnpack>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ5_1: MultiplyGroup<PackedQ5_1, kUnpack>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ8_0: MultiplyGroup<PackedQ8_0, kUnpack>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ2_K: MultiplyGroup<PackedQ2_K, kUnpack>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ3_K: MultiplyGroup<PackedQ3_K, kUnpack>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ4_K: MultiplyGroup<PackedQ4_K, kUnpack>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ5_K: MultiplyGroup<PackedQ5_K, kUnpack>(w, group, x, rows, to, out_stride); break;
      case TensorType::kQ6_K: MultiplyGroup<PackedQ6_K, kUnpack>(w, group, x, rows, to, out_stride); break;
      case TensorType::kIQ4_NL: MultiplyGroup<PackedIQ4_NL, kUnpack>(w, group, x, rows, to, out_stride); break;
      case TensorType::kIQ4_XS: MultiplyGroup<PackedIQ4_XS, kUnpack>(w, group, x, rows, to, out_stride); break;
      case TensorType::kMXFP4: MultiplyGroup<PackedMXFP4, kUnpack>(w, group, x, rows, to, out_stride); break;
      default: break;
    }
  }
}

}  // namespace

void FillMatmulQuantizedAvx2(KernelTable& table) {
  table.matmul_quantized = MatmulQuantized<false>;
  table.matmul_quantized_many = MatmulQuantized<true>;
  // Two tiles: unpacking twice in registers is cheaper than through memory.
  table.many_rows = 2 * kTileRows + 1;
}

}  // namespace tradewind
