// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/prompt_guard.h"

#include <algorithm>

namespace tradewind {
namespace {

// Two Unicode noncharacters, which no text should hold; should a message hold them, they are dropped.
constexpr std::string_view kMark = "\xEF\xB7\x90\xEF\xB7\x91";

}  // namespace

PromptGuard::PromptGuard(const Tokenizer& tokenizer) : tokenizer_(tokenizer) {
  for (int32_t id = 0; id < tokenizer.vocab_size(); ++id) {
    if (tokenizer.kind(id) != TokenKind::kControl) continue;
    const std::string_view piece = tokenizer.Piece(id);
    if (piece.size() > 1) spellings_[static_cast<uint8_t>(piece[0])].emplace_back(piece);
  }
}

std::string PromptGuard::Guard(std::string_view message) const {
  std::string guarded;
  guarded.reserve(message.size());
  for (size_t at = 0; at < message.size(); ++at) {
    guarded.push_back(message[at]);
    const std::vector<std::string>& candidates = spellings_[static_cast<uint8_t>(message[at])];
    const auto here = [&](const std::string& spelling) { return message.substr(at, spelling.size()) == spelling; };
    if (std::ranges::any_of(candidates, here)) guarded.append(kMark);
  }
  return guarded;
}

Result<std::vector<int32_t>> PromptGuard::Encode(std::string_view rendered) const {
  std::vector<int32_t> ids;
  while (true) {
    const size_t at = rendered.find(kMark);
    TW_ASSIGN(const std::vector<int32_t> part, tokenizer_.Encode(rendered.substr(0, at), SpecialTokens::kParse));
    ids.insert(ids.end(), part.begin(), part.end());
    if (at == std::string_view::npos) return ids;
    rendered.remove_prefix(at + kMark.size());
  }
}

}  // namespace tradewind
