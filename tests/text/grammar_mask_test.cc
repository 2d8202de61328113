// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Tests token_trie.cc, too.
#include "text/grammar_mask.h"

#include <algorithm>

#include "text/grammar_testing.h"

namespace tradewind {
namespace {

constexpr const char* kJson = R"(root ::= value
value ::= "{" ws (string ":" ws value ("," ws string ":" ws value)*)? "}" | "[" (value ("," value)*)? "]" | string | [0-9]+ | "true"
string ::= "\"" ([^"\\\x00-\x1F] | "\\" (["\\/bfnrt] | "u" [0-9a-f]{4}))* "\""
ws ::= " "?
)";

std::vector<std::string> RandomTokens(Random& random, size_t count) {
  const std::string pieces = "{}[]\":, ab01tru\\u\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\n";
  std::vector<std::string> tokens;
  for (int b = 0; b < 256; ++b) tokens.emplace_back(1, static_cast<char>(b));
  while (tokens.size() < count) {
    std::string token;
    for (uint64_t i = 0; i <= random.Below(6); ++i) token += pieces[random.Below(pieces.size())];
    tokens.push_back(token);
  }
  tokens.emplace_back();  // no text
  return tokens;
}

// The mask of every state on the way of a random text against each token tried by itself on a fresh matcher.
TEST(GrammarMask, AllowsATokenIfAndOnlyIfATextGoesOnWithIt) {
  Random random(5);
  const auto grammar = ParsedGrammar(kJson);
  const std::vector<std::string> tokens = RandomTokens(random, 600);
  const auto trie = std::make_shared<TokenTrie>(tokens);
  size_t allowed_in_all = 0;
  for (int round = 0; round < 5; ++round) {
    GrammarMask mask(grammar, trie);
    std::string text;
    for (int step = 0; step < 8; ++step) {
      const auto allowed = mask.Allowed();
      ASSERT_TRUE(allowed) << allowed.error().ToString();
      std::vector<int32_t> ids;
      for (size_t id = 0; id < tokens.size(); ++id) {
        const auto verdict = Judge(*grammar, text + tokens[id]);
        ASSERT_TRUE(verdict);
        const bool fits = !tokens[id].empty() && verdict->begins;
        ASSERT_EQ((*allowed)->Has(static_cast<int32_t>(id)), fits) << text << " and " << tokens[id];
        if (fits) ids.push_back(static_cast<int32_t>(id));
      }
      allowed_in_all += ids.size();
      if (ids.empty()) break;
      const std::string& token = tokens[static_cast<size_t>(ids[random.Below(ids.size())])];
      ASSERT_TRUE(mask.Accept(token));
      text += token;
      EXPECT_EQ(mask.Complete().value(), IsText(*grammar, text));
    }
  }
  EXPECT_GT(allowed_in_all, 1000u);
}

TEST(GrammarMask, ATokenMayEndInsideACharacter) {
  const auto grammar = ParsedGrammar("root ::= [\xC3\xA0-\xC3\xBF] \"!\"");
  const std::vector<std::string> tokens = {"\xC3", "\xA9", "\xA9!", "\xC3\xA9!", "\xC3\x80", "\x80", "\xE2", "!"};
  GrammarMask mask(grammar, std::make_shared<TokenTrie>(tokens));
  const auto ids = [&] {
    std::vector<size_t> out;
    const TokenSet* allowed = mask.Allowed().value();
    for (size_t i = 0; i < tokens.size(); ++i) {
      if (allowed->Has(static_cast<int32_t>(i))) out.push_back(i);
    }
    return out;
  };
  EXPECT_EQ(ids(), (std::vector<size_t>{0, 3}));
  ASSERT_TRUE(mask.Accept("\xC3"));
  EXPECT_EQ(ids(), (std::vector<size_t>{1, 2}));
  EXPECT_FALSE(mask.Complete().value());
  ASSERT_TRUE(mask.Accept("\xA9!"));
  EXPECT_TRUE(mask.MustEnd().value());
  EXPECT_TRUE(mask.Allowed().value()->Empty());
}

TEST(GrammarMask, WhatIsNotAllowedIsRefusedAndChangesNothing) {
  GrammarMask mask(ParsedGrammar("root ::= \"ab\""), std::make_shared<TokenTrie>(std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(mask.Accept("ax").error().where(), "grammar");
  EXPECT_TRUE(mask.Accept("ab"));
}

// Little room makes it forget often; the masks stay the same.
TEST(GrammarMask, ForgettingChangesNothing) {
  Random random(9);
  const std::vector<std::string> tokens = RandomTokens(random, 300);
  const auto trie = std::make_shared<TokenTrie>(tokens);
  GrammarLimits small;
  small.states = 2000;
  small.places = 8000;
  GrammarMask roomy(ParsedGrammar(kJson), trie);
  GrammarMask tight(ParsedGrammar(kJson, small), trie);
  ASSERT_TRUE(roomy.Accept("[[[[") && tight.Accept("[[[["));
  for (int step = 0; step < 300; ++step) {
    const TokenSet* a = roomy.Allowed().value();
    const auto b = tight.Allowed();
    ASSERT_TRUE(b) << b.error().ToString();
    std::vector<int32_t> ids;
    for (int32_t id = 0; id < static_cast<int32_t>(tokens.size()); ++id) {
      ASSERT_EQ(a->Has(id), (*b)->Has(id));
      const std::string& t = tokens[static_cast<size_t>(id)];
      if (a->Has(id) && (step > 250 || t.find_first_of("}]") == std::string::npos)) ids.push_back(id);
    }
    if (ids.empty()) break;
    const std::string& token = tokens[static_cast<size_t>(ids[random.Below(ids.size())])];
    ASSERT_TRUE(roomy.Accept(token));
    ASSERT_TRUE(tight.Accept(token));
  }
}

TEST(TokenTrie, HoldsEveryTokenOnceInPreorder) {
  const std::vector<std::string> tokens = {"b", "ab", "", "a", "abc", "ab", "\xFF"};
  const TokenTrie trie(tokens);
  EXPECT_EQ(trie.tokens(), (std::vector<int32_t>{3, 1, 5, 4, 0, 6}));
  ASSERT_EQ(trie.nodes().size(), 5u);
  EXPECT_EQ(trie.nodes()[0].end, 3);
  EXPECT_EQ(trie.nodes()[1].tokens_end, 3);
  EXPECT_EQ(trie.nodes()[2].depth, 3);
  EXPECT_EQ(trie.max_depth(), 3u);
}

}  // namespace
}  // namespace tradewind
