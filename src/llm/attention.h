// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How the attention of a block, over all sequences of a batch, is cut into tiles for the threads, and how a tile walks a cache's pages. A
// tile's queries share one key-value head, so that a page is read once for all of them. Where there are few tiles for the threads (a single
// token behind a long past), each page is a tile of its own, and what the pages give is joined in their order afterwards, as it would have
// been in one tile (docs/numerics.md): the cut does not show in the numbers.
//
//   PlanAttention(spec, works, pool.threads(), plan);
//   pool.ParallelFor(plan.tiles.size(), [&](int64_t i, int member) { AttendTile(plan, plan.tiles[i], ...); });
//   pool.ParallelFor(plan.joins.size(), [&](int64_t i, int) { JoinPages(plan, plan.joins[i], kernels); });
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/kernel_table.h"
#include "llm/kv_cache.h"
#include "llm/model_spec.h"
#include "llm/op_times.h"

namespace tradewind {

// The attention of one sequence's rows.
struct AttentionWork {
  KvCache* cache;
  const float* query;  // of its first row; rows are query_stride apart: heads of head_dim, rotated
  int64_t query_stride;
  float* out;  // of its first row: [row][heads * head_dim]
  int64_t rows;
  int64_t start;  // position of row 0
};

struct AttentionTile {
  size_t work;
  int64_t kv_head;
  int64_t head_begin, head_end;  // query heads of that group
  int64_t row_begin, row_end;
  int64_t page_begin, page_end;
  int64_t partial;  // where its queries' states go in `partials`; -1: the pages are all, and the result goes to the work's `out`

  int64_t queries() const { return (row_end - row_begin) * (head_end - head_begin); }
};

struct AttentionPlan {
  AttentionSpec spec;
  std::span<const AttentionWork> works;
  std::vector<AttentionTile> tiles;
  std::vector<AttentionTile> joins;  // cut by page: the pages' states lie one after the other from `partial` on
  std::vector<AttentionQuery> partials;
  std::vector<float> partial_out;  // [partial][head_dim]
};

// Tiles that cover every head, row and page that is seen once; later rows, which see more, first. The works are borrowed.
void PlanAttention(const AttentionSpec& spec, std::span<const AttentionWork> works, int threads, AttentionPlan& plan);

// What there is to read and to compute of a work: keys and values once for each head of theirs, a multiply-add for each value of a query's
// score and sum.
OpWork WorkOf(const AttentionSpec& spec, const AttentionWork& work);

// Floats of scratch that a tile needs: the kernel's, and its queries and their sums side by side. Where they lie in the chunk they are a
// row apart, a power of two in many models, so that a tile's would fall upon few sets of the first-level cache.
constexpr int64_t TileScratch(int64_t head_dim) {
  return AttentionScratch(head_dim) + 2 * kAttentionTile * head_dim;
}

// `scratch`: TileScratch(head_dim) floats, 64-byte aligned. Tiles may run at the same time.
void AttendTile(AttentionPlan& plan, const AttentionTile& tile, size_t block, const KernelTable& kernels, float* scratch);
// After all tiles. Joins may run at the same time.
void JoinPages(AttentionPlan& plan, const AttentionTile& tile, const KernelTable& kernels);

}  // namespace tradewind
