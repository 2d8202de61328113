// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "recorded/joined_table.h"

#include <algorithm>

#include "net/sha256.h"
#include "recorded/derive.h"

namespace tradewind {
namespace {

constexpr char kBetweenKeys = '\x1f';

Result<void> CheckHash(const DataFile& file, const std::string& path) {
  if (file.sha256.empty()) return {};
  TW_ASSIGN(const FileDigest digest, HashFile(path));
  if (digest.sha256 == file.sha256) return {};
  return Fail(Status(StatusCode::kInvalidInput, "the file is not the one that was recorded: its SHA-256 is " + digest.sha256 + ", not " +
                                                    file.sha256 + "; fetch it again")
                  .At(path));
}

std::string FileName(const std::string& path) {
  return path.substr(path.find_last_of('/') + 1);
}

Result<std::vector<size_t>> ColumnsOf(const TableSpec& spec, const TableSource& from, const Table& table,
                                      const std::vector<std::string>& names) {
  std::vector<size_t> columns;
  for (const std::string& name : names) {
    const auto column = table.Column(name);
    if (!column) return Fail(spec.ErrorAt(from.line, "the key: " + column.error().ToString()));
    columns.push_back(*column);
  }
  return columns;
}

bool SameNames(const Table& a, const Table& b) {
  return std::equal(a.columns.begin(), a.columns.end(), b.columns.begin(), b.columns.end(),
                    [](const TableColumn& x, const TableColumn& y) { return x.name == y.name; });
}

}  // namespace

std::string PlainText(std::string_view text) {
  struct Plain {
    std::string_view from;
    std::string_view to;
  };
  static constexpr Plain kPlain[] = {{"\xE2\x80\x98", "'"},
                                     {"\xE2\x80\x99", "'"},
                                     {"\xE2\x80\x9C", "\""},
                                     {"\xE2\x80\x9D", "\""},
                                     {"\xC2\xA0", " "},
                                     {"\n", " "},
                                     {"\t", " "},
                                     {"\r", " "}};
  std::string out;
  while (!text.empty()) {
    std::string_view piece = text.substr(0, 1);
    std::string_view put = piece;
    for (const Plain& plain : kPlain) {
      if (text.starts_with(plain.from)) piece = plain.from, put = plain.to;
    }
    if (put != " " || (!out.empty() && out.back() != ' ')) out += put;
    text.remove_prefix(piece.size());
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

JoinedTable::Place JoinedTable::PlaceIn(const Source& source, size_t row) {
  const auto next = std::upper_bound(source.begins.begin(), source.begins.end(), row);
  const auto part = static_cast<size_t>(next - source.begins.begin()) - 1;
  return {&source.parts[part], row - source.begins[part]};
}

Result<JoinedTable::Source> JoinedTable::LoadSource(const TableSpec& spec, const TableSource& from, const FindFile& find,
                                                    const TableLimits& limits) {
  Source source;
  for (const DataFile& file : from.parts) {
    TW_ASSIGN(const std::string path, find(file));
    TW_RETURN_IF_ERROR(CheckHash(file, path));
    TW_ASSIGN(Table table, ReadTable(path, limits));
    if (table.rows() == 0) return Fail(Status(StatusCode::kInvalidInput, "the table has no rows").At(path));
    if (source.rows + table.rows() > limits.rows) {
      return Fail(Status(StatusCode::kInvalidInput, "more than " + std::to_string(limits.rows) + " rows in all; take some out").At(path));
    }
    for (const Derivation& derivation : from.derive) {
      if (auto derived = Derive(derivation, FileName(path), table); !derived) {
        Status error = std::move(derived).error();
        const std::string where = error.where() + "; derived by " + spec.origin + ", line " + std::to_string(derivation.line);
        return Fail(std::move(error).At(where));
      }
    }
    if (!source.parts.empty() && !SameNames(source.parts[0], table)) {
      return Fail(Status(StatusCode::kInvalidInput, "the columns are not those of " + source.parts[0].path + "; parts must have the same")
                      .At(path));
    }
    source.begins.push_back(source.rows);
    source.rows += table.rows();
    source.parts.push_back(std::move(table));
  }
  return source;
}

Result<std::unordered_map<std::string, uint32_t>> JoinedTable::IndexByKey(const TableSpec& spec, const TableSource& from,
                                                                          const Source& source) {
  TW_ASSIGN(const std::vector<size_t> columns, ColumnsOf(spec, from, source.parts[0], from.key));
  std::unordered_map<std::string, uint32_t> index;
  index.reserve(source.rows);
  for (size_t row = 0; row < source.rows; ++row) {
    const Place place = PlaceIn(source, row);
    std::string key;
    for (const size_t column : columns) {
      const std::string text = place.table->Text(column, place.row);
      key += (from.normalise_text ? PlainText(text) : text) + kBetweenKeys;
    }
    const auto [found, is_new] = index.emplace(std::move(key), static_cast<uint32_t>(row));
    if (is_new) continue;
    const Place first = PlaceIn(source, found->second);
    return Fail(place.table->ErrorAt(columns[0], place.row,
                                     "the key is that of line " + std::to_string(first.table->lines[first.row]) + " of " +
                                         first.table->path + "; each row to be joined needs a key of its own"));
  }
  return index;
}

Result<std::string> JoinedTable::FirstKey(const TableSource& from, const std::vector<size_t>& columns, size_t row) const {
  std::string key;
  for (const size_t column : columns) {
    if (Absent(column, row)) return Fail(ErrorAt(columns_.size(), row, "the key's column is absent here"));
    const std::string text = Text(column, row);
    key += (from.normalise_text ? PlainText(text) : text) + kBetweenKeys;
  }
  return key;
}

Result<void> JoinedTable::Join(const TableSpec& spec, const TableSource& from, Source source) {
  TW_ASSIGN(const auto index, IndexByKey(spec, from, source));
  std::vector<size_t> columns;
  for (const std::string& name : from.key_of_first) {
    const auto column = Column(name);
    if (!column) return Fail(spec.ErrorAt(from.line, "the key of the first table: " + column.error().ToString()));
    columns.push_back(*column);
  }
  std::vector<uint32_t> kept;
  for (size_t row = 0; row < rows_; ++row) {
    TW_ASSIGN(const std::string key, FirstKey(from, columns, row));
    const auto found = index.find(key);
    if (found == index.end() && from.unmatched == Unmatched::kError) {
      return Fail(ErrorAt(columns[0], row,
                          "no row of " + source.parts[0].path + " has this key; add one, or say `unmatched: drop` or `keep` in " +
                              spec.origin + ", line " + std::to_string(from.line)));
    }
    if (found == index.end() && from.unmatched == Unmatched::kDrop) continue;
    kept.push_back(static_cast<uint32_t>(row));
    source.row_of.push_back(found == index.end() ? kNoRow : found->second);
  }
  if (kept.empty())
    return Fail(spec.ErrorAt(from.line, "no row of the first table finds its like in " + source.parts[0].path + "; look at the keys"));
  Keep(kept);
  sources_.push_back(std::move(source));
  return {};
}

void JoinedTable::Keep(const std::vector<uint32_t>& rows) {
  for (Source& source : sources_) {
    std::vector<uint32_t> row_of(rows.size());
    for (size_t i = 0; i < rows.size(); ++i) row_of[i] = source.row_of.empty() ? rows[i] : source.row_of[rows[i]];
    source.row_of = std::move(row_of);
  }
  rows_ = rows.size();
}

Result<void> JoinedTable::AddNames(const TableSpec& spec, const TableSource& from, size_t source) {
  const Table& table = sources_[source].parts[0];
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const bool is_key = source > 0 && std::find(from.key.begin(), from.key.end(), table.columns[i].name) != from.key.end();
    if (is_key) continue;
    std::string name = from.prefix + table.columns[i].name;
    if (!by_name_.emplace(name, columns_.size()).second) {
      return Fail(spec.ErrorAt(from.line, "the column \"" + name + "\" stands in an earlier table, too; give this one a prefix"));
    }
    names_.push_back(std::move(name));
    columns_.push_back({source, i});
  }
  return {};
}

Result<JoinedTable> JoinedTable::Load(const TableSpec& spec, const FindFile& find, const TableLimits& limits) {
  JoinedTable joined;
  for (size_t i = 0; i < spec.tables.size(); ++i) {
    const TableSource& from = spec.tables[i];
    TW_ASSIGN(Source source, LoadSource(spec, from, find, limits));
    if (i == 0) {
      joined.rows_ = source.rows;
      joined.sources_.push_back(std::move(source));
    } else {
      TW_RETURN_IF_ERROR(joined.Join(spec, from, std::move(source)));
    }
    TW_RETURN_IF_ERROR(joined.AddNames(spec, from, i));
  }
  return joined;
}

Result<size_t> JoinedTable::Column(const std::string& name) const {
  const auto found = by_name_.find(name);
  if (found != by_name_.end()) return found->second;
  std::string message = "there is no column \"" + name + "\"; there are ";
  for (size_t i = 0; i < std::min<size_t>(names_.size(), 12); ++i) message += (i == 0 ? "\"" : ", \"") + names_[i] + "\"";
  if (names_.size() > 12) message += " and " + std::to_string(names_.size() - 12) + " more";
  return Fail(Status(StatusCode::kNotFound, message).At(sources_[0].parts[0].path));
}

bool JoinedTable::Absent(size_t column, size_t row) const {
  const Source& source = sources_[columns_[column].source];
  return !source.row_of.empty() && source.row_of[row] == kNoRow;
}

std::string JoinedTable::Text(size_t column, size_t row) const {
  const Source& source = sources_[columns_[column].source];
  const Place place = PlaceIn(source, source.row_of.empty() ? row : source.row_of[row]);
  return place.table->Text(columns_[column].column, place.row);
}

Result<double> JoinedTable::Number(size_t column, size_t row) const {
  const Source& source = sources_[columns_[column].source];
  const Place place = PlaceIn(source, source.row_of.empty() ? row : source.row_of[row]);
  return place.table->Number(columns_[column].column, place.row);
}

Status JoinedTable::ErrorAt(size_t column, size_t row, std::string message) const {
  const size_t of = column < columns_.size() ? columns_[column].source : 0;
  const Source& source = sources_[of];
  const Place place = PlaceIn(source, source.row_of.empty() ? row : source.row_of[row]);
  return place.table->ErrorAt(column < columns_.size() ? columns_[column].column : place.table->columns.size(), place.row,
                              std::move(message));
}

std::string JoinedTable::PlaceOf(size_t row) const {
  return ErrorAt(columns_.size(), row, "").where();
}

}  // namespace tradewind
