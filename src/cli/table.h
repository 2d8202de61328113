// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A text table with aligned columns: numbers to the right, words to the left.
#pragma once

#include <string>
#include <vector>

namespace tradewind {

class TextTable {
 public:
  explicit TextTable(std::vector<std::string> header) : rows_{std::move(header)} {}
  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  std::string Text() const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

// A number with its interval: "12.3 (12.1-12.6)"; without one that has no ends, as of a single sample.
std::string WithInterval(double value, double low, double high);
// Four significant digits at most.
std::string ShortNumber(double value);

}  // namespace tradewind
