// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/tool_notation.h"

#include "serve/api/chat_messages.h"
#include "serve/api/json_text.h"

namespace tradewind {
namespace {

bool Shows(std::string_view source, std::string_view word) {
  return source.find(word) != std::string_view::npos;
}

}  // namespace

ToolNotation NotationOf(std::string_view template_source) {
  if (Shows(template_source, "<tool_call>")) return ToolNotation::kTags;
  if (Shows(template_source, "[TOOL_CALLS]")) return ToolNotation::kList;
  if (Shows(template_source, "<|python_tag|>") || Shows(template_source, "ipython")) return ToolNotation::kObject;
  return ToolNotation::kTags;
}

bool TemplateShowsTools(std::string_view template_source) {
  return Shows(template_source, "tools");
}

std::string ToolPreamble(const std::vector<ToolFunction>& tools) {
  std::string text =
      "# Tools\n\nYou may call one or more functions to assist with the user query.\n\n"
      "You are provided with function signatures within <tools></tools> XML tags:\n<tools>";
  for (const OrderedJson& tool : OrderedJson::parse(TemplateToolsJson(tools), nullptr, false)) text += "\n" + JsonLine(tool);
  return text +
         "\n</tools>\n\nFor each function call, return a json object with function name and arguments within <tool_call></tool_call> XML "
         "tags:\n<tool_call>\n{\"name\": <function-name>, \"arguments\": <args-json-object>}\n</tool_call>";
}

}  // namespace tradewind
