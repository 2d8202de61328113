// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Grammar: which texts may be written, given in GBNF, llama.cpp's notation: rules `name ::= ...` of literals "..", classes [a-z] and [^"],
// any character (.), groups, alternatives |, and the repetitions * + ? {m} {m,} {m,n}; the first rule tried is `root`. Left recursion is
// refused. Immutable; thread-safe. grammar_matcher.h follows a text, grammar_mask.h says which tokens may come next.
//
//   TW_ASSIGN(const auto grammar, Grammar::Parse("root ::= \"yes\" | \"no\""));
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "text/utf8_class.h"

namespace tradewind {

// What a grammar may cost. Over one of these is kInvalidInput, with the limit's value in the message.
struct GrammarLimits {
  size_t source_bytes = size_t{1} << 20;
  size_t rules = 10'000;
  size_t elements = 200'000;
  size_t nesting = 200;              // of groups
  int64_t repetitions = 1'000'000;   // m and n of {m,n}; they are counted, not written out
  size_t alternatives = 1000;        // readings of one text that are alive at a time
  int32_t depth = 4000;              // rules within rules in the text; text that needs more is not allowed
  size_t places = size_t{1} << 19;   // distinct places in rules within rules, remembered at a time
  size_t states = size_t{1} << 15;   // distinct sets of those, likewise
  int64_t steps = int64_t{1} << 23;  // of work for one token
};

// A rule as a network of states: what the parser makes and the matcher walks.
enum class GrammarOp : uint8_t {
  kByte,    // takes `byte`
  kClass,   // takes a character of the class `target`
  kSplit,   // takes nothing and goes on at `next` and, unless it is -1, at `target`
  kCall,    // the rule `target`, then `next`
  kRepeat,  // the network at `target` (up to its kEnd) least to most times, then `next`
  kEnd,     // the end of the rule or of what is repeated
};

struct GrammarState {
  GrammarOp op = GrammarOp::kSplit;
  uint8_t byte = 0;
  bool nullable_body = false;  // kRepeat: what is repeated can be nothing
  int32_t next = -1;
  int32_t target = -1;
  int32_t least = 0;
  int32_t most = -1;  // -1: any number
};

struct GrammarRule {
  std::string name;
  int32_t entry = -1;
};

class Grammar {
 public:
  // kInvalidInput names the fault and its byte: syntax, an undefined or left-recursive rule, no rule `root`.
  static Result<std::shared_ptr<const Grammar>> Parse(std::string_view source, const GrammarLimits& limits = {});

  const GrammarLimits& limits() const { return limits_; }
  const std::vector<GrammarState>& states() const { return states_; }
  const std::vector<GrammarRule>& rules() const { return rules_; }
  const std::vector<Utf8Class>& classes() const { return classes_; }
  int32_t root() const { return root_; }  // the entry state
  // Bytes that no state tells apart share a number below byte_kinds(); `KindByte` is one of them.
  int byte_kinds() const { return static_cast<int>(kind_bytes_.size()); }
  int KindOf(uint8_t byte) const { return kinds_[byte]; }
  uint8_t KindByte(int kind) const { return kind_bytes_[static_cast<size_t>(kind)]; }

 private:
  friend class GrammarParser;
  Grammar() = default;
  void ShortenJumps();
  void MarkNullable();
  Result<void> RefuseLeftRecursion() const;
  void NumberBytes();

  GrammarLimits limits_;
  std::vector<GrammarState> states_;
  std::vector<GrammarRule> rules_;
  std::vector<Utf8Class> classes_;
  std::vector<uint8_t> nullable_;  // by state: its rule can end from here without another byte
  std::array<uint8_t, 256> kinds_{};
  std::vector<uint8_t> kind_bytes_;
  int32_t root_ = -1;
};

}  // namespace tradewind
