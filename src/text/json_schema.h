// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// JSON schema (2020-12) to a grammar (grammar.h): each text of the grammar is JSON that the schema allows. The grammar is narrower than the
// schema where that helps a model to write well: properties come in the schema's order, properties that are not named come only where
// additionalProperties asks for them (or no property is named), numbers have up to 15 digits, a keyword of one type implies that type where
// `type` is absent. Supported: type, enum, const, properties, required, additionalProperties, items, prefixItems, minItems, maxItems,
// minLength, maxLength, pattern (without look-around, back-references and \b), format (date, time, date-time, uuid), minimum, maximum,
// exclusiveMinimum, exclusiveMaximum, anyOf, oneOf (of alternatives that plainly exclude each other), allOf, $ref within the document,
// $defs. Any other keyword is an error, but for annotations (title, description, default, ...). Thread-safe.
//
//   TW_ASSIGN(const std::string gbnf, JsonSchemaGrammar(R"({"type": "object", "properties": {"age": {"type": "integer"}}})"));
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"

namespace tradewind {

struct JsonSchemaLimits {
  size_t bytes = size_t{1} << 20;
  size_t nesting = 100;
  size_t values = 50'000;               // lists, objects and what is in them
  size_t members = 2'000;               // of one object
  size_t rules = 5000;                  // a schema applied at a place is one
  size_t rule_bytes = size_t{4} << 20;  // their schemas as texts, together: one within another counts again
  size_t grammar_bytes = size_t{1} << 20;
};

// kInvalidInput or kUnsupported with the JSON pointer of the keyword; kInvalidInput also over a limit, which it names.
Result<std::string> JsonSchemaGrammar(std::string_view schema, const JsonSchemaLimits& limits = {});

}  // namespace tradewind
