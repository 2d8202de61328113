// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/tool_call_reader.h"

#include <algorithm>
#include <utility>

#include "serve/api/json_text.h"

namespace tradewind {
namespace {

constexpr std::string_view kOpeningTag = "<tool_call>";
constexpr std::string_view kClosingTag = "</tool_call>";
constexpr std::string_view kListMark = "[TOOL_CALLS]";

bool IsBlank(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

std::string_view MarkOf(ToolNotation notation) {
  return notation == ToolNotation::kList ? kListMark : kOpeningTag;
}

// Some models write the arguments as a text that holds their JSON.
std::optional<std::string> ArgumentsText(const OrderedJson& call) {
  auto found = call.find("arguments");
  if (found == call.end()) found = call.find("parameters");
  if (found == call.end()) return std::nullopt;
  if (found->is_object()) return JsonLine(*found);
  if (!found->is_string()) return std::nullopt;
  const Result<std::string> read = ArgumentsAt(found->get_ref<const std::string&>(), "arguments", {});
  return read ? std::optional(*read) : std::nullopt;
}

}  // namespace

ToolCallReader::ToolCallReader(ToolNotation notation, std::vector<std::string> names, const ToolReaderLimits& limits)
    : notation_(notation),
      names_(std::move(names)),
      limits_(limits),
      state_(notation == ToolNotation::kTags ? State::kText : State::kStart) {}

std::vector<ToolEvent> ToolCallReader::Add(std::string_view piece) {
  for (const char c : piece) Take(c);
  return std::exchange(events_, {});
}

std::vector<ToolEvent> ToolCallReader::Finish() {
  if (state_ == State::kMarked || state_ == State::kJson) GiveUp();
  if (!held_.empty()) Put(std::exchange(held_, {}));
  if (calls_ == 0) Put("");
  blanks_.clear();
  state_ = State::kPlain;
  return std::exchange(events_, {});
}

void ToolCallReader::Take(char c) {
  switch (state_) {
    case State::kStart: return TakeStart(c);
    case State::kText: return TakeText(c);
    case State::kMarked: return TakeMarked(c);
    case State::kJson: return TakeJson(c);
    case State::kBehind: return TakeBehind(c);
    case State::kPlain: return PutText(c);
  }
}

void ToolCallReader::TakeStart(char c) {
  if (held_.empty() && IsBlank(c)) return PutText(c);
  if (notation_ == ToolNotation::kObject) {
    state_ = State::kPlain;
    return c == '{' ? BeginJson(c) : PutText(c);
  }
  // A bracket begins the mark, or the list itself where the mark's token was not shown.
  if (held_.empty() && c == '[') {
    held_ = c;
  } else if (!held_.empty() && (c == '{' || IsBlank(c))) {
    held_.clear();
    BeginJson('[');
    TakeJson(c);
  } else {
    state_ = State::kText;
    TakeText(c);
  }
}

void ToolCallReader::TakeText(char c) {
  if (held_.empty() && IsBlank(c)) return PutText(c);
  const std::string_view mark = MarkOf(notation_);
  held_ += c;
  while (!held_.empty() && !mark.starts_with(held_)) {
    PutText(held_.front());
    held_.erase(0, 1);
  }
  if (held_ != mark) return;
  raw_ = std::exchange(held_, {});
  state_ = State::kMarked;
}

void ToolCallReader::TakeMarked(char c) {
  if (c == '{' || c == '[') return BeginJson(c);
  raw_ += c;
  if (IsBlank(c) && raw_.size() <= limits_.blanks) return;
  raw_.pop_back();
  GiveUp();
  Take(c);
}

void ToolCallReader::BeginJson(char c) {
  json_at_ = raw_.size();
  raw_ += c;
  depth_ = 1;
  in_string_ = escaped_ = false;
  state_ = State::kJson;
}

void ToolCallReader::TakeJson(char c) {
  raw_ += c;
  if (in_string_) {
    if (!escaped_ && c == '"') in_string_ = false;
    escaped_ = !escaped_ && c == '\\';
  } else if (c == '"') {
    in_string_ = true;
  } else if (c == '{' || c == '[') {
    ++depth_;
  } else if ((c == '}' || c == ']') && --depth_ == 0) {
    return EndJson();
  }
  if (depth_ > limits_.nesting || raw_.size() > limits_.call_bytes) GiveUp();
}

void ToolCallReader::EndJson() {
  std::vector<ToolCall> calls = CallsIn(std::string_view(raw_).substr(json_at_));
  if (calls.empty() || calls_ + calls.size() > limits_.calls) return GiveUp();
  blanks_.clear();
  raw_.clear();
  calls_ += calls.size();
  for (ToolCall& call : calls) events_.emplace_back(std::move(call));
  state_ = notation_ == ToolNotation::kList ? State::kText : State::kBehind;
}

void ToolCallReader::TakeBehind(char c) {
  if (held_.empty() && IsBlank(c)) return PutText(c);
  if (notation_ == ToolNotation::kObject) {
    if (c == ';' || c == ',') return;
    state_ = State::kPlain;
    return c == '{' ? BeginJson(c) : PutText(c);
  }
  held_ += c;
  if (held_ == kClosingTag) {
    held_.clear();
    blanks_.clear();
    state_ = State::kText;
  } else if (!kClosingTag.starts_with(held_)) {
    // The tag was left out; what is here may begin the next call.
    state_ = State::kText;
    for (const char again : std::exchange(held_, {})) Take(again);
  }
}

void ToolCallReader::GiveUp() {
  Put(std::exchange(raw_, {}));
  state_ = notation_ == ToolNotation::kObject ? State::kPlain : State::kText;
}

void ToolCallReader::PutText(char c) {
  if (!IsBlank(c)) return Put(std::string_view(&c, 1));
  blanks_ += c;
  if (blanks_.size() > limits_.blanks) Put("");
}

void ToolCallReader::Put(std::string_view text) {
  if (blanks_.empty() && text.empty()) return;
  if (events_.empty() || !std::holds_alternative<std::string>(events_.back())) events_.emplace_back(std::string());
  std::string& last = std::get<std::string>(events_.back());
  last += std::exchange(blanks_, {});
  last += text;
}

std::vector<ToolCall> ToolCallReader::CallsIn(std::string_view json) const {
  const OrderedJson value = OrderedJson::parse(json, nullptr, false);
  if (value.is_discarded()) return {};
  std::vector<ToolCall> calls;
  const auto add = [&](const OrderedJson& item) {
    if (!item.is_object() || !item.contains("name") || !item["name"].is_string()) return false;
    ToolCall call{.id = {}, .name = item["name"].get<std::string>()};
    std::optional<std::string> arguments = ArgumentsText(item);
    if (!arguments || std::find(names_.begin(), names_.end(), call.name) == names_.end()) return false;
    call.arguments = *std::move(arguments);
    calls.push_back(std::move(call));
    return true;
  };
  if (!value.is_array()) return add(value) ? calls : std::vector<ToolCall>();
  for (const OrderedJson& item : value) {
    if (!add(item)) return {};
  }
  return calls;
}

}  // namespace tradewind
