// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The values of every tensor type, in single precision and in the order of operations of PyPI gguf's `dequantize`, so that the bits agree.
// This is the reference: fast paths live in kernels/ and are tested against it.
#include <cstring>

#include "formats/ggml_blocks.h"
#include "formats/tensor_type.h"

namespace tradewind {
namespace {

void Expand(const BlockQ8_0& block, float* out) {
  const float d = HalfToFloat(block.d);
  for (int i = 0; i < 32; ++i) out[i] = static_cast<float>(block.qs[i]) * d;
}

void Expand(const BlockQ4_0& block, float* out) {
  const float d = HalfToFloat(block.d);
  for (int i = 0; i < 16; ++i) {
    out[i] = d * static_cast<float>((block.qs[i] & 0x0F) - 8);
    out[i + 16] = d * static_cast<float>((block.qs[i] >> 4) - 8);
  }
}

void Expand(const BlockQ4_1& block, float* out) {
  const float d = HalfToFloat(block.d);
  const float m = HalfToFloat(block.m);
  for (int i = 0; i < 16; ++i) {
    out[i] = d * static_cast<float>(block.qs[i] & 0x0F) + m;
    out[i + 16] = d * static_cast<float>(block.qs[i] >> 4) + m;
  }
}

void Expand(const BlockQ5_0& block, float* out) {
  const float d = HalfToFloat(block.d);
  for (int i = 0; i < 32; ++i) {
    const int low = i < 16 ? block.qs[i] & 0x0F : block.qs[i - 16] >> 4;
    const int high = (block.qh[i / 8] >> (i % 8)) & 1;
    out[i] = d * static_cast<float>((low | high << 4) - 16);
  }
}

void Expand(const BlockQ5_1& block, float* out) {
  const float d = HalfToFloat(block.d);
  const float m = HalfToFloat(block.m);
  for (int i = 0; i < 32; ++i) {
    const int low = i < 16 ? block.qs[i] & 0x0F : block.qs[i - 16] >> 4;
    const int high = (block.qh[i / 8] >> (i % 8)) & 1;
    out[i] = d * static_cast<float>(low | high << 4) + m;
  }
}

// The two low bits of value i of a Q2_K or Q3_K block.
int TwoBits(const uint8_t qs[64], int i) {
  return (qs[i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2)) & 0x03;
}

void Expand(const BlockQ2_K& block, float* out) {
  const float d = HalfToFloat(block.d);
  const float dmin = HalfToFloat(block.dmin);
  for (int i = 0; i < 256; ++i) {
    const float group_d = d * static_cast<float>(block.scales[i / 16] & 0x0F);
    const float group_min = dmin * static_cast<float>(block.scales[i / 16] >> 4);
    out[i] = group_d * static_cast<float>(TwoBits(block.qs, i)) - group_min;
  }
}

void Expand(const BlockQ3_K& block, float* out) {
  int8_t scale[16];
  UnpackScalesQ3K(block.scales, scale);
  const float d = HalfToFloat(block.d);
  for (int i = 0; i < 256; ++i) {
    const int high = (block.hmask[i % 32] >> (i / 32)) & 1;
    out[i] = d * static_cast<float>(scale[i / 16]) * static_cast<float>((TwoBits(block.qs, i) | high << 2) - 4);
  }
}

void Expand(const BlockQ4_K& block, float* out) {
  uint8_t scale[8];
  uint8_t min[8];
  UnpackScalesQ4K(block.scales, scale, min);
  const float d = HalfToFloat(block.d);
  const float dmin = HalfToFloat(block.dmin);
  for (int group = 0; group < 8; ++group) {
    const float group_d = d * static_cast<float>(scale[group]);
    const float group_min = dmin * static_cast<float>(min[group]);
    const uint8_t* qs = block.qs + group / 2 * 32;
    const int shift = group % 2 * 4;
    for (int i = 0; i < 32; ++i) out[group * 32 + i] = group_d * static_cast<float>((qs[i] >> shift) & 0x0F) - group_min;
  }
}

void Expand(const BlockQ5_K& block, float* out) {
  uint8_t scale[8];
  uint8_t min[8];
  UnpackScalesQ4K(block.scales, scale, min);
  const float d = HalfToFloat(block.d);
  const float dmin = HalfToFloat(block.dmin);
  for (int group = 0; group < 8; ++group) {
    const float group_d = d * static_cast<float>(scale[group]);
    const float group_min = dmin * static_cast<float>(min[group]);
    for (int i = 0; i < 32; ++i) {
      const int low = (block.qs[group / 2 * 32 + i] >> (group % 2 * 4)) & 0x0F;
      const int high = (block.qh[i] >> group) & 1;
      out[group * 32 + i] = group_d * static_cast<float>(low | high << 4) - group_min;
    }
  }
}

void Expand(const BlockQ6_K& block, float* out) {
  const float d = HalfToFloat(block.d);
  for (int i = 0; i < 256; ++i) {
    const int half = i / 128;
    const int k = i % 128 / 32;
    const int l = i % 32;
    const int low = (block.ql[half * 64 + k % 2 * 32 + l] >> (k / 2 * 4)) & 0x0F;
    const int high = (block.qh[half * 32 + l] >> (k * 2)) & 0x03;
    out[i] = d * static_cast<float>(block.scales[i / 16]) * static_cast<float>((low | high << 4) - 32);
  }
}

// Of 32 values by a table of what the nibbles stand for.
void ExpandNibbles(const uint8_t qs[16], const int8_t table[16], float d, float* out) {
  for (int i = 0; i < 16; ++i) {
    out[i] = d * static_cast<float>(table[qs[i] & 0x0F]);
    out[i + 16] = d * static_cast<float>(table[qs[i] >> 4]);
  }
}

void Expand(const BlockIQ4_NL& block, float* out) {
  ExpandNibbles(block.qs, kValuesIQ4, HalfToFloat(block.d), out);
}

void Expand(const BlockIQ4_XS& block, float* out) {
  int8_t scale[8];
  UnpackScalesIQ4XS(block, scale);
  const float d = HalfToFloat(block.d);
  for (int group = 0; group < 8; ++group) {
    ExpandNibbles(block.qs + group * 16, kValuesIQ4, d * static_cast<float>(scale[group]), out + group * 32);
  }
}

void Expand(const BlockMXFP4& block, float* out) {
  ExpandNibbles(block.qs, kValuesFP4, HalfOfE8M0(block.e), out);
}

// The copy makes any alignment of `row` good; it costs nothing once inlined.
template <typename Block>
void ExpandRow(TensorType type, const std::byte* row, std::span<float> out) {
  const size_t values = InfoOf(type).block_values;
  for (size_t i = 0; i + values <= out.size(); i += values, row += sizeof(Block)) {
    Block block;
    std::memcpy(&block, row, sizeof(Block));
    Expand(block, out.data() + i);
  }
}

template <typename Convert>
void ConvertRow(const std::byte* row, std::span<float> out, Convert convert) {
  for (size_t i = 0; i < out.size(); ++i) {
    uint16_t bits;
    std::memcpy(&bits, row + i * sizeof(bits), sizeof(bits));
    out[i] = convert(bits);
  }
}

}  // namespace

void DequantizeRow(TensorType type, const std::byte* row, std::span<float> out) {
  if (out.empty()) return;
  switch (type) {
    case TensorType::kF32: std::memcpy(out.data(), row, out.size_bytes()); return;
    case TensorType::kF16: return ConvertRow(row, out, HalfToFloat);
    case TensorType::kBF16: return ConvertRow(row, out, BFloat16ToFloat);
    case TensorType::kQ8_0: return ExpandRow<BlockQ8_0>(type, row, out);
    case TensorType::kQ4_0: return ExpandRow<BlockQ4_0>(type, row, out);
    case TensorType::kQ4_1: return ExpandRow<BlockQ4_1>(type, row, out);
    case TensorType::kQ5_0: return ExpandRow<BlockQ5_0>(type, row, out);
    case TensorType::kQ5_1: return ExpandRow<BlockQ5_1>(type, row, out);
    case TensorType::kQ2_K: return ExpandRow<BlockQ2_K>(type, row, out);
    case TensorType::kQ3_K: return ExpandRow<BlockQ3_K>(type, row, out);
    case TensorType::kQ4_K: return ExpandRow<BlockQ4_K>(type, row, out);
    case TensorType::kQ5_K: return ExpandRow<BlockQ5_K>(type, row, out);
    case TensorType::kQ6_K: return ExpandRow<BlockQ6_K>(type, row, out);
    case TensorType::kIQ4_NL: return ExpandRow<BlockIQ4_NL>(type, row, out);
    case TensorType::kIQ4_XS: return ExpandRow<BlockIQ4_XS>(type, row, out);
    case TensorType::kMXFP4: return ExpandRow<BlockMXFP4>(type, row, out);
  }
}

}  // namespace tradewind
