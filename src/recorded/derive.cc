// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "recorded/derive.h"

#include "recorded/pattern.h"

namespace tradewind {
namespace {

constexpr size_t kMaxPieces = 1024;

struct Steps {
  std::vector<std::pair<Pattern, std::string>> rewrite;
  std::optional<Pattern> pattern;
};

Result<Steps> Compile(const Derivation& derivation) {
  Steps steps;
  for (const auto& [source, with] : derivation.rewrite) {
    TW_ASSIGN(Pattern pattern, Pattern::Make(source));
    steps.rewrite.emplace_back(std::move(pattern), with);
  }
  if (!derivation.pattern.empty()) {
    TW_ASSIGN(Pattern pattern, Pattern::Make(derivation.pattern));
    steps.pattern = std::move(pattern);
  }
  return steps;
}

std::vector<std::string> Split(const std::string& text, const std::string& separator) {
  std::vector<std::string> pieces;
  size_t begin = 0;
  while (pieces.size() <= kMaxPieces) {
    const size_t end = text.find(separator, begin);
    if (end != begin) pieces.push_back(text.substr(begin, end - begin));
    if (end == std::string::npos) break;
    begin = end + separator.size();
  }
  return pieces;
}

// The texts of one cell's new columns; absent where the pattern does not match.
std::optional<std::vector<std::string>> Pieces(const Derivation& derivation, const Steps& steps, std::string text) {
  for (const auto& [pattern, with] : steps.rewrite) text = pattern.Replace(text, with);
  if (!derivation.split.empty()) return Split(text, derivation.split);
  if (!steps.pattern) return std::vector<std::string>{text};
  auto groups = steps.pattern->Match(text);
  if (groups) groups->resize(derivation.names.size());
  return groups;
}

std::string NameOf(const Derivation& derivation, size_t i) {
  if (derivation.split.empty()) return derivation.names[i];
  std::string name = derivation.names[0];
  return name.replace(name.find("{}"), 2, std::to_string(i));
}

}  // namespace

Result<void> Derive(const Derivation& derivation, const std::string& file, Table& table) {
  TW_ASSIGN(const Steps steps, Compile(derivation));
  const bool of_file = derivation.column == "@file";
  size_t column = 0;
  if (!of_file) {
    TW_ASSIGN(column, table.Column(derivation.column));
  }
  std::vector<std::vector<std::string>> made;
  for (size_t row = 0; row < table.rows(); ++row) {
    auto pieces = Pieces(derivation, steps, of_file ? file : table.Text(column, row));
    if (!pieces) {
      return Fail(table.ErrorAt(of_file ? table.columns.size() : column, row,
                                "does not match the pattern '" + derivation.pattern + "' of the table file; mend the cell or the pattern"));
    }
    if (row == 0) made.resize(pieces->size());
    if (pieces->size() != made.size() || pieces->size() > kMaxPieces) {
      return Fail(table.ErrorAt(column, row,
                                "splits into " + std::to_string(pieces->size()) + " pieces, the first row into " +
                                    std::to_string(made.size()) + "; all must have the same number, at most 1024"));
    }
    for (size_t i = 0; i < made.size(); ++i) made[i].push_back(std::move((*pieces)[i]));
  }
  for (size_t i = 0; i < made.size(); ++i) TW_RETURN_IF_ERROR(table.AddColumn(NameOf(derivation, i), made[i]));
  return {};
}

}  // namespace tradewind
