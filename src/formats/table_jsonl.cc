// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// JSON lines to a table, by nlohmann's event parser: it keeps its nesting in a vector of bits, so that depth costs no stack.
#include <charconv>
#include <nlohmann/json.hpp>

#include "formats/table_builder.h"

namespace tradewind {
namespace {

// One line's events. A field's column is the dotted path to it.
class LineHandler {
 public:
  using Json = nlohmann::json;

  LineHandler(TableBuilder& builder, uint64_t line, std::vector<uint64_t>& filled) : builder_(builder), line_(line), filled_(filled) {}
  const std::optional<Status>& failure() const { return failure_; }

  bool null() { return Value(""); }
  bool boolean(bool value) { return Value(value ? "true" : "false"); }
  bool number_integer(Json::number_integer_t value) { return Value(std::to_string(value)); }
  bool number_unsigned(Json::number_unsigned_t value) { return Value(std::to_string(value)); }
  bool number_float(Json::number_float_t /*value*/, const std::string& text) { return Value(text); }
  bool string(std::string& value) { return Value(value); }
  bool binary(Json::binary_t& /*value*/) { return false; }
  bool start_object(size_t /*size*/) { return Open(false); }
  bool end_object() { return Close(); }
  bool start_array(size_t /*size*/) { return levels_.empty() ? Fails("is not an object; each line must be one") : Open(true); }
  bool end_array() { return Close(); }
  bool key(std::string& name) {
    levels_.back().key = name;
    return true;
  }
  bool parse_error(size_t position, const std::string& /*token*/, const Json::exception& error) {
    std::string what = error.what();
    const size_t detail = what.rfind(": ");
    if (detail != std::string::npos) what = what.substr(detail + 2);
    return Fails("is not valid JSON at byte " + std::to_string(position) + ": " + what);
  }

 private:
  struct Level {
    bool is_array = false;
    size_t next = 0;
    std::string key{};
    size_t prefix = 0;  // bytes of path_ up to this level
  };

  bool Fails(const std::string& what) {
    if (!failure_) failure_ = builder_.Error(line_, "the line " + what);
    return false;
  }

  // path_ ends in the name of the value that comes.
  bool Name() {
    if (levels_.empty()) return Fails("is not an object; each line must be one");
    Level& level = levels_.back();
    path_.resize(level.prefix);
    if (level.is_array) level.key = std::to_string(level.next++);
    if (path_.size() + level.key.size() + 1 > builder_.limits().cell_bytes) return Fails("has a field whose name is too long");
    if (!path_.empty()) path_ += '.';
    path_ += level.key;
    return true;
  }

  bool Open(bool is_array) {
    if (levels_.size() >= builder_.limits().depth) {
      return Fails("nests deeper than " + std::to_string(builder_.limits().depth) + " levels; flatten it, or raise the limit");
    }
    if (!levels_.empty() && !Name()) return false;
    levels_.push_back({.is_array = is_array, .prefix = path_.size()});
    return true;
  }
  bool Close() {
    levels_.pop_back();
    return true;
  }

  bool Value(std::string_view text) {
    if (!Name()) return false;
    const size_t column = builder_.Find(path_);
    if (column == builder_.columns() && !NewColumn()) return false;
    if (filled_[column] == line_) return Fails("gives the field \"" + path_ + "\" twice; keep one");
    builder_.column(column).Append(text);
    filled_[column] = line_;
    return Take(builder_.EndCell(column, line_));
  }

  // Earlier rows have nothing in it.
  bool NewColumn() {
    if (!IsUtf8Text(path_)) return Fails("has a field whose name is not UTF-8 text");
    if (!Take(builder_.AddName(path_, line_))) return false;
    TextCells& cells = builder_.column(builder_.columns() - 1);
    for (size_t row = 0; row < builder_.rows(); ++row) cells.EndCell();
    filled_.push_back(0);
    return true;
  }

  bool Take(Result<void> result) {
    if (!result && !failure_) failure_ = std::move(result).error();
    return result.has_value();
  }

  TableBuilder& builder_;
  const uint64_t line_;
  std::vector<uint64_t>& filled_;  // for each column, the last line that has it
  std::vector<Level> levels_;
  std::string path_;
  std::optional<Status> failure_;
};

bool IsBlank(std::string_view text) {
  return text.find_first_not_of(" \t\r") == std::string_view::npos;
}

}  // namespace

Result<void> ReadJsonLines(std::string_view bytes, TableBuilder& builder) {
  std::vector<uint64_t> filled;
  uint64_t line = 0;
  while (!bytes.empty()) {
    ++line;
    const size_t length = bytes.find('\n');
    const std::string_view text = bytes.substr(0, length);
    bytes.remove_prefix(length == std::string_view::npos ? bytes.size() : length + 1);
    if (IsBlank(text)) continue;
    LineHandler handler(builder, line, filled);
    if (!nlohmann::json::sax_parse(text.begin(), text.end(), &handler)) {
      return Fail(handler.failure() ? *handler.failure() : builder.Error(line, "the line is not valid JSON"));
    }
    for (size_t column = 0; column < filled.size(); ++column) {
      if (filled[column] != line) builder.column(column).EndCell();
    }
    TW_RETURN_IF_ERROR(builder.EndRow(line));
  }
  if (builder.columns() == 0) return Fail(builder.Error(1, "the table is empty; each line must be an object with fields"));
  return {};
}

}  // namespace tradewind
