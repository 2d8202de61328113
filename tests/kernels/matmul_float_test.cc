// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Products with F32, F16 and BF16 weights: every instruction set against the reference, bit for bit; the reference against double.
#include "kernel_test_util.h"

namespace tradewind {
namespace {

std::vector<float> Multiply(const KernelTable& table, const PackedMatrix& w, const std::vector<float>& x, int64_t rows) {
  const int64_t stride = w.padded_rows() + 3;
  std::vector<float> out(static_cast<size_t>(rows * stride), kUntouched);
  table.matmul_float(w, x.data(), rows, 0, w.groups(), out.data(), stride);
  return out;
}

TEST(MatmulFloat, EveryIsaAgrees) {
  Random random(11);
  for (const TensorType type : kFloatTypes) {
    for (const int64_t cols : {1, 7, 32, 576}) {
      for (const int64_t weight_rows : {1, 16, 33}) {
        const PackedMatrix w = RandomWeights(random, type, weight_rows, cols).Packed();
        for (const int64_t rows : {1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 25}) {
          const std::vector<float> x = NormalValues(random, rows * cols);
          const std::vector<float> expected = Multiply(KernelTableRef(), w, x, rows);
          for (const TestedTable& t : TestedTables()) {
            EXPECT_TRUE(SameBits(expected, Multiply(*t.table, w, x, rows)))
                << t.name << " " << InfoOf(type).name << " " << cols << " " << rows;
          }
        }
      }
    }
  }
}

TEST(MatmulFloat, ReferenceIsTheProduct) {
  Random random(12);
  for (const TensorType type : kFloatTypes) {
    const int64_t cols = 200;
    const WeightRows weights = RandomWeights(random, type, 20, cols);
    const PackedMatrix w = weights.Packed();
    const std::vector<float> x = NormalValues(random, 2 * cols);
    const std::vector<float> out = Multiply(KernelTableRef(), w, x, 2);
    for (int64_t n = 0; n < weights.rows; ++n) {
      const std::vector<float> row = weights.Dequantized(n);
      for (int64_t m = 0; m < 2; ++m) {
        double expected = 0;
        double magnitude = 0;
        for (int64_t k = 0; k < cols; ++k) {
          expected += static_cast<double>(row[k]) * x[m * cols + k];
          magnitude += std::fabs(static_cast<double>(row[k]) * x[m * cols + k]);
        }
        EXPECT_NEAR(out[m * (w.padded_rows() + 3) + n], expected, magnitude * cols * 6e-8) << InfoOf(type).name;
      }
    }
  }
}

// Rows beyond the matrix are padding: zero weights.
TEST(MatmulFloat, PaddingRowsGiveZero) {
  Random random(13);
  const PackedMatrix w = RandomWeights(random, TensorType::kF16, 18, 64).Packed();
  const std::vector<float> out = Multiply(KernelTableRef(), w, NormalValues(random, 64), 1);
  for (int64_t n = 18; n < 32; ++n) EXPECT_EQ(out[n], 0.0f);
  EXPECT_EQ(out[32], kUntouched);
}

}  // namespace
}  // namespace tradewind
