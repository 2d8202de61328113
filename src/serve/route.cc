// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/route.h"

#include <utility>

#include "serve/serve_app.h"

namespace tradewind {

void RegisterAllRoutes(Registry<Route>& registry);  // generated

const Registry<Route>& Routes() {
  static const Registry<Route>* const routes = [] {
    auto* made = new Registry<Route>;
    RegisterAllRoutes(*made);
    return made;
  }();
  return *routes;
}

HttpResponse ErrorResponseFor(std::string_view path, const ApiError& error) {
  const bool anthropic = path == "/v1/messages";
  HttpResponse response = HttpJsonResponse(error.http_status, anthropic ? AnthropicErrorJson(error) : OpenAiErrorJson(error));
  if (error.http_status == 401) response.headers.push_back({"WWW-Authenticate", "Bearer"});
  return response;
}

void RouteCall::SendRefusal(const ApiError& error, int64_t retry_after_s) {
  app.metrics().CountRefused(error.http_status, error.code);
  HttpResponse response = ErrorResponseFor(request.path, error);
  response.headers.push_back({"X-Request-Id", id});
  if (error.http_status != 400) response.headers.push_back({"Retry-After", std::to_string(retry_after_s)});
  (void)exchange->Send(std::move(response));
}

void RouteCall::SendError(const ApiError& error) {
  HttpResponse response = ErrorResponseFor(request.path, error);
  response.headers.push_back({"X-Request-Id", id});
  (void)exchange->Send(std::move(response));
}

}  // namespace tradewind
