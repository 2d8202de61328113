// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// "name=value" pairs parted by spaces, on one line: the text form of settings, budgets and sampling. Values escape space, '=', '%' and
// control characters as %20, %3D, %25, ... Thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"

namespace tradewind {

struct NamedText {
  std::string name;
  std::string value;
  size_t offset = 0;  // of the pair in the text
};

// In their order; kInvalidInput names the place. `what` the text is ("setting") stands in the errors. At most 64 KiB; no name twice.
Result<std::vector<NamedText>> ParsePairs(std::string_view what, std::string_view text);

// Appends the pair, after a space unless it is the first.
void AppendPair(std::string& text, std::string_view name, std::string_view value);

}  // namespace tradewind
