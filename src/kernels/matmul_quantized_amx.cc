// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Products with quantised weights on AMX, for 16 rows of activations and more; what is left over goes the AVX-512 way. The bits are the
// contract's: a tile product is one block of 32 columns (or its halves) for 16 rows by 16 outputs, exact in integers, and the block's sums
// are scaled and added in single precision by AVX-512 instructions, block after block.
//
// A block's product was counted to take the tile unit 8 to 16 cycles, half-empty as its tiles are, and scaling its 256 sums 24: three
// vector instructions for each 16 of them, two a cycle. Measured on a Xeon of 2023 each of the two alone takes some 45 and both together 70
// (docs/decisions/011).
//
// Weights are written out once for all rows: panels of 16 blocks, of 9 to 14 KB, for four groups, which take turns at the activations of a
// tile (8 KB).
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
// Groups whose panels take turns at a tile's activations while these are near: 1.05 times as fast as two (Q4_0, 512 rows).
constexpr int64_t kGroupsAtOnce = 4;
// Blocks whose tiles are under way while an earlier one's sums are scaled.
constexpr int64_t kAhead = 3;

// Whether the halves of a block are summed apart.
template <typename Source>
constexpr bool kHalves = Source::kParts == 2 || Source::kIntegerScales;

// A member that only some types have.
template <bool kThere, typename T>
struct Maybe {
  T at[16];
};
template <typename T>
struct Maybe<false, T> {};

// A block of a group's weights written out: signed bytes, their offset taken off, and scales.
template <typename Source>
struct alignas(64) PanelBlock {
  int8_t quants[8][64];  // [k / 4][row 16][k % 4]: a tile
  float scale[Source::kParts][16];
  [[no_unique_address]] Maybe<Source::kHasMin, float> min;
  [[no_unique_address]] Maybe<Source::kIntegerScales, int32_t> scale_pairs;
  [[no_unique_address]] Maybe<Source::kIntegerScales && Source::kHasMin, int32_t> sum_pairs;
};

// The sums of a block's products, or of its halves': [half][row of activations][output].
template <typename Source>
struct alignas(64) Sums {
  int32_t at[kHalves<Source> ? 2 : 1][kTileRows][16];
};

static inline void StoreBytes(void* to, Bytes bytes) {
  _mm512_storeu_ps(static_cast<float*>(to), _mm512_castsi512_ps(bytes));
}

template <typename Source>
static inline void WriteOut(const Source& w, PanelBlock<Source>& out) {
#pragma GCC unroll 8
  for (int g = 0; g < 8; ++g) {
    Bytes bytes = w.Quants(g, 0);
    if constexpr (Source::kOffset != 0) bytes = _mm512_sub_epi8(bytes, _mm512_set1_epi8(Source::kOffset));
    StoreBytes(out.quants[g], bytes);
  }
  for (int part = 0; part < Source::kParts; ++part) _mm512_storeu_ps(out.scale[part], w.Scale(part, 0));
  if constexpr (Source::kHasMin) _mm512_storeu_ps(out.min.at, w.Min(0));
  if constexpr (Source::kIntegerScales) StoreBytes(out.scale_pairs.at, w.ScalePairs(0));
  if constexpr (Source::kIntegerScales && Source::kHasMin) StoreBytes(out.sum_pairs.at, w.SumPairs(0));
}

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

template <typename Source, int kTurn>
static inline void MultiplyBlock(const PanelBlock<Source>& w, const int8_t* values, int64_t cols, Sums<Source>& sums) {
  if constexpr (kHalves<Source>) {
    Multiply<2 * (kTurn % 2), 4, 6>(values, cols, w.quants[0], sums.at[0]);
    Multiply<2 * (kTurn % 2) + 1, 5, 7>(values + 16, cols, w.quants[4], sums.at[1]);
  } else {
    Multiply<kTurn, 4 + kTurn % 2, 6 + kTurn % 2>(values, cols, w.quants[0], sums.at[0]);
  }
}

// Blocks take the tiles in turn, so that none waits for the one before.
template <typename Source>
static inline void MultiplyBlock(const PanelBlock<Source>* panel, const Activations& a, int64_t block, Sums<Source>* ring) {
  const PanelBlock<Source>& w = panel[block];
  const int8_t* values = a.values + block * kBlock;
  Sums<Source>& sums = ring[block % (kAhead + 1)];
  switch (block % 4) {
    case 0: return MultiplyBlock<Source, 0>(w, values, a.cols, sums);
    case 1: return MultiplyBlock<Source, 1>(w, values, a.cols, sums);
    case 2: return MultiplyBlock<Source, 2>(w, values, a.cols, sums);
    default: return MultiplyBlock<Source, 3>(w, values, a.cols, sums);
  }
}

