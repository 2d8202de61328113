// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// GrammarConstraint: keeps an answer to a grammar, in a model's tokens. Text tokens are judged by their bytes; tokens that end an answer
// may come where the text may end; no other token may. One an answer; thread-compatible. The tokenizer must outlive it.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "text/grammar_mask.h"
#include "text/tokenizer.h"

namespace tradewind {

// The text tokens of a vocabulary; made once a model.
std::shared_ptr<const TokenTrie> MakeTokenTrie(const Tokenizer& tokenizer);

class GrammarConstraint {
 public:
  // The fault of a grammar is found here.
  static Result<std::unique_ptr<GrammarConstraint>> Make(std::string_view gbnf, const Tokenizer& tokenizer,
                                                         std::shared_ptr<const TokenTrie> trie);

  // What may come next; never empty. Valid until the next call. kUnsupported where the vocabulary has no token to go on with;
  // kInvalidInput names a limit.
  Result<const TokenSet*> Allowed();
  // The token was drawn, and is not one that ends.
  Result<void> Accept(int32_t id);
  // Whether nothing but the end can come.
  Result<bool> MustEnd() { return mask_.MustEnd(); }

 private:
  GrammarConstraint(std::shared_ptr<const Grammar> grammar, const Tokenizer& tokenizer, std::shared_ptr<const TokenTrie> trie)
      : mask_(std::move(grammar), std::move(trie)), tokenizer_(tokenizer) {}
  GrammarMask mask_;
  const Tokenizer& tokenizer_;
  std::vector<int32_t> ends_;
  TokenSet with_ends_;
};

}  // namespace tradewind
