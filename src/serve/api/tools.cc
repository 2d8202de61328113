// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/tools.h"

#include <algorithm>
#include <set>

namespace tradewind {
namespace {

constexpr char kFunctionsOnly[] = "tools are functions; `type` must be \"function\"";

// Arguments are an object; a schema that says nothing allows any.
Result<std::string> ReadParameters(JsonNode schema, const std::string& where) {
  if (schema.size() == 0) return std::string(R"({"type":"object"})");
  for (const JsonNode member : schema.children()) {
    const bool object = member.kind() == JsonKind::kText && member.text() == "object";
    if (member.key() == "type" && !object) return Fail(BadField(where + ".type", "must be \"object\": arguments are named"));
  }
  return ToJsonText(schema);
}

// {"type": "function", "function": {...}}: the inner object.
std::optional<JsonNode> FunctionOf(ApiFields& fields) {
  fields.Require("type");
  const auto type = fields.Any("type");
  const bool function = type && type->kind() == JsonKind::kText && type->text() == "function";
  if (type && !function) fields.Check(UnsupportedField(fields.Where("type"), kFunctionsOnly));
  fields.Require("function");
  return fields.Any("function");
}

Result<ToolFunction> ReadTool(JsonNode node, const std::string& where, const ApiLimits& limits) {
  ApiFields outer(node, where);
  ToolFunction tool;
  if (const auto inner = FunctionOf(outer)) {
    ApiFields fields(*inner, outer.Where("function"));
    fields.Require("name");
    fields.Identifier("name", &tool.name, limits.tool_name_bytes);
    fields.Text("description", &tool.description);
    fields.Bool("strict", &tool.strict);
    ReadToolSchema(fields, "parameters", &tool);
    outer.Check(fields.Finish());
  }
  TW_RETURN_IF_ERROR(outer.Finish());
  return tool;
}

Result<std::string> ChosenName(JsonNode node, const std::string& where, const ApiLimits& limits) {
  ApiFields outer(node, where);
  std::string name;
  if (const auto inner = FunctionOf(outer)) {
    ApiFields fields(*inner, outer.Where("function"));
    fields.Require("name");
    fields.Identifier("name", &name, limits.tool_name_bytes);
    outer.Check(fields.Finish());
  }
  TW_RETURN_IF_ERROR(outer.Finish());
  return name;
}

void ReadToolChoice(ApiFields& fields, const ApiLimits& limits, ToolChoice* choice) {
  const auto node = fields.Any("tool_choice");
  if (!node) return;
  if (node->kind() == JsonKind::kObject) {
    auto name = ChosenName(*node, fields.Where("tool_choice"), limits);
    if (!name) return void(fields.Check(name.error()));
    choice->mode = ToolChoice::Mode::kRequired;
    choice->name = *std::move(name);
    return;
  }
  const auto word = fields.Word("tool_choice", {"none", "auto", "required"});
  if (word == "none") choice->mode = ToolChoice::Mode::kNone;
  if (word == "required") choice->mode = ToolChoice::Mode::kRequired;
}

}  // namespace

void ReadToolSchema(ApiFields& fields, std::string_view name, ToolFunction* tool) {
  tool->place = fields.Where(name);
  const auto schema = fields.Object(name);
  if (!schema) return;
  auto read = ReadParameters(*schema, tool->place);
  if (!read) return void(fields.Check(read.error()));
  tool->parameters = *std::move(read);
}

void ReadTools(ApiFields& fields, const ApiLimits& limits, ToolUse* use) {
  if (const auto list = fields.List("tools", limits.tools)) {
    for (const JsonNode item : list->children()) {
      auto tool = ReadTool(item, ItemPlace(fields.Where("tools"), use->tools.size()), limits);
      if (!tool) return void(fields.Check(tool.error()));
      use->tools.push_back(*std::move(tool));
    }
  }
  ReadToolChoice(fields, limits, &use->choice);
  fields.Bool("parallel_tool_calls", &use->choice.parallel);
  if (fields.ok()) fields.Check(CheckToolUse(*use, fields.Where("tools"), fields.Where("tool_choice")));
}

Result<void> CheckToolUse(const ToolUse& use, const std::string& tools_place, const std::string& choice_place) {
  std::set<std::string_view> names;
  for (size_t i = 0; i < use.tools.size(); ++i) {
    if (names.insert(use.tools[i].name).second) continue;
    return Fail(BadField(ItemPlace(tools_place, i), "has the name of a tool before it, \"" + use.tools[i].name + "\""));
  }
  if (use.choice.mode != ToolChoice::Mode::kRequired) return {};
  if (use.tools.empty()) return Fail(BadField(choice_place, "asks for a call, and there are no tools"));
  if (!use.choice.name.empty() && !names.contains(use.choice.name)) {
    return Fail(BadField(choice_place, "names \"" + use.choice.name + "\", which is none of the tools"));
  }
  return {};
}

Result<std::string> ArgumentsAt(std::string_view json, const std::string& where, const ApiLimits& limits) {
  if (json.empty()) return std::string("{}");  // what some clients send for a call without arguments
  const auto parsed = JsonDocument::Parse(json, limits.json);
  if (!parsed) return Fail(BadField(where, "must be the JSON of an object: " + parsed.error().message()));
  if (parsed->root().kind() != JsonKind::kObject) return Fail(BadField(where, "must be the JSON of an object"));
  return ToJsonText(parsed->root());
}

}  // namespace tradewind
