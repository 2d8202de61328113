// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/constraint.h"

#include <string>
#include <vector>

namespace tradewind {

std::shared_ptr<const TokenTrie> MakeTokenTrie(const Tokenizer& tokenizer) {
  std::vector<std::string> tokens(static_cast<size_t>(tokenizer.vocab_size()));
  for (int32_t id = 0; id < tokenizer.vocab_size(); ++id) {
    const TokenKind kind = tokenizer.kind(id);
    const bool is_text = kind == TokenKind::kNormal || kind == TokenKind::kByte || kind == TokenKind::kUserDefined;
    if (is_text && !tokenizer.IsEndOfGeneration(id)) tokens[static_cast<size_t>(id)] = tokenizer.Decode(id, false);
  }
  return std::make_shared<TokenTrie>(tokens);
}

Result<std::unique_ptr<GrammarConstraint>> GrammarConstraint::Make(std::string_view gbnf, const Tokenizer& tokenizer,
                                                                   std::shared_ptr<const TokenTrie> trie) {
  TW_ASSIGN(std::shared_ptr<const Grammar> grammar, Grammar::Parse(gbnf));
  std::unique_ptr<GrammarConstraint> constraint(new GrammarConstraint(std::move(grammar), tokenizer, std::move(trie)));
  TW_RETURN_IF_ERROR(constraint->mask_.Complete());
  for (int32_t id = 0; id < tokenizer.vocab_size(); ++id) {
    if (tokenizer.IsEndOfGeneration(id)) constraint->ends_.push_back(id);
  }
  return constraint;
}

Result<const TokenSet*> GrammarConstraint::Allowed() {
  TW_ASSIGN(const TokenSet* allowed, mask_.Allowed());
  TW_ASSIGN(const bool complete, mask_.Complete());
  if (!complete) {
    if (!allowed->Empty()) return allowed;
    if (mask_.depth_reached()) {
      return Fail(Status(StatusCode::kInvalidInput, "the text would nest deeper than the grammar's limit").At("grammar"));
    }
    return Fail(Status(StatusCode::kUnsupported, "the model has no token that the grammar allows here").At("grammar"));
  }
  with_ends_ = *allowed;
  for (const int32_t id : ends_) with_ends_.Add(id);
  return &with_ends_;
}

Result<void> GrammarConstraint::Accept(int32_t id) {
  return mask_.Accept(tokenizer_.Decode(id, false));
}

}  // namespace tradewind
