// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Screen: what a terminal shows of the bytes written to it: cursor moves, erasing, inserting and deleting of characters as the description
// of xterm has them, wrapping at the last column, scrolling. Colours and modes are passed over. Lines that scroll off the top are kept.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace tradewind {

class Screen {
 public:
  Screen(size_t columns, size_t rows) : columns_(columns), height_(rows) { rows_.emplace_back(); }

  void Write(std::string_view bytes) {
    for (const char c : bytes) Put(c);
  }
  void Resize(size_t columns) { columns_ = columns; }
  // All lines from the first on, without blanks at their ends.
  std::string Text() const {
    std::string text;
    for (std::string row : rows_) {
      row.erase(row.find_last_not_of(' ') + 1);
      text += row + '\n';
    }
    return text;
  }
  // Codes that no part of this understands, and bells.
  const std::string& strange() const { return strange_; }

 private:
  void Put(char c) {
    if (!escape_.empty()) {
      escape_ += c;
      const bool sequence = escape_.size() >= 2 && escape_[1] == '[';
      if (sequence ? escape_.size() > 2 && c >= '@' && c <= '~' : escape_.size() == 2 && c != '(') Sequence(sequence);
      if (escape_.size() == 3 && escape_[1] == '(') escape_.clear();
      return;
    }
    switch (c) {
      case '\x1b': escape_ = c; return;
      case '\r': column_ = 0; return;
      case '\b': column_ -= column_ > 0; return;
      case '\n': Down(); return;
      case '\t': column_ = std::min(columns_ - 1, (column_ / 8 + 1) * 8); return;
      default: break;
    }
    if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') {
      strange_ += c;
      return;
    }
    // Bytes of one character share a cell, which is enough for text that is not edited within its line.
    const bool continues = (c & 0xC0) == 0x80;
    if (!continues && column_ >= columns_) {
      column_ = 0;
      Down();
    }
    std::string& row = rows_[row_];
    if (row.size() <= column_) row.resize(column_ + 1, ' ');
    row[column_++] = c;
  }
  void Down() {
    if (++row_ == rows_.size()) rows_.emplace_back();
  }
  void Sequence(bool csi) {
    const char last = escape_.back();
    const std::string parameters = csi ? escape_.substr(2, escape_.size() - 3) : "";
    escape_.clear();
    if (!csi) return;
    const size_t n = parameters.empty() || !isdigit(static_cast<unsigned char>(parameters[0])) ? 0 : std::stoul(parameters);
    const size_t steps = std::max<size_t>(1, n);
    std::string& row = rows_[row_];
    switch (last) {
      case 'A': row_ -= std::min(row_, steps); break;
      case 'B':
        for (size_t i = 0; i < steps; ++i) Down();
        break;
      case 'C': column_ = std::min(columns_ - 1, column_ + steps); break;
      case 'D': column_ -= std::min(column_, steps); break;
      case 'G': column_ = steps - 1; break;
      case 'H':  // home of what is seen, for clearing
        row_ = rows_.size() > height_ ? rows_.size() - height_ : 0;
        column_ = 0;
        break;
      case 'J': rows_.resize(row_ + 1); [[fallthrough]];
      case 'K': row.resize(std::min(row.size(), column_)); break;
      case '@': row.insert(std::min(column_, row.size()), steps, ' '); break;
      case 'P':
        if (column_ < row.size()) row.erase(column_, steps);
        break;
      case 'm':
      case 'h':
      case 'l': break;
      default: strange_ += "[" + parameters + last;
    }
  }

  size_t columns_, height_;
  size_t row_ = 0, column_ = 0;
  std::vector<std::string> rows_;
  std::string escape_;
  std::string strange_;
};

}  // namespace tradewind
