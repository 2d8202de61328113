// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Numbers that tests/learn/reference.py draws too, bit for bit: a linear congruential generator, whose values are multiples of 1/1024
// (exact in single precision, in which scikit-learn's trees compare them).
#pragma once

#include <cstdint>
#include <vector>

namespace tradewind {

class Sequence {
 public:
  explicit Sequence(uint32_t seed) : state_(seed) {}
  double Next() {
    state_ = (1103515245U * state_ + 12345U) & 0x7fffffffU;
    return static_cast<double>(state_ >> 21) / 1024.0;
  }
  std::vector<double> Draw(size_t n) {
    std::vector<double> values(n);
    for (double& v : values) v = Next();
    return values;
  }

 private:
  uint32_t state_;
};

}  // namespace tradewind
