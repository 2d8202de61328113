// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/pairs.h"

#include <algorithm>
#include <set>

namespace tradewind {
namespace {

constexpr size_t kMaxPairsBytes = size_t{1} << 16;
constexpr size_t kMaxQuotedBytes = 64;

// Control characters are escaped too, so that a setting is one line wherever it is printed.
bool NeedsEscape(char c) {
  return c == ' ' || c == '=' || c == '%' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

void AppendEscaped(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  for (const char c : text) {
    if (!NeedsEscape(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// `offset` is where `text` stands in the whole, for the error.
Result<std::string> Unescape(std::string_view what, std::string_view text, size_t offset) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 1 < text.size() ? HexDigit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? HexDigit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      return Fail(
          Status(StatusCode::kInvalidInput, std::string(what) + ": '%' must be followed by two hex digits; write a percent sign as %25")
              .At(std::string(what), offset + i));
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

}  // namespace

Result<std::vector<NamedText>> ParsePairs(std::string_view what, std::string_view text) {
  const std::string name_of(what);
  if (text.size() > kMaxPairsBytes) {
    return Fail(StatusCode::kInvalidInput,
                name_of + ": " + std::to_string(text.size()) + " bytes; at most " + std::to_string(kMaxPairsBytes));
  }
  std::vector<NamedText> pairs;
  std::set<std::string> names;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view pair = text.substr(begin, end - begin);
    const size_t offset = begin;
    begin = end + 1;
    if (pair.empty()) continue;
    const size_t equals = pair.find('=');
    if (equals == std::string_view::npos) {
      return Fail(Status(StatusCode::kInvalidInput,
                         name_of + ": \"" + std::string(pair.substr(0, kMaxQuotedBytes)) + "\" has no '='; write name=value")
                      .At(name_of, offset));
    }
    NamedText named{.name = {}, .value = {}, .offset = offset};
    TW_ASSIGN(named.name, Unescape(what, pair.substr(0, equals), offset));
    TW_ASSIGN(named.value, Unescape(what, pair.substr(equals + 1), offset + equals + 1));
    if (!names.insert(named.name).second) {
      return Fail(Status(StatusCode::kInvalidInput, name_of + ": " + named.name + " is given twice").At(named.name, offset));
    }
    pairs.push_back(std::move(named));
  }
  return pairs;
}

void AppendPair(std::string& text, std::string_view name, std::string_view value) {
  if (!text.empty()) text += ' ';
  AppendEscaped(text, name);
  text += '=';
  AppendEscaped(text, value);
}

}  // namespace tradewind
