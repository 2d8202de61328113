// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A server for the tests of HttpServer, whose paths say what it does:
//   /echo (method, path and body, at once), /later (the same from another thread), /ticket, /empty (204), /stream/N (N events from another
//   thread), /endless (events until the peer is gone), /wait (nothing until Release), /big/N (N bytes), /half, /dropped, /throws, /splits;
//   the hook answers /denied with 401.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "net/http_server.h"

namespace tradewind {

class HttpTestServer {
 public:
  explicit HttpTestServer(const HttpLimits& limits = {}, int threads = 1, std::string certificate = "", std::string key = "") {
    HttpServerOptions options;
    options.limits = limits;
    options.threads = threads;
    options.tls_certificate_file = std::move(certificate);
    options.tls_key_file = std::move(key);
    auto server = HttpServer::Start(
        std::move(options), [this](HttpRequest& request) { return Hook(request); },
        [this](const HttpRequest& request, std::shared_ptr<HttpExchange> exchange) { Handle(request, std::move(exchange)); });
    if (!server) {
      ADD_FAILURE() << server.error().ToString();
      return;
    }
    server_ = std::move(*server);
  }
  ~HttpTestServer() {
    stop_ = true;
    server_.reset();
    for (std::thread& thread : threads_) thread.join();
  }

  uint16_t port() const { return server_->port(); }
  HttpServer* operator->() { return server_.get(); }
  void Destroy() { server_.reset(); }
  int handled() const { return handled_; }
  int tickets() const { return tickets_; }
  int on_close() const { return on_close_; }  // callbacks that ran
  int gave_up() const { return gave_up_; }    // streams whose Write said no
  size_t waiting() {
    const std::lock_guard lock(mutex_);
    return waiting_.size();
  }
  // Answers those that wait.
  void Release() {
    const std::lock_guard lock(mutex_);
    for (const auto& exchange : waiting_) (void)exchange->Send(HttpJsonResponse(200, "{}"));
    waiting_.clear();
  }

 private:
  static HttpResponse Echo(const HttpRequest& request) { return {200, {}, request.method + " " + request.path + " " + request.body}; }
  static size_t Number(const HttpRequest& request) { return std::stoul(request.path.substr(request.path.rfind('/') + 1)); }

  std::optional<HttpResponse> Hook(HttpRequest& request) {
    if (request.path == "/denied") return HttpErrorResponse(401, "no", "invalid_request_error", "invalid_api_key");
    if (request.path == "/hook-throws") throw std::runtime_error("a bug");
    if (request.path == "/ticket") {
      ++tickets_;
      request.ticket = std::shared_ptr<void>(nullptr, [this](void*) { --tickets_; });
    }
    return std::nullopt;
  }

  void Handle(const HttpRequest& request, std::shared_ptr<HttpExchange> exchange) {
    ++handled_;
    const std::string& path = request.path;
    if (path == "/later") return Elsewhere([exchange, request] { (void)exchange->Send(Echo(request)); });
    if (path == "/empty") return (void)exchange->Send({204, {}, "not sent"});
    if (path.starts_with("/big/")) return (void)exchange->Send({200, {}, std::string(Number(request), 'b')});
    if (path.starts_with("/stream/")) return Elsewhere([exchange, n = Number(request)] { Stream(*exchange, n); });
    if (path == "/endless") return Endless(std::move(exchange));
    if (path == "/wait") return Wait(std::move(exchange));
    if (path == "/dropped") return;
    if (path == "/throws") throw std::runtime_error("a bug");
    if (path == "/splits") {
      EXPECT_FALSE(exchange->Send({200, {{"X-Model", "a\r\nSet-Cookie: b"}}, ""}));
      return;
    }
    if (path == "/half") {
      (void)exchange->Begin({200, {}, "half"});
      return;
    }
    EXPECT_TRUE(exchange->Send(Echo(request)));
    EXPECT_FALSE(exchange->Send(Echo(request))) << "answered already";
  }

  static void Stream(HttpExchange& exchange, size_t events) {
    EXPECT_FALSE(exchange.Write("too early"));
    (void)exchange.Begin({200, {{"Content-Type", "text/event-stream"}}, ""});
    for (size_t i = 0; i < events; ++i) {
      (void)exchange.Write("");  // must not look like the end
      (void)exchange.Write("data: " + std::to_string(i) + "\n\n");
    }
    exchange.End();
    EXPECT_FALSE(exchange.Write("too late"));
  }

  void Endless(std::shared_ptr<HttpExchange> exchange) {
    exchange->OnClose([this] { ++on_close_; });
    Elsewhere([this, exchange = std::move(exchange)] {
      (void)exchange->Begin({200, {}, ""});
      while (!stop_ && exchange->Write(std::string(1000, 'e'))) std::this_thread::sleep_for(std::chrono::microseconds(200));
      ++gave_up_;
    });
  }

  // The callback holds the exchange, as those of a scheduler do.
  void Wait(std::shared_ptr<HttpExchange> exchange) {
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(exchange);
    }
    HttpExchange& raw = *exchange;
    raw.OnClose([this, exchange = std::move(exchange)] {
      ++on_close_;
      const std::lock_guard lock(mutex_);
      std::erase(waiting_, exchange);
    });
  }

  template <typename Task>
  void Elsewhere(Task task) {
    const std::lock_guard lock(mutex_);
    threads_.emplace_back(std::move(task));
  }

  std::unique_ptr<HttpServer> server_;
  std::atomic<bool> stop_{false};
  std::atomic<int> handled_{0}, tickets_{0}, on_close_{0}, gave_up_{0};
  std::mutex mutex_;
  std::vector<std::thread> threads_;
  std::vector<std::shared_ptr<HttpExchange>> waiting_;
};

}  // namespace tradewind
