// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Any bytes to the readers of tables; the first byte picks the format. What is refused must say where; what is taken must be a table whose
// every cell can be read, and a CSV must read the same again after it was written with every cell quoted.
#include <cstdlib>

#include "../scratch_folder.h"
#include "formats/table.h"

namespace tradewind {
namespace {

constexpr TableLimits kLimits = {.bytes = 1 << 14, .rows = 1000, .columns = 64, .cells = 10000, .cell_bytes = 4096, .depth = 8};

void Require(bool condition) {
  if (!condition) std::abort();
}

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

std::string WriteCsv(const Table& table) {
  std::string text;
  for (size_t c = 0; c < table.columns.size(); ++c) text += (c == 0 ? "" : ",") + Quoted(table.columns[c].name);
  for (size_t row = 0; row < table.rows(); ++row) {
    text += "\r\n";
    for (size_t c = 0; c < table.columns.size(); ++c) text += (c == 0 ? "" : ",") + Quoted(table.Text(c, row));
  }
  return text;
}

void Check(const Table& table) {
  Require(!table.columns.empty() && table.columns.size() <= kLimits.columns && table.rows() <= kLimits.rows);
  for (size_t c = 0; c < table.columns.size(); ++c) {
    const TableColumn& column = table.columns[c];
    Require((column.is_number ? column.numbers.size() : column.texts.size()) == table.rows());
    for (size_t row = 0; row < table.rows(); ++row) Require(table.Number(c, row).has_value() || !column.is_number);
    Require(table.Numbers(c).has_value() || !column.is_number);
    Require(table.Column(column.name) == c);
  }
}

void CheckColumnMore(Table table) {
  std::string name = "more";
  while (table.Column(name)) name += '+';
  const std::vector<std::string> texts(table.rows(), "1");
  Require(table.AddColumn(name, texts).has_value() && !table.AddColumn(name, texts));
  Require(table.columns.back().texts.size() == table.rows() || table.columns.back().is_number);
}

void CheckWrittenAgain(const Table& table) {
  for (const TableColumn& column : table.columns) {
    if (column.name.empty()) return;  // JSON allows what CSV would give a name
  }
  const Result<Table> again = ParseTable(WriteCsv(table), TableFormat::kCsv, "again.csv");
  Require(again.has_value() && again->rows() == table.rows() && again->columns.size() == table.columns.size());
  for (size_t c = 0; c < table.columns.size(); ++c) {
    for (size_t row = 0; row < table.rows(); ++row) Require(table.Text(c, row) == again->Text(c, row));
  }
}

void RunOne(const uint8_t* data, size_t size) {
  if (size == 0) return;
  const auto format = static_cast<TableFormat>(data[0] % 3);
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Result<Table> table = ParseTable(bytes, format, "fuzz", kLimits);
  if (IsForAFile(size)) {
    static const ScratchFolder folder;
    const std::string name = std::string("fuzz.") + (format == TableFormat::kCsv ? "csv" : format == TableFormat::kTsv ? "tsv" : "jsonl");
    folder.Write(name, bytes);
    Require(ReadTable(folder.Path(name), kLimits).has_value() == table.has_value());
    Require(!ReadTable(folder.Path("fuzz")));  // it does not say its format
  }
  if (!table) {
    Require(table.error().where().starts_with("fuzz"));
    return;
  }
  Check(*table);
  CheckColumnMore(*table);
  CheckWrittenAgain(*table);
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tradewind::RunOne(data, size);
  return 0;
}
