// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/jinja_text.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstring>

namespace tradewind::jinja {
namespace {

constexpr char32_t kInvalidByte = 0xDC00;

struct Decoded {
  char32_t code;
  size_t bytes;
};

Decoded Decode(std::string_view text, size_t pos) {
  const auto byte = static_cast<unsigned char>(text[pos]);
  if (byte < 0x80) return {byte, 1};
  utf8proc_int32_t code = -1;
  const auto left = static_cast<utf8proc_ssize_t>(std::min<size_t>(4, text.size() - pos));
  const auto bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + pos, left, &code);
  if (bytes <= 0) return {kInvalidByte + byte, 1};
  return {static_cast<char32_t>(code), static_cast<size_t>(bytes)};
}

template <typename F>
void ForEach(std::string_view text, F&& visit) {
  for (size_t pos = 0; pos < text.size();) {
    const Decoded d = Decode(text, pos);
    visit(d.code, text.substr(pos, d.bytes));
    pos += d.bytes;
  }
}

bool IsInvalid(char32_t code) {
  return code >= kInvalidByte && code < kInvalidByte + 256;
}
utf8proc_category_t CategoryOf(char32_t code) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(code));
}
bool IsCased(char32_t code) {
  const auto category = CategoryOf(code);
  return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LL || category == UTF8PROC_CATEGORY_LT;
}
bool IsLetter(char32_t code) {
  const auto category = CategoryOf(code);
  return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

void AppendLower(std::string* out, char32_t code, std::string_view bytes) {
  if (code < 0x80) {
    out->push_back(static_cast<char>(code >= 'A' && code <= 'Z' ? code + 32 : code));
  } else if (IsInvalid(code)) {
    out->append(bytes);
  } else {
    AppendCodePoint(out, static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(code))));
  }
}

void AppendUpper(std::string* out, char32_t code, std::string_view bytes) {
  if (code < 0x80) {
    out->push_back(static_cast<char>(code >= 'a' && code <= 'z' ? code - 32 : code));
  } else if (code == 0xDF) {
    out->append("SS");
  } else if (IsInvalid(code)) {
    out->append(bytes);
  } else {
    AppendCodePoint(out, static_cast<char32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(code))));
  }
}

// Has a cased letter, and none of the other case.
bool AllOfCase(std::string_view text, utf8proc_category_t wanted) {
  bool any = false, other = false;
  ForEach(text, [&](char32_t code, std::string_view) {
    if (IsInvalid(code) || !IsCased(code)) return;
    (CategoryOf(code) == wanted ? any : other) = true;
  });
  return any && !other;
}

bool InSet(std::optional<std::string_view> set, std::string_view bytes, char32_t code) {
  if (!set) return IsSpace(code);
  if (IsInvalid(code)) return false;  // a byte of another character's encoding is not that character
  return set->find(bytes) != std::string_view::npos;
}

size_t LastCodePoint(std::string_view text) {
  size_t pos = text.size() - 1;
  while (pos > 0 && text.size() - pos < 4 && (static_cast<unsigned char>(text[pos]) & 0xC0) == 0x80) --pos;
  return pos + CodePointBytes(text, pos) == text.size() ? pos : text.size() - 1;
}

bool IsLineEnd(char32_t code) {
  return (code >= 0x0A && code <= 0x0D) || (code >= 0x1C && code <= 0x1E) || code == 0x85 || code == 0x2028 || code == 0x2029;
}

}  // namespace

size_t CodePointBytes(std::string_view text, size_t pos) {
  return Decode(text, pos).bytes;
}
char32_t CodePointAt(std::string_view text, size_t pos) {
  return Decode(text, pos).code;
}

size_t CodePoints(std::string_view text) {
  size_t count = 0;
  for (size_t pos = 0; pos < text.size(); pos += CodePointBytes(text, pos)) ++count;
  return count;
}

size_t ByteOffset(std::string_view text, size_t index) {
  size_t pos = 0;
  for (; index > 0 && pos < text.size(); --index) pos += CodePointBytes(text, pos);
  return pos;
}

