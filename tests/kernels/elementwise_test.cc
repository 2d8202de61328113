// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Elementwise kernels: every instruction set against the reference, bit for bit, at every tail; the reference against the C library in
// double.
#include <algorithm>
#include <functional>

#include "kernel_test_util.h"
#include "kernels/kernels_ref.h"

namespace tradewind {
namespace {

// Lengths with every tail, and some long ones.
std::vector<int64_t> Lengths() {
  std::vector<int64_t> lengths = {128, 576, 4095, 4096, 4097, 9000};
  for (int64_t n = 1; n <= 70; ++n) lengths.push_back(n);
  return lengths;
}

// Normal values with whole ranges of magnitudes mixed in.
std::vector<float> WildValues(Random& random, int64_t n) {
  std::vector<float> x = NormalValues(random, n, 4);
  const float extremes[] = {0.0f, -0.0f, 1e-40f, -1e-40f, 87.5f, -87.5f, 88.4f, -88.4f, 1e4f, -1e4f, 120.0f, -120.0f};
  for (float& value : x) {
    if (random.Below(8) == 0) value = extremes[random.Below(std::size(extremes))];
  }
  return x;
}

using Kernel = std::function<void(const KernelTable&, const std::vector<float>& x, const std::vector<float>& y, std::vector<float>& out)>;

void ExpectEqualAtEveryLength(const char* name, const Kernel& run) {
  Random random(21);
  for (const int64_t n : Lengths()) {
    const std::vector<float> x = WildValues(random, n);
    const std::vector<float> y = WildValues(random, n);
    std::vector<float> expected(static_cast<size_t>(n) + 4, kUntouched);
    run(KernelTableRef(), x, y, expected);
    for (const TestedTable& t : TestedTables()) {
      std::vector<float> actual(static_cast<size_t>(n) + 4, kUntouched);
      run(*t.table, x, y, actual);
      EXPECT_TRUE(SameBits(expected, actual)) << t.name << " " << name << " n " << n;
    }
  }
}

int64_t SizeOf(const std::vector<float>& x) {
  return static_cast<int64_t>(x.size());
}

TEST(Elementwise, EveryIsaAgreesAtEveryLength) {
  using V = std::vector<float>;
  ExpectEqualAtEveryLength("rms_norm", [](const KernelTable& t, const V& x, const V& y, V& out) {
    t.rms_norm(x.data(), y.data(), 1e-5f, SizeOf(x), out.data());
  });
  ExpectEqualAtEveryLength("add",
                           [](const KernelTable& t, const V& x, const V& y, V& out) { t.add(x.data(), y.data(), SizeOf(x), out.data()); });
  ExpectEqualAtEveryLength("multiply_scalar", [](const KernelTable& t, const V& x, const V&, V& out) {
    t.multiply_scalar(x.data(), 0.7f, SizeOf(x), out.data());
  });
  ExpectEqualAtEveryLength(
      "silu_mul", [](const KernelTable& t, const V& x, const V& y, V& out) { t.silu_mul(x.data(), y.data(), SizeOf(x), out.data()); });
  ExpectEqualAtEveryLength(
      "gelu_mul", [](const KernelTable& t, const V& x, const V& y, V& out) { t.gelu_mul(x.data(), y.data(), SizeOf(x), out.data()); });
  ExpectEqualAtEveryLength("max", [](const KernelTable& t, const V& x, const V&, V& out) { out[0] = t.max(x.data(), SizeOf(x)); });
  ExpectEqualAtEveryLength("sum_exp", [](const KernelTable& t, const V& x, const V&, V& out) {
    const double sum = t.sum_exp(x.data(), *std::max_element(x.begin(), x.end()), SizeOf(x));
    std::memcpy(out.data(), &sum, sizeof(float));
    std::memcpy(&out.back(), reinterpret_cast<const char*>(&sum) + 4, sizeof(float));
  });
}

TEST(Elementwise, InPlaceGivesTheSame) {
  Random random(22);
  for (const TestedTable& t : TestedTables()) {
    for (const int64_t n : {1, 16, 37}) {
      const std::vector<float> x = NormalValues(random, n);
      const std::vector<float> y = NormalValues(random, n);
      std::vector<float> apart(x.size());
      t.table->rms_norm(x.data(), y.data(), 1e-6f, n, apart.data());
      std::vector<float> in_place = x;
      t.table->rms_norm(in_place.data(), y.data(), 1e-6f, n, in_place.data());
      EXPECT_TRUE(SameBits(apart, in_place)) << t.name;
      t.table->add(x.data(), y.data(), n, apart.data());
      in_place = y;
      t.table->add(x.data(), in_place.data(), n, in_place.data());
      EXPECT_TRUE(SameBits(apart, in_place)) << t.name;
    }
  }
}

TEST(Elementwise, RopeAgreesInBothLayouts) {
  Random random(23);
  for (const bool adjacent : {false, true}) {
    for (int64_t pairs = 1; pairs <= 70; ++pairs) {
      std::vector<float> x = NormalValues(random, 2 * pairs + 3);
      const std::vector<float> cos = NormalValues(random, pairs);
      const std::vector<float> sin = NormalValues(random, pairs);
      std::vector<float> expected = x;
      KernelTableRef().rope(expected.data(), cos.data(), sin.data(), pairs, adjacent);
      for (const TestedTable& t : TestedTables()) {
        std::vector<float> actual = x;
        t.table->rope(actual.data(), cos.data(), sin.data(), pairs, adjacent);
        EXPECT_TRUE(SameBits(expected, actual)) << t.name << " pairs " << pairs << " adjacent " << adjacent;
      }
    }
  }
}

// A rotation keeps the length of each pair, and its inverse restores it.
TEST(Elementwise, RopeRotates) {
  for (const bool adjacent : {false, true}) {
    std::vector<float> x = {3, 4, -1, 2};
    const std::vector<float> cos = {std::cos(0.3f), std::cos(1.1f)};
    const std::vector<float> sin = {std::sin(0.3f), std::sin(1.1f)};
    KernelTableRef().rope(x.data(), cos.data(), sin.data(), 2, adjacent);
    EXPECT_NEAR(x[0], 3 * cos[0] - (adjacent ? 4 : -1) * sin[0], 1e-6);
    const std::vector<float> back = {-sin[0], -sin[1]};
    KernelTableRef().rope(x.data(), cos.data(), back.data(), 2, adjacent);
    EXPECT_NEAR(x[0], 3, 1e-6);
    EXPECT_NEAR(x[1], 4, 1e-6);
    EXPECT_NEAR(x[2], -1, 1e-6);
    EXPECT_NEAR(x[3], 2, 1e-6);
  }
}

TEST(Elementwise, ReferenceExpIsExp) {
  for (double x = -87.3; x <= 88.3; x += 0.00137) {
    const double exact = std::exp(static_cast<double>(static_cast<float>(x)));
    EXPECT_NEAR(ExpRef(static_cast<float>(x)) / exact, 1.0, 2e-7) << x;
  }
  EXPECT_NEAR(ExpRef(-1e30f), 1.2e-38, 1e-39);
  EXPECT_EQ(ExpRef(0), 1.0f);
}

TEST(Elementwise, ReferenceAgainstDouble) {
  Random random(24);
  const int64_t n = 1000;
  const std::vector<float> x = NormalValues(random, n, 3);
  const std::vector<float> y = NormalValues(random, n);
  std::vector<float> silu(x.size());
  std::vector<float> gelu(x.size());
  std::vector<float> norm(x.size());
  KernelTableRef().silu_mul(x.data(), y.data(), n, silu.data());
  KernelTableRef().gelu_mul(x.data(), y.data(), n, gelu.data());
  KernelTableRef().rms_norm(x.data(), y.data(), 1e-5f, n, norm.data());
  double squares = 0;
  double exps = 0;
  const float max = *std::max_element(x.begin(), x.end());
  for (int64_t i = 0; i < n; ++i) {
    const double v = x[i];
    squares += v * v;
    exps += std::exp(v - max);
    EXPECT_NEAR(silu[i], v / (1 + std::exp(-v)) * y[i], 1e-6 * std::fabs(v * y[i]) + 1e-12);
    // The tanh form by tanh; the product cancels near -1, so the bound is absolute.
    const double tanh_form = 0.5 * v * (1 + std::tanh(std::sqrt(2 / M_PI) * (v + 0.044715 * v * v * v)));
    EXPECT_NEAR(gelu[i], tanh_form * y[i], 4e-6 * std::fabs(v * y[i]) + 1e-12);
  }
  for (int64_t i = 0; i < n; ++i) {
    EXPECT_NEAR(norm[i], x[i] / std::sqrt(squares / n + 1e-5) * y[i], 1e-6 * std::fabs(x[i] * y[i]) + 1e-9);
  }
  EXPECT_NEAR(KernelTableRef().sum_exp(x.data(), max, n), exps, exps * 1e-6);
  EXPECT_EQ(KernelTableRef().max(x.data(), n), max);
}

}  // namespace
}  // namespace tradewind
