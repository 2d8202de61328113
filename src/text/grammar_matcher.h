// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// GrammarMatcher: follows texts through a grammar, byte by byte. All readings of a text are held at once, as a set of places in rules
// within rules (the stacks of these share what is equal); equal sets are one state, and steps between states are remembered, so that most
// are one look into a table. Bounded by the grammar's limits. Thread-compatible; the grammar must outlive it.
//
//   GrammarMatcher matcher(*grammar);
//   TW_ASSIGN(auto state, matcher.Start());
//   TW_ASSIGN(state, matcher.Step(state, 'a'));   // kDead: no text of the grammar begins so
#pragma once

#include <cstdint>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "text/grammar.h"

namespace tradewind {

class GrammarMatcher {
 public:
  using State = int32_t;
  static constexpr State kDead = -1;
  static constexpr State kUnknown = -2;

  explicit GrammarMatcher(const Grammar& grammar) : grammar_(grammar) {}

  // kInvalidInput names the limit: of alternatives, places, states or steps.
  Result<State> Start();
  Result<State> Step(State from, uint8_t byte) {
    const State known = Known(from, byte);
    return known != kUnknown ? Result<State>(known) : NewStep(from, byte);
  }
  // Step where it was taken before, else kUnknown: the fast part of it.
  State Known(State from, uint8_t byte) const { return steps_[StepIndex(from, byte)]; }
  // Whether the text so far is one of the grammar, and whether a longer one is.
  bool Complete(State state) const { return states_[static_cast<size_t>(state)].complete; }
  bool CanGoOn(State state) const { return !states_[static_cast<size_t>(state)].places.empty(); }
  // Whether any text was shut out for being too deep.
  bool depth_reached() const { return depth_reached_; }

  // Grants the steps of one token.
  void Refuel() { fuel_ = grammar_.limits().steps; }
  // Forgets all states but one where they fill half of their room; gives its new number. True tells that numbers changed.
  bool Compact(State& keep);
  size_t state_count() const { return states_.size(); }

 private:
  // A place in a rule and the place in the calling rule to return to (-1: the root's end). `count`: repetitions done, or how far inside a
  // character. Equal places have equal numbers; a parent's number is below its child's.
  struct Place {
    int32_t state;
    int32_t count;
    int32_t parent;
    int32_t depth;
    bool operator==(const Place& o) const { return state == o.state && count == o.count && parent == o.parent; }
  };
  struct PlaceHash {
    size_t operator()(const Place& p) const;
  };
  struct Set {
    std::vector<int32_t> places;  // sorted; each takes a byte next
    bool complete = false;
    bool operator==(const Set&) const = default;
  };
  struct SetHash {
    size_t operator()(const Set& s) const;
  };

  size_t StepIndex(State state, uint8_t byte) const {
    return static_cast<size_t>(state) * static_cast<size_t>(grammar_.byte_kinds()) + static_cast<size_t>(grammar_.KindOf(byte));
  }
  Result<State> NewStep(State from, uint8_t byte);
  // Everything that can come next from the places in work_, as a state.
  Result<State> Close();
  void Expand(const Place& at);
  void Return(int32_t frame);
  void Visit(Place at);
  int32_t Number(Place place);
  Result<void> CheckLimits() const;
  Result<State> NumberSet(Set set);
  const GrammarState& StateOf(int32_t id) const { return grammar_.states()[static_cast<size_t>(id)]; }

  const Grammar& grammar_;
  std::vector<Place> places_;
  std::unordered_map<Place, int32_t, PlaceHash> place_numbers_;
  std::vector<Set> states_;
  std::unordered_map<Set, State, SetHash> state_numbers_;
  std::vector<State> steps_;  // by state and kind of byte
  int64_t fuel_ = 0;
  bool depth_reached_ = false;
  // Of the closure at hand.
  std::vector<Place> work_;
  std::unordered_set<Place, PlaceHash> visited_;
  Set found_;
};

}  // namespace tradewind
