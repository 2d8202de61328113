// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// F32 rows to the blocks of every type that DequantizeRow reads back. Q8_0 rounds to the nearest; the others search, group by group, for
// the scale (and minimum) that leave the least weighted squared error, as published for k-quants (llama.cpp pull requests 1684 and 4861).
// The bytes depend on the row alone: not on threads, nor on the machine. Thread-safe.
//
//   std::vector<std::byte> row(*RowBytes(TensorType::kQ4_K, values.size()));
//   TW_RETURN_IF_ERROR(QuantizeRow(TensorType::kQ4_K, values, {}, row.data()));
#pragma once

#include <cstddef>
#include <span>

#include "base/status.h"
#include "formats/tensor_type.h"

namespace tradewind {

// Whether there is an encoder for `type`.
bool CanQuantize(TensorType type);

// Encodes a row, a whole number of blocks, to RowBytes(type, values.size()) bytes at `row`. `importance` is empty or has one weight >= 0 a
// value: the mean square of the activations that the value meets. kInvalidInput, naming the first such value, if one is NaN, infinite, or
// above what the type's scales (IEEE halves) can hold; kUnsupported without an encoder.
Result<void> QuantizeRow(TensorType type, std::span<const float> values, std::span<const float> importance, std::byte* row);

}  // namespace tradewind
