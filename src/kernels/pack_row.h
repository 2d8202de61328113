// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// One row of a file's weights into its place in a group of packed_matrix.h. Only packed_matrix.cc uses it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "formats/tensor_type.h"

namespace tradewind {

// `group`: where the group begins; `row`: which of its sixteen; `src`: its `cols` values as in the file, at any alignment.
void PackRow(TensorType type, std::byte* group, int64_t row, const std::byte* src, int64_t cols);

}  // namespace tradewind
