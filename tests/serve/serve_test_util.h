// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A server in this process over the smallest real model, and what a client asks of it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "net/http_test_client.h"
#include "serve/serve_app.h"

namespace tradewind {

inline Setting ModelSetting(const std::string& path) {
  Setting setting;
  setting.Set("model", path);
  return setting;
}

inline std::unique_ptr<ServeApp> StartApp(ServeOptions options, const std::string& path, const std::string& name = "stories") {
  options.http.port = 0;
  options.models = {{name, ModelSetting(path)}};
  auto app = ServeApp::Start(std::move(options));
  EXPECT_TRUE(app) << app.error().ToString();
  return app ? std::move(*app) : nullptr;
}

inline std::string PostBytes(const std::string& path, const std::string& body, const std::string& headers = {}) {
  return "POST " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}

inline HttpTestAnswer Post(const ServeApp& app, const std::string& path, const std::string& body, const std::string& headers = {}) {
  HttpTestClient client(app.port());
  client.Send(PostBytes(path, body, headers));
  return client.ReadAnswer();
}

inline HttpTestAnswer Get(const ServeApp& app, const std::string& path, const std::string& headers = {}) {
  HttpTestClient client(app.port());
  client.Send("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n");
  return client.ReadAnswer();
}

inline nlohmann::json JsonOf(const HttpTestAnswer& answer) {
  return nlohmann::json::parse(answer.body, nullptr, false);
}

// The data of each server-sent event.
inline std::vector<std::string> EventsOf(const std::string& body) {
  std::vector<std::string> events;
  for (size_t at = 0; (at = body.find("data: ", at)) != std::string::npos;) {
    const size_t end = body.find("\n\n", at);
    events.push_back(body.substr(at + 6, end - at - 6));
    at = end;
  }
  return events;
}

}  // namespace tradewind
