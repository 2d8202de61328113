// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Texts judged by a grammar and drawn from it, for tests and fuzzing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "text/grammar_matcher.h"

namespace tradewind {

// Whether it is one, and whether one begins so.
struct Verdict {
  bool whole = false;
  bool begins = false;
};

inline Result<Verdict> Judge(const Grammar& grammar, std::string_view text) {
  GrammarMatcher matcher(grammar);
  TW_ASSIGN(auto state, matcher.Start());
  for (const char b : text) {
    if (state == GrammarMatcher::kDead) return Verdict{};
    matcher.Refuel();
    TW_ASSIGN(state, matcher.Step(state, static_cast<uint8_t>(b)));
  }
  if (state == GrammarMatcher::kDead) return Verdict{};
  return Verdict{matcher.Complete(state), true};
}

// A random text: at each place one of the kinds of bytes that may come, ending half of the times that it may. Nothing where that took over
// `most` bytes.
inline std::optional<std::string> DrawText(const Grammar& grammar, Random& random, size_t most) {
  GrammarMatcher matcher(grammar);
  auto state = matcher.Start();
  std::string text;
  while (state && text.size() <= most) {
    const bool ends = matcher.Complete(*state);
    if (ends && (!matcher.CanGoOn(*state) || random.Below(2) == 0)) return text;
    std::vector<uint8_t> live;
    for (int kind = 0; kind < grammar.byte_kinds(); ++kind) {
      matcher.Refuel();
      const auto to = matcher.Step(*state, grammar.KindByte(kind));
      if (to && *to != GrammarMatcher::kDead) live.push_back(grammar.KindByte(kind));
    }
    if (live.empty()) return std::nullopt;
    // Any byte of the kind, not its first alone.
    const uint8_t first = live[random.Below(live.size())];
    std::vector<uint8_t> bytes;
    for (int b = 0; b < 256; ++b) {
      if (grammar.KindOf(static_cast<uint8_t>(b)) == grammar.KindOf(first)) bytes.push_back(static_cast<uint8_t>(b));
    }
    const uint8_t byte = bytes[random.Below(bytes.size())];
    text += static_cast<char>(byte);
    state = matcher.Step(*state, byte);
  }
  return std::nullopt;
}

}  // namespace tradewind