// A block's sums into the float sums.
template <typename Source>
static inline void AddBlock(const PanelBlock<Source>& w, const Activations& a, int64_t block, const Sums<Source>& sums,
                            __m512 (&acc)[kTileRows]) {
  const int64_t blocks = a.cols / kBlock;
#pragma GCC unroll 2
  for (int part = 0; part < Source::kParts; ++part) {
    const __m512 s = _mm512_loadu_ps(w.scale[part]);
#pragma GCC unroll 16
    for (int m = 0; m < kTileRows; ++m) {
      __m512i sum = _mm512_loadu_si512(sums.at[part][m]);
      if constexpr (Source::kIntegerScales) {
        sum = DotPairs(Pair(sum, _mm512_loadu_si512(sums.at[1][m])), _mm512_loadu_si512(w.scale_pairs.at));
      }
      const __m512 scale = _mm512_mul_ps(s, _mm512_set1_ps(a.scales[m * blocks + block]));
      acc[m] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sum), scale, acc[m]);
    }
  }
}

// What the minima of a block add.
template <typename Source>
static inline void AddMinima(const PanelBlock<Source>& w, const Activations& a, int64_t block, __m512 (&acc)[kTileRows]) {
  const int64_t blocks = a.cols / kBlock;
  const __m512 min = _mm512_loadu_ps(w.min.at);
#pragma GCC unroll 16
  for (int m = 0; m < kTileRows; ++m) {
    if constexpr (Source::kIntegerScales) {
      const int32_t* sums = a.sums + 2 * (m * blocks + block);
      const __m512i sum = DotPairs(_mm512_loadu_si512(w.sum_pairs.at), Pair(_mm512_set1_epi32(sums[0]), _mm512_set1_epi32(sums[1])));
      acc[m] = _mm512_fmadd_ps(_mm512_cvtepi32_ps(sum), _mm512_mul_ps(min, _mm512_set1_ps(a.scales[m * blocks + block])), acc[m]);
    } else {
      acc[m] = _mm512_fmadd_ps(min, _mm512_set1_ps(a.scaled_sums[m * blocks + block]), acc[m]);
    }
  }
}

// What the tile after this one will read and write comes nearer meanwhile: a part of it with each block. Rows lie far apart, where the
// processor does not look ahead by itself.
static inline void AskForNext(const Activations& a, int64_t block, const float* out, int64_t out_stride) {
  const int8_t* values = a.values + kTileRows * a.cols + block * kBlock;
  if (block % 2 == 0) {  // a line is two blocks
#pragma GCC unroll 16
    for (int m = 0; m < kTileRows; ++m) _mm_prefetch(reinterpret_cast<const char*>(values + m * a.cols), _MM_HINT_T0);
  } else if (block == 1) {
    const float* scales = a.scales + kTileRows * (a.cols / kBlock);
    for (int m = 0; m < kTileRows; ++m) _mm_prefetch(reinterpret_cast<const char*>(scales + m * (a.cols / kBlock)), _MM_HINT_T0);
  } else if (block == 3) {
    for (int m = kTileRows; m < 2 * kTileRows; ++m) _mm_prefetch(reinterpret_cast<const char*>(out + m * out_stride), _MM_HINT_T0);
  }
}

// 16 rows by a panel; the first panel starts the sums, the others go on from what is in `out`.
template <typename Source>
static inline void Tile(const PanelBlock<Source>* panel, int64_t panel_blocks, const Activations& a, bool first, float* out,
                        int64_t out_stride, bool ask) {
  __m512 acc[kTileRows];
#pragma GCC unroll 16
  for (int m = 0; m < kTileRows; ++m) acc[m] = first ? _mm512_setzero_ps() : _mm512_loadu_ps(out + m * out_stride);
  Sums<Source> ring[kAhead + 1];
  for (int64_t b = 0; b < kAhead && b < panel_blocks; ++b) MultiplyBlock<Source>(panel, a, b, ring);
  for (int64_t b = 0; b < panel_blocks; ++b) {
    if (b + kAhead < panel_blocks) MultiplyBlock<Source>(panel, a, b + kAhead, ring);
    if (ask) AskForNext(a, b, out, out_stride);
    AddBlock<Source>(panel[b], a, b, ring[b % (kAhead + 1)], acc);
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
  PanelBlock<Source> panel[kGroupsAtOnce][kPanelBlocks];
  for (int64_t group = group_begin; group < group_end; group += kGroupsAtOnce) {
    const int64_t groups = group_end - group < kGroupsAtOnce ? group_end - group : kGroupsAtOnce;
    for (int64_t first = 0; first < blocks; first += kPanelBlocks) {
      const int64_t count = blocks - first < kPanelBlocks ? blocks - first : kPanelBlocks;
      for (int64_t g = 0; g < groups; ++g) {
        Source source(w.group(group + g), blocks, first);
        for (int64_t b = 0; b < count; ++b) {
          source.Ask();
          WriteOut(source, panel[g][b]);
          source.Next();
        }
      }
      for (int64_t m = 0; m < rows; m += kTileRows) {
        const int64_t block = m * blocks + first;
        const Activations a = {x.values + block * kBlock, x.scales + block, x.scaled_sums + block, x.sums + 2 * block, w.cols()};
        for (int64_t g = 0; g < groups; ++g) {
          Tile<Source>(panel[g], count, a, first == 0, out + m * out_stride + (group + g) * kRowGroup, out_stride, g == 0);
        }
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
  // Halves of two bits: two products and two stores a block outweigh what the tiles save (1.12 times as slow at 128 rows).
  const int64_t in_tiles = w.type() == TensorType::kQ2_K ? 0 : rows / kTileRows * kTileRows;
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
