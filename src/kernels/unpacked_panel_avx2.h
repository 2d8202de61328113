// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A panel of packed blocks written out as plain bytes and single scales, with the interface of packed_formats_inl.h. Worth its cost where
// many rows of activations sweep over it. Include only from *_avx2.cc.
#pragma once

#include "kernels/bytes_avx2.h"

namespace tradewind {
namespace {

// A panel of Format written out: of each block 8 vectors [row 16][k 4], and s[16] of each part, then m[16].
template <typename Format>
struct Unpacked {
  static constexpr int kBlockBytes = 8 * 64;
  static constexpr int kBlockScales = 16 * (Format::kParts + (Format::kHasMin ? 1 : 0));
  static constexpr int kSpan = Format::kSpan;
  static constexpr int kParts = Format::kParts;
  static constexpr int kOffset = Format::kOffset;
  static constexpr bool kHasMin = Format::kHasMin;
  static constexpr bool kSigned = false;
  static constexpr int Order(int n) { return n; }
  const uint8_t* quants;
  const float* scales;

  Unpacked(Format from, int64_t blocks, uint8_t* bytes, float* singles) : quants(bytes), scales(singles) {
    for (int64_t b = 0; b < blocks; ++b, bytes += kBlockBytes, singles += kBlockScales, from.Next()) {
#pragma GCC unroll 2
      for (int h = 0; h < 2; ++h) {
#pragma GCC unroll 8
        for (int g = 0; g < 8; ++g) _mm256_store_si256(reinterpret_cast<__m256i*>(bytes + 64 * g + 32 * h), from.Quants(g, h));
        for (int part = 0; part < kParts; ++part) _mm256_store_ps(singles + 16 * part + 8 * h, from.Scale(part, h));
        if constexpr (kHasMin) _mm256_store_ps(singles + 16 * kParts + 8 * h, from.Min(h));
      }
    }
  }
  inline Bytes Quants(int g, int h) const { return _mm256_load_si256(reinterpret_cast<const __m256i*>(quants + 64 * g + 32 * h)); }
  inline Singles Scale(int part, int h) const { return _mm256_load_ps(scales + 16 * part + 8 * h); }
  inline Singles Min(int h) const { return _mm256_load_ps(scales + 16 * kParts + 8 * h); }
  inline void Begin() {}
  inline void Next() {
    quants += kBlockBytes;
    scales += kBlockScales;
  }
};

}  // namespace
}  // namespace tradewind
