// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/quantize.h"

#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include "formats/quantize_weights.h"

namespace tradewind {
namespace {

constexpr float kLargestHalf = 65504.0f;

bool IsFloatType(TensorType type) {
  return type == TensorType::kF32 || type == TensorType::kF16 || type == TensorType::kBF16;
}

tl::unexpected<Status> BadValue(size_t index, std::string problem) {
  return Fail(Status(StatusCode::kInvalidInput, "value " + std::to_string(index) + " of the row " + std::move(problem)));
}

Result<void> CheckValues(TensorType type, std::span<const float> values) {
  const bool half = type != TensorType::kF32 && type != TensorType::kBF16;
  const float limit = half ? kLargestHalf : std::numeric_limits<float>::max();
  // One comparison a value; the reason is sought only if one fails. The comparison is false for NaN.
  bool good = true;
  for (const float v : values) good &= std::fabs(v) <= limit;
  if (good) return {};
  for (size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) return BadValue(i, "is not a number");
    if (std::isinf(values[i])) return BadValue(i, "is infinite");
    if (std::fabs(values[i]) > limit) {
      return BadValue(i, "is " + std::to_string(values[i]) + ", beyond the 65504 that " + std::string(InfoOf(type).name) +
                             " can hold; use BF16 or F32");
    }
  }
  return {};
}

template <typename Convert>
void ConvertTo16(std::span<const float> values, std::byte* out, Convert convert) {
  for (size_t i = 0; i < values.size(); ++i) {
    const uint16_t bits = convert(values[i]);
    std::memcpy(out + i * sizeof(bits), &bits, sizeof(bits));
  }
}

}  // namespace

Result<void> QuantizeRow(TensorType type, std::span<const float> values, std::span<const float> importance, std::byte* row) {
  assert(importance.empty() || importance.size() == values.size());
  assert(values.size() % InfoOf(type).block_values == 0);
  TW_RETURN_IF_ERROR(CheckValues(type, values));
  if (values.empty()) return {};
  switch (type) {
    case TensorType::kF32: std::memcpy(row, values.data(), values.size_bytes()); return {};
    case TensorType::kF16: ConvertTo16(values, row, FloatToHalf); return {};
    case TensorType::kBF16: ConvertTo16(values, row, FloatToBFloat16); return {};
    default: break;
  }
  RowToQuantize input{values, importance, 0};
  double squares = 0;
  for (const float v : values) squares += static_cast<double>(v) * v;
  input.mean_square = static_cast<float>(squares / static_cast<double>(values.size()));
  if (QuantizeSimpleRow(type, input, row) || QuantizeSuperblockRow(type, input, row)) return {};
  return Fail(StatusCode::kUnsupported, "there is no encoder for " + std::string(InfoOf(type).name));
}

bool CanQuantize(TensorType type) {
  const RowToQuantize nothing;
  return IsFloatType(type) || QuantizeSimpleRow(type, nothing, nullptr) || QuantizeSuperblockRow(type, nothing, nullptr);
}

}  // namespace tradewind
