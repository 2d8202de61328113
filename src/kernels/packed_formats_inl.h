// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The packed formats of packed_matrix.h as registers of weights: a cursor over the blocks of one group, all formats with one interface.
//   Quants(g, h)      columns 4g..4g+3 of the rows of register h, a byte each (unsigned unless kSigned)
//   Scale(part, h)    the contract's s of those rows; `part` is the half of the block where kParts is 2
//   Min(h)            the contract's m, where kHasMin
//   Begin(), Next()   before a block's first use, after its last
// kSpan and Order are for vpmaddubsw: how many of its results add up in int16, and which g to take n-th so that loads are shared.
// Include after a bytes_*.h, and from files of that instruction set only.
#pragma once

#include <cstdint>

namespace tradewind {
namespace {

// Nibbles g of a block whose first four vectors hold columns 4v.. low and 16+4v.. high.
static inline Bytes Nibbles(const uint8_t* quants, int g, int h) {
  const Bytes pair = LoadBytes(quants + (g & 3) * 64 + h * kRegisterBytes);
  return And(g < 4 ? pair : ShiftRight(pair, 4), 15);
}
// How far ahead of its use packed data is asked for.
constexpr int64_t kPrefetchBytes = 2048;

// A cursor over blocks of kQuantBytes and kScaleBytes.
template <int kQuantBytesOf, int kScaleBytesOf>
struct Cursor {
  static constexpr int kQuantBytes = kQuantBytesOf;
  static constexpr bool kSigned = false;
  static constexpr bool kHasMin = false;
  static constexpr int kParts = 1;   // scales a block
  static constexpr int kOffset = 0;  // of the stored weights
  const uint8_t* quants;
  const uint8_t* scales;
  Cursor(const uint8_t* group_quants, const uint8_t* group_scales, int64_t block)
      : quants(group_quants + block * kQuantBytes), scales(group_scales + block * kScaleBytesOf) {}
  inline void Begin() {
    for (int i = 0; i < kQuantBytes; i += 64) _mm_prefetch(reinterpret_cast<const char*>(quants + kPrefetchBytes + i), _MM_HINT_T0);
  }
  inline void Next() {
    quants += kQuantBytes;
    scales += kScaleBytesOf;
  }
};

// Four-bit weights: 8 pairs of products, 8 * 2 * 15 * 127 = 30480, fit in int16. Low and high nibbles of a vector are used in turn.
template <int kScaleBytes>
struct FourBits : Cursor<256, kScaleBytes> {
  static constexpr int kSpan = 8;
  static constexpr int Order(int n) { return (n & 1) * 4 + n / 2; }
  using Cursor<256, kScaleBytes>::Cursor;
  inline Bytes Quants(int g, int h) const { return Nibbles(this->quants, g, h); }
};

struct PackedQ4_0 : FourBits<32> {
  static constexpr int kOffset = 8;
  using FourBits<32>::FourBits;
  inline Singles Scale(int, int h) const { return LoadHalves(scales + 2 * kLanes * h); }
};

struct PackedQ4_1 : FourBits<64> {
  static constexpr bool kHasMin = true;
  using FourBits<64>::FourBits;
  inline Singles Scale(int, int h) const { return LoadHalves(scales + 2 * kLanes * h); }
  inline Singles Min(int h) const { return LoadHalves(scales + 32 + 2 * kLanes * h); }
};

// Scales of 8 blocks lie together: half d[16], half dmin[16], then uint8 sc[16], mn[16] of each block.
struct PackedQ4_K : FourBits<0> {
  static constexpr bool kHasMin = true;
  const uint8_t* super;
  int64_t block;
  PackedQ4_K(const uint8_t* group_quants, const uint8_t* group_scales, int64_t first)
      : FourBits<0>(group_quants, group_scales, first), super(group_scales + first / 8 * 320), block(first % 8) {}
  inline Singles Scale(int, int h) const {
    return Times(LoadHalves(super + 2 * kLanes * h), LoadUnsigned(super + 64 + 32 * block + kLanes * h));
  }
  inline Singles Min(int h) const {
    return Minus(Times(LoadHalves(super + 32 + 2 * kLanes * h), LoadUnsigned(super + 80 + 32 * block + kLanes * h)));
  }
  inline void Next() {
    quants += kQuantBytes;
    if (++block == 8) {
      block = 0;
      super += 320;
    }
  }
};

// Five-bit weights: 4 pairs of products, 4 * 2 * 31 * 127 = 31496, fit in int16.
struct PackedQ5_0 : Cursor<320, 32> {
  static constexpr int kSpan = 4;
  static constexpr int kOffset = 16;
  static constexpr int Order(int n) { return n; }
  using Cursor<320, 32>::Cursor;
  inline Bytes Quants(int g, int h) const {
    const Bytes bits = LoadBytes(quants + 256 + kRegisterBytes * h);
    const Bytes fifth = g <= 4 ? ShiftLeft(bits, 4 - g) : ShiftRight(bits, g - 4);
    return Or(Nibbles(quants, g, h), And(fifth, 16));
  }
  inline Singles Scale(int, int h) const { return LoadHalves(scales + 2 * kLanes * h); }
};

// Six-bit weights: 2 pairs of products, 2 * 2 * 63 * 127 = 32004, fit in int16. Scales of 8 blocks: half d[16], then int8 sc[16] of each
// half block.
struct PackedQ6_K : Cursor<384, 0> {
  static constexpr int kSpan = 2;
  static constexpr int kParts = 2;
  static constexpr int kOffset = 32;
  static constexpr int Order(int n) { return n; }
  const uint8_t* super;
  int64_t block;
  PackedQ6_K(const uint8_t* group_quants, const uint8_t* group_scales, int64_t first)
      : Cursor<384, 0>(group_quants, group_scales, first), super(group_scales + first / 8 * 288), block(first % 8) {}
  inline Bytes Quants(int g, int h) const {
    const Bytes bits = LoadBytes(quants + 256 + 64 * (g / 4) + kRegisterBytes * h);
    const int shift = 4 - 2 * (g & 3);
    const Bytes top = shift >= 0 ? ShiftLeft(bits, shift) : ShiftRight(bits, -shift);
    return Or(Nibbles(quants, g, h), And(top, 48));
  }
  inline Singles Scale(int part, int h) const {
    return Times(LoadHalves(super + 2 * kLanes * h), LoadSigned(super + 32 + 32 * block + 16 * part + kLanes * h));
  }
  inline void Next() {
    quants += kQuantBytes;
    if (++block == 8) {
      block = 0;
      super += 288;
    }
  }
};

struct PackedQ8_0 : Cursor<512, 32> {
  static constexpr bool kSigned = true;
  using Cursor<512, 32>::Cursor;
  inline Bytes Quants(int g, int h) const { return LoadBytes(quants + 64 * g + kRegisterBytes * h); }
  inline Singles Scale(int, int h) const { return LoadHalves(scales + 2 * kLanes * h); }
};

}  // namespace
}  // namespace tradewind
