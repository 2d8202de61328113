// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Attention over one page, over F32x16. Queries come in tiles of up to kAttentionTile, whose scores lie in scratch. A large tile has the
// page's keys widened once, sixteen positions side by side ([position / 16][column][position % 16]: a lane is a position, so the sixteen
// lanes of dot16 are sixteen vectors and their sum needs no horizontal step), then its values by strips of sixteen columns. A small tile
// (decode) reads both as they are stored. Each query's order of operations is docs/numerics.md's in both. Include after a vec16_*.h, and
// from files of that instruction set only.
#pragma once

#include "kernels/elementwise_inl.h"
#include "kernels/kernel_table.h"
#include "kernels/rows16_inl.h"

namespace tradewind {
namespace {

constexpr int kDirectQueries = 7;  // up to here widening costs more than it saves

// Columns [c, c + n) of one stored row as singles, n <= 16; the lanes beyond are zero.
template <KvType kType>
[[gnu::always_inline]] static inline F32x16 LoadKv(const uint8_t* row, int64_t c, int64_t n) {
  if constexpr (kType == KvType::kF32) return LoadN(reinterpret_cast<const float*>(row) + c, n);
  if constexpr (kType == KvType::kQ8_0) {  // head_dim is a multiple of 32
    const uint8_t* block = row + c / kBlock * 34;
    uint16_t d;
    __builtin_memcpy(&d, block, 2);
    return Mul(Set1(HalfBits(d)), LoadInt8(reinterpret_cast<const int8_t*>(block + 2 + c % kBlock)));
  }
  const auto* from = reinterpret_cast<const uint16_t*>(row) + c;
  uint16_t padded[16];
  if (n < 16) {
    for (int64_t i = 0; i < 16; ++i) padded[i] = i < n ? from[i] : uint16_t{0};
    from = padded;
  }
  return kType == KvType::kF16 ? LoadHalf(from) : LoadBf16(from);
}

template <KvType kType>
struct TypeTag {
  static constexpr KvType kValue = kType;
};
// body(TypeTag<type>).
template <typename Body>
static inline void WithType(KvType type, Body body) {
  switch (type) {
    case KvType::kF32: body(TypeTag<KvType::kF32>()); return;
    case KvType::kF16: body(TypeTag<KvType::kF16>()); return;
    case KvType::kBF16: body(TypeTag<KvType::kBF16>()); return;
    case KvType::kQ8_0: body(TypeTag<KvType::kQ8_0>()); return;
  }
}

struct Range {
  int64_t begin, end;
};
static inline int64_t Least(int64_t a, int64_t b) {
  return a < b ? a : b;
}
static inline int64_t Most(int64_t a, int64_t b) {
  return a > b ? a : b;
}
static inline Range Union(const AttentionQuery* queries, int64_t count) {
  Range all = {kKvPage, 0};
  for (int64_t i = 0; i < count; ++i) all = {Least(all.begin, queries[i].begin), Most(all.end, queries[i].end)};
  return all;
}

// The keys of 16 positions from j on, side by side: out[c * 16 + position]. Positions outside of the range are zero and never read.
template <KvType kType>
static inline void WidenKeys16(const uint8_t* keys, int64_t row_bytes, int64_t head_dim, int64_t j, Range range, float* out) {
  Strips(head_dim, [&](int64_t c, int64_t n) {
    F32x16 rows[16];
    for (int64_t i = 0; i < 16; ++i) {
      rows[i] = j + i >= range.begin && j + i < range.end ? LoadKv<kType>(keys + (j + i) * row_bytes, c, n) : Zero();
    }
    if (n == 16) return TransposeStore(rows, out + c * 16, 16);
    float block[256];
    TransposeStore(rows, block, 16);
    for (int64_t i = 0; i < n * 16; ++i) out[c * 16 + i] = block[i];
  });
}

// Lane kLane of dot16, for kBlocks times 16 keys, head_dim * 16 floats apart, and each of kQueries queries.
template <int kBlocks, int kQueries>
struct Lanes {
  F32x16 v[kBlocks][kQueries];
};
template <int kLane, int kWidth, int kBlocks, int kQueries>
static inline Lanes<kBlocks, kQueries> TreeSum(const float* keys, int64_t head_dim, const float* const* query) {
  if constexpr (kWidth < 16) {  // lane i takes lane i + kWidth
    Lanes<kBlocks, kQueries> sum = TreeSum<kLane, kWidth * 2, kBlocks, kQueries>(keys, head_dim, query);
    const Lanes<kBlocks, kQueries> other = TreeSum<kLane + kWidth, kWidth * 2, kBlocks, kQueries>(keys, head_dim, query);
    for (int b = 0; b < kBlocks; ++b) {
      for (int t = 0; t < kQueries; ++t) sum.v[b][t] = Add(sum.v[b][t], other.v[b][t]);
    }
    return sum;
  } else {
    Lanes<kBlocks, kQueries> lane;
    for (int b = 0; b < kBlocks; ++b) {
      for (int t = 0; t < kQueries; ++t) lane.v[b][t] = Zero();
    }
    for (int64_t c = kLane; c < head_dim; c += 16) {
      F32x16 k[kBlocks];
      for (int b = 0; b < kBlocks; ++b) k[b] = Load(keys + (b * head_dim + c) * 16);
#pragma GCC unroll 8
      for (int t = 0; t < kQueries; ++t) {
        const F32x16 q = Set1(query[t][c]);
#pragma GCC unroll 8
        for (int b = 0; b < kBlocks; ++b) lane.v[b][t] = Fma(q, k[b], lane.v[b][t]);
      }
    }
    return lane;
  }
}

template <int kBlocks, int kQueries>
static inline void ScoreWidened(const float* keys, int64_t head_dim, float scale, const AttentionQuery* queries, float* scores) {
  const float* query[kQueries];
  for (int t = 0; t < kQueries; ++t) query[t] = queries[t].query;
  const Lanes<kBlocks, kQueries> dots = TreeSum<0, 1, kBlocks, kQueries>(keys, head_dim, query);
  for (int t = 0; t < kQueries; ++t) {
    for (int b = 0; b < kBlocks; ++b) Store(scores + t * kKvPage + b * 16, Mul(dots.v[b][t], Set1(scale)));
  }
}

// All queries, kQueries at a time, the rest by halves of that.
template <int kBlocks, int kQueries>
static inline void ScoreAll(const float* keys, const AttentionPage& page, const AttentionQuery* queries, int64_t count, float* scores) {
  int64_t i = 0;
  for (; i + kQueries <= count; i += kQueries) {
    ScoreWidened<kBlocks, kQueries>(keys, page.head_dim, page.scale, queries + i, scores + i * kKvPage);
  }
  if constexpr (kQueries > 1) {
    if (i < count) ScoreAll<kBlocks, kQueries / 2>(keys, page, queries + i, count - i, scores + i * kKvPage);
  }
}

static void ScoresWidened(const AttentionPage& page, const AttentionQuery* queries, int64_t count, Range range, float* keys,
                          float* scores) {
  const int64_t row_bytes = KvRowBytes(page.key_type, page.head_dim);
  const auto widen = [&](int64_t j, float* out) {
    WithType(page.key_type, [&](auto type) {
      WidenKeys16<decltype(type)::kValue>(static_cast<const uint8_t*>(page.keys), row_bytes, page.head_dim, j, range, out);
    });
  };
  int64_t j = range.begin & ~15;
  for (; j + 16 * (kKeyTileBlocks - 1) < range.end; j += 16 * kKeyTileBlocks) {
    for (int b = 0; b < kKeyTileBlocks; ++b) widen(j + 16 * b, keys + b * 16 * page.head_dim);
    ScoreAll<kKeyTileBlocks, kKeyTileQueries>(keys, page, queries, count, scores + j);
  }
  if (kKeyTileBlocks > 1 && j < range.end) {
    widen(j, keys);
    ScoreAll<1, kKeyTileQueries>(keys, page, queries, count, scores + j);
  }
}

// Scores of kQueries queries for the 16 positions from j on, keys read as stored.
template <KvType kType, int kQueries>
static inline void ScoreStored(const AttentionPage& page, const AttentionQuery* queries, int64_t j, Range range, float* scores) {
  const int64_t row_bytes = KvRowBytes(kType, page.head_dim);
  const int64_t value_bytes = KvRowBytes(page.value_type, page.head_dim);  // prefetched: they follow the scores
  F32x16 rows[kQueries][16];
  for (int64_t i = 0; i < 16; ++i) {
    F32x16 acc[kQueries];
    for (int t = 0; t < kQueries; ++t) acc[t] = Zero();
    if (j + i >= range.begin && j + i < range.end) {
      const uint8_t* row = static_cast<const uint8_t*>(page.keys) + (j + i) * row_bytes;
      for (int64_t b = 0; b < value_bytes; b += 64) {
        _mm_prefetch(static_cast<const char*>(page.values) + (j + i) * value_bytes + b, _MM_HINT_T1);
      }
      Strips(page.head_dim, [&](int64_t c, int64_t n) {
        const F32x16 k = LoadKv<kType>(row, c, n);
        for (int t = 0; t < kQueries; ++t) acc[t] = Fma(LoadN(queries[t].query + c, n), k, acc[t]);
      });
    }
    for (int t = 0; t < kQueries; ++t) rows[t][i] = acc[t];
  }
  for (int t = 0; t < kQueries; ++t) Store(scores + t * kKvPage + j, Mul(ReduceRows(rows[t]), Set1(page.scale)));
}

template <KvType kType>
static inline void ScoresStored(const AttentionPage& page, const AttentionQuery* queries, int64_t count, Range range, float* scores) {
  for (int64_t j = range.begin & ~15; j < range.end; j += 16) {
    int64_t i = 0;
    for (; i + 3 <= count; i += 3) ScoreStored<kType, 3>(page, queries + i, j, range, scores + i * kKvPage);
    if (count - i == 2) ScoreStored<kType, 2>(page, queries + i, j, range, scores + i * kKvPage);
    if (count - i == 1) ScoreStored<kType, 1>(page, queries + i, j, range, scores + i * kKvPage);
  }
}

// How a page's part joins the running one: o = o * old + part * page, or, of the first page, o = part.
struct Merge {
  float old_factor;
  float page_factor;
  bool first;
};

// A page's (M, L) into the query's.
static inline Merge Join(float max, float sum, AttentionQuery& q) {
  if (!q.started) {
    q.started = true;
    q.max = max;
    q.sum = sum;
    return {0, 1, true};
  }
  const float both = q.max < max ? max : q.max;
  const Merge merge = {Exp1(q.max - both), Exp1(max - both), false};
  q.max = both;
  q.sum = _mm_cvtss_f32(_mm_fmadd_ss(_mm_set_ss(q.sum), _mm_set_ss(merge.old_factor), _mm_set_ss(sum * merge.page_factor)));
  return merge;
}

// Scores to weights p in place; the page's (M, L) into the query's.
static inline Merge Softmax(float* scores, AttentionQuery& q) {
  const float max = MaxOf(scores + q.begin, q.end - q.begin);
  F32x16 lanes = Zero();
  for (int64_t j = q.begin & ~15; j < q.end; j += 16) {
    F32x16 p = Exp(Sub(Load(scores + j), Set1(max)));
    if (j < q.begin || j + 16 > q.end) p = KeepLanes(p, q.begin - j, q.end - j);
    Store(scores + j, p);
    lanes = Add(lanes, p);
  }
  return Join(max, ReduceAdd(lanes), q);
}

// kStrips strips of 16 columns of the values, from column c on (or one of n columns): row(j, strip) gives one as singles.
template <int kQueries, int kStrips, typename Row>
static inline void AddValues(Row row, const float* weights, AttentionQuery* queries, const Merge* merges, int64_t c, int64_t n) {
  // Positions that all see are shared; before and after them each query goes alone.
  Range shared = {0, kKvPage};
  for (int t = 0; t < kQueries; ++t) shared = {Most(shared.begin, queries[t].begin), Least(shared.end, queries[t].end)};
  if (shared.begin >= shared.end) shared = {kKvPage, kKvPage};
  F32x16 acc[kQueries][kStrips];
  const auto alone = [&](int t, int64_t begin, int64_t end) {
    for (int64_t j = begin; j < end; ++j) {
      for (int s = 0; s < kStrips; ++s) acc[t][s] = Fma(Set1(weights[t * kKvPage + j]), row(j, s), acc[t][s]);
    }
  };
  for (int t = 0; t < kQueries; ++t) {
    for (int s = 0; s < kStrips; ++s) acc[t][s] = Zero();
    alone(t, queries[t].begin, Least(shared.begin, queries[t].end));
  }
  for (int64_t j = shared.begin; j < shared.end; ++j) {
#pragma GCC unroll 8
    for (int s = 0; s < kStrips; ++s) {
      const F32x16 v = row(j, s);
#pragma GCC unroll 8
      for (int t = 0; t < kQueries; ++t) acc[t][s] = Fma(Set1(weights[t * kKvPage + j]), v, acc[t][s]);
    }
  }
  for (int t = 0; t < kQueries; ++t) {
    alone(t, shared.end, queries[t].end);
    for (int s = 0; s < kStrips; ++s) {
      float* out = queries[t].out + c + 16 * s;
      if (!merges[t].first) {
        acc[t][s] = Fma(LoadN(out, n), Set1(merges[t].old_factor), Mul(acc[t][s], Set1(merges[t].page_factor)));
      }
      StoreN(out, acc[t][s], n);
    }
  }
}

// One strip of widened values and all queries of a tile, kQueries at a time, the rest by halves of that: few sizes, as each is compiled for
// each way of reading rows.
template <int kQueries, typename Row>
static inline void AddStrip(Row row, const float* weights, AttentionQuery* queries, const Merge* merges, int64_t count, int64_t c,
                            int64_t n) {
  int64_t i = 0;
  for (; i + kQueries <= count; i += kQueries) AddValues<kQueries, 1>(row, weights + i * kKvPage, queries + i, merges + i, c, n);
  if constexpr (kQueries > 1) {
    if (i < count) AddStrip<kQueries / 2>(row, weights + i * kKvPage, queries + i, merges + i, count - i, c, n);
  }
}

// Columns [0, cols), a multiple of 16, of values as they are stored and kQueries queries. Few queries have more strips at once: a sum is
// added to at each position, and there must be others while it is under way.
template <KvType kType, int kQueries>
static inline void AddStored(const AttentionPage& page, const float* weights, AttentionQuery* queries, const Merge* merges, int64_t cols) {
  constexpr int kRoom = kStoredValueSums / kQueries;
  constexpr int kStrips = kRoom >= 4 ? 4 : kRoom >= 2 ? 2 : 1;
  const auto* values = static_cast<const uint8_t*>(page.values);
  const int64_t row_bytes = KvRowBytes(kType, page.head_dim);
  int64_t c = 0;
  const auto row = [&](int64_t j, int s) { return LoadKv<kType>(values + j * row_bytes, c + 16 * s, 16); };
  for (; c + 16 * kStrips <= cols; c += 16 * kStrips) AddValues<kQueries, kStrips>(row, weights, queries, merges, c, 16);
  if constexpr (kStrips > 1) {
    for (; c < cols; c += 16) AddValues<kQueries, 1>(row, weights, queries, merges, c, 16);
  }
}

template <KvType kType>
static inline void AddPage(const AttentionPage& page, AttentionQuery* queries, const Merge* merges, int64_t count, Range range,
                           float* widened, const float* weights) {
  const auto* values = static_cast<const uint8_t*>(page.values);
  const int64_t row_bytes = KvRowBytes(kType, page.head_dim);
  int64_t done = 0;  // columns
  if (count <= kDirectQueries) {
    done = page.head_dim / 16 * 16;
    int64_t i = 0;
    for (; i + 6 <= count; i += 6) AddStored<kType, 6>(page, weights + i * kKvPage, queries + i, merges + i, done);
    for (; i + 3 <= count && i + 4 != count; i += 3) AddStored<kType, 3>(page, weights + i * kKvPage, queries + i, merges + i, done);
    for (; i + 2 <= count; i += 2) AddStored<kType, 2>(page, weights + i * kKvPage, queries + i, merges + i, done);
    if (count - i == 1) AddStored<kType, 1>(page, weights + i * kKvPage, queries + i, merges + i, done);
  }
  Strips(page.head_dim - done, [&](int64_t from, int64_t n) {
    const int64_t c = done + from;
    for (int64_t j = range.begin; j < range.end; ++j) StoreN(widened + j * n, LoadKv<kType>(values + j * row_bytes, c, n), n);
    if (n == 16) {
      AddStrip<kValueTileQueries>([&](int64_t j, int) { return Load(widened + j * 16); }, weights, queries, merges, count, c, n);
    } else {
      AddStrip<kValueTileQueries>([&](int64_t j, int) { return LoadPartial(widened + j * n, n); }, weights, queries, merges, count, c, n);
    }
  });
}

static void AttentionTile(const AttentionPage& page, AttentionQuery* queries, int64_t count, float* scratch) {
  const Range range = Union(queries, count);
  float* scores = scratch + kKvPage * page.head_dim;
  if (count > kDirectQueries) {
    ScoresWidened(page, queries, count, range, scratch, scores);
  } else {
    WithType(page.key_type, [&](auto type) { ScoresStored<decltype(type)::kValue>(page, queries, count, range, scores); });
  }
  Merge merges[kAttentionTile];
  for (int64_t i = 0; i < count; ++i) merges[i] = Softmax(scores + i * kKvPage, queries[i]);
  WithType(page.value_type, [&](auto type) { AddPage<decltype(type)::kValue>(page, queries, merges, count, range, scratch, scores); });
}

static void AttendPage(const AttentionPage& page, AttentionQuery* queries, int64_t count, float* scratch) {
  for (int64_t i = 0; i < count; i += kAttentionTile) AttentionTile(page, queries + i, Least(kAttentionTile, count - i), scratch);
}

static void JoinAttention(const AttentionQuery& later, int64_t head_dim, AttentionQuery& running) {
  const Merge merge = Join(later.max, later.sum, running);
  Strips(head_dim, [&](int64_t c, int64_t n) {
    const F32x16 page = LoadN(later.out + c, n);
    const F32x16 both = merge.first ? page : Fma(LoadN(running.out + c, n), Set1(merge.old_factor), Mul(page, Set1(merge.page_factor)));
    StoreN(running.out + c, both, n);
  });
}

static void FinishAttention(AttentionQuery* queries, int64_t count, int64_t head_dim) {
  for (int64_t i = 0; i < count; ++i) {
    const F32x16 sum = Set1(queries[i].sum);
    float* out = queries[i].out;
    Strips(head_dim, [&](int64_t c, int64_t n) { StoreN(out + c, Div(LoadN(out + c, n), sum), n); });
  }
}

static inline void FillAttention(KernelTable& table) {
  table.attention_page = AttendPage;
  table.attention_join = JoinAttention;
  table.attention_finish = FinishAttention;
}

}  // namespace
}  // namespace tradewind
