// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ToolCallReader: parts an answer, as it comes, into text for people and calls of functions. Text goes out at once, but for what may be the
// beginning of a call; a call goes out whole, when its JSON ends. What turns out to be no call (broken JSON, an unknown function, over a
// limit, cut short) is text, byte for byte. However the answer is cut into pieces, the same comes out. Blanks before a call, and at the end
// behind one, are dropped. One an answer; thread-compatible.
//
//   ToolCallReader reader(ToolNotation::kTags, {"get_weather"});
//   for each piece: for (ToolEvent& e : reader.Add(piece)) ...;  then: for (ToolEvent& e : reader.Finish()) ...
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "serve/api/tool_notation.h"

namespace tradewind {

struct ToolReaderLimits {
  size_t call_bytes = size_t{256} << 10;  // from its mark to the end of its JSON
  size_t nesting = 64;
  size_t calls = 128;    // of an answer
  size_t blanks = 1024;  // held back at a time
};

// Text, or a call (its id is the caller's to give).
using ToolEvent = std::variant<std::string, ToolCall>;

class ToolCallReader {
 public:
  // `names`: the functions there are.
  ToolCallReader(ToolNotation notation, std::vector<std::string> names, const ToolReaderLimits& limits = {});

  std::vector<ToolEvent> Add(std::string_view piece);
  // The answer has ended: what was held back.
  std::vector<ToolEvent> Finish();
  size_t calls() const { return calls_; }

 private:
  enum class State : uint8_t {
    kStart,  // nothing but blanks yet, where a call may come without a mark
    kText,
    kMarked,  // behind the mark, before the JSON
    kJson,
    kBehind,  // behind the JSON: its closing tag, or the next call
    kPlain,   // no call can come
  };
  void Take(char c);
  void TakeStart(char c);
  void TakeText(char c);
  void TakeMarked(char c);
  void TakeJson(char c);
  void TakeBehind(char c);
  void BeginJson(char c);
  void EndJson();
  void GiveUp();  // what was taken for a call is text
  void Put(std::string_view text);
  void PutText(char c);
  // The calls in the JSON; none if it is something else.
  std::vector<ToolCall> CallsIn(std::string_view json) const;

  const ToolNotation notation_;
  const std::vector<std::string> names_;
  const ToolReaderLimits limits_;
  State state_;
  std::string blanks_;  // before what comes next
  std::string held_;    // of a mark or a closing tag
  std::string raw_;     // of a call: its mark and all behind it
  size_t json_at_ = 0;  // where in raw_
  size_t depth_ = 0;
  bool in_string_ = false;
  bool escaped_ = false;
  size_t calls_ = 0;
  std::vector<ToolEvent> events_;
};

}  // namespace tradewind
