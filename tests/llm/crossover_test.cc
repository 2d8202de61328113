// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/crossover.h"

#include <gtest/gtest.h>

#include "kernels/isa.h"
#include "llm/llm_test_util.h"
#include "llm/products.h"

namespace tradewind {
namespace {

class CrossoverTest : public testing::Test {
 protected:
  void TearDown() override { SetKnownCrossovers({}); }
};

TEST_F(CrossoverTest, TheBestLosesLeast) {
  using Points = std::vector<CrossoverTiming::Point>;
  EXPECT_EQ(BestCrossover(Points{{2, 10, 5}, {4, 10, 9}, {8, 10, 12}, {16, 10, 15}}), 8);
  EXPECT_EQ(BestCrossover(Points{{2, 5, 10}, {4, 5, 10}}), 2) << "always the way for many";
  EXPECT_GT(BestCrossover(Points{{2, 10, 5}, {4, 10, 5}}), 4) << "never";
  // One reading that was disturbed does not move it.
  EXPECT_EQ(BestCrossover(Points{{2, 10, 5}, {4, 10, 11}, {8, 10, 9.9}, {12, 10, 15}, {16, 10, 16}}), 4);
}

TEST_F(CrossoverTest, JsonKeepsThemAndLeavesOutWhatIsNone) {
  Crossovers c;
  c.Set(TensorType::kQ4_0, 1024, 7);
  c.Set(TensorType::kQ4_0, 3072, 12);
  c.Set(TensorType::kQ6_K, 1024, 1);
  const Crossovers back = Crossovers::FromJson(c.ToJson());
  EXPECT_EQ(back.ToJson(), c.ToJson());
  EXPECT_EQ(back.ManyRows(TensorType::kQ4_0, 3072), 12);
  EXPECT_EQ(back.ManyRows(TensorType::kQ4_0, 2048), Crossovers::kNotTimed);
  for (const char* text :
       {"", "[", "null", "[1]", "7", R"({"Q4_0": 3})", R"({"Q4_0": {"x": 3, "-32": 3, "1024": "3", "2048": 0, "64": 1e9}})",
        R"({"Q9_9": {"1024": 3}})", R"({"Q4_0": {"1024": [3]}})", R"({"Q4_0": {"1024": 1000000000000}})"}) {
    EXPECT_EQ(Crossovers::FromJson(text).size(), 0u) << text;
  }
}

// Kernels that say which they are.
template <int kWhich>
void Say(const PackedMatrix&, const QuantizedRows&, int64_t rows, int64_t begin, int64_t end, float* out, int64_t stride) {
  for (int64_t row = 0; row < rows; ++row) {
    std::fill(out + row * stride + begin * kRowGroup, out + row * stride + end * kRowGroup, static_cast<float>(kWhich));
  }
}

TEST_F(CrossoverTest, ProductsGoByWhatIsKnown) {
  KernelTable table = KernelsFor(AvailableIsas().front());
  table.matmul_quantized = Say<1>;
  table.matmul_quantized_many = Say<2>;
  table.many_rows = 5;
  const std::vector<std::byte> bytes(16 * 34 * 2);
  auto packed = PackedMatrix::Allocate(TensorType::kQ8_0, 16, 64);
  packed->PackGroup(0, bytes.data());
  ThreadPool pool(2);
  const auto kernel_at = [&](int64_t rows) {
    std::vector<float> input(static_cast<size_t>(rows * 64), 1.0f), out(static_cast<size_t>(rows * 16));
    const Product product[] = {{&*packed, out.data()}};
    Products(table, rows, 64).Run(input.data(), rows, 64, product, pool, {});
    return out[0];
  };
  EXPECT_EQ(kernel_at(4), 1);
  EXPECT_EQ(kernel_at(5), 2);
  Crossovers known;
  known.Set(TensorType::kQ8_0, 64, 9);
  known.Set(TensorType::kQ8_0, 128, 2);
  SetKnownCrossovers(known);
  EXPECT_EQ(kernel_at(8), 1);
  EXPECT_EQ(kernel_at(9), 2);
}

// A warmed model's shapes are known, and its numbers are what they were.
TEST_F(CrossoverTest, WarmTimesTheShapesThatAreNotKnown) {
  TW_REQUIRE_DATA(path, ModelPath("smollm2-135m"));
  const std::vector<int32_t> ids = {1, 504, 2365, 6354, 16438, 27003, 690};
  const auto instance = OpenModel(path);
  const std::vector<float> before = ScoreIds(*instance, ids);
  ASSERT_TRUE(instance->Warm());
  size_t shapes = 0;
  for (const auto& [name, matrices] : instance->model().matrices()) {
    const PackedMatrix& m = *matrices.front();
    if (!m.quantized()) continue;
    ++shapes;
    EXPECT_GE(KnownCrossovers().ManyRows(m.type(), m.cols()), 1) << name;
  }
  EXPECT_GT(shapes, 0u);
  EXPECT_EQ(ScoreIds(*instance, ids), before);
  const std::string known = KnownCrossovers().ToJson();
  ASSERT_TRUE(instance->Warm());
  EXPECT_EQ(KnownCrossovers().ToJson(), known) << "not timed again";
  const auto timings = instance->TimeCrossovers();
  ASSERT_TRUE(timings);
  for (const CrossoverTiming& t : *timings) {
    for (const auto& p : t.points) EXPECT_GT(std::min(p.few_ops_per_s, p.many_ops_per_s), 0);
    EXPECT_EQ(KnownCrossovers().ManyRows(t.type, t.cols), t.many_rows);
  }
}

}  // namespace
}  // namespace tradewind
