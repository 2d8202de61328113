// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// HttpLoop: a thread that waits for sockets, and HttpStream: one accepted connection of it, plain or TLS. What the HTTP server needs of
// Boost.Asio and OpenSSL, without their types. Post is for any thread; all else of a loop and of its streams is for the loop's own thread,
// where every callback runs. A callback is never called from within the call that was given it.
//
//   loop->Post([stream] { stream->Read(buffer, [](bool ok, size_t bytes) { ... }); });
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/status.h"

namespace tradewind {

class HttpStream {
 public:
  using Done = std::function<void(bool ok, size_t bytes)>;
  virtual ~HttpStream() = default;

  // Before the first read or write; at once for a plain stream.
  virtual void Handshake(Done done) = 0;
  // At least a byte; not ok: the peer has closed, or the connection is broken. The buffer must live until then. One at a time.
  virtual void Read(std::span<char> buffer, Done done) = 0;
  // At least a byte. One at a time, beside a Read.
  virtual void Write(std::string_view bytes, Done done) = 0;
  // Nothing more will be written: tells the peer, who may still send.
  virtual void EndWriting() = 0;
  // Pending calls come back as not ok.
  virtual void Close() = 0;
  // Whether the peer has closed although bytes of it may wait to be read.
  virtual bool PeerClosed() = 0;
  virtual const std::string& peer() const = 0;  // numeric address
};

// Certificates that are read. Made once, shared by all loops.
class HttpTls {
 public:
  virtual ~HttpTls() = default;
  static Result<std::shared_ptr<HttpTls>> Load(const std::string& certificate_file, const std::string& key_file);
};

class HttpLoop {
 public:
  // `tick` is called about every `interval` while KeepTicking was called, until StopTicking.
  static std::shared_ptr<HttpLoop> Make(Duration interval, std::function<void()> tick);
  virtual ~HttpLoop() = default;

  // Runs until Finish and everything that is pending then; the calling thread becomes the loop's.
  virtual void Run() = 0;
  virtual void Post(std::function<void()> task) = 0;
  virtual void KeepTicking() = 0;
  virtual void StopTicking() = 0;
  // Closes the listener; Run returns when all streams are closed and their callbacks done.
  virtual void Finish() = 0;

  struct Door {
    std::string host;
    uint16_t port = 0;
    int send_buffer_bytes = 0;
    std::shared_ptr<HttpTls> tls;  // none: plain
  };
  // Before Run. `next_loop` says to which loop the next connection belongs; `accepted` is called on this loop's thread.
  virtual Result<uint16_t> Listen(const Door& door, std::function<HttpLoop*()> next_loop,
                                  std::function<void(HttpLoop*, std::shared_ptr<HttpStream>)> accepted) = 0;
  virtual void StopListening() = 0;
};

}  // namespace tradewind
