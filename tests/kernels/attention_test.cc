// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Attention over pages: every instruction set against the reference, bit for bit, at query counts around every tile and at partial pages;
// the reference against plain attention in double.
#include <algorithm>

#include "kernel_test_util.h"

namespace tradewind {
namespace {

struct Cache {
  Cache(Random& random, KvType key_type, KvType value_type, int64_t head_dim, int64_t positions)
      : key_type_(key_type), value_type_(value_type), dim(head_dim), x(NormalValues(random, positions * head_dim)) {
    y = NormalValues(random, positions * head_dim);
    // Positions that are not stored hold the bits of NaN: a kernel that lets them in is found out.
    const int64_t pages = (positions + kKvPage - 1) / kKvPage;
    keys.assign(static_cast<size_t>(pages * kKvPage * KvRowBytes(key_type, dim)), 0xFF);
    values.assign(static_cast<size_t>(pages * kKvPage * KvRowBytes(value_type, dim)), 0xFF);
    for (int64_t j = 0; j < positions; ++j) {
      KernelTableRef().kv_store(key_type, x.data() + j * dim, dim, keys.data() + j * KvRowBytes(key_type, dim));
      KernelTableRef().kv_store(value_type, y.data() + j * dim, dim, values.data() + j * KvRowBytes(value_type, dim));
    }
  }
  AttentionPage Page(int64_t page) const {
    return {keys.data() + page * kKvPage * KvRowBytes(key_type_, dim),
            values.data() + page * kKvPage * KvRowBytes(value_type_, dim),
            key_type_,
            value_type_,
            dim,
            1.0f / std::sqrt(static_cast<float>(dim))};
  }

