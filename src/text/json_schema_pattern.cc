// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A regular expression (ECMA-262 without look-around, back-references, \b and properties) as a grammar of the texts that hold a match,
// spelled as inside a JSON string. Both notations have groups, so that it is read item by item, without a tree.
#include <algorithm>
#include <cstdio>
#include <utility>

#include "text/json_schema_builder.h"
#include "text/utf8.h"

namespace tradewind {
namespace {

const std::vector<CharRange> kDigitChars = {{U'0', U'9'}};
const std::vector<CharRange> kWordChars = {{U'0', U'9'}, {U'A', U'Z'}, {U'_', U'_'}, {U'a', U'z'}};
const std::vector<CharRange> kSpaceChars = {{U'\t', U'\r'}, {U' ', U' '}};
const std::vector<CharRange> kLineEnds = {{U'\n', U'\n'}, {U'\r', U'\r'}, {0x2028, 0x2029}};

std::string ClassEscape(char32_t c) {
  char text[16];
  std::snprintf(text, sizeof text, "\\U%08X", static_cast<unsigned>(c));
  return text;
}

// The escape that JSON demands for a character, as it stands in the text; empty where it stands for itself.
std::string JsonEscape(char32_t c) {
  switch (c) {
    case U'"': return "\\\"";
    case U'\\': return "\\\\";
    case U'\n': return "\\n";
    case U'\r': return "\\r";
    case U'\t': return "\\t";
    case U'\b': return "\\b";
    case U'\f': return "\\f";
    default: break;
  }
  if (c >= 0x20) return {};
  char text[16];
  std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(c));
  return text;
}

class PatternReader {
 public:
  PatternReader(std::string_view pattern, std::string at) : text_(pattern), at_(std::move(at)) {}

  Result<std::string> Run() {
    const bool from_start = !text_.empty() && text_.front() == '^';
    const bool to_end = EndsWithAnchor();
    const size_t end = text_.size() - (to_end ? 1 : 0);
    i_ = from_start ? 1 : 0;
    std::string out;
    while (i_ < end) TW_RETURN_IF_ERROR(Item(end, out));
    if (depth_ > 0) return Refuse("a group is not closed");
    if (alternatives_ && (from_start || to_end)) return Refuse("^ and $ beside | need a group: ^(a|b)$");
    return std::string(from_start ? "" : "char* ") + "(" + out + ")" + (to_end ? "" : " char*");
  }

 private:
  tl::unexpected<Status> Refuse(const std::string& why) const { return UnsupportedSchema(at_, "in the pattern: " + why); }

  bool EndsWithAnchor() const {
    if (text_.empty() || text_.back() != '$') return false;
    size_t backslashes = 0;
    while (backslashes + 1 < text_.size() && text_[text_.size() - 2 - backslashes] == '\\') ++backslashes;
    return backslashes % 2 == 0;
  }

  Result<void> Item(size_t end, std::string& out) {
    const char c = text_[i_];
    if (c == '(') return Open(out);
    if (c == ')') {
      if (depth_-- == 0) return Refuse("a parenthesis closes nothing");
      ++i_;
      out += ")";
      repeatable_ = true;
    } else if (c == '|') {
      ++i_;
      alternatives_ = alternatives_ || depth_ == 0;
      out += " | ";
      repeatable_ = false;
    } else if (c == '*' || c == '+' || c == '?' || c == '{') {
      return Repetition(end, out);
    } else if (c == '^' || c == '$') {
      return Refuse("^ stands only at the beginning and $ only at the end");
    } else {
      TW_ASSIGN(const std::vector<CharRange> set, c == '[' ? Class(end) : Single(end));
      out += JsonCharacters(set);
      repeatable_ = true;
    }
    return {};
  }

  Result<void> Open(std::string& out) {
    ++i_;
    ++depth_;
    if (i_ < text_.size() && text_[i_] == '?') {
      if (text_.substr(i_, 2) != "?:") return Refuse("of the groups with (? only (?: is supported");
      i_ += 2;
    }
    out += "(";
    repeatable_ = false;
    return {};
  }

  // Lazy or not, the same texts match.
  Result<void> Repetition(size_t end, std::string& out) {
    if (!repeatable_) return Refuse("a repetition repeats nothing");
    const size_t begin = i_++;
    if (text_[begin] == '{') {
      while (i_ < end && text_[i_] != '}') ++i_;
      const std::string_view counts = text_.substr(begin + 1, i_ - begin - 1);
      const bool well_formed = i_ < end && !counts.empty() && counts.front() != ',' &&
                               counts.find_first_not_of("0123456789,") == counts.npos && std::count(counts.begin(), counts.end(), ',') <= 1;
      if (!well_formed) return Refuse("a repetition is {m}, {m,} or {m,n}");
      ++i_;
    }
    out += text_.substr(begin, i_ - begin);
    if (i_ < end && text_[i_] == '?') ++i_;
    repeatable_ = false;
    return {};
  }

