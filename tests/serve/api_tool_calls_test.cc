// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Calls in answers: read in whatever pieces they come, and enforced by grammars (tool_call_reader.cc, tool_grammar.cc, tool_notation.cc).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/random.h"
#include "serve/api/tool_call_reader.h"
#include "serve/api/tool_grammar.h"
#include "text/grammar_draw.h"

namespace tradewind {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<std::string> kNames = {"f", "get_weather"};

// Texts joined, calls as "<name arguments>", in their order.
std::string Shown(const std::vector<ToolEvent>& events) {
  std::string shown;
  for (const ToolEvent& event : events) {
    if (const auto* text = std::get_if<std::string>(&event)) shown += *text;
    if (const auto* call = std::get_if<ToolCall>(&event)) shown += "«" + call->name + " " + call->arguments + "»";
  }
  return shown;
}

std::string Read(ToolNotation notation, std::initializer_list<std::string_view> pieces, const ToolReaderLimits& limits = {}) {
  ToolCallReader reader(notation, kNames, limits);
  std::string shown;
  for (const std::string_view piece : pieces) shown += Shown(reader.Add(piece));
  return shown + Shown(reader.Finish());
}

struct NotationCase {
  ToolNotation notation;
  std::string answer;
  std::string shown;
};

std::vector<NotationCase> NotationCases() {
  using enum ToolNotation;
  const std::string call = R"(<tool_call>
{"name": "f", "arguments": {"a": 1}}
</tool_call>)";
  return {
      {kTags, "", ""},
      {kTags, "Just text.\n\n", "Just text.\n\n"},
      {kTags, call, R"(«f {"a":1}»)"},
      {kTags, "I look.\n" + call + "\n" + call + "\n", R"(I look.«f {"a":1}»«f {"a":1}»)"},
      {kTags, call + "Done.", R"(«f {"a":1}»Done.)"},
      {kTags, R"(<tool_call>[{"name": "f", "arguments": {}}, {"name": "get_weather", "arguments": {"city": "Köln"}}]</tool_call>)",
       "«f {}»«get_weather {\"city\":\"Köln\"}»"},
      {kTags, R"(<tool_call>{"name": "f", "arguments": {"x": "</tool_call>}\"\\"}}</tool_call>)", R"(«f {"x":"</tool_call>}\"\\"}»)"},
      {kTags, R"(<tool_call>{"name": "f", "arguments": "{\"a\": 2}"}</tool_call>)", R"(«f {"a":2}»)"},
      {kTags, R"(<tool_call>{"name": "f", "arguments": {}})", "«f {}»"},
      {kTags, R"(<tool_call>{"name": "f", "arguments": {}}<tool_call>{"name": "f", "arguments": {}})", "«f {}»«f {}»"},
      {kTags, "<<tool_call<tool_call>{}", "<<tool_call<tool_call>{}"},
      {kTags, "a < b <tool_c", "a < b <tool_c"},
      {kTags, "<tool_call>", "<tool_call>"},
      {kTags, "<tool_call>not JSON</tool_call>", "<tool_call>not JSON</tool_call>"},
      {kTags, R"( <tool_call>{"name": "unknown", "arguments": {}}</tool_call>)",
       R"( <tool_call>{"name": "unknown", "arguments": {}}</tool_call>)"},
      {kTags, R"(<tool_call>{"name": "f", "arguments": [1]}</tool_call>)", R"(<tool_call>{"name": "f", "arguments": [1]}</tool_call>)"},
      {kTags, R"(<tool_call>{"name": "f"}</tool_call>)", R"(<tool_call>{"name": "f"}</tool_call>)"},
      {kTags, R"(<tool_call>{"name": "f", "arguments": {}]</tool_call>)", R"(<tool_call>{"name": "f", "arguments": {}]</tool_call>)"},
      {kTags, R"(<tool_call>{"name": "f", "argum)", R"(<tool_call>{"name": "f", "argum)"},
      {kTags, R"({"name": "f", "arguments": {}})", R"({"name": "f", "arguments": {}})"},
      {kObject, R"({"name": "f", "parameters": {"a": 1}})", R"(«f {"a":1}»)"},
      {kObject,
       "\n"
       R"({"name": "f", "parameters": {}}; {"name": "f", "parameters": {"b": 2}})",
       R"(«f {}»«f {"b":2}»)"},
      {kObject, "The JSON {\"name\": \"f\", \"parameters\": {}}", "The JSON {\"name\": \"f\", \"parameters\": {}}"},
      {kObject, R"({"answer": 5} and more)", R"({"answer": 5} and more)"},
      {kObject, R"({"name": "f", "parameters": {)", R"({"name": "f", "parameters": {)"},
      {kList, R"([TOOL_CALLS][{"name": "f", "arguments": {"a": 1}}, {"name": "f", "arguments": {}}])", R"(«f {"a":1}»«f {}»)"},
      {kList, R"([TOOL_CALLS] [{"name": "f", "arguments": {"a": 1}}] bye)", R"(«f {"a":1}» bye)"},
      {kList, R"([{"name": "f", "arguments": {"a": 1}}])", R"(«f {"a":1}»)"},
      {kList, "[1] is a footnote, [TOOL_ is none", "[1] is a footnote, [TOOL_ is none"},
      {kList, "[{\"a\": 1}] is a list", "[{\"a\": 1}] is a list"},
      {kList, "Text, then [TOOL_CALLS][{\"name\": \"f\", \"arguments\": {}}]", "Text, then«f {}»"},
  };
}

