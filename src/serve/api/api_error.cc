// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/api_error.h"

#include <string_view>
#include <utility>

#include "serve/api/json_text.h"

namespace tradewind {
namespace {

OrderedJson TextOrNull(const std::string& text) {
  return text.empty() ? OrderedJson() : OrderedJson(text);
}

int HttpStatusOf(StatusCode code) {
  switch (code) {
    case StatusCode::kInvalidInput:
    case StatusCode::kUnsupported: return 400;
    case StatusCode::kNotFound: return 404;
    case StatusCode::kBudgetMissed: return 504;
    case StatusCode::kResourceExhausted:
    case StatusCode::kUnavailable:
    case StatusCode::kCancelled: return 503;
    case StatusCode::kIo:
    case StatusCode::kInternal: return 500;
  }
  return 500;
}

std::string_view CodeOf(StatusCode code) {
  switch (code) {
    case StatusCode::kInvalidInput: return "invalid_value";
    case StatusCode::kUnsupported: return "unsupported_value";
    case StatusCode::kNotFound: return "model_not_found";
    case StatusCode::kBudgetMissed: return "deadline_exceeded";
    case StatusCode::kResourceExhausted:
    case StatusCode::kUnavailable: return "overloaded";
    case StatusCode::kCancelled: return "cancelled";
    case StatusCode::kIo:
    case StatusCode::kInternal: return "internal_error";
  }
  return "internal_error";
}

std::string_view OpenAiType(int http_status) {
  if (http_status == 401) return "authentication_error";
  if (http_status == 403) return "permission_error";
  if (http_status == 429) return "rate_limit_error";
  if (http_status == 503) return "overloaded_error";
  if (http_status == 504) return "timeout_error";
  return http_status < 500 ? "invalid_request_error" : "server_error";
}

std::string_view AnthropicType(int http_status) {
  switch (http_status) {
    case 401: return "authentication_error";
    case 403: return "permission_error";
    case 404: return "not_found_error";
    case 413: return "request_too_large";
    case 429: return "rate_limit_error";
    case 503: return "overloaded_error";
    case 504: return "timeout_error";
    default: return http_status < 500 ? "invalid_request_error" : "api_error";
  }
}

}  // namespace

ApiError ApiErrorOf(const Status& status) {
  const int http_status = HttpStatusOf(status.code());
  ApiError error = ApiErrorOf(http_status, std::string(CodeOf(status.code())), "");
  if (http_status == 500) {
    error.message = "something went wrong inside the server; its log has more";
    return error;
  }
  error.message = status.message();
  if (status.offset()) error.message += " (byte " + std::to_string(*status.offset()) + ")";
  if (status.where() != "body") error.param = status.where();
  return error;
}

ApiError ApiErrorOf(int http_status, std::string code, std::string message) {
  return {.http_status = http_status,
          .type = std::string(OpenAiType(http_status)),
          .code = std::move(code),
          .message = std::move(message),
          .param = ""};
}

std::string OpenAiErrorJson(const ApiError& error) {
  return JsonLine(
      {{"error",
        {{"message", error.message}, {"type", error.type}, {"param", TextOrNull(error.param)}, {"code", TextOrNull(error.code)}}}});
}

std::string AnthropicErrorJson(const ApiError& error) {
  // Their errors have no `param`; the message names the field.
  return JsonLine({{"type", "error"}, {"error", {{"type", AnthropicType(error.http_status)}, {"message", error.message}}}});
}

}  // namespace tradewind
