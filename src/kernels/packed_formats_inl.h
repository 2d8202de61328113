// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The packed formats of packed_matrix.h as registers of weights: a cursor over the blocks of one group, all formats with one interface.
//   Quants(g, h)      columns 4g..4g+3 of the rows of register h, a byte each (unsigned unless kSigned)
//   Scale(part, h)    the contract's s of those rows; `part` is the half of the block where kParts is 2
//   Min(h)            the contract's m, where kHasMin
//   Ask(), Next()     asks memory for a block to come, once a block, unless it was asked for; goes on to the next
// Where kIntegerScales, each half of the block has a small whole number besides, in 16 bits, those of the two halves side by side:
//   ScalePairs(h)     sc
//   SumPairs(h)       what multiplies the two halves' sums of activations: mn, or sc where the weights have an offset
// kSpan and Order are for vpmaddubsw: how many of its results add up in int16, and which g to take n-th so that loads are shared.
// Include after a bytes_*.h, and from files of that instruction set only.
#pragma once

#include <cstdint>

#include "formats/ggml_blocks.h"
#include "kernels/packed_matrix.h"

namespace tradewind {
namespace {

// Nibbles g of a block whose first four vectors hold columns 4v.. low and 16+4v.. high.
static inline Bytes Nibbles(const uint8_t* quants, int g, int h) {
  const Bytes pair = LoadBytes(quants + (g & 3) * 64 + h * kRegisterBytes);
  return And(g < 4 ? pair : ShiftRight(pair, 4), 15);
}

// A table of the formats, copied: its own name has external linkage, which a file of one instruction set must not bring along.
struct alignas(16) Table16 {
  int8_t at[16];
};
static constexpr Table16 Shifted(const int8_t (&table)[16], int offset) {
  Table16 out = {};
  for (int i = 0; i < 16; ++i) out.at[i] = static_cast<int8_t>(table[i] + offset);
  return out;
}
static constexpr Table16 kSignedIQ4 = Shifted(kValuesIQ4, 0);
static constexpr Table16 kUnsignedFP4 = Shifted(kValuesFP4, 12);

// How far ahead of its use packed data is asked for.
constexpr int64_t kPrefetchBytes = 4096;

// A cursor over the blocks of a group, from the first of a span on: kQuantBytes a block; a span's scales are kHeadBytes, then kSubBytes a
// block.
template <int kQuantBytesOf, int kHeadBytes, int kSubBytes>
struct Cursor {
  static constexpr int kQuantBytes = kQuantBytesOf;
  static constexpr bool kSigned = false;
  static constexpr bool kHasMin = false;
  static constexpr bool kIntegerScales = false;
  static constexpr bool kPlain = false;  // bytes already: nothing to unpack
  static constexpr int kSpan = 1;
  static constexpr int kParts = 1;   // scales a block
  static constexpr int kOffset = 0;  // of the stored weights
  const uint8_t* quants;
  const uint8_t* scales;  // of the span
  int64_t left;           // blocks from the span's first to the group's last
  int64_t block = 0;      // of the span
  Cursor(const std::byte* group, int64_t blocks, int64_t first)
      : quants(reinterpret_cast<const uint8_t*>(group) + first * (kQuantBytes + kSubBytes) + first / kSpanBlocks * kHeadBytes),
        left(blocks - first) {
    FindScales();
  }
  inline void FindScales() { scales = quants + (left < kSpanBlocks ? left : kSpanBlocks) * kQuantBytes; }
  inline const uint8_t* Sub() const { return scales + kHeadBytes + kSubBytes * block; }
  inline void Ask() const {
    // Scales are asked for as if they lay beside their block.
    const uint8_t* ahead = quants + kSubBytes * block + kPrefetchBytes;
    for (int i = 0; i < kQuantBytes + kSubBytes; i += 64) _mm_prefetch(reinterpret_cast<const char*>(ahead + i), _MM_HINT_T0);
  }
  inline void Next() {
    quants += kQuantBytes;
    if (++block == kSpanBlocks) {
      quants = Sub();
      block = 0;
      left -= kSpanBlocks;
      FindScales();
    }
  }
  // The halves that a span says once.
  inline Singles D(int h) const { return LoadHalves(scales + 2 * kLanes * h); }
  inline Singles DMin(int h) const { return LoadHalves(scales + 32 + 2 * kLanes * h); }
};

// Scales that are one half a block, and minima that follow them.
template <typename Weights>
struct HalfScale : Weights {
  using Weights::Weights;
  inline Singles Scale(int, int h) const { return LoadHalves(this->Sub() + 2 * kLanes * h); }
};
template <typename Weights>
struct HalfScaleAndMin : HalfScale<Weights> {
  static constexpr bool kHasMin = true;
  using HalfScale<Weights>::HalfScale;
  inline Singles Min(int h) const { return LoadHalves(this->Sub() + 32 + 2 * kLanes * h); }
};

// Half d[16], half dmin[16] a span; uint8 sc[16], mn[16] a block.
template <typename Weights>
struct ScaleAndMinOfSpan : Weights {
  static constexpr bool kHasMin = true;
  using Weights::Weights;
  inline Singles Scale(int, int h) const { return Times(this->D(h), LoadUnsigned(this->Sub() + kLanes * h)); }
  inline Singles Min(int h) const { return Minus(Times(this->DMin(h), LoadUnsigned(this->Sub() + 16 + kLanes * h))); }
};

// Half d[16] a span; int8 sc[16] of each of a block's parts.
template <typename Weights>
struct SignedScaleOfSpan : Weights {
  using Weights::Weights;
  inline Singles Scale(int part, int h) const { return Times(this->D(h), LoadSigned(this->Sub() + 16 * part + kLanes * h)); }
};

// Two-bit weights: half d[16], half dmin[16] a span; of a block, for each row and half, sc in the low nibble and mn in the high one.
// 4 pairs of products, 4 * 2 * 3 * 127 = 3048, fit in int16 by far: a span is a half block, which has its own scale.
struct PackedQ2_K : Cursor<128, 64, 32> {
  static constexpr bool kIntegerScales = true;
  static constexpr bool kHasMin = true;
  static constexpr int kSpan = 4;
  static constexpr int Order(int n) { return n; }
  using Cursor<128, 64, 32>::Cursor;
  inline Bytes Quants(int g, int h) const {
    const Bytes bits = LoadBytes(quants + 64 * (g / 4) + kRegisterBytes * h);
    return And((g & 3) == 0 ? bits : ShiftRight(bits, 2 * (g & 3)), 3);
  }
  inline Singles Scale(int, int h) const { return D(h); }
  inline Singles Min(int h) const { return Minus(DMin(h)); }
  inline Bytes ScalePairs(int h) const { return And(LoadUnsignedPairs(Sub() + 2 * kLanes * h), 15); }
  inline Bytes SumPairs(int h) const { return ShiftRight(LoadUnsignedPairs(Sub() + 2 * kLanes * h), 4); }
};

// Three-bit weights: half d[16] a span; of a block int8 sc of each row and half. 4 pairs of products are 7112 at most.
struct PackedQ3_K : Cursor<192, 32, 32> {
  static constexpr bool kIntegerScales = true;
  static constexpr int kSpan = 4;
  static constexpr int kOffset = 4;
  static constexpr int Order(int n) { return n; }
  using Cursor<192, 32, 32>::Cursor;
  inline Bytes Quants(int g, int h) const {
    const Bytes bits = LoadBytes(quants + 64 * (g / 4) + kRegisterBytes * h);
    const Bytes third = LoadBytes(quants + 128 + kRegisterBytes * h);
    const Bytes low = And((g & 3) == 0 ? bits : ShiftRight(bits, 2 * (g & 3)), 3);
    return Or(low, And(g <= 2 ? ShiftLeft(third, 2 - g) : ShiftRight(third, g - 2), 4));
  }
  inline Singles Scale(int, int h) const { return D(h); }
  inline Bytes ScalePairs(int h) const { return LoadSignedPairs(Sub() + 2 * kLanes * h); }
  inline Bytes SumPairs(int h) const { return ScalePairs(h); }
};

// Four-bit weights: 8 pairs of products, 8 * 2 * 15 * 127 = 30480, fit in int16. Low and high nibbles of a vector are used in turn.
template <int kHeadBytes, int kSubBytes, int kOffsetOf>
struct FourBits : Cursor<256, kHeadBytes, kSubBytes> {
  static constexpr int kSpan = 8;
  static constexpr int kOffset = kOffsetOf;
  static constexpr int Order(int n) { return (n & 1) * 4 + n / 2; }
  using Cursor<256, kHeadBytes, kSubBytes>::Cursor;
  inline Bytes Quants(int g, int h) const { return Nibbles(this->quants, g, h); }
};
using PackedQ4_0 = HalfScale<FourBits<0, 32, 8>>;
using PackedQ4_1 = HalfScaleAndMin<FourBits<0, 64, 0>>;
using PackedQ4_K = ScaleAndMinOfSpan<FourBits<64, 32, 0>>;

// Five-bit weights: 4 pairs of products, 4 * 2 * 31 * 127 = 31496, fit in int16.
template <int kHeadBytes, int kSubBytes, int kOffsetOf>
struct FiveBits : Cursor<320, kHeadBytes, kSubBytes> {
  static constexpr int kSpan = 4;
  static constexpr int kOffset = kOffsetOf;
  static constexpr int Order(int n) { return n; }
  using Cursor<320, kHeadBytes, kSubBytes>::Cursor;
  inline Bytes Quants(int g, int h) const {
    const Bytes bits = LoadBytes(this->quants + 256 + kRegisterBytes * h);
    const Bytes fifth = g <= 4 ? ShiftLeft(bits, 4 - g) : ShiftRight(bits, g - 4);
    return Or(Nibbles(this->quants, g, h), And(fifth, 16));
  }
};
using PackedQ5_0 = HalfScale<FiveBits<0, 32, 16>>;
using PackedQ5_1 = HalfScaleAndMin<FiveBits<0, 64, 0>>;
using PackedQ5_K = ScaleAndMinOfSpan<FiveBits<64, 32, 0>>;

// Six-bit weights: 2 pairs of products, 2 * 2 * 63 * 127 = 32004, fit in int16.
struct SixBits : Cursor<384, 32, 32> {
  static constexpr int kSpan = 2;
  static constexpr int kParts = 2;
  static constexpr int kOffset = 32;
  static constexpr int Order(int n) { return n; }
  using Cursor<384, 32, 32>::Cursor;
  inline Bytes Quants(int g, int h) const {
    const Bytes bits = LoadBytes(quants + 256 + 64 * (g / 4) + kRegisterBytes * h);
    const int shift = 4 - 2 * (g & 3);
    const Bytes top = shift >= 0 ? ShiftLeft(bits, shift) : ShiftRight(bits, -shift);
    return Or(Nibbles(quants, g, h), And(top, 48));
  }
};
using PackedQ6_K = SignedScaleOfSpan<SixBits>;

struct EightBits : Cursor<512, 0, 32> {
  static constexpr bool kSigned = true;
  static constexpr bool kPlain = true;
  using Cursor<512, 0, 32>::Cursor;
  inline Bytes Quants(int g, int h) const { return LoadBytes(quants + 64 * g + kRegisterBytes * h); }
};
using PackedQ8_0 = HalfScale<EightBits>;

// Nibbles that stand for int8 numbers by a table.
template <int kHeadBytes, int kSubBytes>
struct TableIQ4 : Cursor<256, kHeadBytes, kSubBytes> {
  static constexpr bool kSigned = true;
  using Cursor<256, kHeadBytes, kSubBytes>::Cursor;
  inline Bytes Quants(int g, int h) const { return Lookup(kSignedIQ4.at, Nibbles(this->quants, g, h)); }
};
using PackedIQ4_NL = HalfScale<TableIQ4<0, 32>>;
using PackedIQ4_XS = SignedScaleOfSpan<TableIQ4<32, 16>>;

// Numbers of 12 at most, which with an offset are five-bit weights up to 24. The scale is bfloat16: a power of two.
struct PackedMXFP4 : Cursor<256, 0, 32> {
  static constexpr int kSpan = 4;
  static constexpr int kOffset = 12;
  static constexpr int Order(int n) { return n; }
  using Cursor<256, 0, 32>::Cursor;
  inline Bytes Quants(int g, int h) const { return Lookup(kUnsignedFP4.at, Nibbles(quants, g, h)); }
  inline Singles Scale(int, int h) const { return LoadBFloats(Sub() + 2 * kLanes * h); }
};

}  // namespace
}  // namespace tradewind
