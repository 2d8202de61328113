// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "learn/table.h"

#include <cmath>
#include <string>

namespace tradewind {

Result<void> CheckRows(std::string_view what, std::span<const double> rows, size_t columns) {
  const auto bad = [&](const std::string& message) { return Fail(StatusCode::kInvalidInput, std::string(what) + message); };
  if (columns == 0 || columns > kMostTableColumns) {
    return bad(" takes 1 to " + std::to_string(kMostTableColumns) + " columns, not " + std::to_string(columns));
  }
  if (rows.empty()) return bad(" needs at least one row");
  if (rows.size() > kMostTableCells || rows.size() / columns > kMostTableRows) {
    return bad(" takes at most " + std::to_string(kMostTableRows) + " rows and " + std::to_string(kMostTableCells) + " cells");
  }
  if (rows.size() % columns != 0) return bad(": the last row is not whole");
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!std::isfinite(rows[i])) {
      return bad(": row " + std::to_string(i / columns) + ", column " + std::to_string(i % columns) + " is not finite");
    }
  }
  return {};
}

Result<void> CheckTable(std::string_view what, std::span<const double> rows, size_t columns, std::span<const double> y) {
  TW_RETURN_IF_ERROR(CheckRows(what, rows, columns));
  if (rows.size() / columns != y.size()) {
    return Fail(StatusCode::kInvalidInput, std::string(what) + " has " + std::to_string(rows.size() / columns) + " rows but " +
                                               std::to_string(y.size()) + " values to fit");
  }
  for (size_t i = 0; i < y.size(); ++i) {
    if (!std::isfinite(y[i])) return Fail(StatusCode::kInvalidInput, std::string(what) + ": value " + std::to_string(i) + " is not finite");
  }
  return {};
}

}  // namespace tradewind
