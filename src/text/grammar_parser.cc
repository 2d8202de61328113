// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/grammar_parser.h"

#include "text/utf8.h"

namespace tradewind {
namespace {

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

bool IsGbnfDigit(char c) {
  return c >= '0' && c <= '9';
}

tl::unexpected<Status> GrammarOver(const char* what, size_t limit) {
  return Fail(Status(StatusCode::kInvalidInput, "the grammar has over " + std::to_string(limit) + " " + what).At("grammar"));
}

}  // namespace

tl::unexpected<Status> GrammarParser::BadAt(std::string message, size_t offset) const {
  return Fail(Status(StatusCode::kInvalidInput, std::move(message)).At("grammar", offset));
}

bool GrammarParser::Take(char c) {
  if (at_ >= text_.size() || text_[at_] != c) return false;
  ++at_;
  return true;
}

void GrammarParser::SkipSpace(bool newlines) {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == '#') {
      while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r') ++at_;
    } else if (c == ' ' || c == '\t' || (newlines && (c == '\n' || c == '\r'))) {
      ++at_;
    } else {
      break;
    }
  }
}

std::string_view GrammarParser::Name() {
  const size_t begin = at_;
  while (at_ < text_.size() && IsNameByte(text_[at_])) ++at_;
  return text_.substr(begin, at_ - begin);
}

Result<void> GrammarParser::Run() {
  if (text_.size() > grammar_.limits_.source_bytes) return GrammarOver("bytes", grammar_.limits_.source_bytes);
  SkipSpace(true);
  while (at_ < text_.size()) TW_RETURN_IF_ERROR(Rule());
  for (size_t i = 0; i < uses_.size(); ++i) {
    if (!uses_[i].defined) return BadAt("there is no rule \"" + grammar_.rules_[i].name + "\"", uses_[i].offset);
  }
  const auto root = rule_ids_.find("root");
  if (root == rule_ids_.end()) return BadAt("there is no rule \"root\", where a text begins", 0);
  grammar_.root_ = grammar_.rules_[static_cast<size_t>(root->second)].entry;
  return {};
}

Result<int32_t> GrammarParser::RuleId(std::string_view name, size_t offset) {
  const auto found = rule_ids_.find(name);
  if (found != rule_ids_.end()) return found->second;
  if (grammar_.rules_.size() >= grammar_.limits_.rules) return GrammarOver("rules", grammar_.limits_.rules);
  const auto id = static_cast<int32_t>(grammar_.rules_.size());
  rule_ids_.emplace(name, id);
  grammar_.rules_.push_back({std::string(name), -1});
  uses_.push_back({offset, false});
  return id;
}

Result<void> GrammarParser::Rule() {
  const size_t begin = at_;
  const std::string_view name = Name();
  if (name.empty()) return Bad("a rule's name is expected: letters, digits and -");
  TW_ASSIGN(const int32_t id, RuleId(name, begin));
  if (uses_[static_cast<size_t>(id)].defined) return BadAt("the rule \"" + std::string(name) + "\" is defined twice", begin);
  uses_[static_cast<size_t>(id)].defined = true;
  SkipSpace(false);
  if (text_.substr(at_, 3) != "::=") return Bad("::= is expected after the rule's name");
  at_ += 3;
  SkipSpace(true);
  TW_RETURN_IF_ERROR(Open(begin));
  TW_RETURN_IF_ERROR(Body());
  grammar_.rules_[static_cast<size_t>(id)].entry = group().entry;
  State(group().exit).op = GrammarOp::kEnd;
  groups_.pop_back();
  if (at_ < text_.size() && Peek() != '\n' && Peek() != '\r') return Bad("the rule goes on with what is no element");
  SkipSpace(true);
  return {};
}

// Up to what is no element of the outermost group.
Result<void> GrammarParser::Body() {
  while (true) {
    SkipSpace(groups_.size() > 1);
    if (at_ >= text_.size()) break;
    if (Take('|')) {
      TW_RETURN_IF_ERROR(Alternative());
      SkipSpace(true);
    } else if (Take('(')) {
      TW_RETURN_IF_ERROR(Open(at_ - 1));
    } else if (groups_.size() > 1 && Take(')')) {
      Close();
    } else {
      TW_ASSIGN(const bool taken, Item());
      if (!taken) break;
    }
  }
  if (groups_.size() > 1) return BadAt("this parenthesis is not closed, or holds what is no element", group().offset);
  State(group().tail).next = group().exit;
  return {};
}

Result<bool> GrammarParser::Item() {
  const char c = Peek();
  if (c == '"') {
    TW_RETURN_IF_ERROR(Literal());
  } else if (c == '[') {
    TW_RETURN_IF_ERROR(Class());
  } else if (c == '.') {
    ++at_;
    TW_RETURN_IF_ERROR(AddClass(ComplementRanges({})));
  } else if (IsNameByte(c)) {
    TW_RETURN_IF_ERROR(Reference());
  } else if (c == '*' || c == '+' || c == '?' || c == '{') {
    TW_RETURN_IF_ERROR(Repetition());
  } else if (c == '<' || c == '!') {
    return Fail(Status(StatusCode::kUnsupported, "tokens (<...>) cannot stand in a grammar; write their text").At("grammar", at_));
  } else {
    return false;
  }
  return true;
}

