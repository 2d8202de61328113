// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The tile instructions of AMX (Intel's Software Developer's Manual, volume 1, chapter 18, and volume 2, TILELOADD, TDPBSSD, ...). With
// TRADEWIND_EMULATE_AVX512 (tests only) the same made from scalar code. Include only from *_amx.cc.
//
// A tile has up to 16 rows of up to 64 bytes. Its shape is the configuration's, which belongs to the thread; the process must have been
// granted the tiles first (isa.h).
#pragma once

#include <cstddef>
#include <cstdint>
#ifdef TRADEWIND_EMULATE_AVX512
#include <cstdio>
#include <cstdlib>
#endif

namespace tradewind {
namespace {

// The 64 bytes that LDTILECFG reads.
struct alignas(64) TileConfig {
  uint8_t palette = 1;
  uint8_t start_row = 0;
  uint8_t reserved[14] = {};
  uint16_t row_bytes[16] = {};  // of tiles 0 to 7
  uint8_t rows[16] = {};
};
static_assert(sizeof(TileConfig) == 64);

#ifdef TRADEWIND_EMULATE_AVX512

struct EmulatedTiles {
  TileConfig config;
  bool configured = false;
  uint8_t bytes[8][16][64] = {};
};
static thread_local EmulatedTiles emulated_tiles;

// What the processor would answer by #UD or #GP.
static inline void Demand(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "emulated tiles: %s\n", what);
  std::abort();
}

static inline void LoadTileConfig(const TileConfig& config) {
  Demand(config.palette == 1 && config.start_row == 0, "palette");
  for (int t = 0; t < 8; ++t) Demand(config.rows[t] <= 16 && config.row_bytes[t] <= 64, "a tile is too large");
  for (int t = 0; t < 8; ++t) Demand((config.rows[t] == 0) == (config.row_bytes[t] == 0), "a tile has rows or columns alone");
  for (const uint8_t b : config.reserved) Demand(b == 0, "reserved bytes");
  emulated_tiles = {config, true, {}};
}
static inline void ReleaseTiles() {
  emulated_tiles = {};
}
template <int kTile>
static inline void ZeroTile() {
  Demand(emulated_tiles.configured && emulated_tiles.config.rows[kTile] > 0, "a tile without a shape");
  __builtin_memset(emulated_tiles.bytes[kTile], 0, sizeof emulated_tiles.bytes[kTile]);
}
template <int kTile>
static inline void LoadTile(const void* base, int64_t stride) {
  ZeroTile<kTile>();
  for (int r = 0; r < emulated_tiles.config.rows[kTile]; ++r) {
    __builtin_memcpy(emulated_tiles.bytes[kTile][r], static_cast<const uint8_t*>(base) + r * stride,
                     emulated_tiles.config.row_bytes[kTile]);
  }
}
template <int kTile>
static inline void StoreTile(void* base, int64_t stride) {
  Demand(emulated_tiles.configured && emulated_tiles.config.rows[kTile] > 0, "a tile without a shape");
  for (int r = 0; r < emulated_tiles.config.rows[kTile]; ++r) {
    __builtin_memcpy(static_cast<uint8_t*>(base) + r * stride, emulated_tiles.bytes[kTile][r], emulated_tiles.config.row_bytes[kTile]);
  }
}
// sums[m][n] += a[m][4k + i] * b[k][4n + i] over k and i.
template <int kSums, int kA, int kB>
static inline void DotTiles() {
  EmulatedTiles& t = emulated_tiles;
  Demand(t.configured && t.config.rows[kSums] == t.config.rows[kA] && t.config.row_bytes[kSums] == t.config.row_bytes[kB] &&
             t.config.row_bytes[kA] == 4 * t.config.rows[kB],
         "shapes of a product");
  for (int m = 0; m < t.config.rows[kSums]; ++m) {
    for (int n = 0; n < t.config.row_bytes[kSums] / 4; ++n) {
      int32_t sum;
      __builtin_memcpy(&sum, &t.bytes[kSums][m][4 * n], 4);
      for (int k = 0; k < t.config.row_bytes[kA]; ++k) {
        sum += static_cast<int8_t>(t.bytes[kA][m][k]) * static_cast<int8_t>(t.bytes[kB][k / 4][4 * n + k % 4]);
      }
      __builtin_memcpy(&t.bytes[kSums][m][4 * n], &sum, 4);
    }
  }
}

#else

// Written out, because the compiler's own take the tile's number as a token and not as a template's argument, and older ones do not say
// that they read and write memory.
static inline void LoadTileConfig(const TileConfig& config) {
  asm volatile("ldtilecfg %0" : : "m"(config));
}
static inline void ReleaseTiles() {
  asm volatile("tilerelease");
}
template <int kTile>
static inline void ZeroTile() {
  asm volatile("tilezero %%tmm%c0" : : "i"(kTile));
}
template <int kTile>
static inline void LoadTile(const void* base, int64_t stride) {
  asm volatile("tileloadd (%0,%1,1), %%tmm%c2" : : "r"(base), "r"(stride), "i"(kTile) : "memory");
}
template <int kTile>
static inline void StoreTile(void* base, int64_t stride) {
  asm volatile("tilestored %%tmm%c2, (%0,%1,1)" : : "r"(base), "r"(stride), "i"(kTile) : "memory");
}
// sums[m][n] += a[m][4k + i] * b[k][4n + i] over k and i: signed by signed bytes.
template <int kSums, int kA, int kB>
static inline void DotTiles() {
  asm volatile("tdpbssd %%tmm%c2, %%tmm%c1, %%tmm%c0" : : "i"(kSums), "i"(kA), "i"(kB));
}

#endif

}  // namespace
}  // namespace tradewind
