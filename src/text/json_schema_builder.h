// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What the files json_schema*.cc share. A schema at a place becomes one rule; those still to be written wait in a queue, so that neither
// nesting nor references recurse. Equal schemas share a rule.
#pragma once

#include <deque>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "text/json_schema.h"
#include "text/utf8_class.h"

namespace tradewind {

using SchemaJson = nlohmann::ordered_json;  // keeps the order of properties

struct SchemaPlace {
  SchemaJson schema;
  std::string at;  // JSON pointer
};

class SchemaBuilder {
 public:
  SchemaBuilder(SchemaJson document, const JsonSchemaLimits& limits) : document_(std::move(document)), limits_(limits) {}
  Result<std::string> Run();

 private:
  struct Waiting {
    std::string rule;
    SchemaPlace place;
  };
  // The name of the rule for a schema; it is written later.
  Result<std::string> RuleFor(SchemaPlace place);
  // An expression of GBNF for a schema that Flatten has been through.
  Result<std::string> Expression(const SchemaPlace& place);
  Result<std::string> Enumeration(const SchemaPlace& place);
  Result<std::string> Alternatives(const SchemaPlace& place, const char* keyword);
  Result<std::string> OfType(const SchemaPlace& place, const std::string& type);
  Result<std::string> Object(const SchemaPlace& place);
  Result<std::string> Array(const SchemaPlace& place);
  Result<std::string> String(const SchemaPlace& place);
  Result<std::string> AddRule(const std::string& expression);
  Result<void> Write(const std::string& rule, const std::string& expression);
  Result<std::string> KeyOutside(const std::vector<std::string>& names);

  // Without $ref and allOf: what they bring is merged in.
  Result<SchemaPlace> Flatten(SchemaPlace place) const;
  Result<SchemaPlace> Resolve(const SchemaJson& reference, const std::string& at) const;
  // Whether no value can satisfy both, as far as that is plain to see.
  Result<bool> Apart(const SchemaPlace& a, const SchemaPlace& b) const;

  SchemaJson document_;
  JsonSchemaLimits limits_;
  std::map<std::string, std::string> known_;  // rules by the schema's text
  std::deque<Waiting> waiting_;
  size_t rules_ = 0;
  size_t rule_bytes_ = 0;  // of the texts in known_
  std::string grammar_;
};

// Errors at a keyword.
tl::unexpected<Status> BadSchema(const std::string& at, std::string message);
tl::unexpected<Status> UnsupportedSchema(const std::string& at, std::string message);
// "/a~1b": `at` with one more key.
std::string SchemaPointer(const std::string& at, std::string_view key);
bool IsSchemaAnnotation(std::string_view key);

// Merges what `from` asks into `into`. Neither has $ref or allOf.
Result<void> MergeSchema(const SchemaPlace& from, SchemaJson& into);
// The types that a schema allows, from `type`, or from its keywords; empty: any.
Result<std::vector<std::string>> SchemaTypes(const SchemaPlace& place);
// A whole number of at least 0 behind a keyword; nothing where it is absent.
Result<std::optional<int64_t>> SchemaCount(const SchemaPlace& place, const char* keyword);

// Expressions: text as a literal; a set of characters as they stand inside a JSON string; integers and numbers within bounds; a pattern
// (of the whole string, without the quotes); a format (likewise).
std::string GbnfLiteral(std::string_view text);
std::string JsonCharacters(const std::vector<CharRange>& merged);
Result<std::string> NumberExpression(const SchemaPlace& place, bool integer);
Result<std::string> PatternExpression(std::string_view pattern, const std::string& at);
std::optional<std::string> FormatExpression(std::string_view format);
// {m,n} of GBNF.
std::string GbnfTimes(int64_t least, std::optional<int64_t> most);

}  // namespace tradewind
