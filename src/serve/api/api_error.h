// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// An error as a client reads it: HTTP's status and a JSON body, in OpenAI's shape or in Anthropic's. Plain data.
//
//   const ApiError error = ApiErrorOf(status);
//   Send(error.http_status, OpenAiErrorJson(error));
#pragma once

#include <string>

#include "base/status.h"

namespace tradewind {

struct ApiError {
  int http_status = 500;
  std::string type = "server_error";  // OpenAI's word
  std::string code;                   // one word for a program; empty: null
  std::string message;
  std::string param;  // the field at fault; empty: null
};

// A fault as it came: invalid and unsupported input 400, not found 404, a missed budget 504, no means or no answer 503, the rest 500. What
// went wrong inside (500) is not told: its message may have paths.
ApiError ApiErrorOf(const Status& status);
// And those that have no Status: 401, 403, 404 (route), 405, 413, 429, 503.
ApiError ApiErrorOf(int http_status, std::string code, std::string message);

// {"error": {"message", "type", "param", "code"}}
std::string OpenAiErrorJson(const ApiError& error);
// {"type": "error", "error": {"type", "message"}}; 503 is Anthropic's overloaded_error (their 529).
std::string AnthropicErrorJson(const ApiError& error);

}  // namespace tradewind
