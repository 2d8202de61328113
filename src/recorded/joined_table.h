// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// JoinedTable: the tables of a table file read, checked against their hashes, and joined: the rows of the first, with the columns of all.
// Immutable; thread-safe.
//
//   TW_ASSIGN(JoinedTable joined, JoinedTable::Load(spec, folder));
//   TW_ASSIGN(size_t column, joined.Column("i9.infer_step_time"));
//   TW_ASSIGN(double ms, joined.Number(column, 0));
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/status.h"
#include "formats/table.h"
#include "recorded/table_spec.h"

namespace tradewind {

class JoinedTable {
 public:
  // Where a file of the spec lies; kNotFound with the remedy where it does not.
  using FindFile = std::function<Result<std::string>(const DataFile&)>;

  // kInvalidInput: a file whose SHA-256 is another, parts with other columns than the first part, a pattern that a cell does not match, a
  // key that two rows share, a row without its like where `unmatched` says error.
  static Result<JoinedTable> Load(const TableSpec& spec, const FindFile& find, const TableLimits& limits = {});

  size_t rows() const { return rows_; }
  const std::vector<std::string>& names() const { return names_; }
  // kNotFound names the file.
  Result<size_t> Column(const std::string& name) const;
  // Whether the row found no like in the column's file.
  bool Absent(size_t column, size_t row) const;
  // Not for absent cells.
  std::string Text(size_t column, size_t row) const;
  Result<double> Number(size_t column, size_t row) const;
  Status ErrorAt(size_t column, size_t row, std::string message) const;
  // "FILE, line L" of a row in the first table.
  std::string PlaceOf(size_t row) const;

 private:
  static constexpr uint32_t kNoRow = ~uint32_t{0};

  // Tables with the same columns, their rows counted through.
  struct Source {
    std::vector<Table> parts;
    std::vector<size_t> begins;  // of each part
    size_t rows = 0;
    std::vector<uint32_t> row_of;  // for each joined row; empty: the same
  };
  struct Place {
    const Table* table;
    size_t row;
  };
  static Place PlaceIn(const Source& source, size_t row);
  static Result<std::unordered_map<std::string, uint32_t>> IndexByKey(const TableSpec& spec, const TableSource& from, const Source& source);
  static Result<Source> LoadSource(const TableSpec& spec, const TableSource& from, const FindFile& find, const TableLimits& limits);
  Result<void> Join(const TableSpec& spec, const TableSource& from, Source source);
  Result<void> AddNames(const TableSpec& spec, const TableSource& from, size_t source);
  Result<std::string> FirstKey(const TableSource& from, const std::vector<size_t>& columns, size_t row) const;
  void Keep(const std::vector<uint32_t>& rows);

  struct ColumnRef {
    size_t source;
    size_t column;
  };
  std::vector<Source> sources_;
  std::vector<ColumnRef> columns_;
  std::vector<std::string> names_;
  std::unordered_map<std::string, size_t> by_name_;
  size_t rows_ = 0;
};

// With typographic quotes, non-breaking and repeated spaces made plain, and none at the ends.
std::string PlainText(std::string_view text);

}  // namespace tradewind
