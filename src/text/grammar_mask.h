// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// GrammarMask: which tokens a grammar allows next. The grammar and the trie of tokens are walked together, so that the work is what of
// the trie can be reached; what was found for a state is kept for the next time it comes. A token may end inside a character.
// One a text; thread-compatible. Shares the grammar and the trie.
//
//   GrammarMask mask(grammar, trie);
//   TW_ASSIGN(const TokenSet* allowed, mask.Allowed());
//   TW_RETURN_IF_ERROR(mask.Accept(bytes_of_the_drawn_token));
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "text/grammar_matcher.h"
#include "text/token_trie.h"

namespace tradewind {

// A set of token ids.
class TokenSet {
 public:
  explicit TokenSet(size_t size = 0) : words_((size + 63) / 64) {}
  bool Has(int32_t id) const {
    const auto at = static_cast<size_t>(id);
    return at / 64 < words_.size() && (words_[at / 64] >> (at % 64) & 1) != 0;
  }
  void Add(int32_t id) { words_[static_cast<size_t>(id) / 64] |= uint64_t{1} << (static_cast<size_t>(id) % 64); }
  bool Empty() const;

 private:
  std::vector<uint64_t> words_;
};

class GrammarMask {
 public:
  GrammarMask(std::shared_ptr<const Grammar> grammar, std::shared_ptr<const TokenTrie> trie)
      : grammar_(std::move(grammar)), trie_(std::move(trie)), matcher_(*grammar_) {}

  // The tokens that may come next; what ends an answer is not among them: see Complete(). Valid until the next call. kInvalidInput
  // names a limit.
  Result<const TokenSet*> Allowed();
  // Takes the bytes that were written. kInvalidInput if the grammar does not allow them; the state then stays.
  Result<void> Accept(std::string_view bytes);
  // Whether the text may end here, and whether it must: nothing else is allowed.
  Result<bool> Complete();
  Result<bool> MustEnd();
  // Whether text was shut out for being nested deeper than the limit.
  bool depth_reached() const { return matcher_.depth_reached(); }

 private:
  Result<void> Begin();
  Result<TokenSet> Walk();

  std::shared_ptr<const Grammar> grammar_;
  std::shared_ptr<const TokenTrie> trie_;
  GrammarMatcher matcher_;
  GrammarMatcher::State state_ = 0;
  bool begun_ = false;
  std::unordered_map<GrammarMatcher::State, TokenSet> known_;
};

}  // namespace tradewind
