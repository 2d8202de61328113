// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "base/file.h"
#include "formats/table_builder.h"

namespace tradewind {
namespace {

constexpr size_t kMaxShown_bytes = 40;
constexpr size_t kMaxShownNames = 12;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::string Printable(std::string_view text) {
  std::string shown;
  for (const char c : text.substr(0, kMaxShown_bytes)) shown += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return shown + (text.size() > kMaxShown_bytes ? "..." : "");
}

std::string Shown(std::string_view text) {
  return '"' + Printable(text) + '"';
}

std::string Place(const Table& table, uint64_t line, size_t column) {
  std::string place = table.path + ", line " + std::to_string(line);
  if (column < table.columns.size()) place += ", column " + std::to_string(column + 1) + " (" + Printable(table.columns[column].name) + ")";
  return place;
}

void TurnIntoNumbers(TableColumn& column) {
  const size_t rows = column.texts.size();
  std::vector<double> numbers;
  for (size_t i = 0; i < rows; ++i) {
    double value = 0;
    const std::string_view text = column.texts[i];
    if (HasLeadingZero(text) || !ReadFiniteNumber(text, value)) return;
    // A whole number that a double would round is a name, too.
    if (std::abs(value) >= kMaxExactInteger && text.find_first_of(".eE") == std::string_view::npos) return;
    if (i == 0) numbers.reserve(rows);
    numbers.push_back(value);
  }
  column.numbers = std::move(numbers);
  column.texts = {};
  column.is_number = true;
}

bool IsTruth(std::string_view text, double& value) {
  value = text == "true" || text == "True" || text == "TRUE" ? 1 : 0;
  return value == 1 || text == "false" || text == "False" || text == "FALSE";
}

std::string NumberText(double value) {
  if (value == 0) return "0";
  char buffer[64];
  const double size = std::abs(value);
  const auto format = size >= 1e-5 && size < 1e15 ? std::chars_format::fixed : std::chars_format::general;
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value, format).ptr};
}

}  // namespace

bool HasLeadingZero(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  return text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9';
}

bool ReadFiniteNumber(std::string_view text, double& value) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
}

Result<TableFormat> TableFormatOf(std::string_view path) {
  if (path.ends_with(".csv")) return TableFormat::kCsv;
  if (path.ends_with(".tsv")) return TableFormat::kTsv;
  if (path.ends_with(".jsonl")) return TableFormat::kJsonl;
  return Fail(Status(StatusCode::kInvalidInput, "a table's file ends in .csv, .tsv or .jsonl; say its format").At(std::string(path)));
}

Result<size_t> Table::Column(std::string_view name) const {
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return i;
  }
  std::string message = "there is no column " + Shown(name) + "; there are ";
  for (size_t i = 0; i < std::min(columns.size(), kMaxShownNames); ++i) message += (i == 0 ? "" : ", ") + Shown(columns[i].name);
  if (columns.size() > kMaxShownNames) message += " and " + std::to_string(columns.size() - kMaxShownNames) + " more";
  return Fail(Status(StatusCode::kNotFound, message).At(path));
}

std::string Table::Text(size_t column, size_t row) const {
  const TableColumn& c = columns[column];
  return c.is_number ? NumberText(c.numbers[row]) : std::string(c.texts[row]);
}

Status Table::ErrorAt(size_t column, size_t row, std::string message) const {
  return Status(StatusCode::kInvalidInput, std::move(message)).At(Place(*this, lines[row], column));
}

Result<double> Table::Number(size_t column, size_t row) const {
  const TableColumn& c = columns[column];
  if (c.is_number) return c.numbers[row];
  const std::string_view text = c.texts[row];
  double value = 0;
  if (ReadFiniteNumber(text, value) || IsTruth(text, value)) return value;
  if (text.empty()) return Fail(ErrorAt(column, row, "an empty cell where a number is asked for; give one, or take the row out"));
  return Fail(ErrorAt(column, row, Shown(text) + " is not a finite number; give one, or take the row out"));
}

Result<std::vector<double>> Table::Numbers(size_t column) const {
  if (columns[column].is_number) return columns[column].numbers;
  std::vector<double> numbers(rows());
  for (size_t row = 0; row < rows(); ++row) {
    TW_ASSIGN(numbers[row], Number(column, row));
  }
  return numbers;
}