Result<char32_t> GrammarParser::Hex(size_t digits) {
  char32_t value = 0;
  for (size_t i = 0; i < digits; ++i, ++at_) {
    const char c = Peek();
    const int digit = IsGbnfDigit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    if (digit < 0) return Bad("the escape needs " + std::to_string(digits) + " hexadecimal digits");
    value = value * 16 + static_cast<char32_t>(digit);
  }
  if (value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return Bad("the escape is no character");
  return value;
}

Result<char32_t> GrammarParser::Character() {
  if (Peek() != '\\') {
    const auto length = Utf8Length(text_, at_);
    if (!length) return Bad("the grammar is not UTF-8");
    const char32_t value = Utf8Value(text_, at_, *length);
    at_ += *length;
    return value;
  }
  ++at_;
  const char c = Peek();
  ++at_;
  switch (c) {
    case 'x': return Hex(2);
    case 'u': return Hex(4);
    case 'U': return Hex(8);
    case 't': return U'\t';
    case 'r': return U'\r';
    case 'n': return U'\n';
    case '\\':
    case '"':
    case '[':
    case ']':
    case '-': return static_cast<char32_t>(c);
    default: break;
  }
  --at_;
  return Bad("there is no such escape");
}

Result<void> GrammarParser::Literal() {
  const size_t begin = at_++;
  const int32_t before = group().tail;
  while (!Take('"')) {
    if (at_ >= text_.size()) return BadAt("this literal is not closed", begin);
    TW_ASSIGN(const char32_t value, Character());
    std::string bytes;
    AppendUtf8(value, bytes);
    for (const char b : bytes) TW_RETURN_IF_ERROR(Append({.op = GrammarOp::kByte, .byte = static_cast<uint8_t>(b)}));
  }
  if (before == group().tail) TW_RETURN_IF_ERROR(Append({}));  // "" can be repeated, too
  group().before = before;
  return {};
}

Result<void> GrammarParser::Class() {
  const size_t begin = at_++;
  const bool complement = Take('^');
  std::vector<CharRange> ranges;
  while (!Take(']')) {
    if (at_ >= text_.size()) return BadAt("this class is not closed", begin);
    TW_ASSIGN(const char32_t low, Character());
    char32_t high = low;
    if (Peek() == '-' && at_ + 1 < text_.size() && text_[at_ + 1] != ']') {
      ++at_;
      TW_ASSIGN(high, Character());
      if (high < low) return Bad("the range ends before it begins");
    }
    ranges.push_back({low, high});
  }
  ranges = MergeRanges(std::move(ranges));
  if (complement) ranges = ComplementRanges(ranges);
  if (ranges.empty()) return BadAt("this class has no characters", begin);
  return AddClass(std::move(ranges));
}

Result<void> GrammarParser::AddClass(std::vector<CharRange> merged) {
  std::vector<std::pair<char32_t, char32_t>> key;
  for (const CharRange& r : merged) key.emplace_back(r.low, r.high);
  const auto [found, fresh] = class_ids_.emplace(std::move(key), static_cast<int32_t>(grammar_.classes_.size()));
  const int32_t id = found->second;
  if (fresh) {
    grammar_.classes_.emplace_back(merged);
    for (const auto& node : grammar_.classes_.back().nodes()) class_edges_ += node.size();
    if (class_edges_ > grammar_.limits_.elements) return GrammarOver("elements", grammar_.limits_.elements);
  }
  return Append({.op = GrammarOp::kClass, .target = id});
}

Result<void> GrammarParser::Reference() {
  const size_t begin = at_;
  TW_ASSIGN(const int32_t id, RuleId(Name(), begin));
  return Append({.op = GrammarOp::kCall, .target = id});
}

Result<int32_t> GrammarParser::Count() {
  if (!IsGbnfDigit(Peek())) return Bad("a number is expected");
  int64_t count = 0;
  for (; IsGbnfDigit(Peek()); ++at_) {
    count = count * 10 + (Peek() - '0');
    if (count > grammar_.limits_.repetitions) {
      return Fail(Status(StatusCode::kInvalidInput, "a repetition is at most " + std::to_string(grammar_.limits_.repetitions) + " times")
                      .At("grammar", at_));
    }
  }
  return static_cast<int32_t>(count);
}

Result<std::pair<int32_t, int32_t>> GrammarParser::Counts() {
  const bool nested = groups_.size() > 1;
  SkipSpace(nested);
  TW_ASSIGN(const int32_t least, Count());
  int32_t most = least;
  SkipSpace(nested);
  if (Take(',')) {
    most = -1;
    SkipSpace(nested);
    if (IsGbnfDigit(Peek())) {
      TW_ASSIGN(most, Count());
      if (most < least) return Bad("the repetition's numbers are the wrong way round");
    }
    SkipSpace(nested);
  }
  if (!Take('}')) return Bad("} is expected after a repetition's numbers");
  return std::pair{least, most};
}

Result<void> GrammarParser::Repetition() {
  if (group().before < 0) return Bad("there is nothing before it to repeat");
  const char c = text_[at_++];
  if (c == '*') return Repeat(0, -1);
  if (c == '+') return Repeat(1, -1);
  if (c == '?') return Repeat(0, 1);
  TW_ASSIGN(const auto counts, Counts());
  return Repeat(counts.first, counts.second);
}

}  // namespace tradewind
