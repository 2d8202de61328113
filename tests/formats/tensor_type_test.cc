// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/tensor_type.h"

#include <gtest/gtest.h>

#include <limits>
#include <set>

namespace tradewind {
namespace {

constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();

// Sizes and numbers as in the format's description (ggml's enum ggml_type).
TEST(TensorTypeTest, TableMatchesTheFormat) {
  struct Row {
    TensorType type;
    std::string_view name;
    uint32_t id, values, bytes;
  };
  const Row rows[] = {
      {TensorType::kF32, "F32", 0, 1, 4},        {TensorType::kF16, "F16", 1, 1, 2},          {TensorType::kBF16, "BF16", 30, 1, 2},
      {TensorType::kQ8_0, "Q8_0", 8, 32, 34},    {TensorType::kQ4_0, "Q4_0", 2, 32, 18},      {TensorType::kQ4_1, "Q4_1", 3, 32, 20},
      {TensorType::kQ5_0, "Q5_0", 6, 32, 22},    {TensorType::kQ5_1, "Q5_1", 7, 32, 24},      {TensorType::kQ2_K, "Q2_K", 10, 256, 84},
      {TensorType::kQ3_K, "Q3_K", 11, 256, 110}, {TensorType::kQ4_K, "Q4_K", 12, 256, 144},   {TensorType::kQ5_K, "Q5_K", 13, 256, 176},
      {TensorType::kQ6_K, "Q6_K", 14, 256, 210}, {TensorType::kIQ4_NL, "IQ4_NL", 20, 32, 18}, {TensorType::kIQ4_XS, "IQ4_XS", 23, 256, 136},
      {TensorType::kMXFP4, "MXFP4", 39, 32, 17},
  };
  ASSERT_EQ(AllTensorTypes().size(), std::size(rows));
  for (const Row& row : rows) {
    const TensorTypeInfo& info = InfoOf(row.type);
    EXPECT_EQ(info.type, row.type);
    EXPECT_EQ(info.name, row.name);
    EXPECT_EQ(info.gguf_id, row.id) << row.name;
    EXPECT_EQ(info.block_values, row.values) << row.name;
    EXPECT_EQ(info.block_bytes, row.bytes) << row.name;
    EXPECT_EQ(TensorTypeFromGguf(row.id), row.type);
  }
}

TEST(TensorTypeTest, NumbersWithoutALayoutAreUnknown) {
  std::set<uint32_t> known;
  for (const TensorTypeInfo& info : AllTensorTypes()) known.insert(info.gguf_id);
  for (uint32_t id = 0; id < 300; ++id) EXPECT_EQ(TensorTypeFromGguf(id).has_value(), known.contains(id)) << id;
  EXPECT_FALSE(TensorTypeFromGguf(0xFFFFFFFF));
}

TEST(TensorTypeTest, RowBytesCountsWholeBlocks) {
  EXPECT_EQ(RowBytes(TensorType::kF32, 5), 20u);
  EXPECT_EQ(RowBytes(TensorType::kQ4_1, 576), 18u * 20);
  EXPECT_EQ(RowBytes(TensorType::kQ6_K, 512), 420u);
  EXPECT_EQ(RowBytes(TensorType::kQ6_K, 0), 0u);
  EXPECT_EQ(RowBytes(TensorType::kQ8_0, 33), std::nullopt);
  EXPECT_EQ(RowBytes(TensorType::kQ4_K, 128), std::nullopt);
}

TEST(TensorTypeTest, RowBytesRefusesWhatOverflows) {
  EXPECT_EQ(RowBytes(TensorType::kF32, kMost / 4), kMost / 4 * 4);
  EXPECT_EQ(RowBytes(TensorType::kF32, kMost / 4 + 1), std::nullopt);
  EXPECT_EQ(RowBytes(TensorType::kQ8_0, kMost - 31), std::nullopt);
  EXPECT_TRUE(RowBytes(TensorType::kQ4_0, kMost - 31));  // 18 bytes for 32 values: smaller than the count
}

}  // namespace
}  // namespace tradewind