TEST(ToolCallReader, WholeAnswers) {
  for (const NotationCase& c : NotationCases()) EXPECT_EQ(Read(c.notation, {c.answer}), c.shown) << c.answer;
}

TEST(ToolCallReader, TheSameHoweverItIsCut) {
  for (const NotationCase& c : NotationCases()) {
    const std::string_view answer = c.answer;
    for (size_t cut = 0; cut <= answer.size(); ++cut) {
      ASSERT_EQ(Read(c.notation, {answer.substr(0, cut), answer.substr(cut)}), c.shown) << answer << " at " << cut;
    }
    ToolCallReader reader(c.notation, kNames);
    std::string shown;
    for (const char byte : answer) shown += Shown(reader.Add(std::string_view(&byte, 1)));
    EXPECT_EQ(shown + Shown(reader.Finish()), c.shown) << "byte by byte";
  }
}

TEST(ToolCallReader, TextGoesOutAtOnce) {
  ToolCallReader reader(ToolNotation::kTags, kNames);
  EXPECT_EQ(Shown(reader.Add("Hello")), "Hello");
  EXPECT_EQ(Shown(reader.Add(" wor")), " wor");
  EXPECT_EQ(Shown(reader.Add("ld <tool")), "ld");
  EXPECT_EQ(Shown(reader.Add("box")), " <toolbox");
  EXPECT_EQ(Shown(reader.Add("<tool_call>{\"name\": \"f\", \"arguments\": {}")), "");
  EXPECT_EQ(Shown(reader.Add("}")), "«f {}»") << "without its closing tag";
  EXPECT_EQ(reader.calls(), 1u);
}

TEST(ToolCallReader, LimitsTurnACallIntoText) {
  const std::string long_call = R"(<tool_call>{"name": "f", "arguments": {"a": ")" + std::string(500, 'x') + R"("}}</tool_call>)";
  EXPECT_EQ(Read(ToolNotation::kTags, {long_call}, {.call_bytes = 100}), long_call);
  const std::string deep = "<tool_call>" + std::string(200'000, '[');
  EXPECT_EQ(Read(ToolNotation::kTags, {deep}), deep);
  const std::string blanks = "a" + std::string(5000, ' ');
  EXPECT_EQ(Read(ToolNotation::kTags, {blanks}), blanks);
  ToolCallReader reader(ToolNotation::kTags, kNames);
  EXPECT_GT(Shown(reader.Add(blanks)).size(), 3900u) << "not held until the end";
  const std::string marked = "<tool_call>" + std::string(5000, '\n') + "x";
  EXPECT_EQ(Read(ToolNotation::kTags, {marked}), marked);
  const std::string two = R"(<tool_call>[{"name": "f", "arguments": {}}, {"name": "f", "arguments": {}}])";
  EXPECT_EQ(Read(ToolNotation::kTags, {two}, {.calls = 1}), two);
}

// Random answers of the words that matter: without a call nothing is lost, and pieces make no difference.
TEST(ToolCallReader, RandomAnswers) {
  const std::vector<std::string> words = {"<tool_call>",
                                          "</tool_call>",
                                          "[TOOL_CALLS]",
                                          R"({"name": "f", "arguments": {"a": [1, "}"]}})",
                                          "{",
                                          "}",
                                          "[",
                                          "]",
                                          "\"",
                                          "\\",
                                          " ",
                                          "\n",
                                          "text",
                                          "<",
                                          R"({"name": "f", "parameters": {}})",
                                          ";",
                                          ","};
  Random random(5);
  size_t with_calls = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string answer;
    for (uint64_t k = random.Below(8); k > 0; --k) answer += words[random.Below(words.size())];
    const auto notation = static_cast<ToolNotation>(random.Below(3));
    ToolCallReader whole(notation, kNames), cut(notation, kNames);
    std::string shown = Shown(whole.Add(answer)), pieces;
    shown += Shown(whole.Finish());
    for (std::string_view rest = answer; !rest.empty();) {
      const size_t size = 1 + random.Below(rest.size());
      pieces += Shown(cut.Add(rest.substr(0, size)));
      rest.remove_prefix(size);
    }
    pieces += Shown(cut.Finish());
    ASSERT_EQ(shown, pieces) << answer;
    if (whole.calls() == 0) ASSERT_EQ(shown, answer);
    with_calls += whole.calls() > 0 ? 1 : 0;
  }
  EXPECT_GT(with_calls, 1000u) << "the words make calls often enough to test them";
}

