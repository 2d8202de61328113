// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// POST /v1/messages, Anthropic's form of a conversation, as a ChatRequest: `system` becomes its first message, `tool_use` and `tool_result`
// blocks become calls and tool messages. A last message of the assistant is gone on with (ChatRequest::continues). `max_tokens` is
// required, temperature is 0 to 1 and 1 where it is absent. Ignored, as they change nothing in the answer: metadata, cache_control.
//
//   TW_ASSIGN(const ChatRequest request, ParseAnthropicRequest(body));
#pragma once

#include <string_view>

#include "serve/api/chat_request.h"

namespace tradewind {

// kInvalidInput or kUnsupported at the field ("messages[2].content[0].type").
Result<ChatRequest> ParseAnthropicRequest(std::string_view body, const ApiLimits& limits = {});

// Its parts. Messages are appended; a tool's answers a call before it.
Result<void> AddAnthropicMessages(JsonNode list, const std::string& where, const ApiLimits& limits, std::vector<ApiMessage>* messages);
void ReadAnthropicTools(ApiFields& fields, const ApiLimits& limits, ToolUse* use);

}  // namespace tradewind
