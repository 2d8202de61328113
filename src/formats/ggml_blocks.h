// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The blocks of quantised rows as they lie in a GGUF file: packed, little-endian, `d` and `m` in IEEE half. A row is an array of
// blocks without gaps and may start at any byte, so copy a block out (memcpy) or point at it as it is: the structs are packed.
// `i` below counts values from 0.
#pragma once

#include <bit>
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

// 32 values: d * q + m; bits as in Q5_0.
struct BlockQ5_1 {
  uint16_t d;
  uint16_t m;
  uint8_t qh[4];
  uint8_t qs[16];
};

// 256 values in 16 groups of 16: (d * low nibble of scales[g]) * q - (dmin * high nibble). Each half of 128 values has 32 bytes of qs; of
// value 32 k + l in the half (k < 4), q is bits 2k, 2k + 1 of qs[l].
struct BlockQ2_K {
  uint8_t scales[16];
  uint8_t qs[64];
  uint16_t d;
  uint16_t dmin;
};

// 256 values in 16 groups of 16: (d * (scale[g] - 32)) * (q - 4). The low two bits of q as in Q2_K, its third bit for value 32 k + l of the
// whole block (k < 8) is bit k of hmask[l]. `scales` packs 16 six-bit scales: see UnpackScalesQ3K.
struct BlockQ3_K {
  uint8_t hmask[32];
  uint8_t qs[64];
  uint8_t scales[12];
  uint16_t d;
};

// 256 values in 8 groups of 32: (d * scale[g]) * q - (dmin * min[g]). Groups 2j and 2j + 1 are the low and high nibbles of
// qs[32 j .. 32 j + 31]. `scales` packs 8 six-bit scales and 8 six-bit minima: see UnpackScalesQ4K.
struct BlockQ4_K {
  uint16_t d;
  uint16_t dmin;
  uint8_t scales[12];
  uint8_t qs[128];
};

// 256 values as in Q4_K, with a fifth bit of q: that of value l of group g is bit g of qh[l].
struct BlockQ5_K {
  uint16_t d;
  uint16_t dmin;
  uint8_t scales[12];
  uint8_t qh[32];
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

// 32 values: d * kValuesIQ4[q]; nibbles as in Q4_0.
struct BlockIQ4_NL {
  uint16_t d;
  uint8_t qs[16];
};

// 256 values in 8 groups of 32: (d * (scale[g] - 32)) * kValuesIQ4[q]; group g is 16 bytes of qs, with nibbles as in Q4_0. The low four
// bits of scale g are a nibble of scales_l[g / 2] (high if g is odd), the top two bits 2g of scales_h (little-endian).
struct BlockIQ4_XS {
  uint16_t d;
  uint8_t scales_h[2];
  uint8_t scales_l[4];
  uint8_t qs[128];
};

// 32 values of OCP's microscaling format: 2^(e - 128) * kValuesFP4[q]; nibbles as in Q4_0.
struct BlockMXFP4 {
  uint8_t e;
  uint8_t qs[16];
};

#pragma pack(pop)

static_assert(sizeof(BlockQ8_0) == 34);
static_assert(sizeof(BlockQ4_0) == 18);
static_assert(sizeof(BlockQ4_1) == 20);
static_assert(sizeof(BlockQ5_0) == 22);
static_assert(sizeof(BlockQ5_1) == 24);
static_assert(sizeof(BlockQ2_K) == 84);
static_assert(sizeof(BlockQ3_K) == 110);
static_assert(sizeof(BlockQ4_K) == 144);
static_assert(sizeof(BlockQ5_K) == 176);
static_assert(sizeof(BlockQ6_K) == 210);
static_assert(sizeof(BlockIQ4_NL) == 18);
static_assert(sizeof(BlockIQ4_XS) == 136);
static_assert(sizeof(BlockMXFP4) == 17);

// What the four bits of IQ4_NL and IQ4_XS stand for.
inline constexpr int8_t kValuesIQ4[16] = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};
// Twice the numbers of a sign, two exponent and one mantissa bit (e2m1).
inline constexpr int8_t kValuesFP4[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

// 2^(e - 128), half of what e8m0 stands for (kValuesFP4 is doubled). The two smallest are subnormal; 255 is no NaN here, as in llama.cpp.
inline float HalfOfE8M0(uint8_t e) {
  return std::bit_cast<float>(e < 2 ? uint32_t{0x00200000} << e : (uint32_t{e} - 1) << 23);
}

// The eight six-bit scales and minima of a Q4_K or Q5_K block. The first four of each are the low bits of bytes 0-3 and 4-7; the last four
// have their low four bits in the nibbles of bytes 8-11 and their top two in the top bits of bytes 0-3 and 4-7.
inline void UnpackScalesQ4K(const uint8_t packed[12], uint8_t scale[8], uint8_t min[8]) {
  for (int g = 0; g < 4; ++g) {
    scale[g] = packed[g] & 0x3F;
    min[g] = packed[g + 4] & 0x3F;
    scale[g + 4] = static_cast<uint8_t>((packed[g + 8] & 0x0F) | ((packed[g] >> 6) << 4));
    min[g + 4] = static_cast<uint8_t>((packed[g + 8] >> 4) | ((packed[g + 4] >> 6) << 4));
  }
}

// The sixteen scales of a Q3_K block, less 32. The low four bits of scale g are a nibble of byte g % 8 (high if g >= 8), the top two bits
// 2 (g / 4) of byte 8 + g % 4.
inline void UnpackScalesQ3K(const uint8_t packed[12], int8_t scale[16]) {
  for (int g = 0; g < 16; ++g) {
    const int low = (packed[g % 8] >> (g / 8 * 4)) & 0x0F;
    const int high = (packed[8 + g % 4] >> (g / 4 * 2)) & 0x03;
    scale[g] = static_cast<int8_t>((low | high << 4) - 32);
  }
}

// The eight scales of an IQ4_XS block, less 32.
inline void UnpackScalesIQ4XS(const BlockIQ4_XS& block, int8_t scale[8]) {
  for (int g = 0; g < 8; ++g) {
    const int low = (block.scales_l[g / 2] >> (g % 2 * 4)) & 0x0F;
    const int high = (block.scales_h[g / 4] >> (g % 4 * 2)) & 0x03;
    scale[g] = static_cast<int8_t>((low | high << 4) - 32);
  }
}

}  // namespace tradewind
