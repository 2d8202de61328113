// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "text/json_schema.h"

#include <algorithm>
#include <array>

#include "text/json_schema_builder.h"

namespace tradewind {
namespace {

// JSON values of any kind, and the blanks between. Surrogates are not written as escapes: half of one would be no text.
constexpr std::string_view kCommonRules = R"(any ::= any-object | any-array | string | number | "true" | "false" | "null"
any-object ::= "{" ws (string colon any (comma string colon any)*)? ws "}"
any-array ::= "[" ws (any (comma any)*)? ws "]"
string ::= "\"" char* "\""
char ::= [^"\\\x7F\x00-\x1F] | "\\" (["\\/bfnrt] | "u" ([0-9a-cA-CeEfF] [0-9a-fA-F]{3} | [dD] [0-7] [0-9a-fA-F]{2}))
number ::= integer ("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,2})?
integer ::= "-"? ("0" | [1-9] [0-9]{0,14})
ws ::= | " " | "\n" [ \t]{0,20}
comma ::= "," ws
colon ::= ":" " "?
)";

constexpr std::array<std::string_view, 11> kAnnotations = {"title",     "description", "default", "examples", "deprecated", "readOnly",
                                                           "writeOnly", "$comment",    "$schema", "$id",      "$defs"};

tl::unexpected<Status> SchemaOver(const char* what, size_t limit) {
  return Fail(Status(StatusCode::kInvalidInput, "the schema has over " + std::to_string(limit) + " " + what).At("json schema"));
}

// Counts brackets and commas outside of strings, before anything is made of them: a value takes many times its text, and each key of an
// object is looked for among those before it.
Result<void> CheckShape(std::string_view text, const JsonSchemaLimits& limits) {
  struct Open {
    bool object = false;
    size_t members = 1;
  };
  std::vector<Open> open;
  size_t values = 1;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string && c == '\\') {
      ++i;
    } else if (c == '"') {
      in_string = !in_string;
    } else if (in_string) {
      continue;
    } else if (c == '{' || c == '[') {
      if (open.size() == limits.nesting) return SchemaOver("levels of nesting", limits.nesting);
      open.push_back({.object = c == '{'});
      ++values;
    } else if ((c == '}' || c == ']') && !open.empty()) {
      open.pop_back();
    } else if (c == ',' && !open.empty()) {
      ++values;
      if (open.back().object && ++open.back().members > limits.members) return SchemaOver("members in one object", limits.members);
    }
    if (values > limits.values) return SchemaOver("values", limits.values);
  }
  return {};
}

}  // namespace

tl::unexpected<Status> BadSchema(const std::string& at, std::string message) {
  return Fail(Status(StatusCode::kInvalidInput, std::move(message)).At("json schema #" + at));
}

tl::unexpected<Status> UnsupportedSchema(const std::string& at, std::string message) {
  return Fail(Status(StatusCode::kUnsupported, std::move(message)).At("json schema #" + at));
}

