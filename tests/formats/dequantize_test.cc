// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Dequantisation bit for bit as PyPI gguf's (data/TYPE.dequant, by make_dequant_golden.py), and the layouts' own properties.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/file.h"
#include "formats/ggml_blocks.h"
#include "formats/tensor_type.h"
#include "shared_data.h"

namespace tradewind {
namespace {

class DequantizeTest : public testing::TestWithParam<TensorType> {};

TEST_P(DequantizeTest, BitEqualToTheReferenceAtAnyAlignment) {
  const TensorTypeInfo& info = InfoOf(GetParam());
  const auto file = ReadFile(SourcePath("tests/formats/data/" + std::string(info.name) + ".dequant"), 1 << 20);
  ASSERT_TRUE(file) << file.error().ToString();
  const size_t blocks = file->size() / (info.block_bytes + 4 * info.block_values);
  ASSERT_GE(blocks, 14u);
  ASSERT_EQ(file->size(), blocks * (info.block_bytes + 4 * info.block_values));
  std::vector<uint32_t> expected(blocks * info.block_values);
  std::memcpy(expected.data(), file->data() + blocks * info.block_bytes, expected.size() * 4);

  for (const size_t shift : {0, 1, 3}) {
    std::vector<std::byte> row(shift + blocks * info.block_bytes);
    std::memcpy(row.data() + shift, file->data(), blocks * info.block_bytes);
    std::vector<float> values(expected.size());
    DequantizeRow(info.type, row.data() + shift, values);
    for (size_t i = 0; i < values.size(); ++i) {
      ASSERT_EQ(std::bit_cast<uint32_t>(values[i]), expected[i]) << info.name << " value " << i << " is " << values[i];
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Types, DequantizeTest,
                         testing::Values(TensorType::kF16, TensorType::kBF16, TensorType::kQ8_0, TensorType::kQ4_0, TensorType::kQ4_1,
                                         TensorType::kQ5_0, TensorType::kQ5_1, TensorType::kQ2_K, TensorType::kQ3_K, TensorType::kQ4_K,
                                         TensorType::kQ5_K, TensorType::kQ6_K, TensorType::kIQ4_NL, TensorType::kIQ4_XS,
                                         TensorType::kMXFP4),
                         [](const auto& test) { return std::string(InfoOf(test.param).name); });

TEST(DequantizeF32Test, CopiesEveryBit) {
  const uint32_t bits[] = {0, 0x80000000, 1, 0x7F800000, 0x7F800001, 0xFFFFFFFF, 0x3F800000};
  float values[std::size(bits)];
  DequantizeRow(TensorType::kF32, reinterpret_cast<const std::byte*>(bits), values);
  EXPECT_EQ(std::memcmp(values, bits, sizeof(bits)), 0);
}

TEST(DequantizeRowTest, AnEmptyRowTouchesNothing) {
  for (const TensorTypeInfo& info : AllTensorTypes()) DequantizeRow(info.type, nullptr, {});
}

// Packing the six-bit numbers by the format's table (bits of group g as in its description) and unpacking gives them back.
TEST(GgmlBlocksTest, ScalesOfQ4KComeBackFromTheirPacking) {
  for (int seed = 0; seed < 200; ++seed) {
    uint8_t scale[8];
    uint8_t min[8];
    for (int g = 0; g < 8; ++g) {
      scale[g] = static_cast<uint8_t>((seed * 7 + g * 13) % 64);
      min[g] = static_cast<uint8_t>((seed * 11 + g * 29 + 5) % 64);
    }
    uint8_t packed[12] = {};
    const auto set = [&](int byte, int bit, int value) { packed[byte] |= static_cast<uint8_t>(value << bit); };
    for (int g = 0; g < 4; ++g) {
      set(g, 0, scale[g]);
      set(g + 4, 0, min[g]);
      set(g + 8, 0, scale[g + 4] % 16);
      set(g + 8, 4, min[g + 4] % 16);
      set(g, 6, scale[g + 4] / 16);
      set(g + 4, 6, min[g + 4] / 16);
    }
    uint8_t scale_back[8];
    uint8_t min_back[8];
    UnpackScalesQ4K(packed, scale_back, min_back);
    EXPECT_EQ(std::memcmp(scale, scale_back, 8), 0) << seed;
    EXPECT_EQ(std::memcmp(min, min_back, 8), 0) << seed;
  }
}

// The same for Q3_K: the sixteen scales less 32.
TEST(GgmlBlocksTest, ScalesOfQ3KComeBackFromTheirPacking) {
  for (int seed = 0; seed < 200; ++seed) {
    int8_t scale[16];
    uint8_t packed[12] = {};
    for (int g = 0; g < 16; ++g) {
      const int value = (seed * 7 + g * 13) % 64;
      scale[g] = static_cast<int8_t>(value - 32);
      packed[g % 8] |= static_cast<uint8_t>((value % 16) << (g < 8 ? 0 : 4));
      packed[8 + g % 4] |= static_cast<uint8_t>((value / 16) << (2 * (g / 4)));
    }
    int8_t back[16];
    UnpackScalesQ3K(packed, back);
    EXPECT_EQ(std::memcmp(scale, back, 16), 0) << seed;
  }
}

// Powers of two from 2^-128 on; std::ldexp knows them.
TEST(GgmlBlocksTest, HalfOfE8M0IsAPowerOfTwo) {
  for (int e = 0; e < 256; ++e) EXPECT_EQ(HalfOfE8M0(static_cast<uint8_t>(e)), std::ldexp(1.0f, e - 128)) << e;
}

}  // namespace
}  // namespace tradewind
