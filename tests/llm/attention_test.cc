// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/attention.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <tuple>

#include "base/buffer.h"
#include "base/random.h"
#include "kernels/isa.h"

namespace tradewind {
namespace {

AttentionSpec Spec(int64_t heads, int64_t kv_heads, int64_t head_dim, int64_t window = 0) {
  AttentionSpec spec;
  spec.heads = heads;
  spec.kv_heads = kv_heads;
  spec.head_dim = head_dim;
  spec.window = window;
  spec.scale = 1 / std::sqrt(static_cast<float>(head_dim));
  return spec;
}

// A sequence without memory: for plans that are not carried out.
AttentionWork Work(int64_t rows, int64_t start) {
  return {.cache = nullptr, .query = nullptr, .query_stride = 0, .out = nullptr, .rows = rows, .start = start};
}

TEST(AttentionPlan, CoversEveryRowHeadAndPageOnce) {
  const std::pair<int64_t, int64_t> shapes[] = {{1, 1}, {8, 8}, {9, 3}, {14, 2}, {64, 1}, {96, 1}, {130, 2}, {32, 8}};
  for (const auto& [heads, kv_heads] : shapes) {
    const AttentionSpec spec = Spec(heads, kv_heads, 8);
    for (const int64_t rows : {1, 2, 3, 7, 64, 65, 257}) {
      for (const int threads : {1, 2, 16}) {
        const AttentionWork works[] = {Work(rows, 0), Work(1, 1000), Work(rows, 255)};
        AttentionPlan plan;
        PlanAttention(spec, works, threads, plan);
        std::map<std::tuple<size_t, int64_t, int64_t, int64_t>, int> covered;
        for (const AttentionTile& t : plan.tiles) {
          ASSERT_LE(t.queries(), kAttentionTile);
          for (int64_t r = t.row_begin; r < t.row_end; ++r) {
            for (int64_t h = t.head_begin; h < t.head_end; ++h) {
              ASSERT_EQ(h / (heads / kv_heads), t.kv_head);
              for (int64_t p = t.page_begin; p < t.page_end; ++p) ++covered[{t.work, r, h, p}];
            }
          }
        }
        for (const auto& [where, times] : covered) ASSERT_EQ(times, 1);
        for (size_t w = 0; w < std::size(works); ++w) {
          for (int64_t r = 0; r < works[w].rows; ++r) {
            for (int64_t h = 0; h < heads; ++h) {
              for (int64_t p = 0; p <= (works[w].start + r) / kKvPage; ++p) {
                ASSERT_EQ(covered.count({w, r, h, p}), 1u) << heads << " " << kv_heads << " " << rows << " " << w << " " << p;
              }
            }
          }
        }
      }
    }
  }
}

TEST(AttentionPlan, ALongPastOfASingleTokenIsSharedOutAmongThreads) {
  const AttentionSpec spec = Spec(8, 1, 8);
  const AttentionWork works[] = {Work(1, 10 * kKvPage + 3)};
  AttentionPlan plan;
  PlanAttention(spec, works, 4, plan);
  EXPECT_EQ(plan.tiles.size(), 11u);
  EXPECT_EQ(plan.joins.size(), 1u);
  const AttentionWork more[] = {Work(5, 10 * kKvPage + 3)};
  PlanAttention(spec, more, 4, plan);
  EXPECT_TRUE(plan.joins.empty()) << "states of many rows would be much to keep";
  PlanAttention(spec, works, 1, plan);
  EXPECT_EQ(plan.tiles.size(), 1u) << "nobody else could help";
  EXPECT_EQ(plan.joins.size(), 0u);
}

// Keys and values of one sequence, [position][kv_head][head_dim].
struct Past {
  std::vector<float> keys, values;
};

// Softmax over what a position sees, straight from its definition.
std::vector<double> Naive(const AttentionSpec& a, const Past& past, const float* query, int64_t head, int64_t position) {
  const int64_t first = a.window > 0 ? std::max<int64_t>(0, position - a.window + 1) : 0;
  const int64_t kv = head / (a.heads / a.kv_heads);
  std::vector<double> out(static_cast<size_t>(a.head_dim));
  double sum = 0;
  for (int64_t p = first; p <= position; ++p) {
    const float* key = past.keys.data() + (p * a.kv_heads + kv) * a.head_dim;
    const float* value = past.values.data() + (p * a.kv_heads + kv) * a.head_dim;
    double score = 0;
    for (int64_t d = 0; d < a.head_dim; ++d) score += static_cast<double>(query[d]) * static_cast<double>(key[d]);
    const double weight = std::exp(score * static_cast<double>(a.scale));
    sum += weight;
    for (int64_t d = 0; d < a.head_dim; ++d) out[static_cast<size_t>(d)] += weight * static_cast<double>(value[d]);
  }
  for (double& v : out) v /= sum;
  return out;
}

void Compare(const AttentionSpec& a, int64_t start, int64_t rows, const KernelTable& kernels) {
  Random random(7);
  const int64_t length = start + rows;
  Past past;
  for (int64_t i = 0; i < length * a.kv_heads * a.head_dim; ++i) {
    past.keys.push_back(static_cast<float>(random.Normal()));
    past.values.push_back(static_cast<float>(random.Normal()));
  }
  const int64_t stride = a.heads * a.head_dim + 3;
  std::vector<float> queries(static_cast<size_t>(rows * stride));
  for (float& q : queries) q = static_cast<float>(random.Normal());

  ModelSpec spec;
  spec.blocks.resize(2);
  for (BlockSpec& block : spec.blocks) block.attention = a;
  KvCache cache(spec, KvType::kF32, KvType::kF32, length);
  ASSERT_TRUE(cache.Reserve(length));
  const auto bytes = static_cast<size_t>(a.head_dim) * sizeof(float);
  for (int64_t p = 0; p < length; ++p) {
    for (int64_t h = 0; h < a.kv_heads; ++h) {
      const auto slot = static_cast<size_t>(p % kKvPage) * bytes;
      std::memcpy(cache.Keys(1, p / kKvPage, h) + slot, past.keys.data() + (p * a.kv_heads + h) * a.head_dim, bytes);
      std::memcpy(cache.Values(1, p / kKvPage, h) + slot, past.values.data() + (p * a.kv_heads + h) * a.head_dim, bytes);
    }
  }
  std::vector<float> out(static_cast<size_t>(rows * a.heads * a.head_dim), NAN);
  const Buffer<float> scratch(TileScratch(a.head_dim));
  const AttentionWork works[] = {
      {.cache = &cache, .query = queries.data(), .query_stride = stride, .out = out.data(), .rows = rows, .start = start}};
  AttentionPlan plan;
  std::vector<float> first;
  for (const int threads : {1, 2, 16}) {  // whole and cut by page
    PlanAttention(a, works, threads, plan);
    for (const AttentionTile& tile : plan.tiles) AttendTile(plan, tile, 1, kernels, scratch.get());
    for (const AttentionTile& tile : plan.joins) JoinPages(plan, tile, kernels);
    if (first.empty()) first = out;
    ASSERT_EQ(std::memcmp(first.data(), out.data(), out.size() * sizeof(float)), 0) << threads << " threads";
    ASSERT_TRUE(threads < 16 || start <= kKvPage || a.window > 0 || !plan.joins.empty()) << "nothing was cut";
    std::fill(out.begin(), out.end(), NAN);
  }
  out = first;
  for (int64_t r = 0; r < rows; ++r) {
    for (int64_t h = 0; h < a.heads; ++h) {
      const auto expected = Naive(a, past, queries.data() + r * stride + h * a.head_dim, h, start + r);
      for (int64_t d = 0; d < a.head_dim; ++d) {
        const auto got = static_cast<double>(out[static_cast<size_t>((r * a.heads + h) * a.head_dim + d)]);
        ASSERT_NEAR(got, expected[static_cast<size_t>(d)], 2e-5) << "row " << r << " head " << h << " value " << d;
      }
    }
  }
}

TEST(AttendTile, IsTheSoftmaxOverWhatAPositionSees) {
  for (const Isa isa : AvailableIsas()) {
    SCOPED_TRACE(IsaName(isa));
    Compare(Spec(4, 2, 8), 0, 5, KernelsFor(isa));
    Compare(Spec(6, 2, 32), 250, 12, KernelsFor(isa));  // over the edge of a page
    Compare(Spec(3, 3, 64), 600, 1, KernelsFor(isa));
  }
}

TEST(AttendTile, AWindowHidesWhatIsOlder) {
  for (const Isa isa : AvailableIsas()) {
    SCOPED_TRACE(IsaName(isa));
    for (const int64_t window : {1, 2, 40, 256, 300}) {
      SCOPED_TRACE(window);
      Compare(Spec(4, 1, 16, window), 0, 70, KernelsFor(isa));
      Compare(Spec(4, 1, 16, window), 500, 70, KernelsFor(isa));
      Compare(Spec(4, 1, 16, window), 540, 1, KernelsFor(isa));
    }
  }
}

}  // namespace
}  // namespace tradewind
