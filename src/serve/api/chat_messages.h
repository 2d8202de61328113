// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The messages of a chat request as OpenAI writes them, and as a model's template reads them. Plain data.
#pragma once

#include <string>
#include <vector>

#include "serve/api/fields.h"
#include "serve/api/limits.h"
#include "serve/api/tools.h"

namespace tradewind {

struct ApiMessage {
  std::string role;     // system, user, assistant or tool; `developer` is read as system
  std::string content;  // several parts are joined by line breaks
  std::string name;     // of who speaks; empty: not said
  std::vector<ToolCall> tool_calls;
  std::string tool_call_id;  // tool: the call that it answers
};

// Never empty. A tool's message answers a call before it.
Result<std::vector<ApiMessage>> MessagesAt(JsonNode list, const std::string& where, const ApiLimits& limits);

// A text, or the texts of a list of parts, joined by line breaks. kUnsupported at the part that is a picture, a sound or a file.
Result<std::string> ContentAt(JsonNode node, const std::string& where, const ApiLimits& limits);
// The fault of a part of that type.
Status UnsupportedPart(const std::string& where, std::string_view type);

// The variables `messages` and `tools` of a chat template, as JSON: arguments are objects there, where the API has their text.
std::string TemplateMessagesJson(const std::vector<ApiMessage>& messages);
std::string TemplateToolsJson(const std::vector<ToolFunction>& tools);

}  // namespace tradewind
