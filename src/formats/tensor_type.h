// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The element types of stored weights, how their blocks lie in memory, and their values as F32. A row is a whole number of
// blocks. The layouts are GGUF's, bit for bit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace tradewind {

// The three that are not quantised come first.
enum class TensorType : uint8_t {
  kF32,
  kF16,
  kBF16,
  kQ8_0,
  kQ4_0,
  kQ4_1,
  kQ5_0,
  kQ5_1,
  kQ2_K,
  kQ3_K,
  kQ4_K,
  kQ5_K,
  kQ6_K,
  kIQ4_NL,
  kIQ4_XS,
  kMXFP4
};

struct TensorTypeInfo {
  TensorType type;
  std::string_view name;  // "Q4_K"
  uint32_t gguf_id;       // the number in a GGUF tensor header
  uint32_t block_values;  // values in a block
  uint32_t block_bytes;
};
const TensorTypeInfo& InfoOf(TensorType type);
std::span<const TensorTypeInfo> AllTensorTypes();
std::optional<TensorType> TensorTypeFromGguf(uint32_t gguf_id);

// Bytes of a row of `values` values; nullopt if `values` is no whole number of blocks or the size overflows.
std::optional<uint64_t> RowBytes(TensorType type, uint64_t values);

// Expands values from `row` (RowBytes(type, out.size()) bytes, any alignment) to F32, bit-equal to PyPI gguf's dequantize.
void DequantizeRow(TensorType type, const std::byte* row, std::span<float> out);

// IEEE half and bfloat16 to and from single; to the nearest, ties to even.
float HalfToFloat(uint16_t half);
uint16_t FloatToHalf(float value);
float BFloat16ToFloat(uint16_t bits);
uint16_t FloatToBFloat16(float value);

}  // namespace tradewind
