// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Random grammars against the definition of their languages: sets of short texts, joined and concatenated until nothing is added.
// Tests grammar_matcher.cc.
#include <map>
#include <set>

#include "text/grammar_testing.h"

namespace tradewind {
namespace {

constexpr size_t kLongest = 4;
using Language = std::set<std::string>;

Language Concatenated(const Language& a, const Language& b) {
  Language out;
  for (const std::string& x : a) {
    for (const std::string& y : b) {
      if (x.size() + y.size() <= kLongest) out.insert(x + y);
    }
  }
  return out;
}

struct Expression {
  enum Kind { kText, kAny, kRule, kRow, kOr, kTimes } kind = kText;
  std::string text;
  std::vector<Expression> parts;
  int least = 0;
  int most = -1;

  std::string Gbnf() const {
    switch (kind) {
      case kText: return "\"" + text + "\"";
      case kAny: return "[ab]";
      case kRule: return text;
      case kTimes: return "(" + parts[0].Gbnf() + "){" + std::to_string(least) + "," + (most < 0 ? "" : std::to_string(most)) + "}";
      default: break;
    }
    std::string out = "(";
    for (size_t i = 0; i < parts.size(); ++i) out += (i == 0 ? "" : kind == kRow ? " " : " | ") + parts[i].Gbnf();
    return out + ")";
  }

  Language Texts(const std::map<std::string, Language>& rules) const {
    if (kind == kText) return {text};
    if (kind == kAny) return {"a", "b"};
    if (kind == kRule) return rules.at(text);
    if (kind == kOr) {
      Language out;
      for (const Expression& e : parts) out.merge(e.Texts(rules));
      return out;
    }
    Language out = {""};
    if (kind == kRow) {
      for (const Expression& e : parts) out = Concatenated(out, e.Texts(rules));
      return out;
    }
    const Language one = parts[0].Texts(rules);
    Language all = least == 0 ? Language{""} : Language{};
    // Repetitions beyond the longest text add nothing but by empty ones, which are then counted already.
    const int end = most < 0 ? least + static_cast<int>(kLongest) : most;
    for (int i = 1; i <= end; ++i) {
      out = Concatenated(out, one);
      if (i >= least) all.insert(out.begin(), out.end());
    }
    return all;
  }
};

// Rules are named r0, r1, ... in front of which a letter stands: never left-recursive.
Expression RandomExpression(Random& random, int depth, int rules) {
  const auto pick = random.Below(depth > 0 ? 7 : 3);
  if (pick == 0) return {.kind = Expression::kText, .text = random.Below(3) == 0 ? "" : random.Below(2) == 0 ? "a" : "ba", .parts = {}};
  if (pick == 1) return {.kind = Expression::kAny, .text = {}, .parts = {}};
  if (pick == 2) {
    return {.kind = Expression::kRow,
            .text = {},
            .parts = {{.kind = Expression::kText, .text = random.Below(2) == 0 ? "a" : "b", .parts = {}},
                      {.kind = Expression::kRule, .text = "r" + std::to_string(random.Below(static_cast<uint64_t>(rules))), .parts = {}}}};
  }
  Expression out{.kind = pick <= 4 ? Expression::kOr : pick == 5 ? Expression::kRow : Expression::kTimes, .text = {}, .parts = {}};
  const uint64_t parts = out.kind == Expression::kTimes ? 1 : 2 + random.Below(2);
  for (uint64_t i = 0; i < parts; ++i) out.parts.push_back(RandomExpression(random, depth - 1, rules));
  out.least = static_cast<int>(random.Below(4));
  out.most = random.Below(2) == 0 ? -1 : out.least + static_cast<int>(random.Below(4));
  return out;
}

TEST(GrammarLanguage, IsTheSetThatItsDefinitionGives) {
  Random random(2026);
  std::vector<std::string> texts = {""};
  for (size_t i = 0; texts[i].size() < kLongest; ++i) {
    texts.push_back(texts[i] + "a");
    texts.push_back(texts[i] + "b");
  }
  size_t in_language = 0;
  constexpr int kRules = 3;
  for (int round = 0; round < 250; ++round) {
    std::vector<Expression> bodies;
    std::string source;
    for (int r = 0; r < kRules; ++r) {
      bodies.push_back(RandomExpression(random, 3, kRules));
      source += "r" + std::to_string(r) + " ::= " + bodies.back().Gbnf() + "\n";
    }
    source += "root ::= r0\n";
    std::map<std::string, Language> rules;
    for (int r = 0; r < kRules; ++r) rules["r" + std::to_string(r)] = {};
    for (bool grew = true; grew;) {
      grew = false;
      for (int r = 0; r < kRules; ++r) {
        Language& known = rules["r" + std::to_string(r)];
        Language now = bodies[static_cast<size_t>(r)].Texts(rules);
        grew = grew || now.size() > known.size();
        known = std::move(now);
      }
    }
    const auto grammar = ParsedGrammar(source);
    ASSERT_NE(grammar, nullptr);
    for (const std::string& text : texts) {
      const bool in = rules["r0"].count(text) != 0;
      in_language += in;
      ASSERT_EQ(IsText(*grammar, text), in) << source << "and \"" << text << "\"";
    }
  }
  EXPECT_GT(in_language, 800u);
}

}  // namespace
}  // namespace tradewind
