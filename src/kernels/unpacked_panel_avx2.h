// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A panel of packed blocks written out as plain bytes and single scales, with the interface of packed_formats_inl.h. Worth its cost where
// many rows of activations sweep over it. Include only from *_avx2.cc.
#pragma once

#include <cstdint>

#include "kernels/bytes_avx2.h"

namespace tradewind {
namespace {

// A panel of Format written out: of each block 8 vectors [row 16][k 4], and s[16] of each part, then m[16]. Where kIntegerScales, then
// three vectors of 16-bit pairs [row 16][2]: sc of the first half twice, sc of the second half twice, what multiplies the halves' sums.
template <typename Format>
struct Unpacked {
  static constexpr int kBlockBytes = 8 * 64;
  static constexpr int kPairsAt = 16 * (Format::kParts + (Format::kHasMin ? 1 : 0));
  static constexpr int kBlockScales = kPairsAt + (Format::kIntegerScales ? 48 : 0);
  static constexpr int kSpan = Format::kSpan;
  static constexpr int kParts = Format::kParts;
  static constexpr int kOffset = Format::kOffset;
  static constexpr bool kHasMin = Format::kHasMin;
  static constexpr bool kSigned = Format::kSigned;
  static constexpr bool kIntegerScales = Format::kIntegerScales;
  static constexpr bool kPlain = true;
  static constexpr int Order(int n) { return n; }
  const uint8_t* quants;
  const float* scales;

  Unpacked(Format from, int64_t blocks, uint8_t* bytes, float* singles) : quants(bytes), scales(singles) {
    for (int64_t b = 0; b < blocks; ++b, bytes += kBlockBytes, singles += kBlockScales, from.Next()) {
      from.Ask();
#pragma GCC unroll 2
      for (int h = 0; h < 2; ++h) {
#pragma GCC unroll 8
        for (int g = 0; g < 8; ++g) _mm256_store_si256(reinterpret_cast<__m256i*>(bytes + 64 * g + 32 * h), from.Quants(g, h));
        for (int part = 0; part < kParts; ++part) _mm256_store_ps(singles + 16 * part + 8 * h, from.Scale(part, h));
        if constexpr (kHasMin) _mm256_store_ps(singles + 16 * kParts + 8 * h, from.Min(h));
        if constexpr (kIntegerScales) {
          const Bytes pairs[3] = {tradewind::Twice(from.ScalePairs(h), 0), tradewind::Twice(from.ScalePairs(h), 1), from.SumPairs(h)};
          for (int i = 0; i < 3; ++i) _mm256_store_ps(singles + kPairsAt + 16 * i + 8 * h, _mm256_castsi256_ps(pairs[i]));
        }
      }
    }
  }
  inline Bytes Quants(int g, int h) const { return _mm256_load_si256(reinterpret_cast<const __m256i*>(quants + 64 * g + 32 * h)); }
  inline Singles Scale(int part, int h) const { return _mm256_load_ps(scales + 16 * part + 8 * h); }
  inline Singles Min(int h) const { return _mm256_load_ps(scales + 16 * kParts + 8 * h); }
  inline Bytes Twice(int half, int h) const { return Pairs(half, h); }
  inline Bytes SumPairs(int h) const { return Pairs(2, h); }
  inline Bytes Pairs(int i, int h) const { return _mm256_castps_si256(_mm256_load_ps(scales + kPairsAt + 16 * i + 8 * h)); }
  inline void Ask() const {}
  inline void Next() {
    quants += kBlockBytes;
    scales += kBlockScales;
  }
};

}  // namespace
}  // namespace tradewind
