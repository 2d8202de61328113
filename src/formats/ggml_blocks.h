// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The blocks of quantised rows as they lie in a GGUF file: packed, little-endian, `d` and `m` in IEEE half. A row is an array of
// blocks without gaps and may start at any byte, so copy a block out (memcpy) or point at it as it is: the structs are packed.
// `i` below counts values from 0.
#pragma once

#include <cstdint>

namespace tradewind {

#pragma pack(push, 1)

// 32 values: d * qs[i].
struct BlockQ8_0 {
  uint16_t d;
  int8_t qs[32];
};

// 32 values: d * (q - 8); value i < 16 in the low nibble of qs[i], value i + 16 in the high one.
struct BlockQ4_0 {
  uint16_t d;
  uint8_t qs[16];
};

// 32 values: d * q + m; nibbles as in Q4_0.
struct BlockQ4_1 {
  uint16_t d;
  uint16_t m;
  uint8_t qs[16];
};

// 32 values: d * (q - 16); the low four bits as in Q4_0, the fifth bit of value i is bit i of qh (little-endian).
struct BlockQ5_0 {
  uint16_t d;
  uint8_t qh[4];
  uint8_t qs[16];
};

// 256 values in 8 groups of 32: (d * scale[g]) * q - (dmin * min[g]). Groups 2j and 2j + 1 are the low and high nibbles of
// qs[32 j .. 32 j + 31]. `scales` packs 8 six-bit scales and 8 six-bit minima: see UnpackScalesQ4K.
struct BlockQ4_K {
  uint16_t d;
  uint16_t dmin;
  uint8_t scales[12];
  uint8_t qs[128];
};

// 256 values in 16 groups of 16: (d * scales[g]) * (q - 32). Each half of 128 values has 64 bytes of ql and 32 of qh; of value
// 32 k + l in the half (k < 4), the low four bits are a nibble of ql[32 (k % 2) + l] (high if k >= 2), the top two bits 2k of qh[l].
struct BlockQ6_K {
  uint8_t ql[128];
  uint8_t qh[64];
  int8_t scales[16];
  uint16_t d;
};

#pragma pack(pop)

static_assert(sizeof(BlockQ8_0) == 34);
static_assert(sizeof(BlockQ4_0) == 18);
static_assert(sizeof(BlockQ4_1) == 20);
static_assert(sizeof(BlockQ5_0) == 22);
static_assert(sizeof(BlockQ4_K) == 144);
static_assert(sizeof(BlockQ6_K) == 210);

// The eight six-bit scales and minima of a Q4_K block. The first four of each are the low bits of bytes 0-3 and 4-7; the last four have
// their low four bits in the nibbles of bytes 8-11 and their top two in the top bits of bytes 0-3 and 4-7.
inline void UnpackScalesQ4K(const uint8_t packed[12], uint8_t scale[8], uint8_t min[8]) {
  for (int g = 0; g < 4; ++g) {
    scale[g] = packed[g] & 0x3F;
    min[g] = packed[g + 4] & 0x3F;
    scale[g + 4] = static_cast<uint8_t>((packed[g + 8] & 0x0F) | ((packed[g] >> 6) << 4));
    min[g + 4] = static_cast<uint8_t>((packed[g + 8] >> 4) | ((packed[g + 4] >> 6) << 4));
  }
}

}  // namespace tradewind
