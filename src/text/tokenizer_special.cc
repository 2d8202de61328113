// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/tokenizer_special.h"

#include <algorithm>

namespace tradewind {

SpecialMatcher::SpecialMatcher(std::span<const std::string> pieces, std::vector<int32_t> ids) : pieces_(pieces), sorted_(std::move(ids)) {
  const auto spelling = [pieces](int32_t id) -> const std::string& { return pieces[static_cast<size_t>(id)]; };
  std::erase_if(sorted_, [&](int32_t id) { return spelling(id).empty(); });
  std::ranges::sort(sorted_, {}, spelling);
  for (const int32_t id : sorted_) ++first_byte_[static_cast<uint8_t>(spelling(id)[0]) + 1u];
  for (size_t i = 1; i < first_byte_.size(); ++i) first_byte_[i] += first_byte_[i - 1];
}

SpecialMatcher::Match SpecialMatcher::Next(std::string_view text, size_t from) const {
  if (!sorted_.empty()) {
    for (size_t at = from; at < text.size(); ++at) {
      const size_t byte = static_cast<uint8_t>(text[at]);
      if (first_byte_[byte] == first_byte_[byte + 1]) continue;
      if (const Match match = LongestAt(text, at); match.id != kNoToken) return match;
    }
  }
  return {text.size(), 0, kNoToken};
}

SpecialMatcher::Match SpecialMatcher::LongestAt(std::string_view text, size_t at) const {
  // The spellings that share the text's first `depth` bytes are one range of the sorted list; each byte narrows it.
  const size_t byte = static_cast<uint8_t>(text[at]);
  auto low = sorted_.begin() + first_byte_[byte];
  auto high = sorted_.begin() + first_byte_[byte + 1];
  Match longest{at, 0, kNoToken};
  for (size_t depth = 1; low != high; ++depth) {
    if (const std::string& piece = pieces_[static_cast<size_t>(*low)]; piece.size() == depth) {
      longest = {at, depth, *low};
      ++low;
    }
    if (at + depth == text.size()) break;
    const auto next = [&](int32_t id) { return static_cast<uint8_t>(pieces_[static_cast<size_t>(id)][depth]); };
    const auto range = std::ranges::equal_range(low, high, static_cast<uint8_t>(text[at + depth]), {}, next);
    low = range.begin();
    high = range.end();
  }
  return longest;
}

}  // namespace tradewind
