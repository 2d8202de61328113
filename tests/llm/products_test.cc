// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/products.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "base/random.h"
#include "kernels/isa.h"

namespace tradewind {
namespace {

struct Matrix {
  int64_t rows, cols;
  std::vector<float> values;
  std::vector<std::byte> bytes;  // as in a file
  PackedMatrix packed;
};

// Of whole numbers up to 7, with a 127 in every block: Q8_0 holds them exactly with scale 1.
Matrix Make(int64_t rows, int64_t cols, TensorType type, Random& random) {
  Matrix m{rows, cols, {}, {}, {}};
  std::vector<std::byte>& bytes = m.bytes;
  for (int64_t i = 0; i < rows * cols; ++i) {
    m.values.push_back(i % 32 == 0 ? 127.0f : static_cast<float>(random.Below(15)) - 7);
  }
  if (type == TensorType::kF32) {
    const auto raw = std::as_bytes(std::span<const float>(m.values));
    bytes.assign(raw.begin(), raw.end());
  } else {
    for (size_t i = 0; i < m.values.size(); i += 32) {
      bytes.push_back(std::byte{0x00});
      bytes.push_back(std::byte{0x3C});  // 1.0 as a half
      for (size_t k = 0; k < 32; ++k) bytes.push_back(static_cast<std::byte>(static_cast<int8_t>(m.values[i + k])));
    }
  }
  m.packed = PackedMatrix::Allocate(type, rows, cols).value();
  for (int64_t g = 0; g < m.packed.groups(); ++g) m.packed.PackGroup(g, bytes.data());
  return m;
}

// Whole numbers have whole products: every kernel must give them exactly, whoever computes what.
TEST(Products, EveryOutputOfEveryMatrixIsTheDotProduct) {
  for (const Isa isa : AvailableIsas()) {
    for (const int threads : {1, 3}) {
      ThreadPool pool(threads);
      for (const int64_t rows : {1, 5, 33}) {
        Random random(static_cast<uint64_t>(rows));
        const int64_t cols = 96;
        std::vector<Matrix> matrices;
        matrices.push_back(Make(576, cols, TensorType::kQ8_0, random));
        matrices.push_back(Make(37, cols, TensorType::kF32, random));
        matrices.push_back(Make(16, cols, TensorType::kQ8_0, random));
        Matrix input = Make(rows, cols, TensorType::kF32, random);
        std::vector<std::vector<float>> outs;
        std::vector<Product> products;
        for (const Matrix& m : matrices) outs.emplace_back(static_cast<size_t>(rows * m.packed.padded_rows()), NAN);
        for (size_t i = 0; i < matrices.size(); ++i) products.push_back({&matrices[i].packed, outs[i].data()});
        Products(KernelsFor(isa), rows, cols).Run(input.values.data(), rows, cols, products, pool, {});
        for (size_t i = 0; i < matrices.size(); ++i) {
          const Matrix& m = matrices[i];
          for (int64_t r = 0; r < rows; ++r) {
            for (int64_t n = 0; n < m.rows; ++n) {
              double dot = 0;
              for (int64_t k = 0; k < cols; ++k) {
                dot += static_cast<double>(input.values[static_cast<size_t>(r * cols + k)] * m.values[static_cast<size_t>(n * cols + k)]);
              }
              ASSERT_EQ(outs[i][static_cast<size_t>(r * m.packed.padded_rows() + n)], static_cast<float>(dot))
                  << IsaName(isa) << " threads " << threads << " matrix " << i << " row " << r << " column " << n;
            }
          }
        }
      }
    }
  }
}

// Products that take some of the rows each, as experts do, give what they give alone.
TEST(Products, SomeRowsOfTheInput) {
  for (const Isa isa : AvailableIsas()) {
    ThreadPool pool(2);
    Random random(8);
    const int64_t cols = 64;
    Matrix quantized = Make(48, cols, TensorType::kQ8_0, random);
    Matrix single = Make(20, cols, TensorType::kF32, random);
    const Matrix input = Make(12, cols, TensorType::kF32, random);
    const auto run = [&](const PackedMatrix& weights, int64_t first, int64_t rows, const PackedMatrix* other) {
      std::vector<float> out(static_cast<size_t>(rows * weights.padded_rows()), NAN);
      std::vector<float> rest(static_cast<size_t>(12 * 48));
      std::vector<Product> products = {{&weights, out.data(), first, rows}};
      if (other != nullptr) products.insert(products.begin(), {other, rest.data(), 3, 0});
      if (other != nullptr) products.push_back({other, rest.data(), 2, 9});
      Products(KernelsFor(isa), 12, cols).Run(input.values.data(), 12, cols, products, pool, {});
      return out;
    };
    for (const Matrix* m : {&quantized, &single}) {
      const std::vector<float> all = run(m->packed, 0, 12, nullptr);
      for (const auto& [first, rows] : {std::pair<int64_t, int64_t>{0, 1}, {3, 5}, {11, 1}}) {
        const auto begin = all.begin() + first * m->packed.padded_rows();
        EXPECT_EQ(run(m->packed, first, rows, m == &single ? &quantized.packed : &single.packed),
                  std::vector<float>(begin, begin + rows * m->packed.padded_rows()))
            << IsaName(isa) << " " << first;
      }
    }
  }
}

// A matrix that is not packed gives the same bits, also where its last group is not full.
TEST(Products, PackingForOneProductChangesNoBit) {
  for (const Isa isa : AvailableIsas()) {
    ThreadPool pool(3);
    Random random(9);
    const int64_t cols = 96;
    for (const TensorType type : {TensorType::kQ8_0, TensorType::kF32}) {
      const Matrix m = Make(600, cols, type, random);
      const Matrix small = Make(5, cols, type, random);
      for (const int64_t rows : {1, 7, 40}) {
        std::vector<float> input;
        for (int64_t i = 0; i < rows * cols; ++i) input.push_back(static_cast<float>(random.Uniform()) - 0.5f);
        const auto run = [&](const PackedMatrix& first, const PackedMatrix& second) {
          std::vector<float> out(static_cast<size_t>(rows * (first.padded_rows() + second.padded_rows())), NAN);
          const Product products[] = {{&first, out.data()}, {&second, out.data() + rows * first.padded_rows()}};
          Products(KernelsFor(isa), rows, cols).Run(input.data(), rows, cols, products, pool, {});
          return out;
        };
        const auto unpacked = [](const Matrix& from) {
          return PackedMatrix::Unpacked(from.packed.type(), from.rows, from.cols, from.bytes.data());
        };
        const std::vector<float> expected = run(m.packed, small.packed);
        EXPECT_EQ(run(unpacked(m), unpacked(small)), expected) << IsaName(isa) << " " << rows;
        EXPECT_EQ(run(unpacked(small), m.packed), run(small.packed, m.packed)) << IsaName(isa) << " " << rows;
      }
    }
  }
}

// Notes which rows each matrix was shown with, by their first values.
class NotingTap final : public ProductTap {
 public:
  void Read(const PackedMatrix& weights, const float* input, int64_t rows) override {
    for (int64_t row = 0; row < rows; ++row) seen[&weights].push_back(input[row * weights.cols()]);
  }
  std::map<const PackedMatrix*, std::vector<float>> seen;
};

TEST(Products, ATapIsShownTheRowsOfEachMatrix) {
  Random random(1);
  ThreadPool pool(2);
  const Matrix all = Make(16, 32, TensorType::kQ8_0, random);
  const Matrix some = Make(16, 32, TensorType::kF32, random);
  std::vector<float> input(size_t{5} * 32);
  for (size_t row = 0; row < 5; ++row) input[row * 32] = static_cast<float>(row);
  std::vector<float> out(size_t{2} * 5 * 16);
  const Product work[] = {{&all.packed, out.data()}, {&some.packed, out.data() + size_t{5} * 16, 2, 2}};
  Products products(KernelsFor(AvailableIsas().back()), 5, 32);
  NotingTap tap;
  products.SetTap(&tap);
  products.Run(input.data(), 5, 32, work, pool, {});
  EXPECT_EQ(tap.seen[&all.packed], (std::vector<float>{0, 1, 2, 3, 4}));
  EXPECT_EQ(tap.seen[&some.packed], (std::vector<float>{2, 3}));
  tap.seen.clear();
  products.SetTap(nullptr);
  products.Run(input.data(), 5, 32, work, pool, {});
  EXPECT_TRUE(tap.seen.empty());
}

}  // namespace
}  // namespace tradewind
