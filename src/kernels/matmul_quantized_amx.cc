// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Products with quantised weights on AMX, for 16 rows of activations and more; what is left over goes the AVX-512 way. The bits are the
// contract's: a tile product is one block of 32 columns (or its halves) for 16 rows by 16 outputs, exact in integers, and the block's sums
// are scaled and added in single precision by AVX-512 instructions, block after block.
//
// A block's product takes the tile unit 8 cycles. Scaling its 256 sums takes three instructions for each 16 of them, 24 cycles at two a
// cycle, so this is bound by vector instructions, at a third of the tile unit's peak with half-empty tiles. The next block's tiles are
// under way meanwhile: hence two sets of them.
//
// Weights are written out once for all rows: a panel of 16 blocks, some 10 to 14 KB, stays in the first-level cache beside the activations
// of a tile (8 KB).
#include "kernels/bytes_avx512.h"
// The registers come first.
#include "kernels/activations_inl.h"
#include "kernels/amx_tiles.h"
#include "kernels/packed_formats_inl.h"
#include "kernels/simd_ops.h"

namespace tradewind {
namespace {

constexpr int kTileRows = 16;
constexpr int64_t kPanelBlocks = 16;

// A block of a group's weights written out: signed bytes, their offset taken off, and scales.
struct alignas(64) PanelBlock {
  int8_t quants[8][64];  // [k / 4][row 16][k % 4]: a tile
  float scale[2][16];    // of each part
  float min[16];
  int32_t scale_pairs[16];  // where kIntegerScales
  int32_t sum_pairs[16];
};

// The sums of a block's products, or of its halves': [half][row of activations][output].
struct alignas(64) Sums {
  int32_t at[2][kTileRows][16];
};

static inline void StoreBytes(void* to, Bytes bytes) {
  _mm512_storeu_ps(static_cast<float*>(to), _mm512_castsi512_ps(bytes));
}

template <typename Source>
static inline void WriteOut(const Source& w, PanelBlock& out) {
#pragma GCC unroll 8
  for (int g = 0; g < 8; ++g) {
    Bytes bytes = w.Quants(g, 0);
    if constexpr (Source::kOffset != 0) bytes = _mm512_sub_epi8(bytes, _mm512_set1_epi8(Source::kOffset));
    StoreBytes(out.quants[g], bytes);
  }
  for (int part = 0; part < Source::kParts; ++part) _mm512_storeu_ps(out.scale[part], w.Scale(part, 0));
  if constexpr (Source::kHasMin) _mm512_storeu_ps(out.min, w.Min(0));
  if constexpr (Source::kIntegerScales) StoreBytes(out.scale_pairs, w.ScalePairs(0));
  if constexpr (Source::kIntegerScales && Source::kHasMin) StoreBytes(out.sum_pairs, w.SumPairs(0));
}

// Whether the halves of a block are summed apart.
template <typename Source>
constexpr bool kHalves = Source::kParts == 2 || Source::kIntegerScales;

// Sums lie in tiles 0 to 3, activations in 4 and 5, weights in 6 and 7. Of whole blocks each turn has one of each; of halves a turn has two
// tiles of sums, and the halves one each of the others.
template <bool kInHalves>
static constexpr TileConfig Shapes() {
  TileConfig config;
  for (int t = 0; t < 4; ++t) {
    config.rows[t] = kTileRows;
    config.row_bytes[t] = 64;
  }
  for (int t = 4; t < 6; ++t) {
    config.rows[t] = kTileRows;
    config.row_bytes[t] = kInHalves ? 16 : 32;
  }
  for (int t = 6; t < 8; ++t) {
    config.rows[t] = kInHalves ? 4 : 8;
    config.row_bytes[t] = 64;
  }
  return config;
}

template <int kSumsTile, int kATile, int kBTile>
static inline void Multiply(const int8_t* a, int64_t cols, const void* b, void* sums) {
  ZeroTile<kSumsTile>();
  LoadTile<kATile>(a, cols);
  LoadTile<kBTile>(b, 64);
  DotTiles<kSumsTile, kATile, kBTile>();
  StoreTile<kSumsTile>(sums, 64);
}

template <bool kInHalves, int kTurn>
static inline void MultiplyBlock(const PanelBlock& w, const Activations& a, int64_t block, Sums& sums) {
  const int8_t* values = a.values + block * kBlock;
  if constexpr (kInHalves) {
    Multiply<2 * kTurn, 4, 6>(values, a.cols, w.quants[0], sums.at[0]);
    Multiply<2 * kTurn + 1, 5, 7>(values + 16, a.cols, w.quants[4], sums.at[1]);
  } else {
    Multiply<kTurn, 4 + kTurn, 6 + kTurn>(values, a.cols, w.quants[0], sums.at[0]);
  }
}

// A block's sums into the float sums.
template <typename Source>
static inline void AddBlock(const PanelBlock& w, const Activations& a, int64_t block, const Sums& sums, __m512 (&acc)[kTileRows]) {
  const int64_t blocks = a.cols / kBlock;
#pragma GCC unroll 2
  for (int part = 0; part < Source::kParts; ++part) {
    const __m512 s = _mm512_loadu_ps(w.scale[part]);
#pragma GCC unroll 16
    for (int m = 0; m < kTileRows; ++m) {
      __m512i sum = _mm512_loadu_si512(sums.at[part][m]);
      if constexpr (Source::kIntegerScales) {
        sum = DotPairs(Pair(sum, _mm512_loadu_si512(sums.at[1][m])), _mm512_loadu_si512(w.scale_pairs));
      }
      const __m512 scale = _mm512_mul_ps(s, _mm512_set1_ps(a.scales[m * blocks + block]));
      acc[m] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sum), scale, acc[m]);
    }
  }
}

