// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/grammar_matcher.h"

#include <algorithm>

namespace tradewind {
namespace {

size_t MixPlaces(size_t seed, size_t value) {
  seed = (seed ^ value) * 0x9E3779B97F4A7C15u;
  return seed ^ (seed >> 29);
}

tl::unexpected<Status> MatcherOver(const char* what, int64_t limit) {
  return Fail(Status(StatusCode::kInvalidInput,
                     "the grammar went over its limit of " + std::to_string(limit) + " " + what + "; a less ambiguous grammar needs fewer")
                  .At("grammar"));
}

}  // namespace

size_t GrammarMatcher::PlaceHash::operator()(const Place& p) const {
  const auto state_and_count = static_cast<uint64_t>(static_cast<uint32_t>(p.state)) << 32 | static_cast<uint32_t>(p.count);
  return MixPlaces(MixPlaces(1, state_and_count), static_cast<uint32_t>(p.parent));
}

size_t GrammarMatcher::SetHash::operator()(const Set& s) const {
  size_t hash = s.complete ? 2 : 3;
  for (const int32_t p : s.places) hash = MixPlaces(hash, static_cast<uint32_t>(p));
  return hash;
}

Result<GrammarMatcher::State> GrammarMatcher::Start() {
  Refuel();
  work_.clear();
  work_.push_back({grammar_.root(), 0, -1, 0});
  return Close();
}

Result<GrammarMatcher::State> GrammarMatcher::NewStep(State from, uint8_t byte) {
  work_.clear();
  for (const int32_t number : states_[static_cast<size_t>(from)].places) {
    const Place place = places_[static_cast<size_t>(number)];
    const GrammarState& s = StateOf(place.state);
    --fuel_;
    if (s.op == GrammarOp::kByte) {
      if (s.byte == byte) work_.push_back({s.next, 0, place.parent, place.depth});
      continue;
    }
    const int node = grammar_.classes()[static_cast<size_t>(s.target)].Step(place.count, byte);
    if (node == Utf8Class::kReject) continue;
    work_.push_back(node == Utf8Class::kAccept ? Place{s.next, 0, place.parent, place.depth}
                                               : Place{place.state, node, place.parent, place.depth});
  }
  TW_ASSIGN(const State to, Close());
  steps_[StepIndex(from, byte)] = to;
  return to;
}

Result<GrammarMatcher::State> GrammarMatcher::Close() {
  visited_.clear();
  found_ = {};
  std::vector<Place> seeds;
  seeds.swap(work_);
  for (const Place& p : seeds) Visit(p);
  while (!work_.empty()) {
    const Place at = work_.back();
    work_.pop_back();
    Expand(at);
    TW_RETURN_IF_ERROR(CheckLimits());
  }
  if (found_.places.empty() && !found_.complete) return kDead;
  std::sort(found_.places.begin(), found_.places.end());
  return NumberSet(std::move(found_));
}

Result<void> GrammarMatcher::CheckLimits() const {
  const GrammarLimits& limits = grammar_.limits();
  if (found_.places.size() > limits.alternatives)
    return MatcherOver("readings of a text at a time", static_cast<int64_t>(limits.alternatives));
  if (places_.size() > limits.places) return MatcherOver("places", static_cast<int64_t>(limits.places));
  if (fuel_ < 0) return MatcherOver("steps a token", limits.steps);
  return {};
}

void GrammarMatcher::Visit(Place at) {
  --fuel_;
  if (visited_.insert(at).second) work_.push_back(at);
}

// Takes one place a step further, without a byte. A rule that is called last leaves no frame, so that recursion on the right costs no
// depth.
void GrammarMatcher::Expand(const Place& at) {
  const GrammarState& s = StateOf(at.state);
  switch (s.op) {
    case GrammarOp::kByte:
    case GrammarOp::kClass: found_.places.push_back(Number(at)); break;
    case GrammarOp::kSplit:
      if (s.next >= 0) Visit({s.next, 0, at.parent, at.depth});
      if (s.target >= 0) Visit({s.target, 0, at.parent, at.depth});
      break;
    case GrammarOp::kCall: {
      const int32_t entry = grammar_.rules()[static_cast<size_t>(s.target)].entry;
      if (StateOf(s.next).op == GrammarOp::kEnd) {
        Visit({entry, 0, at.parent, at.depth});
      } else if (at.depth >= grammar_.limits().depth) {
        depth_reached_ = true;
      } else {
        Visit({entry, 0, Number({s.next, 0, at.parent, at.depth}), at.depth + 1});
      }
      break;
    }
    case GrammarOp::kRepeat: {
      if (at.count >= s.least) Visit({s.next, 0, at.parent, at.depth});
      if (s.most >= 0 && at.count >= s.most) break;
      if (at.depth >= grammar_.limits().depth) {
        depth_reached_ = true;
        break;
      }
      // Without an upper bound only whether `least` is reached matters.
      const int32_t count = s.most < 0 ? std::min(at.count + 1, s.least) : at.count + 1;
      Visit({s.target, 0, Number({at.state, count, at.parent, at.depth}), at.depth + 1});
      break;
    }
    case GrammarOp::kEnd: Return(at.parent); break;
  }
}

// A repetition that took nothing since it began adds no text that the count before it would not allow, and is dropped: else a body that
// can be nothing would run through all counts.
void GrammarMatcher::Return(int32_t frame) {
  if (frame < 0) {
    found_.complete = true;
    return;
  }
  const Place back = places_[static_cast<size_t>(frame)];
  const GrammarState& s = StateOf(back.state);
  if (s.nullable_body && back.count > 0 && visited_.count({back.state, back.count - 1, back.parent, 0}) != 0) return;
  Visit(back);
}

int32_t GrammarMatcher::Number(Place place) {
  const auto [found, fresh] = place_numbers_.emplace(place, static_cast<int32_t>(places_.size()));
  if (fresh) places_.push_back(place);
  return found->second;
}

Result<GrammarMatcher::State> GrammarMatcher::NumberSet(Set set) {
  const auto found = state_numbers_.find(set);
  if (found != state_numbers_.end()) return found->second;
  const size_t limit = grammar_.limits().states;
  if (states_.size() >= limit) return MatcherOver("states", static_cast<int64_t>(limit));
  const auto number = static_cast<State>(states_.size());
  states_.push_back(set);
  state_numbers_.emplace(std::move(set), number);
  steps_.resize(states_.size() * static_cast<size_t>(grammar_.byte_kinds()), kUnknown);
  return number;
}

bool GrammarMatcher::Compact(State& keep) {
  const GrammarLimits& limits = grammar_.limits();
  if (places_.size() < limits.places / 2 && states_.size() < limits.states / 2) return false;
  Set kept = states_[static_cast<size_t>(keep)];
  std::vector<int32_t> moved(places_.size(), -1);
  for (const int32_t p : kept.places) {
    for (int32_t up = p; up >= 0 && moved[static_cast<size_t>(up)] < 0; up = places_[static_cast<size_t>(up)].parent) {
      moved[static_cast<size_t>(up)] = 0;
    }
  }
  std::vector<Place> places;
  place_numbers_.clear();
  for (size_t i = 0; i < places_.size(); ++i) {
    if (moved[i] < 0) continue;
    Place p = places_[i];
    if (p.parent >= 0) p.parent = moved[static_cast<size_t>(p.parent)];
    moved[i] = static_cast<int32_t>(places.size());
    place_numbers_.emplace(p, moved[i]);
    places.push_back(p);
  }
  places_ = std::move(places);
  for (int32_t& p : kept.places) p = moved[static_cast<size_t>(p)];
  states_.assign(1, kept);
  state_numbers_.clear();
  state_numbers_.emplace(std::move(kept), 0);
  steps_.assign(static_cast<size_t>(grammar_.byte_kinds()), kUnknown);
  keep = 0;
  return true;
}

}  // namespace tradewind