ToolUse Weather(ToolChoice::Mode mode, bool strict = false) {
  ToolUse use;
  use.tools = {
      {.name = "get_weather",
       .parameters =
           R"({"type": "object", "properties": {"city": {"$ref": "#/$defs/city"}, "days": {"type": "integer", "minimum": 1, "maximum": 9}},
                  "required": ["city", "days"], "$defs": {"city": {"type": "string", "enum": ["Paris", "Köln"]}}})",
       .strict = strict,
       .place = "tools[0].function.parameters"},
      {.name = "f",
       .parameters = R"({"type": "object", "properties": {"on": {"type": "boolean"}}, "required": ["on"]})",
       .place = "tools[1].function.parameters"}};
  use.choice.mode = mode;
  return use;
}

std::shared_ptr<const Grammar> GrammarOf(const ToolUse& use, ToolNotation notation) {
  const auto gbnf = ToolGrammar(use, notation);
  EXPECT_TRUE(gbnf) << gbnf.error().ToString();
  auto grammar = Grammar::Parse(*gbnf);
  EXPECT_TRUE(grammar) << grammar.error().ToString() << *gbnf;
  return *grammar;
}

bool Is(const std::shared_ptr<const Grammar>& grammar, std::string_view text) {
  const auto verdict = Judge(*grammar, text);
  return verdict && verdict->whole;
}

const std::string kGood = "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\":\"Paris\",\"days\":3}}\n</tool_call>";
const std::string kWrong = "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"city\":\"London\",\"days\":3}}\n</tool_call>";
const std::string kOther = "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"on\":true}}\n</tool_call>";

TEST(ToolGrammar, ARequiredCallIsEnforced) {
  const auto any = GrammarOf(Weather(ToolChoice::Mode::kRequired), ToolNotation::kTags);
  EXPECT_TRUE(Is(any, kGood) && Is(any, kOther) && Is(any, kGood + "\n" + kOther));
  EXPECT_FALSE(Is(any, kWrong) || Is(any, "") || Is(any, "text") || Is(any, kGood + " text"));
  ToolUse use = Weather(ToolChoice::Mode::kRequired);
  use.choice.name = "f";
  use.choice.parallel = false;
  const auto named = GrammarOf(use, ToolNotation::kTags);
  EXPECT_TRUE(Is(named, kOther));
  EXPECT_FALSE(Is(named, kGood) || Is(named, kOther + "\n" + kOther));
}

TEST(ToolGrammar, OtherNotations) {
  const auto object = GrammarOf(Weather(ToolChoice::Mode::kRequired), ToolNotation::kObject);
  EXPECT_TRUE(Is(object, R"({"name": "f", "parameters": {"on":false}})"));
  EXPECT_FALSE(Is(object, R"({"name": "f", "arguments": {"on":false}})"));
  const auto list = GrammarOf(Weather(ToolChoice::Mode::kRequired), ToolNotation::kList);
  EXPECT_TRUE(Is(list, R"([{"name": "f", "arguments": {"on":false}}, {"name": "f", "arguments": {"on":true}}])"));
  EXPECT_FALSE(Is(list, "[]"));
}

TEST(ToolGrammar, WhereNothingIsToBeEnforced) {
  EXPECT_EQ(*ToolGrammar(Weather(ToolChoice::Mode::kAuto), ToolNotation::kTags), "");
  EXPECT_EQ(*ToolGrammar(Weather(ToolChoice::Mode::kNone, true), ToolNotation::kTags), "");
  EXPECT_EQ(*ToolGrammar({}, ToolNotation::kTags), "");
}

