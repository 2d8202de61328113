// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "learn/byte_rows.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace tradewind {
namespace {

constexpr float kMostOfRow = 127, kMostOfQuery = 4096;  // sums of up to 4,000 products stay within 32 bits

// Whole numbers up to `most`, and what each must be multiplied by for a vector of length 1.
template <typename Whole>
float Rounded(std::span<const float> vector, float most, Whole* out) {
  float largest = 0;
  double squares = 0;
  for (const float v : vector) {
    largest = std::max(largest, std::abs(v));
    squares += static_cast<double>(v) * v;
  }
  if (largest == 0) {
    std::fill(out, out + vector.size(), Whole{0});
    return 0;
  }
  for (size_t i = 0; i < vector.size(); ++i) out[i] = static_cast<Whole>(std::lround(vector[i] / largest * most));
  return static_cast<float>(largest / most / std::sqrt(squares));
}

int64_t Product(const int8_t* a, const int16_t* b, size_t n) {
  constexpr size_t kBlock = 4000;
  int64_t total = 0;
  for (size_t from = 0; from < n; from += kBlock) {
    int32_t sum = 0;
    for (size_t i = from; i < std::min(n, from + kBlock); ++i) sum += static_cast<int16_t>(a[i]) * b[i];
    total += sum;
  }
  return total;
}

}  // namespace

void ByteRows::Add(std::span<const float> vector) {
  assert(vector.size() == dimensions_);
  numbers_.resize(numbers_.size() + dimensions_);
  scales_.push_back(Rounded(vector, kMostOfRow, numbers_.data() + numbers_.size() - dimensions_));
}

std::vector<float> ByteRows::Cosines(std::span<const float> query) const {
  assert(query.size() == dimensions_);
  std::vector<int16_t> whole(dimensions_);
  const float scale = Rounded(query, kMostOfQuery, whole.data());
  std::vector<float> out(rows());
  for (size_t row = 0; row < out.size(); ++row)
    out[row] = static_cast<float>(Product(numbers_.data() + row * dimensions_, whole.data(), dimensions_)) * scale * scales_[row];
  return out;
}

}  // namespace tradewind
