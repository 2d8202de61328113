// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/jinja_lexer.h"

#include <charconv>
#include <system_error>

#include "text/jinja_runtime.h"
#include "text/jinja_text.h"

namespace tradewind::jinja {
namespace {

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool IsNameCharacter(char c) {
  return IsNameStart(c) || IsDigit(c);
}

int DigitValue(char c) {
  if (IsDigit(c)) return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return 99;
}

class Lexer {
 public:
  Lexer(std::string_view source, std::deque<std::string>* strings) : source_(source), strings_(strings) {}

  std::vector<Token> Run() {
    while (pos_ < source_.size()) Root();
    Push(TokenKind::kEnd, source_.size(), {});
    return std::move(tokens_);
  }

 private:
  [[noreturn]] void Fail(std::string message, size_t offset) const {
    FailAt(StatusCode::kInvalidInput, std::move(message), source_, offset);
  }
  bool At(size_t pos, std::string_view text) const { return source_.substr(std::min(pos, source_.size()), text.size()) == text; }
  void Push(TokenKind kind, size_t offset, std::string_view text) { tokens_.push_back({kind, static_cast<uint32_t>(offset), text, 0, 0}); }
  size_t SkipSpace(size_t pos) const {
    while (pos < source_.size() && IsSpace(CodePointAt(source_, pos))) pos += CodePointBytes(source_, pos);
    return pos;
  }

  void Root();
  void Data(std::string_view text, size_t offset, char sign, bool lstrip);
  void Comment();
  bool Raw(size_t tag);
  void Tag(bool block);
  bool TagEnd(bool block);
  void TagToken();
  void Number();
  void String();
  std::string Unescape(std::string_view body, size_t offset) const;
  void Operator();
  // Past an end tag such as %} or #}: -%} eats white space, %} one newline.
  size_t AfterEnd(size_t pos, std::string_view end) const;

