// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Tests json_schema_containers.cc, json_schema_formats.cc, json_schema_merge.cc, json_schema_numbers.cc and json_schema_pattern.cc
// through json_schema.h.
#include "text/json_schema.h"

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "shared_data.h"
#include "text/grammar_testing.h"

namespace tradewind {
namespace {

using nlohmann::ordered_json;

// tests/text/data/schema_golden.json: make_schema_golden.py has jsonschema judge each text.
const ordered_json& SchemaCases() {
  static const ordered_json cases = [] {
    std::ifstream file(SourcePath("tests/text/data/schema_golden.json"));
    return ordered_json::parse(file);
  }();
  return cases;
}

std::shared_ptr<const Grammar> GrammarOf(const std::string& schema) {
  const auto gbnf = JsonSchemaGrammar(schema);
  EXPECT_TRUE(gbnf) << schema << ": " << gbnf.error().ToString();
  return gbnf ? ParsedGrammar(*gbnf) : nullptr;
}

TEST(JsonSchema, TakesWhatItShouldAndNothingThatTheSchemaForbids) {
  ASSERT_GT(SchemaCases().size(), 40u);
  for (const auto& c : SchemaCases()) {
    const auto grammar = GrammarOf(c["schema"].dump());
    ASSERT_NE(grammar, nullptr);
    for (const auto& text : c["match"]) EXPECT_TRUE(IsText(*grammar, text.get<std::string>())) << c["schema"] << " and " << text;
    for (const auto& text : c["differ"]) EXPECT_FALSE(IsText(*grammar, text.get<std::string>())) << c["schema"] << " and " << text;
  }
}

// Texts drawn from the grammars are JSON. With TRADEWIND_DRAWN=FILE they are written there, for make_schema_golden.py --judge.
TEST(JsonSchema, EveryTextDrawnIsJson) {
  const char* path = std::getenv("TRADEWIND_DRAWN");
  std::ofstream drawn;
  if (path != nullptr) drawn.open(path);
  Random random(17);
  size_t count = 0;
  for (const auto& c : SchemaCases()) {
    const auto grammar = GrammarOf(c["schema"].dump());
    ASSERT_NE(grammar, nullptr);
    ordered_json texts = ordered_json::array();
    for (int i = 0; i < 60; ++i) {
      const auto text = DrawText(*grammar, random, 1500);
      if (!text) continue;
      ASSERT_TRUE(nlohmann::json::accept(*text)) << c["schema"] << " gave " << *text;
      texts.push_back(*text);
      ++count;
    }
    EXPECT_FALSE(texts.empty()) << c["schema"];
    drawn << ordered_json{{"schema", c["schema"]}, {"texts", texts}}.dump() << "\n";
  }
  EXPECT_GT(count, 2000u);
}

// All whole numbers around random bounds, against comparing them.
TEST(JsonSchema, BoundsOfNumbersAreExact) {
  Random random(23);
  for (int round = 0; round < 25; ++round) {
    const auto low = static_cast<int64_t>(random.Below(2600)) - 1300;
    const int64_t high = low + 1 + static_cast<int64_t>(random.Below(random.Below(2) == 0 ? 30 : 1500));
    const auto whole =
        GrammarOf(R"({"type": "integer", "minimum": )" + std::to_string(low) + R"(, "maximum": )" + std::to_string(high) + "}");
    for (int64_t n = low - 130; n <= high + 130; ++n) ASSERT_EQ(IsText(*whole, std::to_string(n)), n >= low && n <= high) << n;
    const auto hundredths = [](int64_t n) {
      const std::string digits = std::to_string(std::abs(n) + 1000);  // at least four of them, of which the first is one too many
      const std::string units = std::to_string(std::abs(n) / 100);
      return (n < 0 ? "-" : "") + units + "." + digits.substr(digits.size() - 2);
    };
    const auto decimal =
        GrammarOf(R"({"type": "number", "exclusiveMinimum": )" + hundredths(low) + R"(, "maximum": )" + hundredths(high) + "}");
    ASSERT_TRUE(whole != nullptr && decimal != nullptr);
    for (int64_t n = low - 130; n <= high + 130; ++n) {
      ASSERT_EQ(IsText(*decimal, hundredths(n)), n > low && n <= high) << hundredths(n) << " above " << hundredths(low);
    }
  }
}

TEST(JsonSchema, WhatIsNotSupportedIsNamedByItsPointer) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {R"({"properties": {"a": {"type": "array", "uniqueItems": true}}})", "json schema #/properties/a/uniqueItems"},
      {R"({"type": "integer", "multipleOf": 3})", "json schema #/multipleOf"},
      {R"({"not": {"type": "null"}})", "json schema #/not"},
      {R"({"properties": {"a/b": {"if": {}}}})", "json schema #/properties/a~1b/if"},
      {R"({"patternProperties": {"^a": {}}})", "json schema #/patternProperties"},
      {R"({"minProperties": 1})", "json schema #/minProperties"},
      {R"({"type": "string", "format": "email"})", "json schema #/format"},
      {R"({"type": "string", "pattern": "a\\b"})", "json schema #/pattern"},
      {R"({"type": "string", "pattern": "a", "maxLength": 3})", "json schema #/pattern"},
      {R"({"type": "string", "maxLenght": 3})", "json schema #/maxLenght"},
      {R"({"$defs": {"a": {"contains": {}}}, "items": {"$ref": "#/$defs/a"}})", "json schema #/$defs/a/contains"},
      {R"({"type": "thing"})", "json schema #/type"},
      {R"({"anyOf": []})", "json schema #/anyOf"},
      {R"({"items": 3})", "json schema #/items"},
      {R"({"enum": ["a"], "minLength": 1})", "json schema #/minLength"},
  };
  for (const auto& [schema, where] : cases) {
    const auto gbnf = JsonSchemaGrammar(schema);
    ASSERT_FALSE(gbnf) << schema;
    EXPECT_EQ(gbnf.error().where(), where) << gbnf.error().ToString();
  }
}

TEST(JsonSchema, PropertiesKeepTheirOrder) {
  const auto grammar = GrammarOf(R"({"properties": {"z": {"type": "null"}, "a": {"type": "null"}}, "required": ["a", "z"]})");
  EXPECT_TRUE(IsText(*grammar, R"({"z":null,"a":null})"));
  EXPECT_FALSE(IsText(*grammar, R"({"a":null,"z":null})"));
}

}  // namespace
}  // namespace tradewind
