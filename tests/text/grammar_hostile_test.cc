// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Grammars and schemas made to exhaust or confuse: each ends in the error that it should, or costs little.
#include <string>

#include "text/grammar_testing.h"
#include "text/json_schema.h"

namespace tradewind {
namespace {

std::string Repeated(std::string_view piece, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += piece;
  return out;
}

struct Hostile {
  std::string name;
  std::string source;
  std::string says;  // of the error; empty: none
  std::string text = {};
  bool whole = false;  // whether the text is one, where there is no error
};

void PrintTo(const Hostile& h, std::ostream* out) {
  *out << h.name;
}

std::string NameOf(const testing::TestParamInfo<Hostile>& info) {
  return info.param.name;
}

std::vector<Hostile> HostileGrammars() {
  std::string many_rules = "root ::= \"a\"\n";
  for (int i = 0; i < 20'000; ++i) many_rules += "r" + std::to_string(i) + " ::= \"a\"\n";
  std::string shared_start = "root ::= \"b\"";
  std::string empty_alternatives = "root ::= (\"a\"";
  for (int i = 0; i < 2000; ++i) {
    shared_start += " | \"a\" [a-c] \"" + std::to_string(i) + "\"";
    empty_alternatives += " | \"\"";
  }
  return {
      {"Empty", "", "no rule \"root\""},
      {"OnlyAComment", "# nothing", "no rule \"root\""},
      {"NulBytes", std::string("root\0::= \"a\"", 12), "::="},
      {"NoUtf8", "root ::= \"\xC3\x28\"", "UTF-8"},
      {"OverlongUtf8", "root ::= [\xC0\x80]", "UTF-8"},
      {"HalfASurrogate", "root ::= [\\uD800-\\uDFFF]", "no character"},
      {"BeyondUnicode", "root ::= \"\\UFFFFFFFF\"", "no character"},
      {"EndsInAnEscape", "root ::= \"\\", "no such escape"},
      {"GroupsOverDeep", "root ::= " + Repeated("(", 100'000), "over 200 deep"},
      {"GroupNeverClosed", "root ::= (\"a\" (\"b\")", "not closed"},
      {"RepetitionOverflows", "root ::= \"a\"{99999999999999999999999}", "at most 1000000"},
      {"RulesWithoutEnd", many_rules, "over 10000 rules"},
      {"ElementsWithoutEnd", "root ::= \"" + Repeated("a", 300'000) + "\"", "over 200000 elements"},
      {"SourceOverlong", "root ::= \"a\"" + Repeated(" ", 2 << 20), "over 1048576 bytes"},
      {"LeftRecursionBehindEmptyRules", "root ::= e e{0,9} (e | x)\ne ::= \"\" | \"\"*\nx ::= e root \"a\"", "left-recursive"},
      {"RulesInARing", "root ::= a\na ::= b\nb ::= c\nc ::= a", "left-recursive"},
      {"RepetitionsWithinRepetitions", "root ::= (((\"a\"{1000000}){1000000}){1000000})*", "", Repeated("a", 50), false},
      {"StarsWithinStars", "root ::= " + Repeated("(", 190) + "\"a\"" + Repeated("*)", 190), "", Repeated("a", 2000), true},
      {"NothingAMillionTimes", "root ::= (\"a\"? \"\" [b]*){0,1000000} \"c\"", "", Repeated("ab", 100) + "c", true},
      {"NothingExactlyAMillionTimes", "root ::= (\"\"){1000000} \"c\"", "", "c", true},
      {"ReadingsDouble", "root ::= x\nx ::= \"a\" x \"b\" | \"a\" x \"c\" | \"a\"", "1000 readings", Repeated("a", 60)},
      {"CountsSpread", "root ::= (\"a\" | \"aa\"){0,1000000}", "1000 readings", Repeated("a", 5000)},
      {"AlternativesShareAStart", shared_start, "1000 readings", "a"},
      {"EmptyAlternatives", empty_alternatives + ")*", "", Repeated("a", 3000), true},
      {"NestsWithoutEnd", "root ::= \"(\" root \")\" | \"\"", "", Repeated("(", 100'000), false},
      {"NeverEnds", "root ::= \"a\" root", "", Repeated("a", 100'000), false},
      {"NoText", "root ::= \"a\" x\nx ::= [b] x", "", "ab", false},
  };
}

class HostileGrammar : public testing::TestWithParam<Hostile> {};

TEST_P(HostileGrammar, IsContained) {
  const Hostile& h = GetParam();
  const auto grammar = Grammar::Parse(h.source);
  if (!grammar) {
    ASSERT_FALSE(h.says.empty()) << grammar.error().ToString();
    EXPECT_NE(grammar.error().message().find(h.says), std::string::npos) << grammar.error().ToString();
    EXPECT_EQ(grammar.error().ExitCode(), 2);
    EXPECT_LT(grammar.error().message().size(), 400u);
    return;
  }
  const auto verdict = Judge(**grammar, h.text);
  if (!verdict) {
    ASSERT_FALSE(h.says.empty()) << verdict.error().ToString();
    EXPECT_NE(verdict.error().message().find(h.says), std::string::npos) << verdict.error().ToString();
    EXPECT_EQ(verdict.error().ExitCode(), 2);
    return;
  }
  EXPECT_TRUE(h.says.empty()) << "no error";
  EXPECT_EQ(verdict->whole, h.whole);
}
INSTANTIATE_TEST_SUITE_P(, HostileGrammar, testing::ValuesIn(HostileGrammars()), NameOf);

std::vector<Hostile> HostileSchemas() {
  const std::string grows = R"({"$defs": {"x": {"properties": {"n": {"allOf": [{"$ref": "#/$defs/x"}, {"$ref": "#/$defs/y"}]}}},
      "y": {"properties": {"n": {"allOf": [{"$ref": "#/$defs/y"}, {"$ref": "#/$defs/x"}]}}}},
      "allOf": [{"$ref": "#/$defs/x"}, {"$ref": "#/$defs/y"}]})";
  return {
      {"NoJson", "{\"type\":", "not JSON"},
      {"NoUtf8", "{\"const\": \"\xFF\"}", "not JSON"},
      {"NoSchema", "[]", "an object, true or false"},
      {"OverDeep", Repeated("{\"items\":", 5000) + "{}" + Repeated("}", 5000), "over 100 levels"},
      {"Overlong", "{\"const\": \"" + Repeated("a", 2 << 20) + "\"}", "over 1048576 bytes"},
      {"LeadsToItself", R"({"$ref": "#"})", "back to itself"},
      {"LeadsToItselfInARing", R"({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}}})",
       "back to itself"},
      {"AlternativeOfItself", R"({"anyOf": [{"$ref": "#"}, {"type": "null"}]})", "left-recursive"},
      {"MergesGrow", grows, "over 256 schemas"},
      {"LeadsNowhere", R"({"$ref": "#/$defs/absent"})", "nothing at #/$defs/absent"},
      {"LeadsAbroad", R"({"$ref": "https://example.com/schema"})", "into this document"},
      {"PointerBroken", R"({"$ref": "#/~9"})", "nothing at"},
      {"NothingFits", R"({"type": "array", "items": {"type": "string"}, "allOf": [{"type": "null"}]})", "no type is left"},
      {"CountsCross", R"({"type": "string", "minLength": 3, "maxLength": 2})", "below minLength"},
      {"CountsHuge", R"({"type": "string", "maxLength": 1e300})", "from 0 to 1000000"},
      {"CountsNegative", R"({"type": "array", "minItems": -1})", "from 0 to 1000000"},
      {"BoundsCross", R"({"type": "integer", "minimum": 1.2, "maximum": 1.8})", "between its bounds"},
      {"BoundsHuge", R"({"type": "number", "minimum": 1e300})", "15 digits"},
      {"RequiredAndForbidden", R"({"type": "object", "required": ["a"], "additionalProperties": false})", "required and not allowed"},
      {"PatternLooksAhead", R"({"type": "string", "pattern": "^(?=a)b"})", "only (?:"},
      {"PatternRefersBack", R"({"type": "string", "pattern": "^(a)\\1$"})", "not supported"},
      {"PatternNotClosed", R"({"type": "string", "pattern": "((((a"})", "not closed"},
      {"PatternCatastrophic", R"({"type": "string", "pattern": "^(a+)+$"})", "", "\"" + Repeated("a", 3000) + "\"", true},
      {"AlternativesOverlap", R"({"oneOf": [{"type": "integer"}, {"type": "number"}]})", "plainly exclude"},
      {"RequiresItself", R"({"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]})", "", Repeated("{\"a\":", 1000),
       false},
  };
}

class HostileSchema : public testing::TestWithParam<Hostile> {};

TEST_P(HostileSchema, IsContained) {
  const Hostile& h = GetParam();
  const auto gbnf = JsonSchemaGrammar(h.source);
  const auto grammar = gbnf ? Grammar::Parse(*gbnf) : Fail(gbnf.error());
  if (!grammar) {
    ASSERT_FALSE(h.says.empty()) << grammar.error().ToString();
    EXPECT_NE(grammar.error().message().find(h.says), std::string::npos) << grammar.error().ToString();
    EXPECT_EQ(grammar.error().ExitCode(), 2);
    return;
  }
  EXPECT_TRUE(h.says.empty()) << "no error";
  EXPECT_EQ(IsText(**grammar, h.text), h.whole);
}
INSTANTIATE_TEST_SUITE_P(, HostileSchema, testing::ValuesIn(HostileSchemas()), NameOf);

// Every step of a token's way costs, and the sum is bounded.
TEST(HostileSteps, StepsOfOneTokenAreBounded) {
  GrammarLimits limits;
  limits.steps = 1000;
  const auto grammar = ParsedGrammar("root ::= (\"a\" [a-z]{0,100} | [a-b]* \"c\"){1,50}", limits);
  GrammarMatcher matcher(*grammar);
  auto state = matcher.Start();
  while (state && *state != GrammarMatcher::kDead) state = matcher.Step(*state, 'a');
  ASSERT_FALSE(state);
  EXPECT_NE(state.error().message().find("1000 steps"), std::string::npos) << state.error().ToString();
}

}  // namespace
}  // namespace tradewind
