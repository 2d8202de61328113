// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/tensor_type.h"

#include <array>
#include <limits>

#include "formats/ggml_blocks.h"

namespace tradewind {
namespace {

constexpr std::array<TensorTypeInfo, 16> kTypes = {{
    {TensorType::kF32, "F32", 0, 1, 4},
    {TensorType::kF16, "F16", 1, 1, 2},
    {TensorType::kBF16, "BF16", 30, 1, 2},
    {TensorType::kQ8_0, "Q8_0", 8, 32, sizeof(BlockQ8_0)},
    {TensorType::kQ4_0, "Q4_0", 2, 32, sizeof(BlockQ4_0)},
    {TensorType::kQ4_1, "Q4_1", 3, 32, sizeof(BlockQ4_1)},
    {TensorType::kQ5_0, "Q5_0", 6, 32, sizeof(BlockQ5_0)},
    {TensorType::kQ5_1, "Q5_1", 7, 32, sizeof(BlockQ5_1)},
    {TensorType::kQ2_K, "Q2_K", 10, 256, sizeof(BlockQ2_K)},
    {TensorType::kQ3_K, "Q3_K", 11, 256, sizeof(BlockQ3_K)},
    {TensorType::kQ4_K, "Q4_K", 12, 256, sizeof(BlockQ4_K)},
    {TensorType::kQ5_K, "Q5_K", 13, 256, sizeof(BlockQ5_K)},
    {TensorType::kQ6_K, "Q6_K", 14, 256, sizeof(BlockQ6_K)},
    {TensorType::kIQ4_NL, "IQ4_NL", 20, 32, sizeof(BlockIQ4_NL)},
    {TensorType::kIQ4_XS, "IQ4_XS", 23, 256, sizeof(BlockIQ4_XS)},
    {TensorType::kMXFP4, "MXFP4", 39, 32, sizeof(BlockMXFP4)},
}};

constexpr bool InEnumOrder() {
  for (size_t i = 0; i < kTypes.size(); ++i) {
    if (static_cast<size_t>(kTypes[i].type) != i) return false;
  }
  return true;
}
static_assert(InEnumOrder(), "InfoOf indexes the table by the enum");

}  // namespace

const TensorTypeInfo& InfoOf(TensorType type) {
  return kTypes[static_cast<size_t>(type)];
}

std::span<const TensorTypeInfo> AllTensorTypes() {
  return kTypes;
}

std::optional<TensorType> TensorTypeFromGguf(uint32_t gguf_id) {
  for (const TensorTypeInfo& info : kTypes) {
    if (info.gguf_id == gguf_id) return info.type;
  }
  return std::nullopt;
}

std::optional<uint64_t> RowBytes(TensorType type, uint64_t values) {
  const TensorTypeInfo& info = InfoOf(type);
  if (values % info.block_values != 0) return std::nullopt;
  const uint64_t blocks = values / info.block_values;
  if (blocks > std::numeric_limits<uint64_t>::max() / info.block_bytes) return std::nullopt;
  return blocks * info.block_bytes;
}

}  // namespace tradewind