std::string SchemaPointer(const std::string& at, std::string_view key) {
  std::string out = at + "/";
  for (const char c : key) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

bool IsSchemaAnnotation(std::string_view key) {
  return key == "definitions" || std::find(kAnnotations.begin(), kAnnotations.end(), key) != kAnnotations.end();
}

std::string GbnfLiteral(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string GbnfTimes(int64_t least, std::optional<int64_t> most) {
  if (most && *most == least) return "{" + std::to_string(least) + "}";
  return "{" + std::to_string(least) + "," + (most ? std::to_string(*most) : "") + "}";
}

Result<std::string> JsonSchemaGrammar(std::string_view schema, const JsonSchemaLimits& limits) {
  if (schema.size() > limits.bytes) return SchemaOver("bytes", limits.bytes);
  TW_RETURN_IF_ERROR(CheckShape(schema, limits));
  SchemaJson document;
  try {
    document = SchemaJson::parse(schema);
  } catch (const SchemaJson::exception& e) {
    return Fail(Status(StatusCode::kInvalidInput, "the schema is not JSON: " + std::string(e.what())).At("json schema"));
  }
  return SchemaBuilder(std::move(document), limits).Run();
}

Result<std::string> SchemaBuilder::Run() {
  TW_ASSIGN(const std::string root, RuleFor({document_, ""}));
  grammar_ = "root ::= " + root + "\n";
  while (!waiting_.empty()) {
    const Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    TW_ASSIGN(const SchemaPlace flat, Flatten(next.place));
    TW_ASSIGN(const std::string expression, Expression(flat));
    TW_RETURN_IF_ERROR(Write(next.rule, expression));
  }
  return grammar_ + std::string(kCommonRules);
}

Result<std::string> SchemaBuilder::RuleFor(SchemaPlace place) {
  if (!place.schema.is_object() && !place.schema.is_boolean()) return BadSchema(place.at, "a schema is an object, true or false");
  std::string text = place.schema.dump();
  const auto found = known_.find(text);
  if (found != known_.end()) return found->second;
  if (rules_ >= limits_.rules) return SchemaOver("rules", limits_.rules);
  rule_bytes_ += text.size();
  if (rule_bytes_ > limits_.rule_bytes) return SchemaOver("bytes, schemas within schemas counted again", limits_.rule_bytes);
  std::string rule = "s" + std::to_string(rules_++);
  known_.emplace(std::move(text), rule);
  waiting_.push_back({rule, std::move(place)});
  return rule;
}

Result<std::string> SchemaBuilder::AddRule(const std::string& expression) {
  if (rules_ >= limits_.rules) return SchemaOver("rules", limits_.rules);
  const std::string rule = "s" + std::to_string(rules_++);
  TW_RETURN_IF_ERROR(Write(rule, expression));
  return rule;
}

Result<void> SchemaBuilder::Write(const std::string& rule, const std::string& expression) {
  grammar_ += rule + " ::= " + expression + "\n";
  if (grammar_.size() > limits_.grammar_bytes) return SchemaOver("bytes as a grammar", limits_.grammar_bytes);
  return {};
}

Result<std::string> SchemaBuilder::Expression(const SchemaPlace& place) {
  if (place.schema.is_boolean()) {
    if (place.schema.get<bool>()) return "any";
    return BadSchema(place.at, "nothing satisfies this schema");
  }
  if (place.schema.contains("enum")) return Enumeration(place);
  for (const char* keyword : {"anyOf", "oneOf"}) {
    if (place.schema.contains(keyword)) return Alternatives(place, keyword);
  }
  TW_ASSIGN(const std::vector<std::string> types, SchemaTypes(place));
  if (types.empty()) return "any";
  std::string out;
  for (const std::string& type : types) {
    TW_ASSIGN(const std::string one, OfType(place, type));
    out += (out.empty() ? "" : " | ") + one;
  }
  return out;
}

Result<std::string> SchemaBuilder::OfType(const SchemaPlace& place, const std::string& type) {
  if (type == "null") return "\"null\"";
  if (type == "boolean") return "\"true\" | \"false\"";
  if (type == "string") return String(place);
  if (type == "object") return Object(place);
  if (type == "array") return Array(place);
  return NumberExpression(place, type == "integer");
}

Result<std::string> SchemaBuilder::Enumeration(const SchemaPlace& place) {
  for (const auto& [key, value] : place.schema.items()) {
    if (key != "enum" && key != "type")
      return UnsupportedSchema(SchemaPointer(place.at, key), key + " beside enum or const is not supported");
  }
  std::vector<std::string> types;
  if (place.schema.contains("type")) {
    TW_ASSIGN(types, SchemaTypes(place));
  }
  const auto allowed = [&](const SchemaJson& value) {
    return types.empty() || std::any_of(types.begin(), types.end(), [&](const std::string& type) {
             if (type == "integer") return value.is_number_integer();
             if (type == "number") return value.is_number();
             if (type == "null") return value.is_null();
             return type == value.type_name();
           });
  };
  std::string out;
  for (const SchemaJson& value : place.schema["enum"]) {
    if (allowed(value)) out += (out.empty() ? "" : " | ") + GbnfLiteral(value.dump());
  }
  if (out.empty()) return BadSchema(SchemaPointer(place.at, "enum"), "nothing satisfies this schema: no value of enum is left");
  return out;
}

Result<std::string> SchemaBuilder::Alternatives(const SchemaPlace& place, const char* keyword) {
  const std::string at = SchemaPointer(place.at, keyword);
  const SchemaJson& all = place.schema[keyword];
  if (!all.is_array() || all.empty()) return BadSchema(at, std::string(keyword) + " is a list of schemas");
  SchemaJson rest = place.schema;
  rest.erase(keyword);
  std::vector<SchemaPlace> places;
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i] == SchemaJson(false)) continue;
    SchemaJson whole = all[i];
    if (!rest.empty()) whole = {{"allOf", SchemaJson::array({rest, all[i]})}};
    places.push_back({std::move(whole), SchemaPointer(at, std::to_string(i))});
  }
  if (places.empty()) return BadSchema(at, "nothing satisfies this schema");
  if (std::string_view(keyword) == "oneOf") {
    if (places.size() > 100) return UnsupportedSchema(at, "oneOf has over 100 alternatives; use anyOf");
    for (size_t i = 0; i < places.size(); ++i) {
      for (size_t j = i + 1; j < places.size(); ++j) {
        TW_ASSIGN(const bool apart, Apart(places[i], places[j]));
        if (!apart) return UnsupportedSchema(places[j].at, "alternatives of oneOf must plainly exclude each other; use anyOf");
      }
    }
  }
  std::string out;
  for (SchemaPlace& one : places) {
    TW_ASSIGN(const std::string rule, RuleFor(std::move(one)));
    out += (out.empty() ? "" : " | ") + rule;
  }
  return out;
}

}  // namespace tradewind