  std::string_view source_;
  std::deque<std::string>* strings_;
  std::vector<Token> tokens_;
  std::string brackets_;  // the closing ones that are still due
  size_t pos_ = 0;
  bool line_starting_ = true;
};

size_t FindTag(std::string_view source, size_t from) {
  for (size_t pos = source.find('{', from); pos != std::string_view::npos; pos = source.find('{', pos + 1)) {
    if (pos + 1 < source.size() && (source[pos + 1] == '{' || source[pos + 1] == '%' || source[pos + 1] == '#')) return pos;
  }
  return std::string_view::npos;
}

void Lexer::Data(std::string_view text, size_t offset, char sign, bool lstrip) {
  if (sign == '-') {
    text = Strip(text, std::nullopt, false, true);
  } else if (sign != '+' && lstrip) {
    const size_t newline = text.rfind('\n');
    const size_t line = newline == std::string_view::npos ? 0 : newline + 1;
    if ((line > 0 || line_starting_) && IsAllSpace(text.substr(line))) text = text.substr(0, line);
  }
  if (!text.empty()) Push(TokenKind::kData, offset, text);
}

void Lexer::Root() {
  const size_t begin = pos_;
  const size_t tag = FindTag(source_, pos_);
  if (tag == std::string_view::npos) {
    Push(TokenKind::kData, begin, source_.substr(begin));
    pos_ = source_.size();
    return;
  }
  const char type = source_[tag + 1];
  const char sign = tag + 2 < source_.size() ? source_[tag + 2] : '\0';
  Data(source_.substr(begin, tag - begin), begin, sign, type != '{');
  pos_ = tag + 2 + (sign == '-' || sign == '+' ? 1 : 0);
  line_starting_ = false;
  if (type == '#') {
    Comment();
  } else if (type == '%') {
    if (!Raw(tag)) Tag(true);
  } else {
    Tag(false);
  }
}

size_t Lexer::AfterEnd(size_t pos, std::string_view end) const {
  if (At(pos, "-")) return SkipSpace(pos + 1 + end.size());
  if (At(pos, "+")) return pos + 1 + end.size();
  pos += end.size();
  return end != "}}" && At(pos, "\n") ? pos + 1 : pos;
}

void Lexer::Comment() {
  const size_t end = source_.find("#}", pos_);
  if (end == std::string_view::npos) Fail("missing end of comment tag", pos_);
  const bool sign = end > pos_ && (source_[end - 1] == '-' || source_[end - 1] == '+');
  pos_ = AfterEnd(sign ? end - 1 : end, "#}");
  line_starting_ = source_[pos_ - 1] == '\n';
}

// A raw block, if the tag at pos_ opens one.
bool Lexer::Raw(size_t tag) {
  size_t pos = SkipSpace(pos_);
  if (!At(pos, "raw") || IsNameCharacter(pos + 3 < source_.size() ? source_[pos + 3] : ' ')) return false;
  pos = SkipSpace(pos + 3);
  if (At(pos, "-%}")) {
    pos = SkipSpace(pos + 3);
  } else if (At(pos, "%}")) {
    pos += 2;
  } else {
    return false;
  }
  line_starting_ = source_[pos - 1] == '\n';
  for (size_t end = source_.find("{%", pos); end != std::string_view::npos; end = source_.find("{%", end + 1)) {
    const char sign = end + 2 < source_.size() ? source_[end + 2] : '\0';
    size_t after = SkipSpace(end + 2 + (sign == '-' || sign == '+' ? 1 : 0));
    if (!At(after, "endraw")) continue;
    after = SkipSpace(after + 6);
    if (!At(after, "%}") && !At(after, "-%}") && !At(after, "+%}")) continue;
    Data(source_.substr(pos, end - pos), pos, sign, true);
    pos_ = AfterEnd(after, "%}");
    line_starting_ = source_[pos_ - 1] == '\n';
    return true;
  }
  Fail("missing end of raw block", tag);
}

void Lexer::Tag(bool block) {
  const size_t begin = pos_;
  Push(block ? TokenKind::kBlockBegin : TokenKind::kPrintBegin, begin, {});
  brackets_.clear();
  while (true) {
    if (brackets_.empty() && TagEnd(block)) return;
    pos_ = SkipSpace(pos_);
    if (brackets_.empty() && TagEnd(block)) return;
    if (pos_ >= source_.size()) Fail(block ? "a {% tag is not closed" : "a {{ tag is not closed", begin);
    TagToken();
  }
}

bool Lexer::TagEnd(bool block) {
  const std::string_view end = block ? "%}" : "}}";
  const bool sign = At(pos_, "-") || (block && At(pos_, "+"));
  if (!At(pos_ + (sign ? 1 : 0), end)) return false;
  Push(block ? TokenKind::kBlockEnd : TokenKind::kPrintEnd, pos_, {});
  pos_ = AfterEnd(pos_, end);
  line_starting_ = source_[pos_ - 1] == '\n';
  return true;
}

void Lexer::TagToken() {
  const char c = source_[pos_];
  if (IsDigit(c)) {
    Number();
  } else if (IsNameStart(c)) {
    size_t end = pos_;
    while (end < source_.size() && IsNameCharacter(source_[end])) ++end;
    Push(TokenKind::kName, pos_, source_.substr(pos_, end - pos_));
    pos_ = end;
  } else if (c == '\'' || c == '"') {
    String();
  } else {
    Operator();
  }
}

void Lexer::Number() {
  const size_t begin = pos_;
  size_t pos = pos_;
  std::string digits;
  const auto take = [&](int base) {
    while (pos < source_.size()) {
      if (source_[pos] == '_' && pos > begin && pos + 1 < source_.size() && DigitValue(source_[pos + 1]) < base) ++pos;
      if (DigitValue(source_[pos]) >= base) break;
      digits.push_back(source_[pos++]);
    }
  };
  int base = 10;
  const char prefix = pos + 1 < source_.size() && source_[pos] == '0' ? static_cast<char>(source_[pos + 1] | 0x20) : ' ';
  if (prefix == 'x' || prefix == 'o' || prefix == 'b') {
    base = prefix == 'x' ? 16 : prefix == 'o' ? 8 : 2;
    pos += 2;
  }
  take(base);
  bool real = false;
  const bool after_dot = begin > 0 && source_[begin - 1] == '.';  // a.1.2 is two subscripts
  if (base == 10 && !after_dot) {
    if (At(pos, ".") && pos + 1 < source_.size() && IsDigit(source_[pos + 1])) {
      real = true;
      digits.push_back(source_[pos++]);
      take(10);
    }
    const size_t sign = pos + 1 < source_.size() && (source_[pos + 1] == '+' || source_[pos + 1] == '-') ? 1 : 0;
    if ((At(pos, "e") || At(pos, "E")) && pos + 1 + sign < source_.size() && IsDigit(source_[pos + 1 + sign])) {
      real = true;
      digits.push_back('e');
      if (sign) digits.push_back(source_[pos + 1]);
      pos += 1 + sign;
      take(10);
    }
  }
  Token token{real ? TokenKind::kFloat : TokenKind::kInteger, static_cast<uint32_t>(begin), source_.substr(begin, pos - begin), 0, 0};
  const char* last = digits.data() + digits.size();
  const auto parsed = real ? std::from_chars(digits.data(), last, token.real) : std::from_chars(digits.data(), last, token.integer, base);
  if (parsed.ec != std::errc() || parsed.ptr != last) Fail("number '" + std::string(token.text.substr(0, 40)) + "' does not fit", begin);
  if (!real && base == 10 && digits.size() > 1 && digits[0] == '0' && token.integer != 0) Fail("a number may not begin with 0", begin);
  tokens_.push_back(token);
  pos_ = pos;
}

void Lexer::String() {
  const size_t begin = pos_;
  const char quote = source_[pos_++];
  bool escaped = false;
  while (pos_ < source_.size() && source_[pos_] != quote) {
    if (source_[pos_] == '\\') {
      escaped = true;
      ++pos_;
    }
    ++pos_;
  }
  if (pos_ >= source_.size()) Fail("a string is not closed", begin);
  const std::string_view body = source_.substr(begin + 1, pos_ - begin - 1);
  ++pos_;
  Push(TokenKind::kString, begin, escaped ? strings_->emplace_back(Unescape(body, begin + 1)) : body);
}

// Python's escapes; an unknown one keeps its backslash.
std::string Lexer::Unescape(std::string_view body, size_t offset) const {
  static constexpr std::string_view kFrom = "\\'\"abfnrtv";
  static constexpr std::string_view kTo = "\\'\"\a\b\f\n\r\t\v";
  std::string out;
  for (size_t i = 0; i < body.size(); ++i) {
    if (body[i] != '\\') {
      out.push_back(body[i]);
      continue;
    }
    const char c = body[++i];
    const size_t known = kFrom.find(c);
    size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    char32_t code = 0;
    if (c == '\n') {
      continue;
    } else if (known != std::string_view::npos) {
      out.push_back(kTo[known]);
    } else if (digits > 0) {
      for (; digits > 0; --digits) {
        const int value = i + 1 < body.size() ? DigitValue(body[i + 1]) : 99;
        if (value >= 16) Fail("a \\x, \\u or \\U escape has too few digits", offset + i);
        code = code * 16 + static_cast<char32_t>(value);
        ++i;
      }
      if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) Fail("an escape is not a Unicode character", offset + i);
      AppendCodePoint(&out, code);
    } else if (c >= '0' && c <= '7') {
      for (size_t n = 0; n < 3 && i < body.size() && body[i] >= '0' && body[i] <= '7'; ++n, ++i) code = code * 8 + DigitValue(body[i]);
      --i;
      AppendCodePoint(&out, code);
    } else if (c == 'N') {
      FailAt(StatusCode::kUnsupported, "\\N escapes are not supported: write the character itself", source_, offset + i);
    } else {
      out.push_back('\\');
      out.push_back(c);
    }
  }
  return out;
}

void Lexer::Operator() {
  static constexpr std::string_view kDouble[] = {"//", "**", "==", "!=", ">=", "<="};
  static constexpr std::string_view kSingle = "+-/*%~[](){}><=.:|,;";
  size_t size = 0;
  for (const std::string_view op : kDouble) {
    if (At(pos_, op)) size = 2;
  }
  const char c = source_[pos_];
  if (size == 0 && kSingle.find(c) != std::string_view::npos) size = 1;
  if (size == 0) Fail("unexpected character", pos_);
  if (size == 1) {
    if (c == '(') brackets_.push_back(')');
    if (c == '[') brackets_.push_back(']');
    if (c == '{') brackets_.push_back('}');
    if (c == ')' || c == ']' || c == '}') {
      if (brackets_.empty()) Fail(std::string("unexpected '") + c + "'", pos_);
      if (brackets_.back() != c) Fail(std::string("unexpected '") + c + "', expected '" + brackets_.back() + "'", pos_);
      brackets_.pop_back();
    }
  }
  Push(TokenKind::kOperator, pos_, source_.substr(pos_, size));
  pos_ += size;
}

}  // namespace

std::string NormalizeSource(std::string_view source) {
  std::string out;
  out.reserve(source.size());
  for (size_t i = 0; i < source.size(); ++i) {
    if (source[i] == '\r') {
      out.push_back('\n');
      if (i + 1 < source.size() && source[i + 1] == '\n') ++i;
    } else {
      out.push_back(source[i]);
    }
  }
  if (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

std::vector<Token> Tokenize(std::string_view source, std::deque<std::string>* strings) {
  return Lexer(source, strings).Run();
}

std::string Describe(const Token& token) {
  switch (token.kind) {
    case TokenKind::kData: return "text";
    case TokenKind::kPrintBegin: return "'{{'";
    case TokenKind::kPrintEnd: return "'}}'";
    case TokenKind::kBlockBegin: return "'{%'";
    case TokenKind::kBlockEnd: return "'%}'";
    case TokenKind::kEnd: return "the end of the template";
    default: return std::string("'").append(token.text.substr(0, 40)).append("'");
  }
}

}  // namespace tradewind::jinja
