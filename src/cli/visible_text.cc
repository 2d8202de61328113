// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/visible_text.h"

#include <cstdio>

#include "text/utf8.h"

namespace tradewind {
namespace {

constexpr char32_t kDelete = 0x7F;

// Marks of Unicode's bidirectional algorithm that show text in another order than it is written.
bool Reorders(char32_t c) {
  return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

std::string Hexadecimal(const char* form, unsigned value) {
  char text[16];
  std::snprintf(text, sizeof text, form, value);
  return text;
}

}  // namespace

std::string VisibleText(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const std::optional<size_t> length = Utf8Length(text, i);
    if (!length) {
      shown += Hexadecimal("<%02X>", static_cast<unsigned char>(text[i++]));
      continue;
    }
    const char32_t c = Utf8Value(text, i, *length);
    const bool line_end = c == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (c == kDelete) {
      shown += "^?";
    } else if (c < 0x20 && c != '\n' && c != '\t') {
      if (!line_end) shown += {'^', static_cast<char>(c + '@')};
    } else if ((c >= 0x80 && c < 0xA0) || Reorders(c)) {
      shown += Hexadecimal("<U+%04X>", c);
    } else {
      shown += text.substr(i, *length);
    }
    i += *length;
  }
  return shown;
}

}  // namespace tradewind