Result<void> Table::AddColumn(const std::string& name, std::span<const std::string> texts) {
  for (const TableColumn& c : columns) {
    if (c.name == name)
      return Fail(Status(StatusCode::kInvalidInput, "there is a column " + Shown(name) + " already; take another name").At(path));
  }
  TableColumn column{.name = name};
  for (const std::string& text : texts) {
    column.texts.Append(text);
    column.texts.EndCell();
  }
  TurnIntoNumbers(column);
  columns.push_back(std::move(column));
  return {};
}

Result<void> TableBuilder::AddName(std::string name, uint64_t line) {
  const size_t index = columns();
  if (index >= limits_.columns) {
    return Fail(Error(line, "more than " + std::to_string(limits_.columns) + " columns; take some out, or raise the limit"));
  }
  if (!by_name_.emplace(name, index).second) {
    return Fail(Error(line, "the column " + Shown(name) + " stands twice (as number " + std::to_string(Find(name) + 1) + " and " +
                                std::to_string(index + 1) + "); rename one"));
  }
  // Rows that are there already get a cell each.
  if (table_.rows() * (index + 1) > limits_.cells) return Fail(TooManyCells(line));
  table_.columns.push_back({.name = std::move(name)});
  return {};
}

size_t TableBuilder::Find(const std::string& name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? columns() : found->second;
}

Result<void> TableBuilder::CheckOpen(size_t column, uint64_t line) const {
  if (table_.columns[column].texts.open_bytes() > limits_.cell_bytes) {
    return Fail(Error(
        line, column,
        "a cell of more than " + std::to_string(limits_.cell_bytes) + " bytes (is a quote left open?); shorten it, or raise the limit"));
  }
  return {};
}

Result<void> TableBuilder::EndCell(size_t column, uint64_t line) {
  TextCells& cells = table_.columns[column].texts;
  TW_RETURN_IF_ERROR(CheckOpen(column, line));
  if (!IsUtf8Text(cells.open())) return Fail(Error(line, column, "the cell is not UTF-8 text; save the file as UTF-8"));
  cells.EndCell();
  return {};
}

Result<void> TableBuilder::EndRow(uint64_t line) {
  if (table_.rows() >= limits_.rows) {
    return Fail(Error(line, "more than " + std::to_string(limits_.rows) + " rows; take some out, or raise the limit"));
  }
  table_.lines.push_back(static_cast<uint32_t>(line));
  if (table_.rows() * columns() > limits_.cells) return Fail(TooManyCells(line));
  return {};
}

Status TableBuilder::TooManyCells(uint64_t line) const {
  return Error(line, "more than " + std::to_string(limits_.cells) + " cells; take some out, or raise the limit");
}

Status TableBuilder::Error(uint64_t line, std::string message) const {
  return Error(line, columns(), std::move(message));
}

Status TableBuilder::Error(uint64_t line, size_t column, std::string message) const {
  return Status(StatusCode::kInvalidInput, std::move(message)).At(Place(table_, line, column));
}

Table TableBuilder::Take() {
  for (TableColumn& column : table_.columns) TurnIntoNumbers(column);
  return std::move(table_);
}

Result<Table> ParseTable(std::string_view bytes, TableFormat format, const std::string& path, const TableLimits& limits) {
  const uint64_t most = std::min<uint64_t>(limits.bytes, std::numeric_limits<uint32_t>::max());
  if (bytes.size() > most) {
    return Fail(Status(StatusCode::kInvalidInput, "a table of " + std::to_string(bytes.size()) + " bytes, more than " +
                                                      std::to_string(most) + "; split it, or raise the limit")
                    .At(path));
  }
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  TableBuilder builder(path, limits);
  TW_RETURN_IF_ERROR(format == TableFormat::kJsonl ? ReadJsonLines(bytes, builder)
                                                   : ReadSeparated(bytes, format == TableFormat::kCsv ? ',' : '\t', builder));
  return builder.Take();
}

Result<Table> ReadTable(const std::string& path, const TableLimits& limits) {
  TW_ASSIGN(const TableFormat format, TableFormatOf(path));
  TW_ASSIGN(const MappedFile file, MappedFile::Open(path));
  return IfWhole(file, ParseTable({reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()}, format, path, limits));
}

}  // namespace tradewind
