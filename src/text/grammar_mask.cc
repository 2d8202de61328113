// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/grammar_mask.h"

#include <algorithm>

namespace tradewind {
namespace {

constexpr size_t kKnownMasks = 256;  // 19 kB each for 150,000 tokens

}  // namespace

bool TokenSet::Empty() const {
  return std::all_of(words_.begin(), words_.end(), [](uint64_t w) { return w == 0; });
}

Result<void> GrammarMask::Begin() {
  if (begun_) return {};
  TW_ASSIGN(state_, matcher_.Start());
  begun_ = true;
  if (state_ != GrammarMatcher::kDead) return {};
  return Fail(Status(StatusCode::kInvalidInput, "the grammar has no text").At("grammar"));
}

Result<bool> GrammarMask::Complete() {
  TW_RETURN_IF_ERROR(Begin());
  return matcher_.Complete(state_);
}

Result<bool> GrammarMask::MustEnd() {
  TW_RETURN_IF_ERROR(Begin());
  return matcher_.Complete(state_) && !matcher_.CanGoOn(state_);
}

Result<const TokenSet*> GrammarMask::Allowed() {
  TW_RETURN_IF_ERROR(Begin());
  matcher_.Refuel();
  if (matcher_.Compact(state_)) known_.clear();
  const auto found = known_.find(state_);
  if (found != known_.end()) return &found->second;
  TW_ASSIGN(TokenSet set, Walk());
  if (known_.size() >= kKnownMasks) known_.clear();
  return &known_.emplace(state_, std::move(set)).first->second;
}

Result<TokenSet> GrammarMask::Walk() {
  TokenSet set(trie_->vocab_size());
  std::vector<GrammarMatcher::State> states(trie_->max_depth() + 1);
  states[0] = state_;
  const std::vector<TokenTrie::Node>& nodes = trie_->nodes();
  for (size_t i = 0; i < nodes.size();) {
    const TokenTrie::Node& node = nodes[i];
    const GrammarMatcher::State from = states[node.depth - 1u];
    GrammarMatcher::State to = matcher_.Known(from, node.byte);
    if (to == GrammarMatcher::kUnknown) {
      TW_ASSIGN(to, matcher_.Step(from, node.byte));
    }
    if (to == GrammarMatcher::kDead) {
      i = static_cast<size_t>(node.end);
      continue;
    }
    states[node.depth] = to;
    for (int32_t t = i == 0 ? 0 : nodes[i - 1].tokens_end; t < node.tokens_end; ++t) set.Add(trie_->tokens()[static_cast<size_t>(t)]);
    ++i;
  }
  return set;
}

Result<void> GrammarMask::Accept(std::string_view bytes) {
  TW_RETURN_IF_ERROR(Begin());
  matcher_.Refuel();
  if (matcher_.Compact(state_)) known_.clear();
  GrammarMatcher::State at = state_;
  for (const char b : bytes) {
    TW_ASSIGN(at, matcher_.Step(at, static_cast<uint8_t>(b)));
    if (at == GrammarMatcher::kDead) {
      return Fail(Status(StatusCode::kInvalidInput, "the grammar does not allow this text here").At("grammar"));
    }
  }
  state_ = at;
  return {};
}

}  // namespace tradewind
