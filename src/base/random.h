// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A small seeded generator whose stream is the same on every machine and compiler (the standard distributions are not).
// xoshiro256** seeded by splitmix64 (Blackman & Vigna, arXiv:1805.01407). Not for secrets. Thread-compatible.
#pragma once

#include <cstdint>

namespace tradewind {

class Random {
 public:
  explicit Random(uint64_t seed);
  uint64_t Next();
  // Uniform in [0, 1), 53 bits.
  double Uniform();
  // Uniform in [0, n), n > 0, without modulo bias.
  uint64_t Below(uint64_t n);
  // Standard normal.
  double Normal();

 private:
  uint64_t state_[4];
};

}  // namespace tradewind
