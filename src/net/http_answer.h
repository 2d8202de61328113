// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// HttpAnswer: the bytes of one answer between who makes it, on any thread, and the connection that sends it, on its loop's. Shared by the
// two. And HttpShared, what all connections of a server share. Thread-safe but for what is said to be the connection's.
//
//   auto answer = std::make_shared<HttpAnswer>(shared, how, wake);
//   handler(request, MakeHttpExchange(answer));
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "net/http_exchange.h"
#include "net/http_server.h"

namespace tradewind {

struct HttpShared {
  HttpLimits limits;
  HttpHeadHook hook;
  HttpHandler handler;

  std::atomic<bool> draining{false};  // every answer closes its connection
  std::atomic<uint64_t> next_id{1};
  std::atomic<uint64_t> accepted{0}, refused{0}, requests{0}, malformed{0}, cancelled{0}, bytes_in{0}, bytes_out{0};
  std::atomic<int64_t> connections{0}, answering{0}, held{0};
};

class HttpAnswer {
 public:
  // What the request asks of its answer's form.
  struct Form {
    bool head_only = false;  // HEAD
    bool chunks = true;      // not for HTTP/1.0
    bool keep_alive = true;
  };

  // `wake` has the connection call Take or see cancel_wanted(): soon, on its loop.
  HttpAnswer(std::shared_ptr<HttpShared> shared, Form form, std::function<void()> wake)
      : shared_(std::move(shared)), form_(form), wake_(std::move(wake)) {}

  // As of HttpExchange.
  Result<void> Send(const HttpResponse& response);
  Result<void> Begin(HttpResponse head);
  bool Write(const std::string& bytes);
  void End();
  void OnClose(std::function<void()> callback);
  bool closed() const;
  void Cancel();
  // Nobody can answer any more.
  void Abandon();

  // The connection's: moves what waits to it.
  std::string Take();
  // So many bytes of what was taken are sent.
  void Sent(size_t bytes);
  bool cancel_wanted() const;
  // All was taken and there will be no more; broken: though it is not the whole answer.
  bool complete() const;
  bool broken() const;
  bool keep_alive() const;
  // The end: the answer was sent, or it never will be.
  void Finish();
  void Lose();

 private:
  // Puts the head, and the first bytes behind it; 500 if the head cannot be sent.
  Result<void> Start(const HttpResponse& response, bool whole);
  void Add(std::string_view bytes);
  void Wake(std::unique_lock<std::mutex> lock);

  const std::shared_ptr<HttpShared> shared_;
  mutable std::mutex mutex_;
  Form form_;
  std::function<void()> wake_;
  std::function<void()> on_close_;
  std::string pending_;
  size_t taken_ = 0;                                     // and not sent yet
  bool body_ = true, chunked_ = false;                   // of this answer
  bool begun_ = false, ended_ = false, broken_ = false;  // by who answers
  bool cancel_wanted_ = false, closed_ = false, finished_ = false;
  bool woken_ = false;  // and Take not called yet
};

// Abandons the answer when its last owner is gone.
std::shared_ptr<HttpExchange> MakeHttpExchange(std::shared_ptr<HttpAnswer> answer);

}  // namespace tradewind
