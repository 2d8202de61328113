// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Encoders of the types with blocks of 32 values: one half scale, or a scale and an offset. Q8_0 rounds to the nearest without a search,
// bit for bit as PyPI gguf's `quantize`.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "formats/ggml_blocks.h"
#include "formats/quantize_search.h"
#include "formats/quantize_weights.h"

namespace tradewind {
namespace {

constexpr size_t kBlockValues = 32;
constexpr size_t kBatch = kLanes * kBlockValues;

void EncodeQ8(std::span<const float> values, std::byte* out) {
  for (size_t at = 0; at < values.size(); at += kBlockValues, out += sizeof(BlockQ8_0)) {
    float largest = 0;
    for (size_t i = 0; i < kBlockValues; ++i) largest = std::max(largest, std::fabs(values[at + i]));
    const float d = largest / 127.0f;
    // Below the smallest normal number the inverse would be infinite, and the scale rounds to 0 in any case.
    const float inverse = d < std::numeric_limits<float>::min() ? 0.0f : 1.0f / d;
    BlockQ8_0 block;
    block.d = FloatToHalf(d);
    for (size_t i = 0; i < kBlockValues; ++i) {
      // Ties away from zero. The clamp guards codes of blocks whose scale is nearly subnormal.
      const float scaled = values[at + i] * inverse;
      const float code = std::trunc(scaled + std::copysign(0.5f, scaled));
      block.qs[i] = static_cast<int8_t>(std::clamp(code, -127.0f, 127.0f));
    }
    std::memcpy(out, &block, sizeof(block));
  }
}

void PackNibbles(const uint8_t* codes, uint8_t* qs) {
  for (int i = 0; i < 16; ++i) qs[i] = static_cast<uint8_t>((codes[i] & 0x0F) | (codes[i + 16] & 0x0F) << 4);
}

void PackFifthBits(const uint8_t* codes, uint8_t* qh) {
  for (int byte = 0; byte < 4; ++byte) {
    qh[byte] = 0;
    for (int bit = 0; bit < 8; ++bit) qh[byte] |= static_cast<uint8_t>((codes[byte * 8 + bit] >> 4) << bit);
  }
}

void Pack(const uint8_t* codes, uint16_t d, uint16_t, BlockQ4_0* block) {
  block->d = d;
  PackNibbles(codes, block->qs);
}

void Pack(const uint8_t* codes, uint16_t d, uint16_t m, BlockQ4_1* block) {
  block->d = d;
  block->m = m;
  PackNibbles(codes, block->qs);
}

void Pack(const uint8_t* codes, uint16_t d, uint16_t, BlockQ5_0* block) {
  block->d = d;
  PackFifthBits(codes, block->qh);
  PackNibbles(codes, block->qs);
}

void Pack(const uint8_t* codes, uint16_t d, uint16_t m, BlockQ5_1* block) {
  block->d = d;
  block->m = m;
  PackFifthBits(codes, block->qh);
  PackNibbles(codes, block->qs);
}

// Four blocks at a time; the last batch of a row is filled up with zeros.
template <typename Block>
void EncodeSimple(const RowToQuantize& row, Codebook codes, bool plain, std::byte* out) {
  const bool with_offset = codes.lowest == 0;
  for (size_t at = 0; at < row.values.size(); at += kBatch) {
    const size_t count = std::min(kBatch, row.values.size() - at);
    float x[kBatch] = {};
    float w[kBatch] = {};
    std::copy_n(row.values.begin() + static_cast<std::ptrdiff_t>(at), count, x);
    for (size_t i = 0; i < count; i += kBlockValues) row.WeightsOf(at + i, kBlockValues, plain, w + i);
    LaneGroups groups;
    LoadGroups(x, w, kBlockValues, &groups);
    LaneFit fit{Broadcast(0), Broadcast(0)};
    if (with_offset) {
      fit = FitScaleAndOffset(groups, codes, false);
    } else {
      fit.scale = FitScale(groups, codes);
    }
    uint16_t d[kLanes];
    uint16_t m[kLanes];
    for (int g = 0; g < kLanes; ++g) {
      d[g] = FloatToHalf(fit.scale[g]);
      m[g] = FloatToHalf(fit.offset[g]);
      fit.scale[g] = HalfToFloat(d[g]);
      fit.offset[g] = HalfToFloat(m[g]);
    }
    uint8_t q[kBatch];
    NearestCodes(groups, fit, codes, q);
    for (size_t g = 0; g < count / kBlockValues; ++g, out += sizeof(Block)) {
      Block block;
      Pack(q + g * kBlockValues, d[g], m[g], &block);
      std::memcpy(out, &block, sizeof(block));
    }
  }
}

}  // namespace

bool QuantizeSimpleRow(TensorType type, const RowToQuantize& row, std::byte* out) {
  switch (type) {
    case TensorType::kQ8_0: EncodeQ8(row.values, out); return true;
    case TensorType::kQ4_0: EncodeSimple<BlockQ4_0>(row, {-8, 7}, false, out); return true;
    case TensorType::kQ4_1: EncodeSimple<BlockQ4_1>(row, {0, 15}, true, out); return true;
    case TensorType::kQ5_0: EncodeSimple<BlockQ5_0>(row, {-16, 15}, true, out); return true;
    case TensorType::kQ5_1: EncodeSimple<BlockQ5_1>(row, {0, 31}, true, out); return true;
    default: return false;
  }
}

}  // namespace tradewind
