// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The search for the scale, or scale and offset, of a group of values that are to become small integers (codes): x ~ scale * code + offset
// with the least weighted squared error. Several inverse scales are tried; for the codes of each the best scale and offset follow in closed
// form (weighted least squares), and the winner's codes and scale are then improved in turn. Four groups are searched at once, one a vector
// lane, so that no sum crosses lanes: the result is the same with any vector width. Only the quantisers include it.
#pragma once

#include <cstdint>

#ifdef __SSE__
#include <xmmintrin.h>
#endif

namespace tradewind {

using Lanes = float __attribute__((vector_size(16)));
using LaneMask = int32_t __attribute__((vector_size(16)));
inline constexpr int kLanes = 4;

// Four groups of `size` (16 or 32) values each with weights, value i of all four in x[i].
struct LaneGroups {
  int size = 0;
  Lanes x[32];
  Lanes w[32];
  Lanes wx[32];
  Lanes sum_w, sum_wx, sum_wxx;
};
// Group g is values[g * size .. (g + 1) * size). A group whose weights are all zero gets equal ones.
void LoadGroups(const float* values, const float* weights, int size, LaneGroups* groups);

struct Codebook {
  float lowest;   // codes are the integers from here
  float highest;  // to here
};

struct LaneFit {
  Lanes scale;
  Lanes offset;
};

// x ~ scale * code. The value of the largest magnitude falls near `lowest` (whose magnitude is `highest` or one more), so the scale has the
// sign opposite to that value's.
Lanes FitScale(const LaneGroups& groups, Codebook codes);

// x ~ scale * code + offset, codes from 0, scale >= 0; with `offset_at_most_zero`, offset <= 0.
LaneFit FitScaleAndOffset(const LaneGroups& groups, Codebook codes, bool offset_at_most_zero);

// What the nearest codes under a given scale and offset come to: sums over a group, weighted.
struct LaneSums {
  Lanes q, qq, xq;
};
LaneSums SumsOf(const LaneGroups& groups, LaneFit fit, Codebook codes);
// The weighted squared error of x ~ fit.scale * code + fit.offset with those codes.
Lanes ErrorOf(const LaneGroups& groups, LaneFit fit, const LaneSums& sums);

// The nearest codes, less `codes.lowest`, of group g in out[g * size ..].
void NearestCodes(const LaneGroups& groups, LaneFit fit, Codebook codes, uint8_t* out);

// To the nearest integer, ties to even, for magnitudes below 2^22.
inline Lanes RoundLanes(Lanes v) {
  constexpr float kMagic = 12582912.0f;  // 1.5 * 2^23: one unit in its last place is 1
  return (v + kMagic) - kMagic;
}
inline Lanes Broadcast(float v) {
  return Lanes{v, v, v, v};
}
// The second where either is NaN. One instruction on x86, which the compiler does not see in the comparison.
inline Lanes MinLanes(Lanes a, Lanes b) {
#ifdef __SSE__
  return _mm_min_ps(a, b);
#else
  return a < b ? a : b;
#endif
}
inline Lanes MaxLanes(Lanes a, Lanes b) {
#ifdef __SSE__
  return _mm_max_ps(a, b);
#else
  return a > b ? a : b;
#endif
}
// 1 / v, and 0 where v is 0.
inline Lanes InverseOrZero(Lanes v) {
  const LaneMask zero = v == 0.0f;
  return zero ? Broadcast(0) : 1.0f / (zero ? Broadcast(1) : v);
}

}  // namespace tradewind
