// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// CSV as RFC 4180 has it, and TSV alike: one pass over the bytes, cell by cell.
#include <cstring>

#include "formats/table_builder.h"

namespace tradewind {
namespace {

class SeparatedReader {
 public:
  SeparatedReader(std::string_view bytes, char separator, TableBuilder& builder)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()), separator_(separator), builder_(builder) {}

  Result<void> Read() {
    if (!SkipBlankLines()) return Fail(builder_.Error(1, "the table is empty; its first line must name the columns"));
    TW_RETURN_IF_ERROR(ReadNames());
    while (SkipBlankLines()) TW_RETURN_IF_ERROR(ReadRow());
    return {};
  }

 private:
  enum class After : uint8_t { kSeparator, kLineEnd };

  // False at the end of the bytes.
  bool SkipBlankLines() {
    while (at_ < end_ && AtLineEnd()) TakeLineEnd();
    return at_ < end_;
  }
  bool AtLineEnd() const { return *at_ == '\n' || (*at_ == '\r' && at_ + 1 < end_ && at_[1] == '\n'); }
  void TakeLineEnd() {
    at_ += *at_ == '\r' ? 2 : 1;
    ++line_;
  }

  Result<void> ReadNames() {
    const uint64_t first = line_;
    TextCells names;
    while (true) {
      TW_ASSIGN(const After after, ReadCell(names, first));
      std::string name(names.open());
      names.DropOpen();
      if (!IsUtf8Text(name)) return Fail(builder_.Error(first, "a column's name is not UTF-8 text; save the file as UTF-8"));
      if (name.empty()) name = "column_" + std::to_string(builder_.columns() + 1);
      TW_RETURN_IF_ERROR(builder_.AddName(std::move(name), first));
      if (after == After::kLineEnd) return {};
    }
  }

  Result<void> ReadRow() {
    const uint64_t first = line_;
    const size_t columns = builder_.columns();
    for (size_t column = 0;; ++column) {
      if (column == columns) return Fail(Ragged(first, "more than " + std::to_string(columns)));
      TW_ASSIGN(const After after, ReadCell(builder_.column(column), first));
      TW_RETURN_IF_ERROR(builder_.EndCell(column, first));
      if (after == After::kSeparator) continue;
      if (column + 1 != columns) return Fail(Ragged(first, std::to_string(column + 1)));
      return builder_.EndRow(first);
    }
  }

  Status Ragged(uint64_t line, const std::string& cells) const {
    return builder_.Error(line, "the row has " + cells + " cells, but the first line names " + std::to_string(builder_.columns()) +
                                    " columns; quote what has a separator or a line break in it");
  }

  // Up to and over the separator or line end behind the cell.
  Result<After> ReadCell(TextCells& cells, uint64_t row_line) {
    if (at_ < end_ && *at_ == '"') {
      TW_RETURN_IF_ERROR(ReadQuoted(cells, row_line));
    } else {
      const char* begin = at_;
      while (at_ < end_ && *at_ != separator_ && *at_ != '\n' && *at_ != '\r' && (*at_ != '"' || separator_ == '\t')) ++at_;
      cells.Append({begin, at_});
    }
    if (at_ == end_) return After::kLineEnd;
    if (*at_ == separator_) {
      ++at_;
      return After::kSeparator;
    }
    if (AtLineEnd()) {
      TakeLineEnd();
      return After::kLineEnd;
    }
    if (*at_ == '\r')
      return Fail(builder_.Error(line_, "a carriage return without a line feed; save the file with Unix or Windows line ends"));
    return Fail(
        builder_.Error(line_, "a quote inside a cell, or text after a closing quote; quote the whole cell and double the quotes in it"));
  }

  Result<void> ReadQuoted(TextCells& cells, uint64_t row_line) {
    const uint64_t opened = line_;
    ++at_;
    while (true) {
      const auto* quote = static_cast<const char*>(std::memchr(at_, '"', static_cast<size_t>(end_ - at_)));
      if (quote == nullptr) {
        return Fail(builder_.Error(opened, "a quote that opens here is never closed (the row begins on line " + std::to_string(row_line) +
                                               "); close it, or double it to mean a quote"));
      }
      for (const char* c = at_; c < quote; ++c) line_ += *c == '\n' ? 1 : 0;
      cells.Append({at_, quote});
      at_ = quote + 1;
      if (at_ == end_ || *at_ != '"') return {};
      cells.Append("\"");
      ++at_;
    }
  }

  const char* at_;
  const char* end_;
  const char separator_;
  TableBuilder& builder_;
  uint64_t line_ = 1;
};

}  // namespace

Result<void> ReadSeparated(std::string_view bytes, char separator, TableBuilder& builder) {
  return SeparatedReader(bytes, separator, builder).Read();
}

bool IsUtf8Text(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      if (byte == 0) return false;
      ++i;
      continue;
    }
    const size_t length = byte >= 0xC2 && byte <= 0xDF ? 2 : byte >= 0xE0 && byte <= 0xEF ? 3 : byte >= 0xF0 && byte <= 0xF4 ? 4 : 0;
    if (length == 0 || i + length > text.size()) return false;
    const auto second = static_cast<unsigned char>(text[i + 1]);
    // Overlong forms, surrogates, and what lies beyond U+10FFFF.
    if ((byte == 0xE0 && second < 0xA0) || (byte == 0xED && second > 0x9F) || (byte == 0xF0 && second < 0x90) ||
        (byte == 0xF4 && second > 0x8F)) {
      return false;
    }
    for (size_t k = 1; k < length; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
    }
    i += length;
  }
  return true;
}

}  // namespace tradewind
