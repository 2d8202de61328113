// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Encoders of the types with blocks of 256 values: how what quantize_superblock.h finds is packed.
#include <cstring>

#include "formats/ggml_blocks.h"
#include "formats/quantize_superblock.h"
#include "formats/quantize_weights.h"

namespace tradewind {
namespace {

// The inverse of UnpackScalesQ4K.
void PackScalesOfQ4K(const uint8_t* scale, const uint8_t* min, uint8_t packed[12]) {
  for (int g = 0; g < 4; ++g) {
    packed[g] = static_cast<uint8_t>(scale[g] | (scale[g + 4] >> 4) << 6);
    packed[g + 4] = static_cast<uint8_t>(min[g] | (min[g + 4] >> 4) << 6);
    packed[g + 8] = static_cast<uint8_t>((scale[g + 4] & 0x0F) | (min[g + 4] & 0x0F) << 4);
  }
}

void PackK(const MinBlock& from, BlockQ4_K* block) {
  block->d = from.d;
  block->dmin = from.dmin;
  PackScalesOfQ4K(from.scale, from.min, block->scales);
  for (int pair = 0; pair < 4; ++pair) {
    const uint8_t* codes = from.codes + pair * 64;
    for (int i = 0; i < 32; ++i) block->qs[pair * 32 + i] = static_cast<uint8_t>(codes[i] | codes[i + 32] << 4);
  }
}

void PackK(const SignedBlock& from, BlockQ6_K* block) {
  block->d = from.d;
  std::memcpy(block->scales, from.scale, sizeof(block->scales));
  for (int half = 0; half < 2; ++half) {
    const uint8_t* codes = from.codes + half * 128;
    for (int i = 0; i < 32; ++i) {
      const uint8_t a = codes[i], b = codes[i + 32], c = codes[i + 64], d = codes[i + 96];
      block->ql[half * 64 + i] = static_cast<uint8_t>((a & 0x0F) | (c & 0x0F) << 4);
      block->ql[half * 64 + 32 + i] = static_cast<uint8_t>((b & 0x0F) | (d & 0x0F) << 4);
      block->qh[half * 32 + i] = static_cast<uint8_t>(a >> 4 | b >> 4 << 2 | c >> 4 << 4 | d >> 4 << 6);
    }
  }
}

// Codes of two bits, 32 values k, k + 32, k + 64, k + 96 of each half of the block in one byte.
void PackTwoBits(const uint8_t* codes, uint8_t* qs) {
  for (int half = 0; half < 2; ++half) {
    for (int i = 0; i < 32; ++i) {
      int byte = 0;
      for (int k = 0; k < 4; ++k) byte |= (codes[half * 128 + k * 32 + i] & 3) << (2 * k);
      qs[half * 32 + i] = static_cast<uint8_t>(byte);
    }
  }
}

void PackK(const MinBlock& from, BlockQ2_K* block) {
  block->d = from.d;
  block->dmin = from.dmin;
  for (int g = 0; g < 16; ++g) block->scales[g] = static_cast<uint8_t>(from.scale[g] | from.min[g] << 4);
  PackTwoBits(from.codes, block->qs);
}

void PackK(const SignedBlock& from, BlockQ3_K* block) {
  block->d = from.d;
  PackTwoBits(from.codes, block->qs);
  for (int i = 0; i < 32; ++i) {
    int byte = 0;
    for (int k = 0; k < 8; ++k) byte |= (from.codes[k * 32 + i] >> 2) << k;
    block->hmask[i] = static_cast<uint8_t>(byte);
  }
  std::memset(block->scales, 0, sizeof(block->scales));
  for (int g = 0; g < 16; ++g) {
    const int scale = from.scale[g] + 32;
    block->scales[g % 8] |= static_cast<uint8_t>((scale & 0x0F) << (g / 8 * 4));
    block->scales[8 + g % 4] |= static_cast<uint8_t>((scale >> 4) << (g / 4 * 2));
  }
}

void PackK(const MinBlock& from, BlockQ5_K* block) {
  block->d = from.d;
  block->dmin = from.dmin;
  PackScalesOfQ4K(from.scale, from.min, block->scales);
  for (int i = 0; i < 32; ++i) {
    int byte = 0;
    for (int g = 0; g < 8; ++g) byte |= (from.codes[g * 32 + i] >> 4) << g;
    block->qh[i] = static_cast<uint8_t>(byte);
  }
  for (int pair = 0; pair < 4; ++pair) {
    const uint8_t* codes = from.codes + pair * 64;
    for (int i = 0; i < 32; ++i) block->qs[pair * 32 + i] = static_cast<uint8_t>((codes[i] & 0x0F) | (codes[i + 32] & 0x0F) << 4);
  }
}

template <typename Block, typename Shape, typename Fitted>
void EncodeK(const RowToQuantize& row, Shape shape, void (*fit)(const float*, const float*, Shape, Fitted*), int weight_group,
             std::byte* out) {
  for (size_t at = 0; at < row.values.size(); at += kSuperblock, out += sizeof(Block)) {
    float weights[kSuperblock];
    for (int i = 0; i < kSuperblock; i += weight_group) {
      row.WeightsOf(at + static_cast<size_t>(i), static_cast<size_t>(weight_group), false, weights + i);
    }
    Fitted fitted;
    fit(row.values.data() + at, weights, shape, &fitted);
    Block block;
    PackK(fitted, &block);
    std::memcpy(out, &block, sizeof(block));
  }
}

}  // namespace

bool QuantizeSuperblockRow(TensorType type, const RowToQuantize& row, std::byte* out) {
  switch (type) {
    case TensorType::kQ4_K: EncodeK<BlockQ4_K>(row, MinShape{32, 15, 63}, FitMinBlock, 32, out); return true;
    case TensorType::kQ2_K: EncodeK<BlockQ2_K>(row, MinShape{16, 3, 15}, FitMinBlock, 16, out); return true;
    case TensorType::kQ3_K: EncodeK<BlockQ3_K>(row, SignedShape{{-4, 3}, -32}, FitSignedBlock, 16, out); return true;
    case TensorType::kQ5_K: EncodeK<BlockQ5_K>(row, MinShape{32, 31, 63}, FitMinBlock, 32, out); return true;
    case TensorType::kQ6_K: EncodeK<BlockQ6_K>(row, SignedShape{{-32, 31}, -128}, FitSignedBlock, 16, out); return true;
    default: return false;
  }
}

}  // namespace tradewind
