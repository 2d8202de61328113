// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How one chunk's attention is cut into tiles for the threads, and how a tile walks the cache's pages. A tile's queries share one key-value
// head, so that a page is read once for all of them.
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/kernel_table.h"
#include "llm/kv_cache.h"
#include "llm/model_spec.h"

namespace tradewind {

struct AttentionWork {
  const AttentionSpec& spec;
  const float* query;  // [row][query_stride]: heads of head_dim, rotated
  int64_t query_stride;
  float* out;  // [row][heads * head_dim]
  int64_t rows;
  int64_t start;  // position of row 0
};

struct AttentionTile {
  int64_t kv_head;
  int64_t head_begin, head_end;  // query heads of that group
  int64_t row_begin, row_end;
};

// Queries that a tile may hold.
inline constexpr int64_t kTileQueries = 64;

// Tiles that cover every head and row once; later rows, which see more, first.
std::vector<AttentionTile> AttentionTiles(const AttentionWork& work, int threads);

// `scratch`: AttentionScratch(head_dim) floats.
void AttendTile(const AttentionWork& work, const AttentionTile& tile, KvCache& cache, size_t block, const KernelTable& kernels,
                float* scratch);

}  // namespace tradewind