// What the minima of a block add.
template <typename Source>
static inline void AddMinima(const PanelBlock& w, const Activations& a, int64_t block, __m512 (&acc)[kTileRows]) {
  const int64_t blocks = a.cols / kBlock;
  const __m512 min = _mm512_loadu_ps(w.min);
#pragma GCC unroll 16
  for (int m = 0; m < kTileRows; ++m) {
    if constexpr (Source::kIntegerScales) {
      const int32_t* sums = a.sums + 2 * (m * blocks + block);
      const __m512i sum = DotPairs(_mm512_loadu_si512(w.sum_pairs), Pair(_mm512_set1_epi32(sums[0]), _mm512_set1_epi32(sums[1])));
      acc[m] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sum), _mm512_mul_ps(min, _mm512_set1_ps(a.scales[m * blocks + block])), acc[m]);
    } else {
      acc[m] = _mm512_fmadd_ps(min, _mm512_set1_ps(a.scaled_sums[m * blocks + block]), acc[m]);
    }
  }
}

// 16 rows by a panel; the first panel starts the sums, the others go on from what is in `out`.
template <typename Source>
static inline void Tile(const PanelBlock* panel, int64_t panel_blocks, const Activations& a, bool first, float* out, int64_t out_stride) {
  __m512 acc[kTileRows];
#pragma GCC unroll 16
  for (int m = 0; m < kTileRows; ++m) acc[m] = first ? _mm512_setzero_ps() : _mm512_loadu_ps(out + m * out_stride);
  Sums sums[2];
  MultiplyBlock<kHalves<Source>, 0>(panel[0], a, 0, sums[0]);
  for (int64_t b = 0; b < panel_blocks; ++b) {
    if (b + 1 < panel_blocks) {
      if (b % 2 == 0) {
        MultiplyBlock<kHalves<Source>, 1>(panel[b + 1], a, b + 1, sums[1]);
      } else {
        MultiplyBlock<kHalves<Source>, 0>(panel[b + 1], a, b + 1, sums[0]);
      }
    }
    AddBlock<Source>(panel[b], a, b, sums[b % 2], acc);
    if constexpr (Source::kHasMin) AddMinima<Source>(panel[b], a, b, acc);
  }
#pragma GCC unroll 16
  for (int m = 0; m < kTileRows; ++m) _mm512_storeu_ps(out + m * out_stride, acc[m]);
}

