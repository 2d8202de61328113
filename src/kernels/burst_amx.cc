// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/amx_tiles.h"
#include "kernels/simd_ops.h"

namespace tradewind {
namespace {

constexpr int kTileBytes = 64;

// Full tiles, 16 x 16 x 64, into four of them in turn: a product takes 16 cycles, and 52 until its sums may be used again.
static int64_t BurstInt8(int64_t steps) {
  TileConfig config;
  for (int t = 0; t < 8; ++t) {
    config.rows[t] = 16;
    config.row_bytes[t] = kTileBytes;
  }
  alignas(64) int8_t ones[16 * kTileBytes];
  __builtin_memset(ones, 1, sizeof ones);
  LoadTileConfig(config);
  ZeroTile<0>();
  ZeroTile<1>();
  ZeroTile<2>();
  ZeroTile<3>();
  LoadTile<4>(ones, kTileBytes);
  LoadTile<5>(ones, kTileBytes);
  for (int64_t s = 0; s < steps; ++s) {
    DotTiles<0, 4, 5>();
    DotTiles<1, 4, 5>();
    DotTiles<2, 4, 5>();
    DotTiles<3, 4, 5>();
  }
  ReleaseTiles();
  return steps * 4 * 16 * 16 * kTileBytes * 2;
}

}  // namespace

void TRADEWIND_AMX(FillBurst)(KernelTable& table) {
  table.burst_int8 = BurstInt8;
}

}  // namespace tradewind
