// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A small CSV reader for the public tables that the tests of the laws use: a header, values that may be quoted, no line breaks within.
#pragma once

#include <cstdlib>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace tradewind {

inline std::vector<std::string> SplitCsv(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else if (c != '\r') {
      fields.back() += c;
    }
  }
  return fields;
}

// Column name to its values.
inline std::map<std::string, std::vector<std::string>> ReadCsv(const std::string& path) {
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);
  const std::vector<std::string> names = SplitCsv(line);
  std::map<std::string, std::vector<std::string>> table;
  while (std::getline(in, line)) {
    const std::vector<std::string> fields = SplitCsv(line);
    for (size_t i = 0; i < names.size(); ++i) table[names[i]].push_back(fields.at(i));
  }
  return table;
}

inline std::vector<double> Numbers(const std::vector<std::string>& texts) {
  std::vector<double> numbers;
  for (const std::string& text : texts) numbers.push_back(std::strtod(text.c_str(), nullptr));
  return numbers;
}

}  // namespace tradewind
