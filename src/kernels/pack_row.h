// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// One row of a file's weights into its place in a group of packed_matrix.h. Only packed_matrix.cc uses it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "formats/tensor_type.h"

namespace tradewind {

// Where a group lies.
struct PackTarget {
  std::byte* quants;
  std::byte* scales;
  int64_t block_bytes;  // of quants
};

// `row`: which of the group's sixteen; `src`: its `cols` values as in the file, at any alignment.
void PackRow(TensorType type, const PackTarget& to, int64_t row, const std::byte* src, int64_t cols);

}  // namespace tradewind
