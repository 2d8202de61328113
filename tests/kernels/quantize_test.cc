// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Rounding of activations and of cached keys and values: every instruction set against the reference, and the reference against what
// docs/numerics.md says in plain terms.
#include <algorithm>

#include "kernel_test_util.h"

namespace tradewind {
namespace {

constexpr KvType kKvTypes[] = {KvType::kF32, KvType::kF16, KvType::kBF16, KvType::kQ8_0};

// Rows of 96 with the hard cases among them.
std::vector<float> HardRows(Random& random, int64_t* rows) {
  *rows = 9;
  std::vector<float> x = NormalValues(random, *rows * 96);
  const float factors[] = {1, 0, 1e-38f, 1e-36f, 1e-42f, 1e30f, 1e-20f, 1e4f, 1};
  for (size_t i = 0; i < x.size(); ++i) x[i] *= factors[i / 96];
  x[5] = 1e30f;                                                                          // one outlier: the rest of its block rounds to 0
  for (size_t i = 8 * 96; i < x.size(); ++i) x[i] = static_cast<float>(i % 32) - 15.5f;  // ties
  x[8 * 96 + 3] = 127;
  return x;
}

TEST(Quantize, EveryIsaAgrees) {
  Random random(31);
  int64_t rows = 0;
  const std::vector<float> x = HardRows(random, &rows);
  QuantizedBuffer expected(x, rows, 96);
  for (const TestedTable& t : TestedTables()) {
    QuantizedBuffer actual(std::vector<float>(x.size(), 1.0f), rows, 96);
    t.table->quantize_rows(x.data(), rows, 96, actual.View());
    EXPECT_EQ(expected.values, actual.values) << t.name;
    EXPECT_TRUE(SameBits(expected.scales, actual.scales)) << t.name;
    EXPECT_TRUE(SameBits(expected.scaled_sums, actual.scaled_sums)) << t.name;
    EXPECT_EQ(expected.sums, actual.sums) << t.name;
  }
}

TEST(Quantize, ReferenceRoundsToTheNearestStep) {
  Random random(32);
  int64_t rows = 0;
  const std::vector<float> x = HardRows(random, &rows);
  QuantizedBuffer q(x, rows, 96);
  for (size_t b = 0; b < q.scales.size(); ++b) {
    const double scale = q.scales[b];
    int32_t sum = 0;
    double amax = 0;
    for (size_t k = 32 * b; k < 32 * b + 32; ++k) {
      sum += q.values[k];
      amax = std::max(amax, std::fabs(static_cast<double>(x[k])));
      const double error = std::fabs(x[k] - scale * q.values[k]);
      EXPECT_LE(error, scale == 0 ? 1.5e-36 : 0.5001 * scale) << k;
    }
    if (scale != 0) {
      EXPECT_NEAR(scale * 127, amax, amax * 1e-6);
    }
    EXPECT_EQ(q.sums[2 * b] + q.sums[2 * b + 1], sum);
    EXPECT_EQ(q.scaled_sums[b], q.scales[b] * static_cast<float>(sum));
  }
  EXPECT_EQ(q.scales[3], 0.0f);  // the row of zeros
}

TEST(KvStore, EveryIsaAgrees) {
  Random random(33);
  int64_t rows = 0;
  const std::vector<float> hard = HardRows(random, &rows);
  for (const KvType type : kKvTypes) {
    for (const int64_t dim : {8, 20, 32, 64, 72, 80, 96, 256}) {
      if (type == KvType::kQ8_0 && dim % 32 != 0) continue;
      for (int64_t at = 0; at + dim <= static_cast<int64_t>(hard.size()); at += dim) {
        const auto bytes = static_cast<size_t>(KvRowBytes(type, dim));
        std::vector<uint8_t> expected(bytes + 4, 0xAB);
        KernelTableRef().kv_store(type, hard.data() + at, dim, expected.data());
        EXPECT_EQ(expected[bytes], 0xAB);
        for (const TestedTable& t : TestedTables()) {
          std::vector<uint8_t> actual(bytes + 4, 0xAB);
          t.table->kv_store(type, hard.data() + at, dim, actual.data());
          EXPECT_EQ(expected, actual) << t.name << " type " << static_cast<int>(type) << " dim " << dim << " at " << at;
        }
      }
    }
  }
}

// Of every half between two bfloat16 or half neighbours the even one is taken.
TEST(KvStore, TiesToEvenAndSpecials) {
  const float infinity = std::numeric_limits<float>::infinity();
  std::vector<float> x = {
      1.0f + 0x1p-8f, 1.0f + 3 * 0x1p-8f, 1.0f + 0x1p-11f, 1.0f + 3 * 0x1p-11f, 65504.0f, 65519.0f, 65520.0f, 1e38f,
      infinity,       -infinity,          0x1p-25f,        3 * 0x1p-25f,        -0.0f,    3e38f,    -1e-45f,  0x1p-133f};
  std::vector<uint16_t> bf16(16);
  std::vector<uint16_t> half(16);
  KernelTableRef().kv_store(KvType::kBF16, x.data(), 16, bf16.data());
  KernelTableRef().kv_store(KvType::kF16, x.data(), 16, half.data());
  EXPECT_EQ(bf16[0], 0x3F80);
  EXPECT_EQ(bf16[1], 0x3F82);
  EXPECT_EQ(half[2], 0x3C00);
  EXPECT_EQ(half[3], 0x3C02);
  EXPECT_EQ(half[4], 0x7BFF);
  EXPECT_EQ(half[5], 0x7BFF);
  EXPECT_EQ(half[6], 0x7C00);
  EXPECT_EQ(half[10], 0);
  EXPECT_EQ(half[11], 2);
  for (const TestedTable& t : TestedTables()) {
    std::vector<uint16_t> out(16);
    t.table->kv_store(KvType::kBF16, x.data(), 16, out.data());
    EXPECT_EQ(bf16, out) << t.name;
    t.table->kv_store(KvType::kF16, x.data(), 16, out.data());
    EXPECT_EQ(half, out) << t.name;
  }
}

}  // namespace
}  // namespace tradewind
