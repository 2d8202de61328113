// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/attention.h"

#include <algorithm>

namespace tradewind {

std::vector<AttentionTile> AttentionTiles(const AttentionWork& work, int threads) {
  const int64_t group = work.spec.heads / work.spec.kv_heads;
  // A single token has few heads to share out: then every query head is a tile of its own.
  const bool by_head = work.rows == 1 && work.spec.kv_heads < 2 * threads;
  const int64_t heads_per_tile = by_head ? 1 : std::min(group, kTileQueries);
  const int64_t rows_per_tile = std::max<int64_t>(1, kTileQueries / heads_per_tile);
  std::vector<AttentionTile> tiles;
  const int64_t row_tiles = (work.rows + rows_per_tile - 1) / rows_per_tile;
  for (int64_t t = row_tiles - 1; t >= 0; --t) {
    const int64_t row = t * rows_per_tile;
    for (int64_t kv = 0; kv < work.spec.kv_heads; ++kv) {
      for (int64_t h = kv * group; h < (kv + 1) * group; h += heads_per_tile) {
        tiles.push_back({kv, h, std::min(h + heads_per_tile, (kv + 1) * group), row, std::min(row + rows_per_tile, work.rows)});
      }
    }
  }
  return tiles;
}

void AttendTile(const AttentionWork& work, const AttentionTile& tile, KvCache& cache, size_t block, const KernelTable& kernels,
                float* scratch) {
  const AttentionSpec& a = work.spec;
  AttentionQuery queries[kTileQueries];
  int64_t count = 0;
  for (int64_t row = tile.row_begin; row < tile.row_end; ++row) {
    for (int64_t h = tile.head_begin; h < tile.head_end; ++h) {
      queries[count].query = work.query + row * work.query_stride + h * a.head_dim;
      queries[count].out = work.out + row * a.heads * a.head_dim + h * a.head_dim;
      ++count;
    }
  }
  const int64_t heads = tile.head_end - tile.head_begin;
  auto first_visible = [&](int64_t position) { return a.window > 0 ? std::max<int64_t>(0, position - a.window + 1) : 0; };
  const int64_t first_page = first_visible(work.start + tile.row_begin) / kKvPage;
  const int64_t last_row = a.causal ? tile.row_end : work.rows;
  const int64_t last_page = (work.start + last_row - 1) / kKvPage;
  AttentionPage page = {nullptr, nullptr, cache.key_type(), cache.value_type(), a.head_dim, a.scale};
  for (int64_t p = first_page; p <= last_page; ++p) {
    // Rows see a stretch that moves up with the position, so those that see this page are neighbours.
    int64_t begin = count;
    int64_t end = 0;
    for (int64_t i = 0; i < count; ++i) {
      const int64_t position = work.start + tile.row_begin + i / heads;
      const int64_t from = std::max<int64_t>(0, first_visible(position) - p * kKvPage);
      const int64_t to = std::min<int64_t>(kKvPage, (a.causal ? position + 1 : work.start + work.rows) - p * kKvPage);
      if (from >= to) continue;
      queries[i].begin = static_cast<int32_t>(from);
      queries[i].end = static_cast<int32_t>(to);
      begin = std::min(begin, i);
      end = i + 1;
    }
    if (begin >= end) continue;
    page.keys = cache.Keys(block, p, tile.kv_head);
    page.values = cache.Values(block, p, tile.kv_head);
    kernels.attention_page(page, queries + begin, end - begin, scratch);
  }
  kernels.attention_finish(queries, count, a.head_dim);
}

}  // namespace tradewind
