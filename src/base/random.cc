// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/random.h"

#include <bit>
#include <cassert>
#include <cmath>

namespace tradewind {

Random::Random(uint64_t seed) {
  for (uint64_t& word : state_) {  // splitmix64: never all zero, and seeds that differ by one bit give unrelated states
    seed += 0x9e3779b97f4a7c15;
    uint64_t z = seed;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    word = z ^ (z >> 31);
  }
}

uint64_t Random::Next() {
  const uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
  const uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Random::Uniform() {
  return static_cast<double>(Next() >> 11) * 0x1p-53;
}

uint64_t Random::Below(uint64_t n) {
  assert(n > 0);
  // The lowest 2^64 mod n values would make some results likelier than others: draw again.
  const uint64_t reject_below = -n % n;
  uint64_t value;
  do {
    value = Next();
  } while (value < reject_below);
  return value % n;
}

double Random::Normal() {
  // Marsaglia's polar method. The second value of a pair is dropped, so that the state is the four words alone.
  for (;;) {
    const double u = 2 * Uniform() - 1;
    const double v = 2 * Uniform() - 1;
    const double s = u * u + v * v;
    if (s > 0 && s < 1) return u * std::sqrt(-2 * std::log(s) / s);
  }
}

}  // namespace tradewind
