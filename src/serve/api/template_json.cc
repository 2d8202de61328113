// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/chat_messages.h"
#include "serve/api/json_text.h"

namespace tradewind {

std::string TemplateMessagesJson(const std::vector<ApiMessage>& messages) {
  OrderedJson list = OrderedJson::array();
  for (const ApiMessage& message : messages) {
    OrderedJson item = {{"role", message.role}, {"content", message.content}};
    if (!message.name.empty()) item["name"] = message.name;
    if (!message.tool_call_id.empty()) item["tool_call_id"] = message.tool_call_id;
    for (const ToolCall& call : message.tool_calls) {
      const OrderedJson arguments = OrderedJson::parse(call.arguments, nullptr, false);
      item["tool_calls"].push_back({{"id", call.id}, {"type", "function"}, {"function", {{"name", call.name}, {"arguments", arguments}}}});
    }
    list.push_back(std::move(item));
  }
  return JsonLine(list);
}

std::string TemplateToolsJson(const std::vector<ToolFunction>& tools) {
  OrderedJson list = OrderedJson::array();
  for (const ToolFunction& tool : tools) {
    OrderedJson function = {{"name", tool.name}};
    if (!tool.description.empty()) function["description"] = tool.description;
    function["parameters"] = OrderedJson::parse(tool.parameters, nullptr, false);
    list.push_back({{"type", "function"}, {"function", std::move(function)}});
  }
  return JsonLine(list);
}

}  // namespace tradewind
