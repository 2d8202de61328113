// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// HttpConnection: one client from its first byte to its last: reads requests, has them answered one after the other, keeps the deadlines.
// Shared by the server's list and by pending calls of its stream. For its loop's thread.
//
//   auto connection = std::make_shared<HttpConnection>(shared, loop, stream, [](HttpConnection& gone) { ... });
//   connection->Start();
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "net/http_answer.h"
#include "net/http_loop.h"
#include "net/http_reader.h"

namespace tradewind {

class HttpConnection : public std::enable_shared_from_this<HttpConnection> {
 public:
  // `gone` is called once, by Close.
  HttpConnection(std::shared_ptr<HttpShared> shared, const std::shared_ptr<HttpLoop>& loop, std::shared_ptr<HttpStream> stream,
                 std::function<void(HttpConnection&)> gone);

  void Start();
  // Reads nothing and answers so.
  void StartRefused(const HttpResponse& response);
  // Looks at the deadlines.
  void Tick(TimePoint now);
  // Closes if no request is under way; else behind its answer.
  void Drain();
  void Close();

  const std::string& peer() const { return stream_->peer(); }

 private:
  void Read();
  void OnRead(bool ok, size_t bytes);
  // As far as the bytes that have come go.
  void Advance();
  void OnHead();
  void OnRequest();
  // An answer of the server's own; what else the client sends is dropped.
  void Refuse(const HttpResponse& response);
  std::shared_ptr<HttpAnswer> BeginAnswer(HttpAnswer::Form form);
  void Pump();
  void OnWritten(bool ok, size_t bytes);
  void OnAnswerSent();
  void CountHeld();
  bool HeldTooMuch() const;

  const std::shared_ptr<HttpShared> shared_;
  const std::weak_ptr<HttpLoop> loop_;
  const std::shared_ptr<HttpStream> stream_;
  std::function<void(HttpConnection&)> gone_;
  const uint64_t id_;

  HttpReader reader_;
  std::shared_ptr<HttpAnswer> answer_;  // while a request is being answered
  std::string out_;                     // being sent
  size_t out_sent_ = 0;
  bool out_of_answer_ = false;  // and not 100 Continue

  bool reading_ = false, writing_ = false, closed_ = false;
  bool in_body_ = false;    // of a request
  bool discard_ = false;    // of what comes nothing is looked at
  bool lingering_ = false;  // all is sent
  bool handshake_ = true;

  TimePoint began_;       // the wait, the head or the body
  TimePoint last_write_;  // since when write_progress_ counts
  size_t write_progress_ = 0;
  uint64_t requests_ = 0, discarded_ = 0;
  int64_t counted_held_ = 0;
  std::array<char, 8192> in_;
};

}  // namespace tradewind
