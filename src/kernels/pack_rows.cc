// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A packed vector has the same word (four bytes) of sixteen rows side by side, so rows are packed four at a time: the words of four rows
// fill a register of 16 bytes, every step on them is done once for all four, and the result is stored at once. Rows that are left over go
// through the same code one by one.
#include "kernels/pack_rows.h"

#include <bit>
#include <cstring>

#include "formats/ggml_blocks.h"
#include "kernels/packed_matrix.h"

namespace tradewind {
namespace {

constexpr int64_t kLaneVector = 64;
constexpr int kRowsTogether = 4;

template <int kRows>
struct WordsOf {
  typedef uint32_t Type __attribute__((vector_size(4 * kRows)));
};
// A word of each of kRows rows.
template <int kRows>
using Words = typename WordsOf<kRows>::Type;

// Where rows are packed: `row` is the first of them in its group.
struct Target {
  std::byte* group;
  PackedLayout layout;
  int64_t row;
  int64_t ahead;  // bytes from a row's data to that of the row which takes its turn after it
};

// Asks for what will be read of the next rows while these are packed: a row is too short for the machine to see a stream in it.
inline void PrefetchAhead(const Target& to, const std::byte* at, int64_t bytes) {
  for (int64_t i = 0; i < bytes; i += 64) __builtin_prefetch(at + to.ahead + i);
}

// Their blocks of one index.
template <typename Block, int kRows>
struct Blocks {
  const Block* of[kRows];
  // The word at `address(block)` of each.
  template <typename Address>
  Words<kRows> Word(Address address) const {
    const auto word = [&](int r) {
      uint32_t out;
      std::memcpy(&out, address(*of[r]), 4);
      return out;
    };
    if constexpr (kRows == 1) return Words<1>{word(0)};
    if constexpr (kRows == 4) return Words<4>{word(0), word(1), word(2), word(3)};
  }
};

// Vector `vector` of a block.
template <typename W>
void Store(const Target& to, std::byte* block, int64_t vector, W words) {
  std::memcpy(block + vector * kLaneVector + to.row * 4, &words, sizeof words);
}
void StoreHalf(std::byte* halves, int64_t row, uint16_t half) {
  std::memcpy(halves + 2 * row, &half, 2);
}

// Blocks of 32: `quants(its place, the rows' blocks)`, `scales(its place, row, the row's block)`.
template <typename Block, int kRows, typename Quants, typename Scales>
void PackBlocks(const Target& to, const std::byte* const (&src)[kRows], int64_t cols, Quants quants, Scales scales) {
  const int64_t blocks = cols / kBlock;
  for (int64_t b = 0; b < blocks; ++b) {
    const PackedPlace at = PlaceOf(to.layout, blocks, b);
    Blocks<Block, kRows> in;
    for (int r = 0; r < kRows; ++r) {
      in.of[r] = reinterpret_cast<const Block*>(src[r]) + b;
      PrefetchAhead(to, reinterpret_cast<const std::byte*>(in.of[r]), sizeof(Block));
    }
    quants(to.group + at.quants, in);
    for (int r = 0; r < kRows; ++r) scales(to.group + at.sub, to.row + r, *in.of[r]);
  }
}

// Blocks of 256, each a span: `head(its place, row, the row's block)`, which gives what `sub(place, row, that, g)` stores of block g of 32;
// `quants(its place, the rows' blocks, g)`.
template <typename Block, int kRows, typename Quants, typename Head, typename Sub>
void PackSuperBlocks(const Target& to, const std::byte* const (&src)[kRows], int64_t cols, Quants quants, Head head, Sub sub) {
  const int64_t blocks = cols / kBlock;
  for (int64_t s = 0; s < blocks / kSpanBlocks; ++s) {
    const PackedPlace at = PlaceOf(to.layout, blocks, s * kSpanBlocks);
    Blocks<Block, kRows> in;
    for (int r = 0; r < kRows; ++r) {
      in.of[r] = reinterpret_cast<const Block*>(src[r]) + s;
      PrefetchAhead(to, reinterpret_cast<const std::byte*>(in.of[r]), sizeof(Block));
      const auto said = head(to.group + at.head, to.row + r, *in.of[r]);
      for (int64_t g = 0; g < kSpanBlocks; ++g) sub(to.group + at.sub + g * to.layout.sub, to.row + r, said, g);
    }
    for (int64_t g = 0; g < kSpanBlocks; ++g) quants(to.group + at.quants + g * to.layout.quants, in, g);
  }
}

// Nibble vectors of 32 values, of which 4v.. and 16+4v.. lie low in the bytes at `bytes(block)`, from bit `shift` on.
template <typename Block, int kRows, typename Bytes>
void PackNibbles(const Target& to, std::byte* block, const Blocks<Block, kRows>& in, int shift, Bytes bytes) {
  for (int64_t v = 0; v < 4; ++v) {
    const Words<kRows> low = in.Word([&](const Block& b) { return bytes(b) + 4 * v; });
    const Words<kRows> high = in.Word([&](const Block& b) { return bytes(b) + 16 + 4 * v; });
    Store(to, block, v, ((low >> shift) & 0x0F0F0F0Fu) | (((high >> shift) & 0x0F0F0F0Fu) << 4));
  }
}

// As they lie in Q4_0, Q4_1, Q5_0: byte i holds value i low and value 16 + i high, which is the packed order already.
template <typename Block, int kRows, typename Bytes>
void PackPlainNibbles(const Target& to, std::byte* block, const Blocks<Block, kRows>& in, Bytes bytes) {
  for (int64_t v = 0; v < 4; ++v) Store(to, block, v, in.Word([&](const Block& b) { return bytes(b) + 4 * v; }));
}

// A bit a value. Here bit i of a word is that of value i, and those of values j, j+4, j+8, ... are gathered into byte j.
template <typename W>
W GatherBits(W bits) {
  W out = {};
  for (int j = 0; j < 4; ++j) {
    W t = (bits >> j) & 0x11111111u;
    t = (t | (t >> 3)) & 0x03030303u;
    t = (t | (t >> 6)) & 0x000F000Fu;
    t = (t | (t >> 12)) & 0xFFu;
    out |= t << (8 * j);
  }
  return out;
}

// And here bit g of byte i is that of value i of group g.
template <typename Block, int kRows, typename Bytes>
Words<kRows> BitsOfGroup(const Blocks<Block, kRows>& in, int64_t g, Bytes bytes) {
  Words<kRows> out = {};
  for (int64_t v = 0; v < 8; ++v) {
    const Words<kRows> word = in.Word([&](const Block& b) { return bytes(b) + 4 * v; });
    out |= ((word >> static_cast<int>(g)) & 0x01010101u) << static_cast<int>(v);
  }
  return out;
}

// Two bits a value, from bit `shift` of 32 bytes on: vector v holds those of k = 16v+4t.. at its bits 2t.
template <typename Block, int kRows, typename Bytes>
void PackTwoBits(const Target& to, std::byte* block, int64_t first_vector, const Blocks<Block, kRows>& in, int64_t shift, Bytes bytes) {
  for (int64_t v = 0; v < 2; ++v) {
    Words<kRows> out = {};
    for (int t = 0; t < 4; ++t) {
      const Words<kRows> word = in.Word([&](const Block& b) { return bytes(b) + 16 * v + 4 * t; });
      out |= ((word >> static_cast<int>(shift)) & 0x03030303u) << (2 * t);
    }
    Store(to, block, first_vector + v, out);
  }
}

template <typename Block>
void StoreD(std::byte* scales, int64_t row, const Block& in) {
  StoreHalf(scales, row, in.d);
}
template <typename Block>
void StoreDAndM(std::byte* scales, int64_t row, const Block& in) {
  StoreHalf(scales, row, in.d);
  StoreHalf(scales + 32, row, in.m);
}
void StoreBFloat(std::byte* scales, int64_t row, const BlockMXFP4& in) {
  StoreHalf(scales, row, static_cast<uint16_t>(std::bit_cast<uint32_t>(HalfOfE8M0(in.e)) >> 16));
}

// Q4_0, Q4_1, IQ4_NL, MXFP4, by what `scales` stores.
template <typename Block, int kRows, typename Scales>
void PackFourBits(const Target& to, const std::byte* const (&src)[kRows], int64_t cols, Scales scales) {
  PackBlocks<Block>(
      to, src, cols,
      [&](std::byte* block, const Blocks<Block, kRows>& in) { PackPlainNibbles(to, block, in, [](const Block& b) { return b.qs; }); },
      scales);
}

// Q5_0, Q5_1.
template <typename Block, int kRows, typename Scales>
void PackFiveBits(const Target& to, const std::byte* const (&src)[kRows], int64_t cols, Scales scales) {
  PackBlocks<Block>(
      to, src, cols,
      [&](std::byte* block, const Blocks<Block, kRows>& in) {
        PackPlainNibbles(to, block, in, [](const Block& b) { return b.qs; });
        Store(to, block, 4, GatherBits(in.Word([](const Block& b) { return b.qh; })));
      },
      scales);
}

template <int kRows>
void PackQ8_0(const Target& to, const std::byte* const (&src)[kRows], int64_t cols) {
  PackBlocks<BlockQ8_0>(
      to, src, cols,
      [&](std::byte* block, const Blocks<BlockQ8_0, kRows>& in) {
        for (int64_t v = 0; v < 8; ++v) Store(to, block, v, in.Word([&](const BlockQ8_0& b) { return b.qs + 4 * v; }));
      },
      StoreD<BlockQ8_0>);
}

template <int kRows>
void PackQ2_K(const Target& to, const std::byte* const (&src)[kRows], int64_t cols) {
  PackSuperBlocks<BlockQ2_K>(
      to, src, cols,
      [&](std::byte* block, const Blocks<BlockQ2_K, kRows>& in, int64_t g) {
        PackTwoBits(to, block, 0, in, 2 * (g % 4), [&](const BlockQ2_K& b) { return b.qs + 32 * (g / 4); });
      },
      [](std::byte* scales, int64_t row, const BlockQ2_K& in) {
        StoreHalf(scales, row, in.d);
        StoreHalf(scales + 32, row, in.dmin);
        return in.scales;
      },
      [](std::byte* scales, int64_t row, const uint8_t* scale, int64_t g) { std::memcpy(scales + 2 * row, scale + 2 * g, 2); });
}

struct SignedScales {
  int8_t of[16];
};

template <int kRows>
void PackQ3_K(const Target& to, const std::byte* const (&src)[kRows], int64_t cols) {
  PackSuperBlocks<BlockQ3_K>(
      to, src, cols,
      [&](std::byte* block, const Blocks<BlockQ3_K, kRows>& in, int64_t g) {
        PackTwoBits(to, block, 0, in, 2 * (g % 4), [&](const BlockQ3_K& b) { return b.qs + 32 * (g / 4); });
        Store(to, block, 2, BitsOfGroup(in, g, [](const BlockQ3_K& b) { return b.hmask; }));
      },
      [](std::byte* scales, int64_t row, const BlockQ3_K& in) {
        StoreHalf(scales, row, in.d);
        SignedScales out;
        UnpackScalesQ3K(in.scales, out.of);
        return out;
      },
      [](std::byte* scales, int64_t row, const SignedScales& scale, int64_t g) { std::memcpy(scales + 2 * row, scale.of + 2 * g, 2); });
}

struct ScalesAndMinima {
  uint8_t scale[8];
  uint8_t min[8];
};

// The nibbles of group g of Q4_K and Q5_K.
template <typename Block, int kRows>
void PackNibblesOfK(const Target& to, std::byte* block, const Blocks<Block, kRows>& in, int64_t g) {
  PackNibbles(to, block, in, g % 2 ? 4 : 0, [&](const Block& b) { return b.qs + 32 * (g / 2); });
}

// Q4_K and Q5_K, by what `quants` packs.
template <typename Block, int kRows, typename Quants>
void PackScaleAndMin(const Target& to, const std::byte* const (&src)[kRows], int64_t cols, Quants quants) {
  PackSuperBlocks<Block>(
      to, src, cols, quants,
      [](std::byte* scales, int64_t row, const Block& in) {
        StoreHalf(scales, row, in.d);
        StoreHalf(scales + 32, row, in.dmin);
        ScalesAndMinima out;
        UnpackScalesQ4K(in.scales, out.scale, out.min);
        return out;
      },
      [](std::byte* scales, int64_t row, const ScalesAndMinima& s, int64_t g) {
        scales[row] = static_cast<std::byte>(s.scale[g]);
        scales[16 + row] = static_cast<std::byte>(s.min[g]);
      });
}

template <int kRows>
void PackQ4_K(const Target& to, const std::byte* const (&src)[kRows], int64_t cols) {
  PackScaleAndMin<BlockQ4_K>(to, src, cols,
                             [&](std::byte* block, const Blocks<BlockQ4_K, kRows>& in, int64_t g) { PackNibblesOfK(to, block, in, g); });
}

template <int kRows>
void PackQ5_K(const Target& to, const std::byte* const (&src)[kRows], int64_t cols) {
  PackScaleAndMin<BlockQ5_K>(to, src, cols, [&](std::byte* block, const Blocks<BlockQ5_K, kRows>& in, int64_t g) {
    PackNibblesOfK(to, block, in, g);
    Store(to, block, 4, BitsOfGroup(in, g, [](const BlockQ5_K& b) { return b.qh; }));
  });
}

template <int kRows>
void PackQ6_K(const Target& to, const std::byte* const (&src)[kRows], int64_t cols) {
  PackSuperBlocks<BlockQ6_K>(
      to, src, cols,
      [&](std::byte* block, const Blocks<BlockQ6_K, kRows>& in, int64_t g) {
        PackNibbles(to, block, in, g % 4 >= 2 ? 4 : 0, [&](const BlockQ6_K& b) { return b.ql + 64 * (g / 4) + 32 * (g % 2); });
        PackTwoBits(to, block, 4, in, 2 * (g % 4), [&](const BlockQ6_K& b) { return b.qh + 32 * (g / 4); });
      },
      [](std::byte* scales, int64_t row, const BlockQ6_K& in) {
        StoreHalf(scales, row, in.d);
        return in.scales;
      },
      [](std::byte* scales, int64_t row, const int8_t* scale, int64_t g) {
        scales[row] = static_cast<std::byte>(scale[2 * g]);
        scales[16 + row] = static_cast<std::byte>(scale[2 * g + 1]);
      });
}

template <int kRows>
void PackIQ4_XS(const Target& to, const std::byte* const (&src)[kRows], int64_t cols) {
  PackSuperBlocks<BlockIQ4_XS>(
      to, src, cols,
      [&](std::byte* block, const Blocks<BlockIQ4_XS, kRows>& in, int64_t g) {
        PackPlainNibbles(to, block, in, [&](const BlockIQ4_XS& b) { return b.qs + 16 * g; });
      },
      [](std::byte* scales, int64_t row, const BlockIQ4_XS& in) {
        StoreHalf(scales, row, in.d);
        SignedScales out;
        UnpackScalesIQ4XS(in, out.of);
        return out;
      },
      [](std::byte* scales, int64_t row, const SignedScales& s, int64_t g) { scales[row] = static_cast<std::byte>(s.of[g]); });
}

// The word of each row at column k of a float type.
template <int kRows>
Words<kRows> WordAt(const Target& to, const std::byte* const (&src)[kRows], int64_t offset) {
  Blocks<std::byte, kRows> in;
  for (int r = 0; r < kRows; ++r) in.of[r] = src[r] + offset;
  if (offset % 64 == 0) {
    for (int r = 0; r < kRows; ++r) PrefetchAhead(to, in.of[r], 64);
  }
  return in.Word([](const std::byte& at) { return &at; });
}

// Values as they are, [k][row 16].
template <int kRows>
void PackSingles(const Target& to, const std::byte* const (&src)[kRows], int64_t cols) {
  for (int64_t k = 0; k < cols; ++k) {
    const Words<kRows> column = WordAt(to, src, 4 * k);
    std::memcpy(to.group + (k * kRowGroup + to.row) * 4, &column, sizeof column);
  }
}

// Values of two bytes: eight columns of four rows are turned round at a time.
template <int kRows>
void PackHalves(const Target& to, const std::byte* const (&src)[kRows], int64_t cols) {
  const auto place = [&](int64_t k) { return to.group + (k * kRowGroup + to.row) * 2; };
  int64_t k = 0;
  if constexpr (kRows == 4) {
    typedef uint16_t Halves __attribute__((vector_size(16)));
    typedef uint32_t Pairs __attribute__((vector_size(16)));
    for (; k + 8 <= cols; k += 8) {
      Halves row[4];
      for (int r = 0; r < 4; ++r) {
        std::memcpy(&row[r], src[r] + 2 * k, 16);
        PrefetchAhead(to, src[r] + 2 * k, 16);
      }
      const auto store = [&](int64_t column, Pairs rows01, Pairs rows23) {
        const Pairs two[2] = {__builtin_shufflevector(rows01, rows23, 0, 4, 1, 5), __builtin_shufflevector(rows01, rows23, 2, 6, 3, 7)};
        uint64_t columns[4];
        std::memcpy(columns, two, sizeof two);
        for (int i = 0; i < 4; ++i) std::memcpy(place(column + i), &columns[i], 8);
      };
      // rows01: of each column in turn its values in rows 0 and 1.
      const auto low = [](Halves a, Halves b) { return std::bit_cast<Pairs>(__builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)); };
      const auto high = [](Halves a, Halves b) { return std::bit_cast<Pairs>(__builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)); };
      store(k, low(row[0], row[1]), low(row[2], row[3]));
      store(k + 4, high(row[0], row[1]), high(row[2], row[3]));
    }
  }
  for (; k < cols; ++k) {
    for (int r = 0; r < kRows; ++r) std::memcpy(place(k) + 2 * r, src[r] + 2 * k, 2);
  }
}

