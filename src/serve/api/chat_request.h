// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// POST /v1/chat/completions: a conversation to answer. Anthropic's /v1/messages is read into the same struct (anthropic_request.h), so that
// what follows has one kind. Plain data.
//
//   TW_ASSIGN(const ChatRequest request, ParseChatRequest(body));
//   TW_ASSIGN(prompt, chat_template.Render({}, {.json_variables = TemplateVariables(request)}));
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "serve/api/answer_options.h"
#include "serve/api/chat_messages.h"
#include "serve/api/request_terms.h"
#include "serve/api/tools.h"

namespace tradewind {

struct ChatRequest {
  std::string model;  // empty: the server's choice
  std::vector<ApiMessage> messages;
  bool continues = false;  // the last message is the assistant's own, and the answer goes on in it
  ToolUse tool_use;
  AnswerOptions options;
  RequestTerms terms;
  std::vector<std::pair<std::string, std::string>> template_variables;  // chat_template_kwargs: name and JSON
};

// kInvalidInput or kUnsupported at the field ("messages[2].content[0].type").
Result<ChatRequest> ParseChatRequest(std::string_view body, const ApiLimits& limits = {});

// What a chat template is given (TemplateOptions::json_variables): messages, tools if they are offered, chat_template_kwargs.
std::vector<std::pair<std::string, std::string>> TemplateVariables(const ChatRequest& request);

}  // namespace tradewind
