// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What every fit of this folder asks of its data: `rows` holds n rows of `columns` values each, one after the other, and `y` a value for
// each row. Pure functions, thread-safe.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/status.h"

namespace tradewind {

inline constexpr size_t kMostTableRows = 10'000'000;
inline constexpr size_t kMostTableColumns = 65'536;
inline constexpr size_t kMostTableCells = size_t{1} << 28;

// kInvalidInput, naming `what` ("a forest") and the row and column, for an empty table, shapes that do not match, values that are not
// finite and tables beyond the limits above.
Result<void> CheckTable(std::string_view what, std::span<const double> rows, size_t columns, std::span<const double> y);

// The same for rows alone.
Result<void> CheckRows(std::string_view what, std::span<const double> rows, size_t columns);

}  // namespace tradewind
