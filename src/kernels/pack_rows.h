// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Rows of a file's weights into their places in a group of packed_matrix.h. Only packed_matrix.cc uses it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "formats/tensor_type.h"

namespace tradewind {

// `group`: where the group begins; `rows`: how many of its sixteen there are, from the first on; `src`: their values as in the file, `cols`
// of each at any alignment, one row after the other.
void PackRows(TensorType type, std::byte* group, int64_t rows, const std::byte* src, int64_t cols);

}  // namespace tradewind