  Result<std::vector<CharRange>> Single(size_t end) {
    if (text_[i_] == '.') {
      ++i_;
      return ComplementRanges(kLineEnds);
    }
    return Character(end);
  }

  // One character, or the set of an escape like \d.
  Result<std::vector<CharRange>> Character(size_t end) {
    if (text_[i_] != '\\') {
      const auto length = Utf8Length(text_, i_);
      if (!length) return Refuse("it is not UTF-8");
      const char32_t value = Utf8Value(text_, i_, *length);
      i_ += *length;
      return std::vector<CharRange>{{value, value}};
    }
    if (++i_ >= end) return Refuse("it ends in a backslash");
    const char c = text_[i_++];
    switch (c) {
      case 'd': return kDigitChars;
      case 'w': return kWordChars;
      case 's': return kSpaceChars;
      case 'n': return std::vector<CharRange>{{U'\n', U'\n'}};
      case 'r': return std::vector<CharRange>{{U'\r', U'\r'}};
      case 't': return std::vector<CharRange>{{U'\t', U'\t'}};
      case 'f': return std::vector<CharRange>{{U'\f', U'\f'}};
      case 'v': return std::vector<CharRange>{{U'\v', U'\v'}};
      case 'x': return HexCharacter(2);
      case 'u': return HexCharacter(4);
      default: break;
    }
    const bool letter_or_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
    if (letter_or_digit) return Refuse(std::string("the escape \\") + c + " is not supported");
    return std::vector<CharRange>{{static_cast<char32_t>(c), static_cast<char32_t>(c)}};
  }

  Result<std::vector<CharRange>> HexCharacter(size_t digits) {
    char32_t value = 0;
    for (size_t k = 0; k < digits; ++k, ++i_) {
      const char c = i_ < text_.size() ? text_[i_] : ' ';
      const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
      if (digit < 0) return Refuse("an escape lacks hexadecimal digits");
      value = value * 16 + static_cast<char32_t>(digit);
    }
    return std::vector<CharRange>{{value, value}};
  }

  Result<std::vector<CharRange>> Class(size_t end) {
    ++i_;
    const bool complement = i_ < end && text_[i_] == '^';
    if (complement) ++i_;
    std::vector<CharRange> all;
    bool named_set = false;
    while (i_ < end && text_[i_] != ']') {
      TW_ASSIGN(std::vector<CharRange> set, Character(end));
      named_set = named_set || set.size() > 1 || set[0].low != set[0].high;
      if (i_ + 1 < end && text_[i_] == '-' && text_[i_ + 1] != ']') {
        ++i_;
        TW_ASSIGN(const std::vector<CharRange> last, Character(end));
        const bool single = set.size() == 1 && set[0].low == set[0].high && last.size() == 1 && last[0].low == last[0].high;
        if (!single || last[0].low < set[0].low) return Refuse("a range of characters runs from one to a later one");
        set[0].high = last[0].low;
      }
      all.insert(all.end(), set.begin(), set.end());
    }
    if (i_ >= end) return Refuse("a class is not closed");
    ++i_;
    all = MergeRanges(std::move(all));
    // Implementations differ in what beyond ASCII is a digit, a letter or a blank: outside of such a set only ASCII is.
    if (complement && named_set) all.push_back({0x80, 0x10FFFF});
    if (complement) all = ComplementRanges(MergeRanges(std::move(all)));
    if (all.empty()) return Refuse("a class has no characters");
    return all;
  }

  std::string_view text_;
  std::string at_;
  size_t i_ = 0;
  size_t depth_ = 0;
  bool alternatives_ = false;  // outside of groups
  bool repeatable_ = false;
};

}  // namespace

std::string JsonCharacters(const std::vector<CharRange>& merged) {
  std::string plain;
  std::string escaped;
  const auto add_plain = [&](char32_t low, char32_t high) {
    if (low <= high) plain += ClassEscape(low) + "-" + ClassEscape(high);
  };
  for (const CharRange& r : merged) {
    char32_t from = r.low;
    for (char32_t c = r.low; c <= std::min(r.high, U'\\'); ++c) {
      const std::string escape = JsonEscape(c);
      if (escape.empty()) continue;
      if (c > from) add_plain(from, c - 1);
      from = c + 1;
      escaped += " | " + GbnfLiteral(escape);
    }
    add_plain(from, r.high);
  }
  if (plain.empty()) return "(" + (escaped.empty() ? "" : escaped.substr(3)) + ")";
  return "([" + plain + "]" + escaped + ")";
}

Result<std::string> PatternExpression(std::string_view pattern, const std::string& at) {
  return PatternReader(pattern, at).Run();
}

}  // namespace tradewind