// kRows rows, from `row` of the group on.
template <int kRows>
void PackSome(TensorType type, const Target& to, const std::byte* first, int64_t row_bytes, int64_t cols) {
  const std::byte* src[kRows];
  for (int r = 0; r < kRows; ++r) src[r] = first + r * row_bytes;
  switch (type) {
    case TensorType::kF32: return PackSingles(to, src, cols);
    case TensorType::kF16:
    case TensorType::kBF16: return PackHalves(to, src, cols);
    case TensorType::kQ8_0: return PackQ8_0(to, src, cols);
    case TensorType::kQ4_0: return PackFourBits<BlockQ4_0>(to, src, cols, StoreD<BlockQ4_0>);
    case TensorType::kQ4_1: return PackFourBits<BlockQ4_1>(to, src, cols, StoreDAndM<BlockQ4_1>);
    case TensorType::kIQ4_NL: return PackFourBits<BlockIQ4_NL>(to, src, cols, StoreD<BlockIQ4_NL>);
    case TensorType::kMXFP4: return PackFourBits<BlockMXFP4>(to, src, cols, StoreBFloat);
    case TensorType::kQ5_0: return PackFiveBits<BlockQ5_0>(to, src, cols, StoreD<BlockQ5_0>);
    case TensorType::kQ5_1: return PackFiveBits<BlockQ5_1>(to, src, cols, StoreDAndM<BlockQ5_1>);
    case TensorType::kQ2_K: return PackQ2_K(to, src, cols);
    case TensorType::kQ3_K: return PackQ3_K(to, src, cols);
    case TensorType::kQ4_K: return PackQ4_K(to, src, cols);
    case TensorType::kQ5_K: return PackQ5_K(to, src, cols);
    case TensorType::kQ6_K: return PackQ6_K(to, src, cols);
    case TensorType::kIQ4_XS: return PackIQ4_XS(to, src, cols);
  }
}

}  // namespace

void PackRows(TensorType type, std::byte* group, int64_t rows, const std::byte* src, int64_t cols) {
  const auto row_bytes = static_cast<int64_t>(*RowBytes(type, static_cast<uint64_t>(cols)));
  Target to = {group, LayoutOf(type), 0, kRowsTogether * row_bytes};
  for (; to.row + kRowsTogether <= rows; to.row += kRowsTogether)
    PackSome<kRowsTogether>(type, to, src + to.row * row_bytes, row_bytes, cols);
  for (; to.row < rows; ++to.row) PackSome<1>(type, to, src + to.row * row_bytes, row_bytes, cols);
}

}  // namespace tradewind
