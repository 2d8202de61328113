// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Finds whole tokens (control, user-defined) spelled out in a text. Immutable and thread-safe once made; refers to
// the strings in `pieces`, which must stay where they are.
//
//   SpecialMatcher matcher(pieces, {im_start, im_end});
//   SpecialMatcher::Match m = matcher.Next(text, 0);   // the leftmost, and of those that start there the longest
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/tokenizer_index.h"

namespace tradewind {

class SpecialMatcher {
 public:
  struct Match {
    size_t begin = 0;  // text.size() where there is none
    size_t length = 0;
    int32_t id = kNoToken;
  };

  SpecialMatcher() = default;
  SpecialMatcher(std::span<const std::string> pieces, std::vector<int32_t> ids);
  // The first match at or after `from`. Costs the text walked, times the longest spelling at worst.
  Match Next(std::string_view text, size_t from) const;

 private:
  Match LongestAt(std::string_view text, size_t at) const;

  std::span<const std::string> pieces_;
  std::vector<int32_t> sorted_;             // by spelling
  std::array<uint32_t, 257> first_byte_{};  // sorted_[first_byte_[b] .. first_byte_[b + 1]) start with byte b
};

}  // namespace tradewind
