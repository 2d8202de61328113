// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Reads GBNF into a Grammar's states; Grammar::Parse is its only user. One pass, with a stack of its own for groups.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/grammar.h"

namespace tradewind {

class GrammarParser {
 public:
  GrammarParser(std::string_view source, Grammar& grammar) : text_(source), grammar_(grammar) {}
  Result<void> Run();

 private:
  // What stands in a row: everything hangs on `tail`, a jump whose way on is open. The last item begins where `before` leads.
  struct Group {
    size_t offset = 0;  // of its parenthesis
    int32_t entry = -1, exit = -1;
    int32_t last_split = -1;
    int32_t tail = -1;
    int32_t before = -1;  // -1: nothing to repeat
  };
  struct Use {
    size_t offset = 0;
    bool defined = false;
  };

  Result<void> Rule();
  Result<void> Body();
  Result<bool> Item();  // false: none stands here
  Result<void> Literal();
  Result<void> Class();
  Result<void> Reference();
  Result<void> Repetition();
  Result<std::pair<int32_t, int32_t>> Counts();
  Result<int32_t> Count();
  Result<char32_t> Character();
  Result<char32_t> Hex(size_t digits);
  Result<void> AddClass(std::vector<CharRange> merged);
  Result<void> Repeat(int32_t least, int32_t most);
  Result<int32_t> RuleId(std::string_view name, size_t offset);

  Result<int32_t> Add(GrammarState state);
  Result<void> Append(GrammarState item);
  Result<void> Open(size_t offset);
  Result<void> Alternative();
  void Close();

  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool Take(char c);
  void SkipSpace(bool newlines);
  std::string_view Name();
  GrammarState& State(int32_t id) { return grammar_.states_[static_cast<size_t>(id)]; }
  Group& group() { return groups_.back(); }
  tl::unexpected<Status> Bad(std::string message) const { return BadAt(std::move(message), at_); }
  tl::unexpected<Status> BadAt(std::string message, size_t offset) const;

  std::string_view text_;
  Grammar& grammar_;
  size_t at_ = 0;
  std::vector<Group> groups_;
  std::map<std::string, int32_t, std::less<>> rule_ids_;
  std::vector<Use> uses_;  // by rule
  std::map<std::vector<std::pair<char32_t, char32_t>>, int32_t> class_ids_;
  size_t class_edges_ = 0;
};

}  // namespace tradewind