// Rows [0, rows), a multiple of 16.
template <typename Source>
static void MultiplyGroups(const PackedMatrix& w, const QuantizedRows& x, int64_t rows, int64_t group_begin, int64_t group_end, float* out,
                           int64_t out_stride) {
  static constexpr TileConfig kShapes = Shapes<kHalves<Source>>();
  LoadTileConfig(kShapes);
  const int64_t blocks = w.cols() / kBlock;
  PanelBlock panel[kPanelBlocks];
  for (int64_t group = group_begin; group < group_end; ++group) {
    Source source(w.group(group), blocks, 0);
    for (int64_t first = 0; first < blocks; first += kPanelBlocks) {
      const int64_t count = blocks - first < kPanelBlocks ? blocks - first : kPanelBlocks;
      for (int64_t b = 0; b < count; ++b) {
        source.Ask();
        WriteOut(source, panel[b]);
        source.Next();
      }
      for (int64_t m = 0; m < rows; m += kTileRows) {
        const int64_t block = m * blocks + first;
        const Activations a = {x.values + block * kBlock, x.scales + block, x.scaled_sums + block, x.sums + 2 * block, w.cols()};
        Tile<Source>(panel, count, a, first == 0, out + m * out_stride + group * kRowGroup, out_stride);
      }
    }
  }
  ReleaseTiles();
}

static void MultiplyTiles(const PackedMatrix& w, const QuantizedRows& x, int64_t rows, int64_t group_begin, int64_t group_end, float* out,
                          int64_t out_stride) {
  const auto run = [&](auto multiply) { multiply(w, x, rows, group_begin, group_end, out, out_stride); };
  switch (w.type()) {
    case TensorType::kQ4_0: return run(MultiplyGroups<PackedQ4_0>);
    case TensorType::kQ4_1: return run(MultiplyGroups<PackedQ4_1>);
    case TensorType::kQ5_0: return run(MultiplyGroups<PackedQ5_0>);
    case TensorType::kQ5_1: return run(MultiplyGroups<PackedQ5_1>);
    case TensorType::kQ8_0: return run(MultiplyGroups<PackedQ8_0>);
    case TensorType::kQ2_K: return run(MultiplyGroups<PackedQ2_K>);
    case TensorType::kQ3_K: return run(MultiplyGroups<PackedQ3_K>);
    case TensorType::kQ4_K: return run(MultiplyGroups<PackedQ4_K>);
    case TensorType::kQ5_K: return run(MultiplyGroups<PackedQ5_K>);
    case TensorType::kQ6_K: return run(MultiplyGroups<PackedQ6_K>);
    case TensorType::kIQ4_NL: return run(MultiplyGroups<PackedIQ4_NL>);
    case TensorType::kIQ4_XS: return run(MultiplyGroups<PackedIQ4_XS>);
    case TensorType::kMXFP4: return run(MultiplyGroups<PackedMXFP4>);
    default: return;
  }
}

static void MatmulQuantized(const PackedMatrix& w, const QuantizedRows& x, int64_t rows, int64_t group_begin, int64_t group_end, float* out,
                            int64_t out_stride) {
  const int64_t in_tiles = rows / kTileRows * kTileRows;
  if (in_tiles > 0 && group_begin < group_end) MultiplyTiles(w, x, in_tiles, group_begin, group_end, out, out_stride);
  if (in_tiles == rows) return;
  const int64_t blocks = in_tiles * (w.cols() / kBlock);
  const QuantizedRows rest = {x.values + blocks * kBlock, x.scales + blocks, x.scaled_sums + blocks, x.sums + 2 * blocks};
  TRADEWIND_AVX512(KernelTable)().matmul_quantized(w, rest, rows - in_tiles, group_begin, group_end, out + in_tiles * out_stride,
                                                   out_stride);
}

}  // namespace

void TRADEWIND_AMX(FillMatmulQuantized)(KernelTable& table) {
  table.matmul_quantized_many = MatmulQuantized;
  table.many_rows = kTileRows;
}

}  // namespace tradewind
