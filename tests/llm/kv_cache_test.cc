// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/kv_cache.h"

#include <gtest/gtest.h>

#include <cstring>

namespace tradewind {
namespace {

// Two blocks of different shape.
ModelSpec TwoBlocks() {
  ModelSpec spec;
  spec.blocks.resize(2);
  spec.blocks[0].attention.kv_heads = 3;
  spec.blocks[0].attention.head_dim = 64;
  spec.blocks[1].attention.kv_heads = 1;
  spec.blocks[1].attention.head_dim = 32;
  return spec;
}

TEST(KvCache, EveryRowOfEveryHeadHasItsOwnPlace) {
  for (const KvType key_type : {KvType::kF32, KvType::kF16, KvType::kQ8_0}) {
    const KvType value_type = KvType::kBF16;
    const ModelSpec spec = TwoBlocks();
    KvCache cache(spec, key_type, value_type, 600);
    ASSERT_TRUE(cache.Reserve(600));
    // Each row is filled with a number of its own; all are still there afterwards if none overlap.
    const auto each = [&](auto&& visit) {
      uint32_t number = 0;
      for (size_t block = 0; block < 2; ++block) {
        const AttentionSpec& a = spec.blocks[block].attention;
        for (int64_t p = 0; p < 600; ++p) {
          for (int64_t h = 0; h < a.kv_heads; ++h) {
            const auto at = [&](std::byte* page, KvType type) { return page + (p % kKvPage) * KvRowBytes(type, a.head_dim); };
            visit(at(cache.Keys(block, p / kKvPage, h), key_type), KvRowBytes(key_type, a.head_dim), ++number);
            visit(at(cache.Values(block, p / kKvPage, h), value_type), KvRowBytes(value_type, a.head_dim), ++number);
          }
        }
      }
    };
    each([](std::byte* row, int64_t bytes, uint32_t number) {
      for (int64_t i = 0; i < bytes; ++i) row[i] = static_cast<std::byte>(number * 2654435761u >> (8 * (i % 4)));
    });
    int wrong = 0;
    each([&](const std::byte* row, int64_t bytes, uint32_t number) {
      for (int64_t i = 0; i < bytes; ++i) wrong += row[i] != static_cast<std::byte>(number * 2654435761u >> (8 * (i % 4)));
    });
    EXPECT_EQ(wrong, 0);
  }
}

TEST(KvCache, PagesAreAligned) {
  KvCache cache(TwoBlocks(), KvType::kQ8_0, KvType::kF16, 300);
  ASSERT_TRUE(cache.Reserve(300));
  for (int64_t page = 0; page < 2; ++page) {
    for (int64_t head = 0; head < 3; ++head) {
      EXPECT_EQ(reinterpret_cast<uintptr_t>(cache.Keys(0, page, head)) % 64, 0u);
      EXPECT_EQ(reinterpret_cast<uintptr_t>(cache.Values(0, page, head)) % 64, 0u);
    }
  }
}

TEST(KvCache, ReservingMoreKeepsWhatIsThere) {
  KvCache cache(TwoBlocks(), KvType::kF16, KvType::kF16, 1024);
  ASSERT_TRUE(cache.Reserve(1));
  std::byte* first = cache.Keys(0, 0, 0);
  std::memset(first, 0x5A, 64);
  ASSERT_TRUE(cache.Reserve(1024));
  ASSERT_TRUE(cache.Reserve(1));
  EXPECT_EQ(cache.Keys(0, 0, 0), first);
  EXPECT_EQ(first[63], std::byte{0x5A});
}

TEST(KvCache, BytesAreWholePagesOfEveryHead) {
  // F16 keys and Q8_0 values of one position: 3 heads of 64 and one of 32; the rows of a page are a multiple of 64 bytes.
  const uint64_t position = 3 * (64 * 2 + 2 * 34) + (32 * 2 + 34);
  EXPECT_EQ(KvCache::BytesFor(TwoBlocks(), KvType::kF16, KvType::kQ8_0, 256), 256 * position);
  EXPECT_EQ(KvCache::BytesFor(TwoBlocks(), KvType::kF16, KvType::kQ8_0, 257), 512 * position);
  EXPECT_EQ(KvCache::BytesFor(TwoBlocks(), KvType::kF16, KvType::kQ8_0, 0), 0u);
}

TEST(KvCache, WithoutMemoryItSaysSo) {
  ModelSpec spec = TwoBlocks();
  spec.blocks[0].attention.kv_heads = int64_t{1} << 33;  // a page of a hundred tebibytes
  KvCache cache(spec, KvType::kF32, KvType::kF32, 256);
  const auto reserved = cache.Reserve(1);
  ASSERT_FALSE(reserved);
  EXPECT_EQ(reserved.error().code(), StatusCode::kResourceExhausted);
  EXPECT_NE(reserved.error().message().find("q8_0"), std::string::npos);
}

}  // namespace
}  // namespace tradewind
