// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What the tests of grammars share.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string_view>

#include "text/grammar_draw.h"

namespace tradewind {

inline std::shared_ptr<const Grammar> ParsedGrammar(std::string_view source, const GrammarLimits& limits = {}) {
  auto grammar = Grammar::Parse(source, limits);
  EXPECT_TRUE(grammar) << grammar.error().ToString() << "\n" << source;
  return grammar ? *grammar : nullptr;
}

inline bool IsText(const Grammar& grammar, std::string_view text) {
  const auto verdict = Judge(grammar, text);
  EXPECT_TRUE(verdict) << verdict.error().ToString();
  return verdict && verdict->whole;
}

}  // namespace tradewind
