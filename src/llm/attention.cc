// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/attention.h"

#include <algorithm>

namespace tradewind {
namespace {

// With fewer tiles for each thread than this, one that is behind leaves the others waiting.
constexpr size_t kTilesPerThread = 4;
// Tiles of more rows than this are not cut by page: a state for each of their queries and pages would be much to keep.
constexpr int64_t kMostCutRows = 4;

int64_t FirstVisible(const AttentionSpec& a, int64_t position) {
  return a.window > 0 ? std::max<int64_t>(0, position - a.window + 1) : 0;
}

// One past the last position that a row sees.
int64_t VisibleEnd(const AttentionSpec& a, const AttentionWork& work, int64_t row) {
  return work.start + (a.causal ? row + 1 : work.rows);
}

// The query of a tile that lies at `index`.
AttentionQuery QueryOf(const AttentionSpec& a, const AttentionWork& work, const AttentionTile& tile, int64_t index) {
  const int64_t heads = tile.head_end - tile.head_begin;
  const int64_t row = tile.row_begin + index / heads;
  const int64_t head = tile.head_begin + index % heads;
  AttentionQuery q = {};
  q.query = work.query + row * work.query_stride + head * a.head_dim;
  q.out = work.out + (row * a.heads + head) * a.head_dim;
  return q;
}

void AddTiles(const AttentionSpec& a, std::span<const AttentionWork> works, size_t index, std::vector<AttentionTile>& tiles) {
  const AttentionWork& work = works[index];
  const int64_t group = a.heads / a.kv_heads;
  const int64_t heads_per_tile = std::min(group, int64_t{kAttentionTile});
  const int64_t rows_per_tile = std::max<int64_t>(1, int64_t{kAttentionTile} / heads_per_tile);
  const int64_t row_tiles = (work.rows + rows_per_tile - 1) / rows_per_tile;
  for (int64_t t = row_tiles - 1; t >= 0; --t) {
    const int64_t row = t * rows_per_tile;
    const int64_t row_end = std::min(row + rows_per_tile, work.rows);
    const int64_t page_begin = FirstVisible(a, work.start + row) / kKvPage;
    const int64_t page_end = (VisibleEnd(a, work, row_end - 1) - 1) / kKvPage + 1;
    for (int64_t kv = 0; kv < a.kv_heads; ++kv) {
      for (int64_t h = kv * group; h < (kv + 1) * group; h += heads_per_tile) {
        tiles.push_back({index, kv, h, std::min(h + heads_per_tile, (kv + 1) * group), row, row_end, page_begin, page_end, -1});
      }
    }
  }
}

// Makes each page of a tile of few rows a tile.
void SplitByPage(AttentionPlan& plan) {
  std::vector<AttentionTile> whole;
  whole.swap(plan.tiles);
  int64_t partials = 0;
  for (AttentionTile& tile : whole) {
    if (tile.page_end - tile.page_begin == 1 || tile.row_end - tile.row_begin > kMostCutRows) {
      plan.tiles.push_back(tile);
      continue;
    }
    tile.partial = partials;
    plan.joins.push_back(tile);
    for (int64_t p = tile.page_begin; p < tile.page_end; ++p) {
      AttentionTile page = tile;
      page.page_begin = p;
      page.page_end = p + 1;
      page.partial = partials;
      plan.tiles.push_back(page);
      partials += tile.queries();
    }
  }
  plan.partials.assign(static_cast<size_t>(partials), {});
  plan.partial_out.resize(std::max(plan.partial_out.size(), static_cast<size_t>(partials * plan.spec.head_dim)));
}

}  // namespace

void PlanAttention(const AttentionSpec& spec, std::span<const AttentionWork> works, int threads, AttentionPlan& plan) {
  plan.spec = spec;
  plan.works = works;
  plan.tiles.clear();
  plan.joins.clear();
  for (size_t w = 0; w < works.size(); ++w) AddTiles(spec, works, w, plan.tiles);
  if (threads > 1 && plan.tiles.size() < kTilesPerThread * static_cast<size_t>(threads)) SplitByPage(plan);
}

OpWork WorkOf(const AttentionSpec& a, const AttentionWork& work) {
  OpWork all;
  const int64_t seen = VisibleEnd(a, work, work.rows - 1) - FirstVisible(a, work.start);
  all.bytes = static_cast<double>(seen * a.kv_heads *
                                  (KvRowBytes(work.cache->key_type(), a.head_dim) + KvRowBytes(work.cache->value_type(), a.head_dim)));
  for (int64_t row = 0; row < work.rows; ++row) {
    const int64_t positions = VisibleEnd(a, work, row) - FirstVisible(a, work.start + row);
    all.float_ops += 4.0 * static_cast<double>(positions * a.heads * a.head_dim);
  }
  return all;
}

void AttendTile(AttentionPlan& plan, const AttentionTile& tile, size_t block, const KernelTable& kernels, float* scratch) {
  const AttentionSpec& a = plan.spec;
  const AttentionWork& work = plan.works[tile.work];
  KvCache& cache = *work.cache;
  AttentionQuery queries[kAttentionTile];
  float* result[kAttentionTile];
  const int64_t count = tile.queries();
  float* side_by_side = scratch + AttentionScratch(a.head_dim);
  for (int64_t i = 0; i < count; ++i) {
    queries[i] = QueryOf(a, work, tile, i);
    result[i] = tile.partial >= 0 ? plan.partial_out.data() + (tile.partial + i) * a.head_dim : queries[i].out;
    float* query = side_by_side + i * a.head_dim;
    std::copy_n(queries[i].query, a.head_dim, query);
    queries[i].query = query;
    queries[i].out = query + kAttentionTile * a.head_dim;
  }
  const int64_t heads = tile.head_end - tile.head_begin;
  AttentionPage page = {nullptr, nullptr, cache.key_type(), cache.value_type(), a.head_dim, a.scale};
  for (int64_t p = tile.page_begin; p < tile.page_end; ++p) {
    // Rows see a stretch that moves up with the position, so those that see this page are neighbours.
    int64_t begin = count;
    int64_t end = 0;
    for (int64_t i = 0; i < count; ++i) {
      const int64_t row = tile.row_begin + i / heads;
      const int64_t from = std::max<int64_t>(0, FirstVisible(a, work.start + row) - p * kKvPage);
      const int64_t to = std::min<int64_t>(kKvPage, VisibleEnd(a, work, row) - p * kKvPage);
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
  if (tile.partial < 0) kernels.attention_finish(queries, count, a.head_dim);
  for (int64_t i = 0; i < count; ++i) {
    std::copy_n(queries[i].out, a.head_dim, result[i]);
    queries[i].out = result[i];
  }
  if (tile.partial >= 0) std::copy_n(queries, count, plan.partials.begin() + tile.partial);
}

void JoinPages(AttentionPlan& plan, const AttentionTile& tile, const KernelTable& kernels) {
  const int64_t count = tile.queries();
  for (int64_t i = 0; i < count; ++i) {
    AttentionQuery all = QueryOf(plan.spec, plan.works[tile.work], tile, i);
    for (int64_t p = 0; p < tile.page_end - tile.page_begin; ++p) {
      const AttentionQuery& page = plan.partials[static_cast<size_t>(tile.partial + p * count + i)];
      if (page.started) kernels.attention_join(page, plan.spec.head_dim, all);
    }
    kernels.attention_finish(&all, 1, plan.spec.head_dim);
  }
}

}  // namespace tradewind
