// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/study.h"

#include <charconv>

namespace tradewind {

std::string_view ClaimKindName(ClaimKind kind) {
  switch (kind) {
    case ClaimKind::kCompare: return "compare";
    case ClaimKind::kFrontier: return "frontier";
    case ClaimKind::kLaw: return "law";
  }
  return "";
}

std::string_view EvidenceName(Evidence evidence) {
  switch (evidence) {
    case Evidence::kReal: return "real";
    case Evidence::kTrainedHere: return "trained here";
    case Evidence::kPublicTable: return "public table";
    case Evidence::kSimulated: return "simulated";
  }
  return "";
}

bool Floor::Holds(double value) const {
  if (higher) return strict ? value > bound : value >= bound;
  return strict ? value < bound : value <= bound;
}

Result<Floor> ParseFloor(std::string_view text) {
  Floor floor{.text = std::string(text)};
  const std::string_view whole = text;
  if (text.empty() || (text[0] != '>' && text[0] != '<')) {
    return Fail(StatusCode::kInvalidInput, "\"" + std::string(whole) + "\" is no floor; write one like \">= 0.9\" or \"< 100\"");
  }
  floor.higher = text[0] == '>';
  text.remove_prefix(1);
  floor.strict = text.empty() || text[0] != '=';
  if (!floor.strict) text.remove_prefix(1);
  while (!text.empty() && text[0] == ' ') text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), floor.bound);
  if (error != std::errc() || end != text.data() + text.size()) {
    return Fail(StatusCode::kInvalidInput, "\"" + std::string(whole) + "\" is no floor; write one like \">= 0.9\" or \"< 100\"");
  }
  return floor;
}

}  // namespace tradewind
