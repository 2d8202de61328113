// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/anthropic_request.h"

namespace tradewind {
namespace {

constexpr int64_t kGreatestTopK = 1 << 30;

Result<ToolFunction> ReadAnthropicTool(JsonNode node, const std::string& where, const ApiLimits& limits) {
  ApiFields fields(node, where);
  ToolFunction tool;
  fields.RefuseUnless("type", {"custom"}, "tools are functions of the caller's; leave it out");
  fields.Require("name");
  fields.Identifier("name", &tool.name, limits.tool_name_bytes);
  fields.Text("description", &tool.description);
  fields.Require("input_schema");
  ReadToolSchema(fields, "input_schema", &tool);
  fields.Bool("strict", &tool.strict);
  fields.Ignore({"cache_control"});
  TW_RETURN_IF_ERROR(fields.Finish());
  return tool;
}

void ReadAnthropicToolChoice(ApiFields& outer, const ApiLimits& limits, ToolChoice* choice) {
  const auto node = outer.Any("tool_choice");
  if (!node) return;
  ApiFields fields(*node, outer.Where("tool_choice"));
  fields.Require("type");
  const auto type = fields.Word("type", {"auto", "any", "tool", "none"});
  if (type == "none") choice->mode = ToolChoice::Mode::kNone;
  if (type == "any" || type == "tool") choice->mode = ToolChoice::Mode::kRequired;
  if (type == "tool") {
    fields.Require("name");
    fields.Identifier("name", &choice->name, limits.tool_name_bytes);
  }
  bool one = false;
  if (fields.Bool("disable_parallel_tool_use", &one)) choice->parallel = !one;
  outer.Check(fields.Finish());
}

void ReadSystem(ApiFields& fields, const ApiLimits& limits, std::vector<ApiMessage>* messages) {
  const auto node = fields.Any("system");
  if (!node) return;
  auto text = ContentAt(*node, fields.Where("system"), limits);
  if (!text) return void(fields.Check(text.error()));
  messages->push_back({.role = "system", .content = *std::move(text)});
}

// {"type": "disabled"} is what is done anyway.
void RefuseThinking(ApiFields& outer) {
  const auto node = outer.Object("thinking");
  if (!node) return;
  ApiFields fields(*node, outer.Where("thinking"));
  fields.Require("type");
  fields.RefuseUnless("type", {"disabled"}, "leave it out");
  fields.Ignore({"budget_tokens"});
  outer.Check(fields.Finish());
}

void ReadAnthropicSampling(ApiFields& fields, const ApiLimits& limits, AnswerOptions* options) {
  fields.Require("max_tokens");
  ReadMaxTokens(fields, {"max_tokens"}, 1, limits, options);
  fields.Real("temperature", &options->sampling.temperature, 0, 1);
  fields.Real("top_p", &options->sampling.top_p, 0, 1);
  fields.Integer("top_k", &options->sampling.top_k, 0, kGreatestTopK);
  ReadStops(fields, "stop_sequences", limits, &options->stop);
  fields.Bool("stream", &options->stream);
}

}  // namespace

void ReadAnthropicTools(ApiFields& fields, const ApiLimits& limits, ToolUse* use) {
  if (const auto list = fields.List("tools", limits.tools)) {
    for (const JsonNode item : list->children()) {
      auto tool = ReadAnthropicTool(item, ItemPlace(fields.Where("tools"), use->tools.size()), limits);
      if (!tool) return void(fields.Check(tool.error()));
      use->tools.push_back(*std::move(tool));
    }
  }
  ReadAnthropicToolChoice(fields, limits, &use->choice);
  if (fields.ok()) fields.Check(CheckToolUse(*use, fields.Where("tools"), fields.Where("tool_choice")));
}

Result<ChatRequest> ParseAnthropicRequest(std::string_view body, const ApiLimits& limits) {
  TW_ASSIGN(const JsonDocument document, JsonDocument::Parse(body, limits.json));
  ApiFields fields(document.root(), "");
  ChatRequest request;
  fields.Name("model", &request.model, limits.name_bytes);
  ReadAnthropicSampling(fields, limits, &request.options);
  ReadSystem(fields, limits, &request.messages);
  fields.Require("messages");
  if (const auto list = fields.Any("messages")) {
    fields.Check(AddAnthropicMessages(*list, fields.Where("messages"), limits, &request.messages));
  }
  ReadAnthropicTools(fields, limits, &request.tool_use);
  ReadTerms(fields, limits, &request.terms);
  fields.Ignore({"metadata"});
  fields.RefuseUnless("service_tier", {"auto", "standard_only"}, "there is one tier; send \"auto\" or leave it out");
  RefuseThinking(fields);
  fields.Refuse({"mcp_servers", "container", "context_management", "output_config", "output_format"}, "leave it out");
  TW_RETURN_IF_ERROR(fields.Finish());
  request.continues = request.messages.back().role == "assistant";
  return request;
}

}  // namespace tradewind
