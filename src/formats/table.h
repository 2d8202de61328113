// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Table: a CSV (RFC 4180), TSV or JSONL file as columns of numbers or texts. The bytes are untrusted: every limit is on by default, and
// an error names the file, the line and the column. A plain value; reading is thread-safe.
//
//   TW_ASSIGN(Table table, ReadTable("latency.csv"));
//   TW_ASSIGN(size_t column, table.Column("lat_ms_pixel3"));
//   TW_ASSIGN(std::vector<double> ms, table.Numbers(column));   // refuses NaN and words
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace tradewind {

enum class TableFormat : uint8_t { kCsv, kTsv, kJsonl };

// By the file's ending (.csv, .tsv, .jsonl); kInvalidInput for another.
Result<TableFormat> TableFormatOf(std::string_view path);

struct TableLimits {
  uint64_t bytes = uint64_t{1} << 30;  // of the file; never more than 4 GiB - 1
  uint64_t rows = 2'000'000;
  uint64_t columns = 4096;
  uint64_t cells = 64'000'000;
  uint64_t cell_bytes = 1 << 20;
  uint64_t depth = 16;  // of objects and arrays in a line of JSONL
};

// Texts one behind the other.
class TextCells {
 public:
  size_t size() const { return ends_.size(); }
  std::string_view operator[](size_t i) const { return std::string_view(bytes_).substr(Begin(i), ends_[i] - Begin(i)); }
  void Append(std::string_view text) { bytes_ += text; }  // to the cell that is being made
  void EndCell() { ends_.push_back(static_cast<uint32_t>(bytes_.size())); }
  size_t open_bytes() const { return bytes_.size() - Begin(ends_.size()); }  // of the cell that is being made
  std::string_view open() const { return std::string_view(bytes_).substr(Begin(ends_.size())); }
  void DropOpen() { bytes_.resize(Begin(ends_.size())); }

 private:
  size_t Begin(size_t i) const { return i == 0 ? 0 : ends_[i - 1]; }
  std::string bytes_;
  std::vector<uint32_t> ends_;
};

// Either numbers, where every cell is a finite number, or texts. An empty cell (or an absent or null field of JSONL) is an empty text.
struct TableColumn {
  std::string name;
  std::vector<double> numbers{};
  TextCells texts{};
  bool is_number = false;
};

struct Table {
  std::string path;  // as it stands in messages
  std::vector<TableColumn> columns{};
  std::vector<uint32_t> lines{};  // of each row, where it begins, counted from 1

  size_t rows() const { return lines.size(); }
  // kNotFound names the file and the columns that it has.
  Result<size_t> Column(std::string_view name) const;
  // A number's shortest decimal that reads back the same, or the text as it stands.
  std::string Text(size_t column, size_t row) const;
  // kInvalidInput for NaN, an infinity, a word or an empty cell. True and false (in the spellings of JSON and Python) are 1 and 0.
  Result<double> Number(size_t column, size_t row) const;
  Result<std::vector<double>> Numbers(size_t column) const;
  // kInvalidInput at this place: "FILE, line L, column C (NAME)".
  Status ErrorAt(size_t column, size_t row, std::string message) const;
  // Takes one more column of texts, one a row; kInvalidInput if the name is taken.
  Result<void> AddColumn(const std::string& name, std::span<const std::string> texts);
};

// A first line of CSV and TSV names the columns (a nameless one is "column_3"); blank lines are skipped; a quote doubled inside quotes is
// one; line ends are LF or CRLF. TSV is read alike, but a quote inside an unquoted cell stands for itself. In JSONL each line is an object;
// fields of nested objects and elements of arrays are columns with dotted names ("a.b", "a.0"), in the order in which they are first met. A
// byte order mark is skipped. kInvalidInput: a row with more or fewer cells than names, an unterminated quote, invalid UTF-8, a column
// named twice, more than a limit.
Result<Table> ParseTable(std::string_view bytes, TableFormat format, const std::string& path, const TableLimits& limits = {});
// The same of a file, whose ending says the format.
Result<Table> ReadTable(const std::string& path, const TableLimits& limits = {});

// A finite decimal number that is all of the text, but for spaces around it; false otherwise.
bool ReadFiniteNumber(std::string_view text, double& value);

}  // namespace tradewind
