// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What the readers of tables share: a table in the making, its limits, the words of its errors. Owned by one reader; not thread-safe.
//
//   builder.AddName("latency_ms", line, 1);
//   builder.column(0).Append("12.5");
//   TW_RETURN_IF_ERROR(builder.EndCell(0, line));
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "formats/table.h"

namespace tradewind {

class TableBuilder {
 public:
  // The limits are borrowed.
  TableBuilder(std::string path, const TableLimits& limits) : limits_(limits) { table_.path = std::move(path); }

  size_t columns() const { return table_.columns.size(); }
  size_t rows() const { return table_.rows(); }
  TextCells& column(size_t i) { return table_.columns[i].texts; }
  const TableLimits& limits() const { return limits_; }
  // One more column; kInvalidInput if there is one of that name, or too many.
  Result<void> AddName(std::string name, uint64_t line);
  // Its index, or columns().
  size_t Find(const std::string& name) const;
  // Ends the open cell of a column: checks its UTF-8 and the limits.
  Result<void> EndCell(size_t column, uint64_t line);
  Result<void> CheckOpen(size_t column, uint64_t line) const;
  // Ends a row that began on this line.
  Result<void> EndRow(uint64_t line);
  // kInvalidInput at "FILE, line L"; with a column counted from 0 that exists, its number and name, too.
  Status Error(uint64_t line, std::string message) const;
  Status Error(uint64_t line, size_t column, std::string message) const;
  // Turns columns of numbers into such, and gives the table.
  Table Take();

 private:
  Status TooManyCells(uint64_t line) const;

  const TableLimits& limits_;
  Table table_;
  std::unordered_map<std::string, size_t> by_name_;
};

// One reader a format; `bytes` has no byte order mark.
Result<void> ReadSeparated(std::string_view bytes, char separator, TableBuilder& builder);
Result<void> ReadJsonLines(std::string_view bytes, TableBuilder& builder);

// Well-formed as The Unicode Standard, table 3-7, has it; no NUL.
bool IsUtf8Text(std::string_view text);

}  // namespace tradewind
