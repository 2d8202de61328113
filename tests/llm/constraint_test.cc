// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/constraint.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "llm/llm_test_util.h"
#include "llm/stories_gguf.h"
#include "text/tokenizer_testing.h"

namespace tradewind {
namespace {

std::unique_ptr<Tokenizer> TinyTokenizer() {
  auto tokenizer = MakeTokenizer(TinyBpe({"t r", "u e", "tr ue"}));
  EXPECT_TRUE(tokenizer) << tokenizer.error().ToString();
  return std::move(*tokenizer);
}

int32_t IdOf(const Tokenizer& tokenizer, const std::string& text) {
  for (int32_t id = 0; id < tokenizer.vocab_size(); ++id) {
    if (tokenizer.Decode(id, false) == text) return id;
  }
  ADD_FAILURE() << "no token " << text;
  return 0;
}

TEST(Constraint, TextByItsBytesAndTheEndWhereTheTextMayEnd) {
  const auto tokenizer = TinyTokenizer();
  auto constraint = GrammarConstraint::Make("root ::= \"true\" \"!\"?", *tokenizer, MakeTokenTrie(*tokenizer));
  ASSERT_TRUE(constraint) << constraint.error().ToString();
  const auto allowed = [&] {
    std::vector<std::string> out;
    const TokenSet* set = (*constraint)->Allowed().value();
    for (int32_t id = 0; id < tokenizer->vocab_size(); ++id) {
      if (set->Has(id)) out.push_back(tokenizer->IsEndOfGeneration(id) ? "END" : tokenizer->Decode(id, false));
    }
    return out;
  };
  EXPECT_EQ(allowed(), (std::vector<std::string>{"t", "tr", "true"}));
  ASSERT_TRUE((*constraint)->Accept(IdOf(*tokenizer, "tr")));
  EXPECT_EQ(allowed(), (std::vector<std::string>{"u", "ue"}));
  ASSERT_TRUE((*constraint)->Accept(IdOf(*tokenizer, "ue")));
  EXPECT_EQ(allowed(), (std::vector<std::string>{"END", "END", "!"}));
  EXPECT_FALSE((*constraint)->MustEnd().value());
  ASSERT_TRUE((*constraint)->Accept(IdOf(*tokenizer, "!")));
  EXPECT_EQ(allowed(), (std::vector<std::string>{"END", "END"}));
  EXPECT_TRUE((*constraint)->MustEnd().value());
}

TEST(Constraint, ADeadEndIsSaid) {
  const auto tokenizer = TinyTokenizer();
  auto trie = std::make_shared<TokenTrie>(std::vector<std::string>{"a"});
  auto lacking = GrammarConstraint::Make("root ::= \"b\"", *tokenizer, trie);
  ASSERT_TRUE(lacking);
  EXPECT_EQ((*lacking)->Allowed().error().code(), StatusCode::kUnsupported);
  auto deep = GrammarConstraint::Make("root ::= \"a\" root \"b\"", *tokenizer, trie);
  ASSERT_TRUE(deep);
  Result<const TokenSet*> allowed = (*deep)->Allowed();
  for (int i = 0; i < 100'000 && allowed; ++i) {
    ASSERT_TRUE((*deep)->Accept(IdOf(*tokenizer, "a")));
    allowed = (*deep)->Allowed();
  }
  ASSERT_FALSE(allowed);
  EXPECT_EQ(allowed.error().code(), StatusCode::kInvalidInput) << allowed.error().ToString();
}

class ConstrainedSession : public testing::Test {
 protected:
  void SetUp() override {
    const auto path = StoriesGguf();
    if (!path) GTEST_SKIP() << "absent: assets/llm/stories260K";
    instance_ = OpenModel(*path);
    ASSERT_NE(instance_, nullptr);
  }
  Result<std::unique_ptr<Session>> Start(int64_t tokens) { return instance_->Start({.setting = SettingOf({{"max_tokens", tokens}})}); }
  std::unique_ptr<LanguageModelInstance> instance_;
};

TEST_F(ConstrainedSession, KeepsToTheGrammarAndEndsWithIt) {
  auto session = Start(100);
  ASSERT_TRUE(session);
  for (const double temperature : {0.0, 1.0, 2.0}) {
    Prompt prompt = Greedy("Once upon a time");
    prompt.sampling.temperature = temperature;
    prompt.grammar = "root ::= \" \"? [A-Z] [a-z]{2,5} (\" and \" [A-Z] [a-z]{2,5}){2} \".\"";
    const Answered answer = Drive(**session, prompt);
    EXPECT_EQ(answer.finish, FinishReason::kStop);
    const auto grammar = Grammar::Parse(prompt.grammar);
    GrammarMask mask(*grammar, instance_->token_trie());
    ASSERT_TRUE(mask.Accept(answer.text)) << answer.text;
    EXPECT_TRUE(mask.MustEnd().value()) << answer.text;
  }
}

TEST_F(ConstrainedSession, WhatEndsTooEarlyIsCalledLength) {
  auto session = Start(2);
  Prompt prompt = Greedy("Once");
  prompt.grammar = "root ::= [a-z]{50}";
  EXPECT_EQ(Drive(**session, prompt).finish, FinishReason::kLength);
}

TEST_F(ConstrainedSession, ABrokenGrammarOrBiasIsRefusedAtThePush) {
  auto session = Start(2);
  Prompt prompt = Greedy("Once");
  prompt.grammar = "root ::= root";
  EXPECT_EQ((*session)->Push({{}, prompt}).error().where(), "grammar");
  prompt.grammar.clear();
  prompt.sampling.logit_bias = {{1 << 20, 1}};
  EXPECT_EQ((*session)->Push({{}, prompt}).error().where(), "--logit-bias");
  prompt.sampling.logit_bias.clear();
  EXPECT_EQ(Drive(**session, prompt).finish, FinishReason::kLength) << "the session stays usable";
}

TEST_F(ConstrainedSession, PenaltiesAndBiasReachTheDraw) {
  Prompt prompt = Greedy("Once upon a time there was a little girl");
  const auto plain = Generate(*instance_, prompt, 12);
  ASSERT_EQ(plain.size(), 12u);
  prompt.sampling.logit_bias = {{plain[0], -INFINITY}};
  EXPECT_NE(Generate(*instance_, prompt, 1)[0], plain[0]);
  prompt.sampling.logit_bias = {{300, 1000}};
  EXPECT_EQ(Generate(*instance_, prompt, 6), std::vector<int32_t>(6, 300));
  // Its bias is spent the first time that it comes.
  prompt.sampling.frequency_penalty = 2000;
  const auto varied = Generate(*instance_, prompt, 6);
  EXPECT_LE(std::count(varied.begin(), varied.end(), 300), 1);
  prompt.sampling.frequency_penalty = 0;
  prompt.sampling.dry_multiplier = 100;
  prompt.sampling.dry_base = 50;
  const auto dry = Generate(*instance_, prompt, 12);
  EXPECT_LT(std::count(dry.begin(), dry.end(), 300), 12);
}

}  // namespace
}  // namespace tradewind
