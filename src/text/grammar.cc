// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/grammar.h"

#include <algorithm>

#include "text/grammar_parser.h"

namespace tradewind {
namespace {

// For each state, those whose being nullable depends on it.
std::vector<std::vector<int32_t>> GrammarDependents(const Grammar& grammar) {
  std::vector<std::vector<int32_t>> dependents(grammar.states().size());
  for (size_t i = 0; i < grammar.states().size(); ++i) {
    const GrammarState& s = grammar.states()[i];
    const auto on = [&](int32_t id) {
      if (id >= 0) dependents[static_cast<size_t>(id)].push_back(static_cast<int32_t>(i));
    };
    if (s.op == GrammarOp::kSplit || s.op == GrammarOp::kRepeat) on(s.target);
    if (s.op == GrammarOp::kCall) on(grammar.rules()[static_cast<size_t>(s.target)].entry);
    if (s.op != GrammarOp::kByte && s.op != GrammarOp::kClass) on(s.next);
  }
  return dependents;
}

// The states that are reached from one without a byte, down into the rules it calls.
void LeftCorners(const Grammar& grammar, const std::vector<uint8_t>& nullable, int32_t id, std::vector<int32_t>& out) {
  out.clear();
  const GrammarState& s = grammar.states()[static_cast<size_t>(id)];
  const auto can_be_nothing = [&](int32_t state) { return nullable[static_cast<size_t>(state)] != 0; };
  if (s.op == GrammarOp::kSplit) {
    if (s.next >= 0) out.push_back(s.next);
    if (s.target >= 0) out.push_back(s.target);
  } else if (s.op == GrammarOp::kCall) {
    const int32_t entry = grammar.rules()[static_cast<size_t>(s.target)].entry;
    out.push_back(entry);
    if (can_be_nothing(entry)) out.push_back(s.next);
  } else if (s.op == GrammarOp::kRepeat) {
    out.push_back(s.target);
    if (s.least == 0 || can_be_nothing(s.target)) out.push_back(s.next);
  }
}

// Tarjan's strongly connected components with a stack of its own: the number of each state's component.
std::vector<int32_t> Components(const Grammar& grammar, const std::vector<uint8_t>& nullable) {
  struct Visit {
    int32_t state;
    std::vector<int32_t> corners;
    size_t done = 0;
  };
  const size_t count = grammar.states().size();
  std::vector<int32_t> order(count, -1), lowest(count, 0), component(count, -1), open;
  std::vector<Visit> visits;
  int32_t next_order = 0;
  int32_t next_component = 0;
  const auto enter = [&](int32_t state) {
    order[static_cast<size_t>(state)] = lowest[static_cast<size_t>(state)] = next_order++;
    open.push_back(state);
    visits.push_back({state, {}, 0});
    LeftCorners(grammar, nullable, state, visits.back().corners);
  };
  for (size_t begin = 0; begin < count; ++begin) {
    if (order[begin] < 0) enter(static_cast<int32_t>(begin));
    while (!visits.empty()) {
      Visit& v = visits.back();
      const auto here = static_cast<size_t>(v.state);
      if (v.done < v.corners.size()) {
        const int32_t to = v.corners[v.done++];
        const auto at = static_cast<size_t>(to);
        if (order[at] < 0) {
          enter(to);
        } else if (component[at] < 0) {
          lowest[here] = std::min(lowest[here], order[at]);
        }
        continue;
      }
      if (lowest[here] == order[here]) {
        for (int32_t member = -1; member != v.state;) {
          member = open.back();
          open.pop_back();
          component[static_cast<size_t>(member)] = next_component;
        }
        ++next_component;
      }
      visits.pop_back();
      if (!visits.empty()) {
        int32_t& up = lowest[static_cast<size_t>(visits.back().state)];
        up = std::min(up, lowest[here]);
      }
    }
  }
  return component;
}

}  // namespace

Result<std::shared_ptr<const Grammar>> Grammar::Parse(std::string_view source, const GrammarLimits& limits) {
  std::shared_ptr<Grammar> grammar(new Grammar);
  grammar->limits_ = limits;
  TW_RETURN_IF_ERROR(GrammarParser(source, *grammar).Run());
  grammar->ShortenJumps();
  grammar->MarkNullable();
  TW_RETURN_IF_ERROR(grammar->RefuseLeftRecursion());
  grammar->NumberBytes();
  return std::shared_ptr<const Grammar>(std::move(grammar));
}

// A state that only leads on is skipped. What it leads to is looked up from the back, where most chains are short already.
void Grammar::ShortenJumps() {
  const auto end_of = [&](int32_t id) {
    while (id >= 0) {
      const GrammarState& s = states_[static_cast<size_t>(id)];
      if (s.op != GrammarOp::kSplit || s.target >= 0 || s.next < 0) break;
      id = s.next;
    }
    return id;
  };
  for (size_t i = states_.size(); i-- > 0;) {
    GrammarState& s = states_[i];
    s.next = end_of(s.next);
    if (s.op == GrammarOp::kSplit || s.op == GrammarOp::kRepeat) s.target = end_of(s.target);
  }
  for (GrammarRule& rule : rules_) rule.entry = end_of(rule.entry);
  root_ = end_of(root_);
}

void Grammar::MarkNullable() {
  const auto dependents = GrammarDependents(*this);
  nullable_.assign(states_.size(), 0);
  const auto is = [&](int32_t id) { return id >= 0 && nullable_[static_cast<size_t>(id)] != 0; };
  const auto holds = [&](const GrammarState& s) {
    switch (s.op) {
      case GrammarOp::kSplit: return is(s.next) || is(s.target);
      case GrammarOp::kCall: return is(rules_[static_cast<size_t>(s.target)].entry) && is(s.next);
      case GrammarOp::kRepeat: return (s.least == 0 || is(s.target)) && is(s.next);
      case GrammarOp::kEnd: return true;
      default: return false;
    }
  };
  std::vector<int32_t> work;
  const auto mark = [&](int32_t id) {
    if (is(id) || !holds(states_[static_cast<size_t>(id)])) return;
    nullable_[static_cast<size_t>(id)] = 1;
    work.push_back(id);
  };
  for (size_t i = 0; i < states_.size(); ++i) {
    if (states_[i].op == GrammarOp::kEnd) mark(static_cast<int32_t>(i));
  }
  while (!work.empty()) {
    const int32_t id = work.back();
    work.pop_back();
    for (const int32_t d : dependents[static_cast<size_t>(id)]) mark(d);
  }
  // What can be nothing can be nothing any number of times.
  for (GrammarState& s : states_) {
    if (s.op != GrammarOp::kRepeat || !is(s.target)) continue;
    s.nullable_body = true;
    s.least = 0;
  }
}

Result<void> Grammar::RefuseLeftRecursion() const {
  const std::vector<int32_t> component = Components(*this, nullable_);
  for (size_t i = 0; i < states_.size(); ++i) {
    if (states_[i].op != GrammarOp::kCall) continue;
    const GrammarRule& rule = rules_[static_cast<size_t>(states_[i].target)];
    if (component[i] != component[static_cast<size_t>(rule.entry)]) continue;
    return Fail(Status(StatusCode::kInvalidInput, "the rule \"" + rule.name +
                                                      "\" is left-recursive: it can begin with itself; write it as a repetition, or with "
                                                      "the recursion on the right")
                    .At("grammar"));
  }
  return {};
}

void Grammar::NumberBytes() {
  std::array<bool, 257> cut{};
  const auto part = [&](uint8_t low, uint8_t high) { cut[low] = cut[size_t{high} + 1] = true; };
  for (const GrammarState& s : states_) {
    if (s.op == GrammarOp::kByte) part(s.byte, s.byte);
  }
  for (const Utf8Class& c : classes_) {
    for (const auto& node : c.nodes()) {
      for (const Utf8Class::Edge& e : node) part(e.low, e.high);
    }
  }
  for (size_t byte = 0; byte < 256; ++byte) {
    if (byte == 0 || cut[byte]) kind_bytes_.push_back(static_cast<uint8_t>(byte));
    kinds_[byte] = static_cast<uint8_t>(kind_bytes_.size() - 1);
  }
}

}  // namespace tradewind
