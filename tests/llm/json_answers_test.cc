// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// SmolLM2 answers by twenty schemas, at temperature 0 and 1: each answer is JSON and ends by itself. With TRADEWIND_DRAWN=FILE the answers
// are written there, for tests/text/make_schema_golden.py --judge.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "llm/llm_test_util.h"
#include "text/json_schema.h"

namespace tradewind {
namespace {

struct Question {
  const char* prompt;
  const char* schema;
};

const std::vector<Question> kQuestions = {
    {"Is water wet?", R"({"type": "boolean"})"},
    {"How many legs has a dog?", R"({"type": "integer", "minimum": 0, "maximum": 100})"},
    {"What is pi?", R"({"type": "number", "minimum": 3, "maximum": 4})"},
    {"Name a colour.", R"({"enum": ["red", "green", "blue"]})"},
    {"Say hello.", R"({"type": "string", "maxLength": 20})"},
    {"Give a country's code.", R"({"type": "string", "pattern": "^[A-Z]{2}$"})"},
    {"When did people land on the Moon?", R"({"type": "string", "format": "date"})"},
    {"When is noon?", R"({"type": "string", "format": "time"})"},
    {"Give a moment in time.", R"({"type": "string", "format": "date-time"})"},
    {"Give an identifier.", R"({"type": "string", "format": "uuid"})"},
    {"Nothing?", R"({"type": "null"})"},
    {"Say this.", R"({"const": {"answer": [42, "forty-two"]}})"},
    {"Count to three.", R"({"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 3}, "minItems": 3, "maxItems": 3})"},
    {"A point?", R"({"type": "array", "prefixItems": [{"enum": ["x", "y"]}, {"type": "boolean"}], "items": false, "minItems": 2})"},
    {"Describe a person.",
     R"({"type": "object", "properties": {"name": {"type": "string", "maxLength": 15}, "age": {"type": "integer", "minimum": 0, "maximum": 120}},
         "required": ["name", "age"], "additionalProperties": false})"},
    {"Where is Paris?",
     R"({"type": "object", "properties": {"city": {"type": "string", "maxLength": 12}, "at": {"type": "object", "properties":
         {"lat": {"type": "number", "minimum": -90, "maximum": 90}, "lon": {"type": "number", "minimum": -180, "maximum": 180}},
         "required": ["lat", "lon"]}}, "required": ["at"]})"},
    {"A text or a number?", R"({"anyOf": [{"type": "string", "maxLength": 8}, {"type": "integer", "minimum": 0, "maximum": 9}]})"},
    {"A cat or a dog?",
     R"({"oneOf": [{"type": "object", "properties": {"kind": {"const": "cat"}, "lives": {"enum": [7, 9]}}, "required": ["kind", "lives"]},
                   {"type": "object", "properties": {"kind": {"const": "dog"}, "barks": {"type": "boolean"}}, "required": ["kind", "barks"]}]})"},
    {"Order a drink.",
     R"({"allOf": [{"type": "object", "properties": {"drink": {"enum": ["tea", "coffee"]}}, "required": ["drink"]},
                   {"properties": {"sugar": {"$ref": "#/$defs/spoons"}}, "required": ["sugar"]}],
         "$defs": {"spoons": {"type": "integer", "minimum": 0, "maximum": 4}}})"},
    {"Tags?",
     R"({"type": "object", "properties": {"tags": {"type": "array", "items": {"enum": ["a", "b"]}, "maxItems": 3}}, "required": ["tags"]})"},
};

TEST(JsonAnswers, AreJsonAndEndByThemselves) {
  TW_REQUIRE_DATA(path, ModelPath("smollm2-135m"));
  const Result<Isa> isa = SelectIsa();
  if (!isa || *isa != AvailableIsas().back()) GTEST_SKIP() << "runs under the best instruction set";
  const auto instance = OpenModel(path, SettingOf({{"context", int64_t{1024}}}));
  ASSERT_NE(instance, nullptr);
  const char* file = std::getenv("TRADEWIND_DRAWN");
  std::ofstream drawn;
  if (file != nullptr) drawn.open(file);
  for (const Question& q : kQuestions) {
    const auto grammar = JsonSchemaGrammar(q.schema);
    ASSERT_TRUE(grammar) << q.schema << ": " << grammar.error().ToString();
    nlohmann::ordered_json texts = nlohmann::ordered_json::array();
    for (const double temperature : {0.0, 1.0}) {
      auto session = instance->Start({.setting = SettingOf({{"max_tokens", int64_t{300}}})});
      ASSERT_TRUE(session);
      Prompt prompt;
      prompt.messages = {{"user", q.prompt}};
      prompt.sampling.temperature = temperature;
      prompt.sampling.seed = 3;
      prompt.grammar = *grammar;
      const Answered answer = Drive(**session, prompt);
      EXPECT_EQ(answer.finish, FinishReason::kStop) << q.schema << " gave " << answer.text;
      EXPECT_TRUE(nlohmann::json::accept(answer.text)) << q.schema << " gave " << answer.text;
      texts.push_back(answer.text);
    }
    drawn << nlohmann::ordered_json{{"schema", nlohmann::ordered_json::parse(q.schema)}, {"texts", texts}}.dump() << "\n";
  }
}

}  // namespace
}  // namespace tradewind
