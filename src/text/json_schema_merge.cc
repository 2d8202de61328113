// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// References and allOf: several schemas that hold together become one.
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "text/json_schema_builder.h"

namespace tradewind {
namespace {

constexpr size_t kMostParts = 256;  // references and members of allOf that come together at one place

constexpr std::array<std::string_view, 5> kGreaterHolds = {"minimum", "exclusiveMinimum", "minLength", "minItems", ""};
constexpr std::array<std::string_view, 5> kSmallerHolds = {"maximum", "exclusiveMaximum", "maxLength", "maxItems", ""};

struct ImpliedType {
  std::string_view keyword;
  const char* type;
};
constexpr std::array<ImpliedType, 15> kImplied = {{{"properties", "object"},
                                                   {"required", "object"},
                                                   {"additionalProperties", "object"},
                                                   {"items", "array"},
                                                   {"prefixItems", "array"},
                                                   {"minItems", "array"},
                                                   {"maxItems", "array"},
                                                   {"minLength", "string"},
                                                   {"maxLength", "string"},
                                                   {"pattern", "string"},
                                                   {"format", "string"},
                                                   {"minimum", "number"},
                                                   {"maximum", "number"},
                                                   {"exclusiveMinimum", "number"},
                                                   {"exclusiveMaximum", "number"}}};

bool IsOneOf(std::string_view key, const std::array<std::string_view, 5>& all) {
  return std::find(all.begin(), all.end(), key) != all.end();
}

SchemaJson Both(const SchemaJson& a, const SchemaJson& b) {
  if (a == b || b == SchemaJson(true)) return a;
  if (a == SchemaJson(true)) return b;
  if (a == SchemaJson(false) || b == SchemaJson(false)) return false;
  return {{"allOf", SchemaJson::array({a, b})}};
}

SchemaJson ListOf(const SchemaJson& value) {
  return value.is_array() ? value : SchemaJson::array({value});
}

Result<void> MergeTypes(const std::string& at, const SchemaJson& value, SchemaJson& into) {
  SchemaJson mine = ListOf(into);
  SchemaJson left = SchemaJson::array();
  for (const SchemaJson& t : ListOf(value)) {
    for (const SchemaJson& m : mine) {
      if (t == m) left.push_back(t);
      if ((t == "integer" && m == "number") || (t == "number" && m == "integer")) left.push_back("integer");
    }
  }
  if (left.empty()) return BadSchema(at, "nothing satisfies this schema: no type is left");
  into = std::move(left);
  return {};
}

// Properties that one side names and the other does not fall under the other's additionalProperties.
Result<void> MergeProperties(const SchemaPlace& from, SchemaJson& into) {
  const auto part = [](const SchemaJson& schema, const char* key, const SchemaJson& absent) {
    return schema.contains(key) ? schema[key] : absent;
  };
  const SchemaJson none = SchemaJson::object();
  const SchemaJson mine = part(into, "properties", none);
  const SchemaJson theirs = part(from.schema, "properties", none);
  if (!theirs.is_object() || !mine.is_object()) return BadSchema(SchemaPointer(from.at, "properties"), "properties is an object");
  const SchemaJson my_rest = part(into, "additionalProperties", true);
  const SchemaJson their_rest = part(from.schema, "additionalProperties", true);
  SchemaJson all = none;
  for (const auto& [name, schema] : mine.items()) all[name] = Both(schema, theirs.contains(name) ? theirs[name] : their_rest);
  for (const auto& [name, schema] : theirs.items()) {
    if (!mine.contains(name)) all[name] = Both(my_rest, schema);
  }
  if (into.contains("properties") || from.schema.contains("properties")) into["properties"] = std::move(all);
  if (into.contains("additionalProperties") || from.schema.contains("additionalProperties"))
    into["additionalProperties"] = Both(my_rest, their_rest);
  return {};
}

Result<void> MergeEnum(const std::string& at, const SchemaJson& values, SchemaJson& into) {
  if (!values.is_array()) return BadSchema(at, "enum is a list of values");
  if (!into.contains("enum")) {
    into["enum"] = values;
    return {};
  }
  SchemaJson left = SchemaJson::array();
  for (const SchemaJson& v : into["enum"]) {
    if (std::find(values.begin(), values.end(), v) != values.end()) left.push_back(v);
  }
  into["enum"] = std::move(left);
  return {};
}

Result<void> MergeKeyword(const std::string& key, const SchemaJson& value, const std::string& at, SchemaJson& into) {
  if (key == "enum") return MergeEnum(at, value, into);
  if (key == "const") return MergeEnum(at, SchemaJson::array({value}), into);
  const bool known = std::any_of(kImplied.begin(), kImplied.end(), [&](const ImpliedType& i) { return i.keyword == key; }) ||
                     key == "type" || key == "anyOf" || key == "oneOf";
  if (!known) return UnsupportedSchema(at, "the keyword " + key + " is not supported");
  if (!into.contains(key)) {
    into[key] = value;
    return {};
  }
  SchemaJson& mine = into[key];
  if (mine == value) return {};
  if (key == "type") return MergeTypes(at, value, mine);
  if (key == "required") {
    for (const SchemaJson& name : value) {
      if (std::find(mine.begin(), mine.end(), name) == mine.end()) mine.push_back(name);
    }
  } else if (key == "items") {
    mine = Both(mine, value);
  } else if (IsOneOf(key, kGreaterHolds) && value.is_number() && mine.is_number()) {
    if (value > mine) mine = value;
  } else if (IsOneOf(key, kSmallerHolds) && value.is_number() && mine.is_number()) {
    if (value < mine) mine = value;
  } else {
    return UnsupportedSchema(at, "two different values of " + key + " cannot be joined by allOf");
  }
  return {};
}

}  // namespace

Result<void> MergeSchema(const SchemaPlace& from, SchemaJson& into) {
  const auto tuple = [](const SchemaJson& s) { return s.contains("prefixItems"); };
  const auto array = [&](const SchemaJson& s) { return tuple(s) || s.contains("items"); };
  if (array(into) && array(from.schema) && (tuple(into) || tuple(from.schema))) {
    return UnsupportedSchema(SchemaPointer(from.at, "prefixItems"), "prefixItems cannot be joined with other items by allOf");
  }
  TW_RETURN_IF_ERROR(MergeProperties(from, into));
  for (const auto& [key, value] : from.schema.items()) {
    if (IsSchemaAnnotation(key) || key == "$ref" || key == "allOf" || key == "properties" || key == "additionalProperties") continue;
    if (key == "required" && !value.is_array()) return BadSchema(SchemaPointer(from.at, key), "required is a list of names");
    TW_RETURN_IF_ERROR(MergeKeyword(key, value, SchemaPointer(from.at, key), into));
  }
  return {};
}

Result<SchemaPlace> SchemaBuilder::Resolve(const SchemaJson& reference, const std::string& at) const {
  if (!reference.is_string()) return BadSchema(at, "$ref is a text");
  const std::string text = reference.get<std::string>();
  if (text.empty() || text[0] != '#' || (text.size() > 1 && text[1] != '/')) {
    return UnsupportedSchema(at, "only references into this document (#/...) are supported");
  }
  try {
    const SchemaJson::json_pointer pointer(text.substr(1));
    return SchemaPlace{document_.at(pointer), text.substr(1)};
  } catch (const SchemaJson::exception&) {
    return BadSchema(at, "there is nothing at " + text);
  }
}

Result<SchemaPlace> SchemaBuilder::Flatten(SchemaPlace place) const {
  SchemaPlace out{SchemaJson::object(), place.at};
  std::deque<SchemaPlace> parts;
  parts.push_back(std::move(place));
  for (size_t count = 0; !parts.empty(); ++count) {
    const SchemaPlace part = std::move(parts.front());
    parts.pop_front();
    if (count >= kMostParts) {
      return Fail(Status(StatusCode::kInvalidInput, "references and allOf bring over " + std::to_string(kMostParts) +
                                                        " schemas together here; a reference may lead back to itself")
                      .At("json schema #" + out.at));
    }
    if (part.schema.is_boolean()) {
      if (!part.schema.get<bool>()) return SchemaPlace{false, out.at};
      continue;
    }
    if (!part.schema.is_object()) return BadSchema(part.at, "a schema is an object, true or false");
    if (part.schema.contains("$ref")) {
      TW_ASSIGN(SchemaPlace target, Resolve(part.schema["$ref"], SchemaPointer(part.at, "$ref")));
      parts.push_back(std::move(target));
    }
    if (part.schema.contains("allOf")) {
      const std::string at = SchemaPointer(part.at, "allOf");
      if (!part.schema["allOf"].is_array()) return BadSchema(at, "allOf is a list of schemas");
      for (size_t i = 0; i < part.schema["allOf"].size(); ++i)
        parts.push_back({part.schema["allOf"][i], SchemaPointer(at, std::to_string(i))});
    }
    TW_RETURN_IF_ERROR(MergeSchema(part, out.schema));
  }
  return out;
}

Result<std::vector<std::string>> SchemaTypes(const SchemaPlace& place) {
  std::vector<std::string> types;
  if (place.schema.contains("type")) {
    const std::string at = SchemaPointer(place.at, "type");
    for (const SchemaJson& t : ListOf(place.schema["type"])) {
      const std::string name = t.is_string() ? t.get<std::string>() : "";
      const bool known = name == "null" || name == "boolean" || name == "string" || name == "object" || name == "array" ||
                         name == "number" || name == "integer";
      if (!known) return BadSchema(at, "type is null, boolean, string, object, array, number or integer");
      if (std::find(types.begin(), types.end(), name) == types.end()) types.push_back(name);
    }
    if (types.empty()) return BadSchema(at, "nothing satisfies this schema: the list of types is empty");
    return types;
  }
  for (const auto& [keyword, type] : kImplied) {
    if (place.schema.contains(keyword) && std::find(types.begin(), types.end(), type) == types.end()) types.emplace_back(type);
  }
  return types;
}

Result<std::optional<int64_t>> SchemaCount(const SchemaPlace& place, const char* keyword) {
  if (!place.schema.contains(keyword)) return std::optional<int64_t>();
  const SchemaJson& value = place.schema[keyword];
  const double count = value.is_number() ? value.get<double>() : -1;
  if (!(count >= 0 && count == std::floor(count) && count <= 1e6)) {
    return BadSchema(SchemaPointer(place.at, keyword), std::string(keyword) + " is a whole number from 0 to 1000000");
  }
  return std::optional<int64_t>(static_cast<int64_t>(count));
}

// By types, by listed values, or by a property that both require and that keeps them apart.
Result<bool> SchemaBuilder::Apart(const SchemaPlace& a, const SchemaPlace& b) const {
  std::deque<std::pair<SchemaPlace, SchemaPlace>> pairs;
  pairs.emplace_back(a, b);
  for (size_t count = 0; !pairs.empty() && count < kMostParts; ++count) {
    TW_ASSIGN(const SchemaPlace x, Flatten(pairs.front().first));
    TW_ASSIGN(const SchemaPlace y, Flatten(pairs.front().second));
    pairs.pop_front();
    if (x.schema.is_boolean() || y.schema.is_boolean()) return true;  // false: nothing satisfies it
    if (x.schema.contains("enum") && y.schema.contains("enum")) {
      const SchemaJson& others = y.schema["enum"];
      if (std::none_of(x.schema["enum"].begin(), x.schema["enum"].end(),
                       [&](const SchemaJson& v) { return std::find(others.begin(), others.end(), v) != others.end(); }))
        return true;
    }
    if (!x.schema.contains("type") || !y.schema.contains("type")) continue;
    SchemaJson types = x.schema["type"];
    if (!MergeTypes("", y.schema["type"], types)) return true;
    if (types != SchemaJson::array({"object"})) continue;
    for (const SchemaJson& name : x.schema.value("required", SchemaJson::array())) {
      const SchemaJson theirs = y.schema.value("required", SchemaJson::array());
      if (!name.is_string() || std::find(theirs.begin(), theirs.end(), name) == theirs.end()) continue;
      const auto key = name.get<std::string>();
      const SchemaJson none = SchemaJson::object();
      const SchemaJson xs = x.schema.value("properties", none);
      const SchemaJson ys = y.schema.value("properties", none);
      if (xs.contains(key) && ys.contains(key)) pairs.push_back({{xs[key], x.at}, {ys[key], y.at}});
    }
  }
  return false;
}

}  // namespace tradewind
