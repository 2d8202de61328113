// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The packed layout (packed_matrix.cc and pack_rows.cc) keeps every weight: a product with a unit vector gives back the column of the
// dequantised matrix.
#include "kernels/packed_matrix.h"

#include "kernel_test_util.h"

namespace tradewind {
namespace {

TEST(PackedMatrix, KeepsEveryQuantisedWeight) {
  Random random(51);
  for (const TensorType type : kQuantizedTypes) {
    // Of blocks of 32 columns also a span that is not full.
    for (const int64_t cols : InfoOf(type).block_values == 32 ? std::vector<int64_t>{512, 352} : std::vector<int64_t>{512}) {
      const WeightRows weights = RandomWeights(random, type, 19, cols);
      const PackedMatrix w = weights.Packed();
      EXPECT_EQ(w.size_bytes(), PackedMatrix::SizeBytes(type, 19, cols));
      EXPECT_EQ(reinterpret_cast<uintptr_t>(w.group(1)) % 64, 0u);
      std::vector<std::vector<float>> rows;
      for (int64_t n = 0; n < 19; ++n) rows.push_back(weights.Dequantized(n));
      for (int64_t k = 0; k < cols; k += 3) {
        std::vector<float> unit(cols, 0.0f);
        unit[k] = 127;  // rounds to itself with scale 1
        QuantizedBuffer q(unit, 1, cols);
        std::vector<float> out(32);
        KernelTableRef().matmul_quantized(w, q.View(), 1, 0, 2, out.data(), 32);
        for (int64_t n = 0; n < 19; ++n) {
          const double bound = 127e-6 * (std::fabs(rows[n][k]) + 1);  // q * s + m cancels
          EXPECT_NEAR(out[n], 127.0 * rows[n][k], bound) << InfoOf(type).name << " row " << n << " column " << k;
        }
      }
    }
  }
}

TEST(PackedMatrix, KeepsEveryFloatWeight) {
  Random random(52);
  for (const TensorType type : kFloatTypes) {
    const WeightRows weights = RandomWeights(random, type, 21, 37);
    const PackedMatrix w = weights.Packed();
    for (int64_t k = 0; k < 37; ++k) {
      std::vector<float> unit(37, 0.0f);
      unit[k] = 1;
      std::vector<float> out(32);
      KernelTableRef().matmul_float(w, unit.data(), 1, 0, 2, out.data(), 32);
      for (int64_t n = 0; n < 21; ++n) EXPECT_EQ(out[n], weights.Dequantized(n)[k]) << InfoOf(type).name;
    }
  }
}

TEST(PackedMatrix, MovesAndRefuses) {
  auto a = PackedMatrix::Allocate(TensorType::kQ8_0, 16, 32);
  ASSERT_TRUE(a);
  const std::byte* data = a->group(0);
  PackedMatrix b = std::move(*a);
  EXPECT_EQ(b.group(0), data);
#ifndef __SANITIZE_ADDRESS__  // its allocator ends the process instead
  const auto huge = PackedMatrix::Allocate(TensorType::kF32, int64_t{1} << 40, int64_t{1} << 18);
  ASSERT_FALSE(huge);
  EXPECT_EQ(huge.error().code(), StatusCode::kResourceExhausted);
#endif
}

}  // namespace
}  // namespace tradewind
