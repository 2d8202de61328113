// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Values as text: Python's str() and repr(), and json.dumps(). Size and work are charged to the Runtime before they happen.
#pragma once

#include <string>
#include <string_view>

#include "text/jinja_value.h"

namespace tradewind::jinja {

// Grows a text within the memory limit.
class TextBuilder {
 public:
  explicit TextBuilder(Runtime& rt) : rt_(rt) {}
  void Add(std::string_view text) {
    rt_.CheckRoom(text_.size() + text.size());
    rt_.ChargeText(text.size());
    text_.append(text);
  }
  // `count` times the same text.
  void Repeat(std::string_view text, int64_t count);
  Value Finish() { return MakeString(rt_, text_); }
  const std::string& text() const { return text_; }
  Runtime& rt() { return rt_; }

 private:
  Runtime& rt_;
  std::string text_;
};

// str(): the text of a string itself.
std::string_view Text(Runtime& rt, const Value& value);
// repr().
void AddRepr(TextBuilder* out, const Value& value, int depth = 0);
// repr() of a float, which is also its str(): the shortest text that reads back the same.
std::string FloatText(double value);

// Fails before a text with too many lines for the memory is split.
void CheckLines(Runtime& rt, std::string_view text);
// str.replace; max < 0: all of them.
Value ReplaceText(Runtime& rt, std::string_view text, std::string_view from, std::string_view to, int64_t max);

struct JsonStyle {
  bool ensure_ascii = false;
  bool sort_keys = false;
  bool pretty = false;      // with newlines and `indent`
  std::string_view indent;  // one level of it
  std::string_view item_separator = ", ";
  std::string_view key_separator = ": ";
};
Value ToJson(Runtime& rt, const Value& value, const JsonStyle& style);

}  // namespace tradewind::jinja