  KvType key_type_;
  KvType value_type_;
  int64_t dim;
  std::vector<float> x;  // keys before rounding
  std::vector<float> y;  // values
  std::vector<uint8_t> keys;
  std::vector<uint8_t> values;
};

struct Visible {
  int64_t begin;
  int64_t end;  // in positions of the whole cache
};

// How a query's pages come together: each upon what the ones before gave, or each by itself and joined.
enum class Pages { kRunning, kJoined };

// Output of each query, then its M and L.
std::vector<float> Attend(const KernelTable& table, const Cache& cache, const std::vector<float>& queries,
                          const std::vector<Visible>& visible, Pages pages = Pages::kRunning) {
  const auto count = static_cast<int64_t>(visible.size());
  std::vector<float> out(static_cast<size_t>(count * cache.dim), kUntouched);
  std::vector<float> storage(static_cast<size_t>(AttentionScratch(cache.dim)) + 16, std::numeric_limits<float>::quiet_NaN());
  float* scratch = storage.data();
  while (reinterpret_cast<uintptr_t>(scratch) % 64 != 0) ++scratch;
  std::vector<AttentionQuery> all(visible.size());
  int64_t last = 0;
  for (int64_t i = 0; i < count; ++i) {
    all[i].query = queries.data() + i * cache.dim;
    all[i].out = out.data() + i * cache.dim;
    last = std::max(last, visible[i].end);
  }
  for (int64_t page = 0; page * kKvPage < last; ++page) {
    std::vector<AttentionQuery> seeing;
    std::vector<int64_t> which;
    for (int64_t i = 0; i < count; ++i) {
      const int64_t begin = std::max<int64_t>(0, visible[i].begin - page * kKvPage);
      const int64_t end = std::min<int64_t>(kKvPage, visible[i].end - page * kKvPage);
      if (begin >= end) continue;
      all[i].begin = static_cast<int32_t>(begin);
      all[i].end = static_cast<int32_t>(end);
      seeing.push_back(all[i]);
      which.push_back(i);
    }
    if (seeing.empty()) continue;
    std::vector<float> own(seeing.size() * static_cast<size_t>(cache.dim), kUntouched);
    if (pages == Pages::kJoined) {
      for (size_t i = 0; i < seeing.size(); ++i) {
        seeing[i].out = own.data() + i * static_cast<size_t>(cache.dim);
        seeing[i].started = false;
      }
    }
    table.attention_page(cache.Page(page), seeing.data(), static_cast<int64_t>(seeing.size()), scratch);
    for (size_t i = 0; i < seeing.size(); ++i) {
      if (pages == Pages::kJoined) {
        table.attention_join(seeing[i], cache.dim, all[which[i]]);
      } else {
        all[which[i]] = seeing[i];
      }
    }
  }
  table.attention_finish(all.data(), count, cache.dim);
  for (const AttentionQuery& q : all) {
    out.push_back(q.max);
    out.push_back(q.sum);
  }
  return out;
}

void ExpectEqual(Random& random, const Cache& cache, const std::vector<Visible>& visible) {
  const std::vector<float> queries = NormalValues(random, static_cast<int64_t>(visible.size()) * cache.dim);
  const std::vector<float> expected = Attend(KernelTableRef(), cache, queries, visible);
  for (const float x : expected) ASSERT_TRUE(std::isfinite(x));
  for (const TestedTable& t : TestedTables()) {
    EXPECT_TRUE(SameBits(expected, Attend(*t.table, cache, queries, visible)))
        << t.name << " keys " << static_cast<int>(cache.key_type_) << " values " << static_cast<int>(cache.value_type_) << " dim "
        << cache.dim << " queries " << visible.size();
    EXPECT_TRUE(SameBits(expected, Attend(*t.table, cache, queries, visible, Pages::kJoined))) << t.name << ", joined";
  }
}

TEST(Attention, EveryIsaAgreesOverTypesAndShapes) {
  Random random(41);
  for (const KvType key_type : {KvType::kF32, KvType::kF16, KvType::kBF16, KvType::kQ8_0}) {
    for (const KvType value_type : {KvType::kF32, KvType::kF16, KvType::kBF16, KvType::kQ8_0}) {
      for (const int64_t dim : {8, 64, 72, 96}) {
        if (dim % 32 != 0 && (key_type == KvType::kQ8_0 || value_type == KvType::kQ8_0)) continue;
        const Cache cache(random, key_type, value_type, dim, 300);
        for (const int64_t count : {1, 3, 7, 8, 14, 33}) {
          ExpectEqual(random, cache, std::vector<Visible>(static_cast<size_t>(count), {0, 300}));
        }
      }
    }
  }
}

// As in a prompt: query i sees up to position i, three heads a position, and with a window.
TEST(Attention, CausalAndWindowed) {
  Random random(42);
  const Cache cache(random, KvType::kF16, KvType::kF16, 64, 530);
  for (const int64_t window : {1000, 40, 256}) {
    for (const int64_t first : {0, 250, 500}) {
      std::vector<Visible> visible;
      for (int64_t i = first; i < first + 30; ++i) {
        for (int head = 0; head < 3; ++head) visible.push_back({std::max<int64_t>(0, i + 1 - window), i + 1});
      }
      ExpectEqual(random, cache, visible);
    }
  }
}

TEST(Attention, EveryPartOfAPage) {
  Random random(43);
  const Cache cache(random, KvType::kBF16, KvType::kF32, 32, 256);
  for (int i = 0; i < 60; ++i) {
    std::vector<Visible> visible;
    const uint64_t count = 1 + random.Below(i % 2 == 0 ? 7 : 80);
    for (uint64_t q = 0; q < count; ++q) {
      const auto begin = static_cast<int64_t>(random.Below(256));
      visible.push_back({begin, begin + 1 + static_cast<int64_t>(random.Below(static_cast<uint64_t>(256 - begin)))});
    }
    ExpectEqual(random, cache, visible);
  }
}

// Which queries share a call changes nothing.
TEST(Attention, AQueryAloneGivesTheSame) {
  Random random(44);
  const Cache cache(random, KvType::kQ8_0, KvType::kQ8_0, 64, 256);
  const std::vector<float> queries = NormalValues(random, 20 * 64);
  std::vector<Visible> visible;
  for (int64_t i = 0; i < 20; ++i) visible.push_back({i, 200 + i});
  for (const TestedTable& t : TestedTables()) {
    const std::vector<float> together = Attend(*t.table, cache, queries, visible);
    for (int64_t i = 0; i < 20; ++i) {
      const std::vector<float> query(queries.begin() + i * 64, queries.begin() + (i + 1) * 64);
      const std::vector<float> alone = Attend(*t.table, cache, query, {visible[i]});
      EXPECT_TRUE(SameBits({together.begin() + i * 64, together.begin() + (i + 1) * 64}, {alone.begin(), alone.begin() + 64})) << t.name;
    }
  }
}

TEST(Attention, ReferenceIsAttention) {
  Random random(45);
  const Cache cache(random, KvType::kF32, KvType::kF32, 48, 600);
  const std::vector<float> queries = NormalValues(random, 2 * 48, 2);
  const std::vector<Visible> visible = {{0, 600}, {130, 517}};
  const std::vector<float> out = Attend(KernelTableRef(), cache, queries, visible);
  for (int64_t i = 0; i < 2; ++i) {
    std::vector<double> weight(600, 0.0);
    double sum = 0;
    for (int64_t j = visible[i].begin; j < visible[i].end; ++j) {
      double dot = 0;
      for (int64_t c = 0; c < 48; ++c) dot += static_cast<double>(queries[i * 48 + c]) * cache.x[j * 48 + c];
      weight[j] = std::exp(dot / std::sqrt(48.0));
      sum += weight[j];
    }
    for (int64_t c = 0; c < 48; ++c) {
      double expected = 0;
      for (int64_t j = 0; j < 600; ++j) expected += weight[j] / sum * cache.y[j * 48 + c];
      EXPECT_NEAR(out[i * 48 + c], expected, 3e-6);
    }
  }
}

// A stored type only rounds: the output moves by no more than the rounding of keys and values explains.
TEST(Attention, StoredTypesAreClose) {
  Random random(46);
  for (const auto& [type, bound] : {std::pair{KvType::kF16, 3e-3}, {KvType::kBF16, 3e-2}, {KvType::kQ8_0, 3e-2}}) {
    Random a(7), b(7);
    const Cache exact(a, KvType::kF32, KvType::kF32, 64, 256);
    const Cache rounded(b, type, type, 64, 256);
    const std::vector<float> query = NormalValues(random, 64);
    const std::vector<float> expected = Attend(KernelTableRef(), exact, query, {{0, 256}});
    const std::vector<float> actual = Attend(KernelTableRef(), rounded, query, {{0, 256}});
    double difference = 0;
    for (int64_t c = 0; c < 64; ++c) difference = std::max(difference, std::fabs(static_cast<double>(expected[c]) - actual[c]));
    EXPECT_LT(difference, bound);
    EXPECT_GT(difference, 0);
  }
}

}  // namespace
}  // namespace tradewind
