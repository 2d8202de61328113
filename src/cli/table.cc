// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/table.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>

namespace tradewind {
namespace {

bool LooksNumeric(const std::string& cell) {
  return !cell.empty() && std::isdigit(static_cast<unsigned char>(cell[0])) != 0;
}

// Columns are counted in characters, not in bytes.
size_t Width(const std::string& cell) {
  return static_cast<size_t>(
      std::count_if(cell.begin(), cell.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string TextTable::Text() const {
  std::vector<size_t> widths(rows_[0].size());
  for (const auto& row : rows_) {
    for (size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], Width(row[c]));
  }
  std::string text;
  for (size_t r = 0; r < rows_.size(); ++r) {
    std::string line;
    for (size_t c = 0; c < rows_[r].size(); ++c) {
      const std::string& cell = rows_[r][c];
      const std::string fill(widths[c] - Width(cell), ' ');
      const bool right = rows_.size() > 1 && LooksNumeric(rows_[std::max<size_t>(r, 1)][c]);
      line += (c == 0 ? "" : "  ") + (right ? fill + cell : cell + fill);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string ShortNumber(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::string WithInterval(double value, double low, double high) {
  // Three digits, and no exponent for what people still read as a whole number.
  const auto number = [](double x) {
    char text[32];
    std::snprintf(text, sizeof text, std::abs(x) >= 999.5 && std::abs(x) < 1e7 ? "%.0f" : "%.3g", x);
    return std::string(text);
  };
  if (!std::isfinite(low) && !std::isfinite(high)) return number(value);
  return number(value) + " (" + number(low) + "-" + number(high) + ")";
}

}  // namespace tradewind
