// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// 256 values as groups that share a half scale (and a half minimum), each group with a small integer scale (and minimum) of its own. First
// every group is fitted alone; then the integers are chosen around what that gives by the error that they leave, and the halves solved for
// anew (least squares over the whole block). Only the quantisers include it.
#pragma once

#include <cstdint>

#include "formats/quantize_search.h"

namespace tradewind {

inline constexpr int kSuperblock = 256;

// x ~ (d * scale[g]) * code - (dmin * min[g]), codes from 0.
struct MinBlock {
  uint8_t codes[kSuperblock];
  uint8_t scale[16];
  uint8_t min[16];
  uint16_t d, dmin;
};
struct MinShape {
  int group;            // values of a group: 16 or 32
  float highest_code;   // 3, 15 or 31
  float highest_scale;  // of the integer scales and minima: 15 or 63
};
void FitMinBlock(const float* values, const float* weights, MinShape shape, MinBlock* block);

// x ~ (d * scale[g]) * (code + lowest code), 16 groups of 16.
struct SignedBlock {
  uint8_t codes[kSuperblock];
  int8_t scale[16];
  uint16_t d;
};
struct SignedShape {
  Codebook codes;      // -32 to 31, or -4 to 3
  float lowest_scale;  // of the integer scales, which go to -lowest_scale - 1: -128 or -32
};
void FitSignedBlock(const float* values, const float* weights, SignedShape shape, SignedBlock* block);

}  // namespace tradewind