TEST(ToolGrammar, AStrictToolIsHeldToItsSchemaAlsoWhereTheModelChooses) {
  const auto grammar = GrammarOf(Weather(ToolChoice::Mode::kAuto, true), ToolNotation::kTags);
  const std::string loose = "<tool_call>\n{\"name\": \"f\", \"arguments\": {\"anything\": [1]}}\n</tool_call>";
  for (const std::string& text : {std::string(), std::string("Hello."), std::string("a <b> <tool <tool_cal <<tool_call"), kGood,
                                  "Text.\n" + kGood, loose, "<" + kGood, "<tool_" + kGood, std::string(3000, '<')}) {
    EXPECT_TRUE(Is(grammar, text)) << text;
  }
  for (const std::string& text :
       {kWrong, "Text. " + kWrong, std::string("<tool_call>"), std::string("x <tool_call> y"), "<<tool_<" + kWrong, kGood + " text"}) {
    EXPECT_FALSE(Is(grammar, text)) << text;
  }
  const auto object = GrammarOf(Weather(ToolChoice::Mode::kAuto, true), ToolNotation::kObject);
  EXPECT_TRUE(Is(object, "Hello {\"name\"") && Is(object, "") && Is(object, R"({"name": "f", "parameters": {"x": 1}})"));
  EXPECT_FALSE(Is(object, "{") || Is(object, R"({"name": "get_weather", "parameters": {}})"));
  const auto list = ToolGrammar(Weather(ToolChoice::Mode::kAuto, true), ToolNotation::kList);
  ASSERT_FALSE(list);
  EXPECT_EQ(list.error().code(), StatusCode::kUnsupported);
}

TEST(ToolGrammar, ASchemaThatNoGrammarCanKeepIsRefusedAtItsPlace) {
  ToolUse use = Weather(ToolChoice::Mode::kRequired);
  use.tools[1].parameters = R"({"type": "object", "properties": {"a": {"not": {}}}})";
  const auto refused = ToolGrammar(use, ToolNotation::kTags);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().where(), "tools[1].function.parameters#/properties/a/not");
}

// What the grammar lets a model write is read back as calls whose arguments keep the schema.
TEST(ToolGrammar, WhatItAllowsIsReadAsCalls) {
  Random random(3);
  for (const ToolNotation notation : {ToolNotation::kTags, ToolNotation::kObject, ToolNotation::kList}) {
    const auto grammar = GrammarOf(Weather(ToolChoice::Mode::kRequired), notation);
    int drawn = 0;
    for (int i = 0; i < 60; ++i) {
      const auto text = DrawText(*grammar, random, 2000);
      if (!text) continue;
      ++drawn;
      ToolCallReader reader(notation, kNames);
      std::vector<ToolEvent> events = reader.Add(*text);
      for (ToolEvent& event : reader.Finish()) events.push_back(std::move(event));
      ASSERT_FALSE(events.empty());
      for (const ToolEvent& event : events) {
        const auto* call = std::get_if<ToolCall>(&event);
        ASSERT_NE(call, nullptr) << *text;
        const json arguments = json::parse(call->arguments);
        if (call->name == "f") ASSERT_TRUE(arguments["on"].is_boolean()) << *text;
        if (call->name == "get_weather") {
          ASSERT_TRUE(arguments["city"] == "Paris" || arguments["city"] == "Köln") << *text;
          ASSERT_TRUE(arguments["days"] >= 1 && arguments["days"] <= 9) << *text;
        }
      }
    }
    EXPECT_GT(drawn, 30);
  }
}

TEST(ToolGrammar, RulesAreRenamedOutsideOfLiterals) {
  EXPECT_EQ(PrefixRules("root ::= a-1 \"a\\\"b\" [a\\]b] {2,3} ws*\n", "t0-"), "t0-root ::= t0-a-1 \"a\\\"b\" [a\\]b] {2,3} t0-ws*\n");
}

TEST(ToolNotation, IsFoundInTheTemplate) {
  EXPECT_EQ(NotationOf("...<tool_call>\\n{\"name\": ..."), ToolNotation::kTags);
  EXPECT_EQ(NotationOf("{{ '[TOOL_CALLS]' }}"), ToolNotation::kList);
  EXPECT_EQ(NotationOf("<|python_tag|>"), ToolNotation::kObject);
  EXPECT_EQ(NotationOf("{{ message.content }}"), ToolNotation::kTags);
  EXPECT_TRUE(TemplateShowsTools("{% if tools %}"));
  EXPECT_FALSE(TemplateShowsTools("{{ message.content }}"));
  const std::string preamble = ToolPreamble(Weather(ToolChoice::Mode::kAuto).tools);
  EXPECT_THAT(preamble, HasSubstr("\n<tools>\n{\"type\":\"function\",\"function\":{\"name\":\"get_weather\","));
  EXPECT_THAT(preamble, HasSubstr("</tools>"));
}

}  // namespace
}  // namespace tradewind
