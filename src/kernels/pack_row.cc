// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/pack_row.h"

#include <bit>
#include <cstring>

#include "formats/ggml_blocks.h"
#include "kernels/packed_matrix.h"

namespace tradewind {
namespace {

constexpr int64_t kLaneVector = 64;
constexpr uint32_t kLowNibbles = 0x0F0F0F0F;

uint32_t Load4(const uint8_t* p) {
  uint32_t v;
  std::memcpy(&v, p, 4);
  return v;
}
void Store4(std::byte* p, uint32_t v) {
  std::memcpy(p, &v, 4);
}
// The place of row `row` in vector `vector` of a block.
std::byte* Lane(std::byte* block, int64_t vector, int64_t row) {
  return block + vector * kLaneVector + row * 4;
}

// Nibble vectors of 32 values whose bytes come as words: low(v) holds values 4v.., high(v) values 16+4v.., one a byte, below 16.
template <typename Low, typename High>
void PackNibbles(std::byte* block, int64_t row, Low low, High high) {
  for (int64_t v = 0; v < 4; ++v) Store4(Lane(block, v, row), low(v) | (high(v) << 4));
}

// As they lie in Q4_0, Q4_1, Q5_0: byte i holds value i low and value 16 + i high, which is the packed order already.
void PackPlainNibbles(std::byte* block, int64_t row, const uint8_t* qs) {
  for (int64_t v = 0; v < 4; ++v) Store4(Lane(block, v, row), Load4(qs + 4 * v));
}

// Bits i, i+4, i+8, ... of `bits`, gathered into one byte, for i = 0..3.
uint32_t FifthBits(uint32_t bits) {
  uint32_t out = 0;
  for (int i = 0; i < 4; ++i) {
    uint32_t t = (bits >> i) & 0x11111111u;
    t = (t | (t >> 3)) & 0x03030303u;
    t = (t | (t >> 6)) & 0x000F000Fu;
    t = (t | (t >> 12)) & 0xFFu;
    out |= t << (8 * i);
  }
  return out;
}

void StoreHalf(std::byte* p, int64_t row, uint16_t half) {
  std::memcpy(p + 2 * row, &half, 2);
}

// A group, of which rows are packed.
struct PackTarget {
  std::byte* group;
  PackedLayout layout;
};

// Blocks of 32: `quants(block's place, block)`, `scales(what the block says, block)`.
template <typename Block, typename Quants, typename Scales>
void PackBlocks(const PackTarget& to, const std::byte* src, int64_t cols, Quants quants, Scales scales) {
  const auto* in = reinterpret_cast<const Block*>(src);
  const int64_t blocks = cols / kBlock;
  for (int64_t b = 0; b < blocks; ++b) {
    const PackedPlace at = PlaceOf(to.layout, blocks, b);
    quants(to.group + at.quants, in[b]);
    scales(to.group + at.sub, in[b]);
  }
}

// Blocks of 256, each a span: `head(what the span says, block)`, `sub(place, what a block of 32 says, block, which of its 8)`.
template <typename Block, typename Head, typename Sub>
void PackSuperBlocks(const PackTarget& to, const std::byte* src, int64_t cols, Head head, Sub sub) {
  const auto* in = reinterpret_cast<const Block*>(src);
  const int64_t blocks = cols / kBlock;
  for (int64_t s = 0; s < blocks / kSpanBlocks; ++s) {
    PackedPlace at = PlaceOf(to.layout, blocks, s * kSpanBlocks);
    head(to.group + at.head, in[s]);
    for (int64_t g = 0; g < kSpanBlocks; ++g, at.quants += to.layout.quants, at.sub += to.layout.sub) {
      sub(to.group + at.quants, to.group + at.sub, in[s], g);
    }
  }
}

// The nibbles of group g of Q4_K and Q5_K.
void PackNibblesOfK(std::byte* block, int64_t row, const uint8_t qs[128], int64_t g) {
  const uint8_t* in = qs + 32 * (g / 2);
  const int shift = g % 2 ? 4 : 0;
  PackNibbles(
      block, row, [&](int64_t v) { return (Load4(in + 4 * v) >> shift) & kLowNibbles; },
      [&](int64_t v) { return (Load4(in + 16 + 4 * v) >> shift) & kLowNibbles; });
}

// Bit g of each of 32 bytes, as a word with bit l for byte l.
uint32_t BitOfBytes(const uint8_t bytes[32], int64_t g) {
  uint32_t out = 0;
  for (int l = 0; l < 32; ++l) out |= ((uint32_t{bytes[l]} >> g) & 1u) << l;
  return out;
}

// Two bits a value, which lie at bits `shift` of 32 bytes: vector v holds those of k = 16v+4t.. at its bits 2t.
void PackTwoBits(std::byte* block, int64_t first_vector, int64_t row, const uint8_t bytes[32], int64_t shift) {
  for (int64_t v = 0; v < 2; ++v) {
    uint32_t out = 0;
    for (int t = 0; t < 4; ++t) out |= ((Load4(bytes + 16 * v + 4 * t) >> shift) & 0x03030303u) << (2 * t);
    Store4(Lane(block, first_vector + v, row), out);
  }
}

template <typename Block>
void PackNibbleBlocks(const PackTarget& to, int64_t row, const std::byte* src, int64_t cols) {
  PackBlocks<Block>(
      to, src, cols, [&](std::byte* block, const Block& in) { PackPlainNibbles(block, row, in.qs); },
      [&](std::byte* scales, const Block& in) { StoreHalf(scales, row, in.d); });
}

// The fifth bits of Q5_0, Q5_1 and Q5_K lie in vector 4.
void PackFifthBits(std::byte* block, int64_t row, uint32_t bits) {
  Store4(Lane(block, 4, row), FifthBits(bits));
}

void PackQ4_1(const PackTarget& to, int64_t row, const std::byte* src, int64_t cols) {
  PackBlocks<BlockQ4_1>(
      to, src, cols, [&](std::byte* block, const BlockQ4_1& in) { PackPlainNibbles(block, row, in.qs); },
      [&](std::byte* scales, const BlockQ4_1& in) {
        StoreHalf(scales, row, in.d);
        StoreHalf(scales + 32, row, in.m);
      });
}

void PackQ5_0(const PackTarget& to, int64_t row, const std::byte* src, int64_t cols) {
  PackBlocks<BlockQ5_0>(
      to, src, cols,
      [&](std::byte* block, const BlockQ5_0& in) {
        PackPlainNibbles(block, row, in.qs);
        PackFifthBits(block, row, Load4(in.qh));
      },
      [&](std::byte* scales, const BlockQ5_0& in) { StoreHalf(scales, row, in.d); });
}

void PackQ5_1(const PackTarget& to, int64_t row, const std::byte* src, int64_t cols) {
  PackBlocks<BlockQ5_1>(
      to, src, cols,
      [&](std::byte* block, const BlockQ5_1& in) {
        PackPlainNibbles(block, row, in.qs);
        PackFifthBits(block, row, Load4(in.qh));
      },
      [&](std::byte* scales, const BlockQ5_1& in) {
        StoreHalf(scales, row, in.d);
        StoreHalf(scales + 32, row, in.m);
      });
}

void PackQ8_0(const PackTarget& to, int64_t row, const std::byte* src, int64_t cols) {
  PackBlocks<BlockQ8_0>(
      to, src, cols,
      [&](std::byte* block, const BlockQ8_0& in) {
        for (int64_t v = 0; v < 8; ++v) std::memcpy(Lane(block, v, row), in.qs + 4 * v, 4);
      },
      [&](std::byte* scales, const BlockQ8_0& in) { StoreHalf(scales, row, in.d); });
}

void PackQ2_K(const PackTarget& to, int64_t row, const std::byte* src, int64_t cols) {
  PackSuperBlocks<BlockQ2_K>(
      to, src, cols,
      [&](std::byte* scales, const BlockQ2_K& in) {
        StoreHalf(scales, row, in.d);
        StoreHalf(scales + 32, row, in.dmin);
      },
      [&](std::byte* block, std::byte* scales, const BlockQ2_K& in, int64_t g) {
        PackTwoBits(block, 0, row, in.qs + 32 * (g / 4), 2 * (g % 4));
        std::memcpy(scales + 2 * row, in.scales + 2 * g, 2);
      });
}

void PackQ3_K(const PackTarget& to, int64_t row, const std::byte* src, int64_t cols) {
  int8_t scale[16];
  PackSuperBlocks<BlockQ3_K>(
      to, src, cols,
      [&](std::byte* scales, const BlockQ3_K& in) {
        StoreHalf(scales, row, in.d);
        UnpackScalesQ3K(in.scales, scale);
      },
      [&](std::byte* block, std::byte* scales, const BlockQ3_K& in, int64_t g) {
        PackTwoBits(block, 0, row, in.qs + 32 * (g / 4), 2 * (g % 4));
        Store4(Lane(block, 2, row), FifthBits(BitOfBytes(in.hmask, g)));
        std::memcpy(scales + 2 * row, scale + 2 * g, 2);
      });
}

// Q4_K and, with `fifth(block's place, block, g)`, Q5_K.
template <typename Block, typename Fifth>
void PackScaleAndMin(const PackTarget& to, int64_t row, const std::byte* src, int64_t cols, Fifth fifth) {
  uint8_t scale[8];
  uint8_t min[8];
  PackSuperBlocks<Block>(
      to, src, cols,
      [&](std::byte* scales, const Block& in) {
        StoreHalf(scales, row, in.d);
        StoreHalf(scales + 32, row, in.dmin);
        UnpackScalesQ4K(in.scales, scale, min);
      },
      [&](std::byte* block, std::byte* scales, const Block& in, int64_t g) {
        PackNibblesOfK(block, row, in.qs, g);
        fifth(block, in, g);
        scales[row] = static_cast<std::byte>(scale[g]);
        scales[16 + row] = static_cast<std::byte>(min[g]);
      });
}

void PackQ6_K(const PackTarget& to, int64_t row, const std::byte* src, int64_t cols) {
  PackSuperBlocks<BlockQ6_K>(
      to, src, cols, [&](std::byte* scales, const BlockQ6_K& in) { StoreHalf(scales, row, in.d); },
      [&](std::byte* block, std::byte* scales, const BlockQ6_K& in, int64_t g) {
        const uint8_t* ql = in.ql + 64 * (g / 4) + 32 * (g % 2);
        const int shift = g % 4 >= 2 ? 4 : 0;
        PackNibbles(
            block, row, [&](int64_t v) { return (Load4(ql + 4 * v) >> shift) & kLowNibbles; },
            [&](int64_t v) { return (Load4(ql + 16 + 4 * v) >> shift) & kLowNibbles; });
        PackTwoBits(block, 4, row, in.qh + 32 * (g / 4), 2 * (g % 4));
        scales[row] = static_cast<std::byte>(in.scales[2 * g]);
        scales[16 + row] = static_cast<std::byte>(in.scales[2 * g + 1]);
      });
}

void PackIQ4_XS(const PackTarget& to, int64_t row, const std::byte* src, int64_t cols) {
  int8_t scale[8];
  PackSuperBlocks<BlockIQ4_XS>(
      to, src, cols,
      [&](std::byte* scales, const BlockIQ4_XS& in) {
        StoreHalf(scales, row, in.d);
        UnpackScalesIQ4XS(in, scale);
      },
      [&](std::byte* block, std::byte* scales, const BlockIQ4_XS& in, int64_t g) {
        PackPlainNibbles(block, row, in.qs + 16 * g);
        scales[row] = static_cast<std::byte>(scale[g]);
      });
}

void PackMXFP4(const PackTarget& to, int64_t row, const std::byte* src, int64_t cols) {
  PackBlocks<BlockMXFP4>(
      to, src, cols, [&](std::byte* block, const BlockMXFP4& in) { PackPlainNibbles(block, row, in.qs); },
      [&](std::byte* scales, const BlockMXFP4& in) {
        StoreHalf(scales, row, static_cast<uint16_t>(std::bit_cast<uint32_t>(HalfOfE8M0(in.e)) >> 16));
      });
}

template <size_t kBytes>
void PackWhole(const PackTarget& to, int64_t row, const std::byte* src, int64_t cols) {
  for (int64_t k = 0; k < cols; ++k) std::memcpy(to.group + (k * kRowGroup + row) * kBytes, src + kBytes * k, kBytes);
}

}  // namespace

void PackRow(TensorType type, std::byte* group, int64_t row, const std::byte* src, int64_t cols) {
  const PackTarget to = {group, LayoutOf(type)};
  switch (type) {
    case TensorType::kF32: return PackWhole<4>(to, row, src, cols);
    case TensorType::kF16:
    case TensorType::kBF16: return PackWhole<2>(to, row, src, cols);
    case TensorType::kQ8_0: return PackQ8_0(to, row, src, cols);
    case TensorType::kQ4_0: return PackNibbleBlocks<BlockQ4_0>(to, row, src, cols);
    case TensorType::kQ4_1: return PackQ4_1(to, row, src, cols);
    case TensorType::kQ5_0: return PackQ5_0(to, row, src, cols);
    case TensorType::kQ5_1: return PackQ5_1(to, row, src, cols);
    case TensorType::kQ2_K: return PackQ2_K(to, row, src, cols);
    case TensorType::kQ3_K: return PackQ3_K(to, row, src, cols);
    case TensorType::kQ4_K: return PackScaleAndMin<BlockQ4_K>(to, row, src, cols, [](std::byte*, const BlockQ4_K&, int64_t) {});
    case TensorType::kQ5_K:
      return PackScaleAndMin<BlockQ5_K>(
          to, row, src, cols, [&](std::byte* block, const BlockQ5_K& in, int64_t g) { PackFifthBits(block, row, BitOfBytes(in.qh, g)); });
    case TensorType::kQ6_K: return PackQ6_K(to, row, src, cols);
    case TensorType::kIQ4_NL: return PackNibbleBlocks<BlockIQ4_NL>(to, row, src, cols);
    case TensorType::kIQ4_XS: return PackIQ4_XS(to, row, src, cols);
    case TensorType::kMXFP4: return PackMXFP4(to, row, src, cols);
  }
}

}  // namespace tradewind
