// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/answer_shape.h"

#include "text/grammar.h"
#include "text/json_schema.h"

namespace tradewind {
namespace {

constexpr char kAnyObject[] = R"({"type":"object"})";

void Ask(ApiFields& fields, const std::string& place, Result<std::string> grammar, AnswerOptions* options) {
  if (!grammar) return void(fields.Check(grammar.error()));
  if (!options->grammar.empty()) {
    return void(fields.Check(BadField(place, "asks for another shape than " + options->grammar_place + " does; send one of them")));
  }
  options->grammar = *std::move(grammar);
  options->grammar_place = place;
}

// A schema is an object, or true.
Result<std::string> SchemaOf(ApiFields& fields, std::string_view name) {
  const auto schema = fields.Any(name);
  return schema ? SchemaGrammarAt(*schema, fields.Where(name)) : SchemaGrammarAt(kAnyObject, fields.Where(name));
}

Result<std::string> NamedSchema(JsonNode node, const std::string& where) {
  ApiFields fields(node, where);
  std::string unused;
  bool strict = true;  // enforced in any case
  fields.Require("name");
  fields.Identifier("name", &unused, 64);
  fields.Text("description", &unused);
  fields.Bool("strict", &strict);
  Result<std::string> grammar = SchemaOf(fields, "schema");
  TW_RETURN_IF_ERROR(fields.Finish());
  return grammar;
}

void ReadResponseFormat(JsonNode node, const std::string& where, ApiFields& outer, AnswerOptions* options) {
  ApiFields fields(node, where);
  fields.Require("type");
  const auto type = fields.Word("type", {"text", "json_object", "json_schema"});
  if (!type) return void(outer.Check(fields.Finish()));
  if (*type == "json_object") Ask(fields, where, SchemaOf(fields, "schema"), options);
  if (*type == "json_schema") {
    fields.Require("json_schema");
    if (const auto schema = fields.Any("json_schema")) Ask(fields, where, NamedSchema(*schema, fields.Where("json_schema")), options);
  }
  outer.Check(fields.Finish());
}

Result<std::string> GrammarAt(std::string_view gbnf, const std::string& where) {
  const auto parsed = Grammar::Parse(gbnf);
  if (parsed) return std::string(gbnf);
  const Status& fault = parsed.error();
  return Fail(Status(fault.code(), where + ": " + fault.message()).At(where, fault.offset()));
}

}  // namespace

Result<std::string> SchemaGrammarAt(std::string_view schema, const std::string& where) {
  const auto at = [&](const Status& fault) {
    const size_t pointer = fault.where().find('#');
    const bool root = pointer == std::string::npos || pointer + 1 == fault.where().size();
    const std::string place = where + (root ? "" : fault.where().substr(pointer));
    return Fail(Status(fault.code(), place + ": " + fault.message()).At(place));
  };
  const auto gbnf = JsonSchemaGrammar(schema);
  if (!gbnf) return at(gbnf.error());
  const auto parsed = Grammar::Parse(*gbnf);
  if (!parsed) return at(Status(parsed.error().code(), "the schema has no grammar: " + parsed.error().message()));
  return *gbnf;
}

Result<std::string> SchemaGrammarAt(JsonNode schema, const std::string& where) {
  return SchemaGrammarAt(ToJsonText(schema), where);
}

void ReadAnswerShape(ApiFields& fields, AnswerOptions* options) {
  if (const auto format = fields.Any("response_format")) ReadResponseFormat(*format, fields.Where("response_format"), fields, options);
  if (const auto schema = fields.Any("json_schema")) {
    Ask(fields, fields.Where("json_schema"), SchemaGrammarAt(*schema, fields.Where("json_schema")), options);
  }
  std::string gbnf;
  if (fields.Text("grammar", &gbnf) && !gbnf.empty()) {
    Ask(fields, fields.Where("grammar"), GrammarAt(gbnf, fields.Where("grammar")), options);
  }
}

}  // namespace tradewind
