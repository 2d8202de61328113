// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The lexer and the parser: jinja_parser.cc with jinja_parser_expr.cc and jinja_parser_postfix.cc.
#include "text/jinja_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat_template_testing.h"
#include "text/jinja_lexer.h"

namespace tradewind::jinja {
namespace {

std::vector<std::string> Texts(std::string_view source) {
  std::deque<std::string> strings;
  std::vector<std::string> texts;
  for (const Token& token : Tokenize(source, &strings)) texts.emplace_back(token.text);
  return texts;
}

TEST(JinjaLexer, Tokens) {
  using testing::ElementsAre;
  EXPECT_THAT(Texts("a{{ b.c }}"), ElementsAre("a", "", "b", ".", "c", "", ""));
  EXPECT_THAT(Texts("{{ a.1.2 ** 3//4 }}"), ElementsAre("", "a", ".", "1", ".", "2", "**", "3", "//", "4", "", ""));
  EXPECT_THAT(Texts("{{ {'a': {}} }}"), ElementsAre("", "{", "a", ":", "{", "}", "}", "", "")) << "}} inside of brackets is no end";
  EXPECT_THAT(Texts("{{ 'a\\'b\\n' }}"), ElementsAre("", "a'b\n", "", ""));
  EXPECT_THAT(Texts(" {#- x -#} y"), ElementsAre("y", ""));
  EXPECT_EQ(NormalizeSource("a\r\nb\rc\n\n"), "a\nb\nc\n");
}

TEST(JinjaParser, PrecedenceIsJinjas) {
  EXPECT_TRUE(Rendered("{{ 1 + 2 * 3 ~ 4 }}").starts_with("!")) << "~ binds closer than +: a number and a text cannot be added";
  EXPECT_EQ(Rendered("{{ 'a' + 2 * 3 ~ 4 }}"), "a64");
  EXPECT_EQ(Rendered("{{ 2 ** 3 ** 2 }} {{ -2 ** 2 }} {{ -2|abs }} {{ not 1 == 2 }} {{ 1 + 1 is odd }}"), "64 4 2 True 2");
}

TEST(JinjaParser, SyntaxErrors) {
  const std::pair<const char*, const char*> kCases[] = {
      {"{{ 1 2 }}", "expected '}}', found '2'"},
      {"{% if %}{% endif %}", "expected an expression"},
      {"{% for a of b %}{% endfor %}", "expected 'in', found 'of'"},
      {"{% endif %}", "unknown tag 'endif'"},
      {"{% if a %}{% endfor %}", "unknown tag 'endfor'"},
      {"{% set 1 = 2 %}", "expected a name"},
      {"{% set none = 2 %}", "constant"},
      {"{% macro f(a=1, b) %}{% endmacro %}", "without a default"},
      {"{% call 1 %}{% endcall %}", "expected a call"},
      {"{{ f(a=1, 2) }}", "positional argument after"},
      {"{{ f(**a, **b) }}", "second **"},
      {"{{ a. }}", "expected a name or a number"},
      {"{{ a[] }}", "expected a subscript"},
      {"{{ a is b is c }}", "!"},
      {"{{ a is defined is b }}", "cannot be chained"},
      {"{{ [1 2] }}", "expected ','"},
      {"{{ {1} }}", "expected ':'"},
      {"{{ (1] }}", "expected ')'"},
      {"{{ 1) }}", "unexpected ')'"},
      {"{{ ! }}", "unexpected character"},
      {"{{ 'a }}", "string is not closed"},
      {"{{ '\\xZ' }}", "too few digits"},
      {"{{ '\\ud800' }}", "not a Unicode character"},
      {"{{ 012 }}", "begin with 0"},
      {"{% raw %}", "raw block"},
      {"{# x", "end of comment"},
      {"{% break %}", "outside of a loop"},
      {"{% for a in b %}{% macro m() %}{% continue %}{% endmacro %}{% endfor %}", "outside of a loop"},
      {"{% 1 %}", "name of a tag"},
  };
  for (const auto& [source, what] : kCases) {
    const std::string text = Rendered(source);
    EXPECT_TRUE(text.starts_with("!")) << source;
    EXPECT_NE(text.find(what), std::string::npos) << source << " gives " << text;
    EXPECT_NE(text.find("line 1, column "), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace tradewind::jinja
