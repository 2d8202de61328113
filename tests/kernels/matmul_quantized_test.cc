// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Products with quantised weights: every instruction set against the reference, bit for bit; the reference against products in double of
// the dequantised rows.
#include <algorithm>

#include "kernel_test_util.h"

namespace tradewind {
namespace {

std::vector<int64_t> ColumnsOf(TensorType type) {
  if (InfoOf(type).block_values == 256) return {256, 768, 2048};
  return {32, 64, 256, 576};
}

// Runs groups [begin, end) into a buffer whose other places must stay as they are.
std::vector<float> Multiply(const KernelTable& table, const PackedMatrix& w, QuantizedBuffer& x, int64_t rows, int64_t begin, int64_t end) {
  const int64_t stride = w.padded_rows() + 5;
  std::vector<float> out(static_cast<size_t>(rows * stride), kUntouched);
  table.matmul_quantized(w, x.View(), rows, begin, end, out.data(), stride);
  std::vector<float> many(out.size(), kUntouched);
  table.matmul_quantized_many(w, x.View(), rows, begin, end, many.data(), stride);
  EXPECT_TRUE(SameBits(out, many)) << IsaName(table.isa) << " " << InfoOf(w.type()).name << ": the way for many rows, at " << rows;
  return out;
}

void ExpectEqualEverywhere(const WeightRows& weights, const std::vector<float>& x, int64_t rows) {
  const PackedMatrix w = weights.Packed();
  QuantizedBuffer q(x, rows, weights.cols);
  const std::vector<float> expected = Multiply(KernelTableRef(), w, q, rows, 0, w.groups());
  for (const TestedTable& t : TestedTables()) {
    EXPECT_TRUE(SameBits(expected, Multiply(*t.table, w, q, rows, 0, w.groups())))
        << t.name << " " << InfoOf(weights.type).name << " weights " << weights.rows << "x" << weights.cols << ", rows " << rows;
  }
}

TEST(MatmulQuantized, EveryIsaAgreesOverShapes) {
  Random random(1);
  for (const TensorType type : kQuantizedTypes) {
    for (const int64_t cols : ColumnsOf(type)) {
      for (const int64_t weight_rows : {1, 16, 33}) {
        const WeightRows weights = RandomWeights(random, type, weight_rows, cols);
        for (const int64_t rows : {1, 2, 3, 4, 5, 6, 7, 8, 9, 17}) ExpectEqualEverywhere(weights, NormalValues(random, rows * cols), rows);
      }
    }
    ExpectEqualEverywhere(RandomWeights(random, type, 40, 512), NormalValues(random, 64 * 512), 64);
  }
}

TEST(MatmulQuantized, EveryRowCountOfWeights) {
  Random random(2);
  for (const TensorType type : kQuantizedTypes) {
    for (int64_t weight_rows = 1; weight_rows <= 40; ++weight_rows) {
      ExpectEqualEverywhere(RandomWeights(random, type, weight_rows, 256), NormalValues(random, 2 * 256), 2);
    }
  }
}

TEST(MatmulQuantized, GroupRangesWriteOnlyTheirs) {
  Random random(3);
  const WeightRows weights = RandomWeights(random, TensorType::kQ4_1, 70, 96);
  const PackedMatrix w = weights.Packed();
  QuantizedBuffer x(NormalValues(random, 4 * 96), 4, 96);
  for (const auto& [begin, end] : {std::pair<int64_t, int64_t>{0, 1}, {1, 3}, {4, 5}, {2, 2}}) {
    const std::vector<float> expected = Multiply(KernelTableRef(), w, x, 4, begin, end);
    for (const TestedTable& t : TestedTables()) EXPECT_TRUE(SameBits(expected, Multiply(*t.table, w, x, 4, begin, end))) << t.name << begin;
  }
}

// Weights whose integer sums are as large as they get: every sum that a kernel keeps in int16 must still fit.
TEST(MatmulQuantized, ExtremeWeights) {
  for (const TensorType type : kQuantizedTypes) {
    const int64_t cols = 512;
    for (const int fill : {0x00, 0xFF, 0x80, 0x7F, 0xF0}) {
      for (const uint16_t half : {uint16_t{0}, uint16_t{0x7BFF}, uint16_t{0xFBFF}, uint16_t{1}}) {
        WeightRows weights = {type, 16, cols, {}};
        weights.bytes.assign(static_cast<size_t>(16 * weights.row_bytes()), static_cast<std::byte>(fill));
        for (size_t i = 0; i < weights.bytes.size(); i += InfoOf(type).block_bytes) {
          SetScales(type, weights.bytes.data() + i, half);
        }
        for (const float sign : {1.0f, -1.0f}) {
          for (const int64_t rows : {1, 9}) {
            std::vector<float> all(static_cast<size_t>(rows * cols), sign);
            ExpectEqualEverywhere(weights, all, rows);
            for (size_t i = 0; i < all.size(); i += 2) all[i] = -all[i];
            ExpectEqualEverywhere(weights, all, rows);
          }
        }
      }
    }
  }
}

TEST(MatmulQuantized, ExtremeActivations) {
  Random random(5);
  for (const TensorType type : kQuantizedTypes) {
    const WeightRows weights = RandomWeights(random, type, 17, 512);
    std::vector<float> x = NormalValues(random, 8 * 512);
    auto row = [&](int64_t m) { return x.begin() + m * 512; };
    std::fill(row(0), row(1), 0.0f);
    for (auto it = row(1); it != row(2); ++it) *it *= 1e-38f;
    for (auto it = row(2); it != row(3); ++it) *it *= 1e30f;
    *(row(3) + 77) = 1e30f;
    std::fill(row(4), row(5), -1e30f);
    for (auto it = row(5); it != row(6); ++it) *it *= 1e-42f;
    ExpectEqualEverywhere(weights, x, 8);
  }
}

// Activations that rounding keeps exactly (whole numbers with |max| = 127 in each block) leave only the rounding of the float sums.
TEST(MatmulQuantized, ReferenceIsTheProductOfDequantisedRows) {
  Random random(6);
  for (const TensorType type : kQuantizedTypes) {
    const int64_t cols = 512;
    const WeightRows weights = RandomWeights(random, type, 20, cols);
    const PackedMatrix w = weights.Packed();
    std::vector<float> x(static_cast<size_t>(3 * cols));
    for (size_t i = 0; i < x.size(); ++i) x[i] = i % 32 == 5 ? 127.0f : static_cast<float>(static_cast<int64_t>(random.Below(255)) - 127);
    QuantizedBuffer q(x, 3, cols);
    const std::vector<float> out = Multiply(KernelTableRef(), w, q, 3, 0, w.groups());
    for (int64_t n = 0; n < weights.rows; ++n) {
      const std::vector<float> row = weights.Dequantized(n);
      for (int64_t m = 0; m < 3; ++m) {
        double expected = 0;
        double magnitude = 0;
        for (int64_t k = 0; k < cols; ++k) {
          const double product = static_cast<double>(row[k]) * x[m * cols + k];
          expected += product;
          magnitude += std::fabs(product);
        }
        EXPECT_NEAR(out[m * (w.padded_rows() + 5) + n], expected, magnitude * 3e-6) << InfoOf(type).name << " " << n << " " << m;
      }
    }
  }
}

// Any activations: each is off by at most half a step of its block (and the sums' own rounding).
TEST(MatmulQuantized, ReferenceIsWithinTheActivationsRounding) {
  Random random(7);
  for (const TensorType type : kQuantizedTypes) {
    const int64_t cols = 768;
    const WeightRows weights = RandomWeights(random, type, 20, cols);
    const PackedMatrix w = weights.Packed();
    const std::vector<float> x = NormalValues(random, cols);
    QuantizedBuffer q(x, 1, cols);
    const std::vector<float> out = Multiply(KernelTableRef(), w, q, 1, 0, w.groups());
    for (int64_t n = 0; n < weights.rows; ++n) {
      const std::vector<float> row = weights.Dequantized(n);
      double expected = 0;
      double bound = 0;
      for (int64_t k = 0; k < cols; ++k) {
        expected += static_cast<double>(row[k]) * x[k];
        bound += std::fabs(row[k]) * (0.5001 * q.scales[k / 32] + 3e-6 * std::fabs(x[k]));
      }
      EXPECT_NEAR(out[n], expected, bound) << InfoOf(type).name << " " << n;
    }
  }
}

TEST(MatmulQuantized, SaysWhichTablesRan) {
  std::string names;
  for (const TestedTable& t : TestedTables()) names += " " + t.name;
  std::printf("kernel tables compared with the reference:%s\n", names.empty() ? " none" : names.c_str());
}

}  // namespace
}  // namespace tradewind
