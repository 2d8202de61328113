// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Pattern: a regular expression (PCRE2, UTF-8) of a table file, run under limits on steps and memory. Movable; not thread-safe.
//
//   TW_ASSIGN(Pattern pattern, Pattern::Make("^lat_ms_(.*)$"));
//   if (auto groups = pattern.Match("lat_ms_pixel3")) ...   // {"pixel3"}
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace tradewind {

class Pattern {
 public:
  // kInvalidInput says what is wrong with it and where.
  static Result<Pattern> Make(const std::string& source);
  Pattern(Pattern&&) noexcept;
  Pattern& operator=(Pattern&&) noexcept;
  ~Pattern();

  const std::string& source() const { return source_; }
  size_t groups() const { return groups_; }
  // The groups of the first match anywhere in the text (a group that took no part is empty); nullopt if there is none, or none within the
  // limits.
  std::optional<std::vector<std::string>> Match(std::string_view text) const;
  // Every match replaced; "$1" in `with` is a group. The text itself where nothing matches.
  std::string Replace(std::string_view text, std::string_view with) const;

 private:
  struct Code;
  Pattern(std::string source, std::unique_ptr<Code> code, size_t groups);
  std::string source_;
  std::unique_ptr<Code> code_;
  size_t groups_ = 0;
};

}  // namespace tradewind
