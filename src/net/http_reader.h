// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// HttpReader: the bytes of one connection to requests, without a socket: what the server and the fuzzer share. It owns the bytes that it
// was given and has not used. For one thread. What is wrong comes as a status for the client, never as an exception; afterwards the
// connection is of no use, since nobody knows where the next request would begin.
//
//   HttpReader reader(limits);
//   reader.Append(bytes);
//   while (true) switch (reader.Next()) { ... }
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "net/http_head.h"
#include "net/http_limits.h"
#include "net/http_message.h"

namespace tradewind {

enum class HttpEvent : uint8_t {
  kMore,     // append bytes, then ask again
  kHead,     // the head has come: request() without its body. Once a request
  kRequest,  // all of it: TakeRequest()
  kRefused,  // refusal() says why. Stays so
};

class HttpReader {
 public:
  // Keeps a reference to the limits.
  explicit HttpReader(const HttpLimits& limits);
  ~HttpReader();
  HttpReader(const HttpReader&) = delete;
  HttpReader& operator=(const HttpReader&) = delete;

  void Append(std::string_view bytes) { buffer_ += bytes; }
  HttpEvent Next();

  // Valid from kHead until TakeRequest.
  HttpRequest& request() { return request_; }
  // After kRequest; the next request begins with the bytes that are left.
  HttpRequest TakeRequest();
  // Forgets all that came: memory, the request and its ticket.
  void Clear();
  const HttpRefusal& refusal() const { return refusal_; }

  // Bytes that were appended and belong to no request yet.
  size_t waiting() const { return buffer_.size() - used_; }
  // Memory for bytes of peers: waiting ones and the body as far as it has come.
  size_t held() const;
  // Bytes of the body that have come, with the framing of chunks.
  uint64_t body_progress() const { return body_progress_; }

 private:
  enum class State : uint8_t { kHead, kBody, kComplete, kRefused };
  class Parser;  // of Boost.Beast

  HttpEvent NextOfHead();
  HttpEvent NextOfBody();
  // kHead: the line, and the trailers behind the last one, may be parsed.
  HttpEvent CheckChunkLine();
  HttpEvent ParseHead(std::string_view head);
  HttpEvent Refuse(int status, std::string message);
  void Use(size_t count);

  const HttpLimits& limits_;
  State state_ = State::kHead;
  std::string buffer_;
  size_t used_ = 0;          // bytes at the front of buffer_ that are parsed
  bool empty_line_ = false;  // one stood before the request
  HttpScan scan_;
  std::unique_ptr<Parser> parser_;
  HttpRequest request_;
  HttpRefusal refusal_;
  uint64_t body_progress_ = 0;
};

}  // namespace tradewind
