// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/tokenizer_words.h"

#include <utf8proc.h>

#include <array>
#include <optional>
#include <span>

#include "text/utf8.h"

namespace tradewind {
namespace {

constexpr char32_t kReplacementCharacter = 0xFFFD;
constexpr char32_t kDottedCapitalI = 0x130;  // the only character whose lower case is two
constexpr char32_t kDotAbove = 0x307;

struct CodeRange {
  char32_t first;
  char32_t last;
};
// Ideographs; Hangul and the kanas are letters like others.
constexpr CodeRange kIdeographs[] = {{0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0xF900, 0xFAFF},   {0x20000, 0x2A6DF},
                                     {0x2A700, 0x2B73F}, {0x2B740, 0x2B81F}, {0x2B820, 0x2CEAF}, {0x2F800, 0x2FA1F}};

utf8proc_category_t Category(char32_t code) {
  return utf8proc_category(static_cast<utf8proc_int32_t>(code));
}

bool IsIdeograph(char32_t code) {
  for (const CodeRange& range : kIdeographs) {
    if (code >= range.first && code <= range.last) return true;
  }
  return false;
}

bool PartsWords(char32_t code) {
  if (code < 0x80) return code == ' ' || code == '\t' || code == '\n' || code == '\r';
  const utf8proc_category_t category = Category(code);
  return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP;
}

bool Vanishes(char32_t code) {
  if (code < 0x80) return code < 0x20 || code == 0x7F;
  if (code == kReplacementCharacter) return true;
  switch (Category(code)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CO: return true;
    default: return false;
  }
}

bool IsWordOfItsOwn(char32_t code) {
  if (code < 0x80) {
    return (code > 0x20 && code < '0') || (code > '9' && code < 'A') || (code > 'Z' && code < 'a') || (code > 'z' && code < 0x7F);
  }
  switch (Category(code)) {
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO: return true;
    default: return IsIdeograph(code);
  }
}

// Collects characters into words.
class WordWriter {
 public:
  explicit WordWriter(NormalizedWords& words) : words_(words) {}
  void Break() {
    if (words_.text.size() > start_) words_.lengths.push_back(static_cast<uint32_t>(words_.text.size() - start_));
    start_ = words_.text.size();
  }
  void Put(char32_t code) {
    const bool apart = IsWordOfItsOwn(code);
    if (apart) Break();
    AppendUtf8(code, words_.text);
    if (apart) Break();
  }
  void PutByte(char byte) { words_.text.push_back(byte); }

 private:
  NormalizedWords& words_;
  size_t start_ = 0;
};

void PutLower(char32_t code, WordRules rules, WordWriter& writer) {
  if (!rules.lowercase) {
    writer.Put(code);
  } else if (code == kDottedCapitalI) {
    writer.Put('i');
    writer.Put(kDotAbove);
  } else {
    writer.Put(static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(code))));
  }
}

// Character by character: marks that stay are not put into canonical order, which takes quadratic time for long runs of them.
void PutNormalized(char32_t code, WordRules rules, WordWriter& writer) {
  if (!rules.strip_accents || code < 0x80) return PutLower(code, rules, writer);
  std::array<utf8proc_int32_t, 32> parts{};  // the longest canonical decomposition has four
  int last_bound = 0;
  const utf8proc_ssize_t count =
      utf8proc_decompose_char(static_cast<utf8proc_int32_t>(code), parts.data(), parts.size(), UTF8PROC_DECOMPOSE, &last_bound);
  if (count < 0 || count > static_cast<utf8proc_ssize_t>(parts.size())) return PutLower(code, rules, writer);
  for (const utf8proc_int32_t part : std::span(parts).first(static_cast<size_t>(count))) {
    if (Category(static_cast<char32_t>(part)) != UTF8PROC_CATEGORY_MN) PutLower(static_cast<char32_t>(part), rules, writer);
  }
}

}  // namespace

NormalizedWords SplitWords(std::string_view text, WordRules rules) {
  NormalizedWords words;
  words.text.reserve(text.size());
  WordWriter writer(words);
  for (size_t at = 0; at < text.size();) {
    const std::optional<size_t> length = Utf8Length(text, at);
    if (!length) {
      writer.PutByte(text[at++]);
      continue;
    }
    const char32_t code = Utf8Value(text, at, *length);
    at += *length;
    if (PartsWords(code)) {
      writer.Break();
    } else if (!Vanishes(code)) {
      PutNormalized(code, rules, writer);
    }
  }
  writer.Break();
  return words;
}

}  // namespace tradewind
