// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// How the parser joins states: items in a row, alternatives, repetitions.
#include "text/grammar_parser.h"

namespace tradewind {

Result<int32_t> GrammarParser::Add(GrammarState state) {
  const size_t limit = grammar_.limits_.elements;
  if (grammar_.states_.size() >= limit) {
    return Fail(Status(StatusCode::kInvalidInput, "the grammar has over " + std::to_string(limit) + " elements").At("grammar", at_));
  }
  grammar_.states_.push_back(state);
  return static_cast<int32_t>(grammar_.states_.size() - 1);
}

// Hangs an item on the row; it can then be repeated.
Result<void> GrammarParser::Append(GrammarState item) {
  TW_ASSIGN(const int32_t tail, Add({}));
  item.next = tail;
  TW_ASSIGN(const int32_t id, Add(item));
  group().before = group().tail;
  State(group().tail).next = id;
  group().tail = tail;
  return {};
}

Result<void> GrammarParser::Open(size_t offset) {
  if (groups_.size() >= grammar_.limits_.nesting) {
    return Fail(
        Status(StatusCode::kInvalidInput, "the grammar's groups are nested over " + std::to_string(grammar_.limits_.nesting) + " deep")
            .At("grammar", offset));
  }
  Group opened{.offset = offset};
  TW_ASSIGN(opened.exit, Add({}));
  TW_ASSIGN(opened.entry, Add({}));
  TW_ASSIGN(opened.tail, Add({}));
  State(opened.entry).next = opened.tail;
  opened.last_split = opened.entry;
  groups_.push_back(opened);
  return {};
}

Result<void> GrammarParser::Alternative() {
  TW_ASSIGN(const int32_t split, Add({}));
  TW_ASSIGN(const int32_t tail, Add({}));
  State(split).next = tail;
  State(group().tail).next = group().exit;
  State(group().last_split).target = split;
  group().last_split = split;
  group().tail = tail;
  group().before = -1;
  return {};
}

// The group becomes an item of the one around it.
void GrammarParser::Close() {
  const Group closed = group();
  groups_.pop_back();
  State(closed.tail).next = closed.exit;
  State(group().tail).next = closed.entry;
  group().before = group().tail;
  group().tail = closed.exit;
}

Result<void> GrammarParser::Repeat(int32_t least, int32_t most) {
  const int32_t before = group().before;
  const int32_t entry = State(before).next;
  const int32_t exit = group().tail;
  TW_ASSIGN(const int32_t tail, Add({}));
  group().tail = tail;
  if (most == 0) {
    State(before).next = tail;
    return {};
  }
  if (least <= 1 && (most < 0 || (least == 0 && most == 1))) {
    TW_ASSIGN(const int32_t split, Add({.op = GrammarOp::kSplit, .next = tail, .target = entry}));
    if (least == 0) State(before).next = split;
    State(exit).next = most < 0 ? split : tail;
    return {};
  }
  TW_ASSIGN(const int32_t repeat, Add({.op = GrammarOp::kRepeat, .next = tail, .target = entry, .least = least, .most = most}));
  State(exit).op = GrammarOp::kEnd;
  State(before).next = repeat;
  return {};
}

}  // namespace tradewind