void AppendCodePoint(std::string* out, char32_t code) {
  utf8proc_uint8_t bytes[4];
  const auto count = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), bytes);
  out->append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(count));
}

bool IsSpace(char32_t code) {
  if (code <= 0x20) return code == 0x20 || (code >= 0x09 && code <= 0x0D) || (code >= 0x1C && code <= 0x1F);
  return code == 0x85 || code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 ||
         code == 0x202F || code == 0x205F || code == 0x3000;
}

bool IsWordCharacter(char32_t code) {
  if (code < 0x80) return (code >= '0' && code <= '9') || (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || code == '_';
  if (IsInvalid(code)) return false;
  const auto category = CategoryOf(code);
  return IsLetter(code) || (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

bool IsLower(std::string_view text) {
  return AllOfCase(text, UTF8PROC_CATEGORY_LL);
}
bool IsUpper(std::string_view text) {
  return AllOfCase(text, UTF8PROC_CATEGORY_LU);
}

bool IsDigits(std::string_view text) {
  bool all = !text.empty();
  ForEach(text, [&](char32_t code, std::string_view) { all = all && CategoryOf(code) == UTF8PROC_CATEGORY_ND; });
  return all;
}

bool IsAlphabetic(std::string_view text, bool or_digit) {
  bool all = !text.empty();
  ForEach(text, [&](char32_t code, std::string_view) {
    all = all && !IsInvalid(code) && (IsLetter(code) || (or_digit && CategoryOf(code) == UTF8PROC_CATEGORY_ND));
  });
  return all;
}

bool IsAllSpace(std::string_view text) {
  return !text.empty() && Strip(text, std::nullopt, true, false).empty();
}

std::string Lower(std::string_view text) {
  std::string out;
  ForEach(text, [&](char32_t code, std::string_view bytes) { AppendLower(&out, code, bytes); });
  return out;
}

std::string Upper(std::string_view text) {
  std::string out;
  ForEach(text, [&](char32_t code, std::string_view bytes) { AppendUpper(&out, code, bytes); });
  return out;
}

std::string Capitalize(std::string_view text) {
  std::string out;
  ForEach(text, [&](char32_t code, std::string_view bytes) {
    bytes.data() == text.data() ? AppendUpper(&out, code, bytes) : AppendLower(&out, code, bytes);
  });
  return out;
}

std::string Title(std::string_view text) {
  std::string out;
  bool inside = false;
  ForEach(text, [&](char32_t code, std::string_view bytes) {
    inside ? AppendLower(&out, code, bytes) : AppendUpper(&out, code, bytes);
    inside = !IsInvalid(code) && IsCased(code);
  });
  return out;
}

std::string TitleFilter(std::string_view text) {
  std::string out;
  bool inside = false;
  ForEach(text, [&](char32_t code, std::string_view bytes) {
    inside ? AppendLower(&out, code, bytes) : AppendUpper(&out, code, bytes);
    inside = !(IsSpace(code) || code == '-' || code == '(' || code == '{' || code == '[' || code == '<');
  });
  return out;
}

std::string SwapCase(std::string_view text) {
  std::string out;
  ForEach(text, [&](char32_t code, std::string_view bytes) {
    CategoryOf(code) == UTF8PROC_CATEGORY_LU ? AppendLower(&out, code, bytes) : AppendUpper(&out, code, bytes);
  });
  return out;
}

std::string_view Strip(std::string_view text, std::optional<std::string_view> set, bool left, bool right) {
  while (left && !text.empty()) {
    const Decoded d = Decode(text, 0);
    if (!InSet(set, text.substr(0, d.bytes), d.code)) break;
    text.remove_prefix(d.bytes);
  }
  while (right && !text.empty()) {
    const size_t pos = LastCodePoint(text);
    if (!InSet(set, text.substr(pos), Decode(text, pos).code)) break;
    text.remove_suffix(text.size() - pos);
  }
  return text;
}

size_t FindText(std::string_view text, std::string_view wanted, size_t from) {
  if (from > text.size()) return std::string_view::npos;
  if (wanted.empty()) return from;
  if (wanted.size() > text.size() - from) return std::string_view::npos;
  const void* found = memmem(text.data() + from, text.size() - from, wanted.data(), wanted.size());
  return found ? static_cast<size_t>(static_cast<const char*>(found) - text.data()) : std::string_view::npos;
}

size_t FindLastText(std::string_view text, std::string_view wanted, size_t end) {
  text = text.substr(0, end);
  if (wanted.empty()) return text.size();
  size_t last = std::string_view::npos;
  for (size_t pos = FindText(text, wanted, 0); pos != std::string_view::npos; pos = FindText(text, wanted, pos + 1)) last = pos;
  return last;
}

size_t CountText(std::string_view text, std::string_view wanted) {
  if (wanted.empty()) return CodePoints(text) + 1;
  size_t count = 0;
  for (size_t pos = FindText(text, wanted, 0); pos != std::string_view::npos; pos = FindText(text, wanted, pos + wanted.size())) ++count;
  return count;
}

std::vector<std::string_view> Split(std::string_view text, std::optional<std::string_view> separator, int64_t max) {
  std::vector<std::string_view> parts;
  if (separator) {
    size_t begin = 0;
    while (max < 0 || static_cast<int64_t>(parts.size()) < max) {
      const size_t end = FindText(text, *separator, begin);
      if (end == std::string_view::npos) break;
      parts.push_back(text.substr(begin, end - begin));
      begin = end + separator->size();
    }
    parts.push_back(text.substr(begin));
    return parts;
  }
  text = Strip(text, std::nullopt, true, false);
  while (!text.empty()) {
    if (max >= 0 && static_cast<int64_t>(parts.size()) == max) {
      parts.push_back(text);
      break;
    }
    size_t end = 0;
    while (end < text.size() && !IsSpace(CodePointAt(text, end))) end += CodePointBytes(text, end);
    parts.push_back(text.substr(0, end));
    text = Strip(text.substr(end), std::nullopt, true, false);
  }
  return parts;
}

std::vector<std::string_view> SplitRight(std::string_view text, std::optional<std::string_view> separator, int64_t max) {
  if (max < 0) return Split(text, separator, max);
  std::vector<std::string_view> parts;
  if (separator) {
    // The separators are found from the right: overlapping ones differ from those found from the left.
    std::vector<size_t> starts;
    for (size_t pos = FindText(text, *separator, 0); pos != std::string_view::npos; pos = FindText(text, *separator, pos + 1)) {
      starts.push_back(pos);
    }
    size_t end = text.size();
    for (size_t i = starts.size(); i > 0 && static_cast<int64_t>(parts.size()) < max; --i) {
      const size_t pos = starts[i - 1];
      if (pos + separator->size() > end) continue;
      parts.push_back(text.substr(pos + separator->size(), end - pos - separator->size()));
      end = pos;
    }
    parts.push_back(text.substr(0, end));
  } else {
    text = Strip(text, std::nullopt, false, true);
    while (!text.empty()) {
      if (static_cast<int64_t>(parts.size()) == max) {
        parts.push_back(text);
        break;
      }
      size_t begin = text.size();
      while (begin > 0) {
        const size_t pos = LastCodePoint(text.substr(0, begin));
        if (IsSpace(CodePointAt(text, pos))) break;
        begin = pos;
      }
      parts.push_back(text.substr(begin));
      text = Strip(text.substr(0, begin), std::nullopt, false, true);
    }
  }
  std::reverse(parts.begin(), parts.end());
  return parts;
}

std::vector<std::string_view> SplitLines(std::string_view text, bool keep_ends) {
  std::vector<std::string_view> lines;
  size_t begin = 0;
  for (size_t pos = 0; pos < text.size();) {
    const Decoded d = Decode(text, pos);
    if (!IsLineEnd(d.code)) {
      pos += d.bytes;
      continue;
    }
    size_t next = pos + d.bytes;
    if (d.code == '\r' && next < text.size() && text[next] == '\n') ++next;
    lines.push_back(text.substr(begin, (keep_ends ? next : pos) - begin));
    begin = pos = next;
  }
  if (begin < text.size()) lines.push_back(text.substr(begin));
  return lines;
}

}  // namespace tradewind::jinja
