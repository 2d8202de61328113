// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Route: one endpoint of the server, registered under "METHOD PATH" by its file in routes/. A path that ends with /* takes what follows.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/registry.h"
#include "net/http_exchange.h"
#include "serve/api/api_error.h"

namespace tradewind {

class ServeApp;

// One request on its way to its route.
struct RouteCall {
  ServeApp& app;
  HttpRequest request;
  std::shared_ptr<HttpExchange> exchange;
  std::string tenant;  // by its key
  std::string id;      // of the request: in its headers and the log

  void SendJson(std::string json) { (void)exchange->Send(HttpJsonResponse(200, std::move(json))); }
  // 429 or 503 with Retry-After, where coming again helps; counted.
  void SendRefusal(const ApiError& error, int64_t retry_after_s);
  // In the shape that the path's API has.
  void SendError(const ApiError& error);
  void SendError(const Status& status) { SendError(ApiErrorOf(status)); }
};

struct Route {
  // kInline: on the server's own thread, must return at once. kWork: where texts are parsed and tokenised. kBlocking: where the model is
  // waited for.
  enum class Where : uint8_t { kInline, kWork, kBlocking };
  void (*run)(std::shared_ptr<RouteCall> call) = nullptr;
  Where where = Where::kInline;
  bool open = false;     // needs no key
  bool answers = false;  // runs a model: goes through admission
};

const Registry<Route>& Routes();

// An error as the API of that path writes it.
HttpResponse ErrorResponseFor(std::string_view path, const ApiError& error);

}  // namespace tradewind
