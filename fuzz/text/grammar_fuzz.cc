// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A grammar, a zero byte, and a text. Beyond crashes and endless work it looks for masks that differ from taking the bytes one by one.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "text/grammar_mask.h"

namespace tradewind {
namespace {

GrammarLimits FuzzLimits() {
  GrammarLimits limits;
  limits.alternatives = 100;
  limits.depth = 50;
  limits.steps = 100'000;
  limits.states = 400;  // a text reaches what makes the matcher compact
  limits.places = 4000;
  return limits;
}

void FuzzGrammar(std::string_view source, std::string_view text) {
  const auto grammar = Grammar::Parse(source, FuzzLimits());
  if (!grammar) return;
  static const std::vector<std::string> tokens = {"a", "b", "ab", "aa", "\"", "\\", "{", "}", "0", "\n", " ", "\xC3", "\xA9", "\xC3\xA9"};
  static const auto trie = std::make_shared<TokenTrie>(tokens);
  GrammarMask mask(*grammar, trie);
  for (size_t i = 0; i < text.size() && i < 64; ++i) {
    const auto allowed = mask.Allowed();
    if (!allowed) return;
    const auto complete = mask.Complete();
    const auto must_end = mask.MustEnd();
    if (!complete || !must_end) return;
    if (*must_end && !(*complete && (*allowed)->Empty())) std::abort();
    const std::string& token = tokens[static_cast<uint8_t>(text[i]) % tokens.size()];
    const bool listed = (*allowed)->Has(static_cast<int32_t>(static_cast<uint8_t>(text[i]) % tokens.size()));
    const auto taken = mask.Accept(token);
    if (!taken && taken.error().code() != StatusCode::kInvalidInput) return;
    if (listed != taken.has_value()) std::abort();
  }
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > (1 << 14)) return 0;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const size_t zero = std::min(all.find('\0'), size);
  tradewind::FuzzGrammar(all.substr(0, zero), zero < size ? all.substr(zero + 1) : "abcabc");
  return 0;
}
