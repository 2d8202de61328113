// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Socket: a connected stream of bytes to another process, by TCP or within this machine. Every call has a deadline on RealClock's axis;
// an end that is gone is kUnavailable, named. Sending and receiving may go on in two threads, one each.
//
//   TW_ASSIGN(Listener listener, Listener::Open("127.0.0.1:7070"));
//   TW_ASSIGN(Socket server, listener.Accept(deadline));
//   TW_ASSIGN(Socket client, Socket::Connect("127.0.0.1:7070", deadline));
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/file_descriptor.h"
#include "base/status.h"

namespace tradewind {

class Socket {
 public:
  // Takes a connected stream socket; `peer` names the other end in errors.
  static Result<Socket> Own(Descriptor descriptor, std::string peer);
  // Two ends of one stream within this machine. The second is inherited by programs that are started, unless it is closed before.
  static Result<std::pair<Socket, Socket>> Pair();
  // "HOST:PORT". kInvalidInput for another form; kUnavailable where nobody listens, or not until the deadline.
  static Result<Socket> Connect(const std::string& address, TimePoint deadline);

  // All of it, or an error.
  Result<void> Send(std::span<const std::byte> bytes, TimePoint deadline);
  Result<void> Receive(std::span<std::byte> bytes, TimePoint deadline);
  // Waits for the first byte; false when the other end has closed the stream.
  Result<bool> WaitForMore(TimePoint deadline);
  // Wakes whoever waits in another thread: they fail as if the other end were gone.
  void Shutdown();

  const std::string& peer() const { return peer_; }
  void Name(std::string peer) { peer_ = std::move(peer); }
  int descriptor() const { return descriptor_.get(); }

 private:
  Socket(Descriptor descriptor, std::string peer) : descriptor_(std::move(descriptor)), peer_(std::move(peer)) {}
  Descriptor descriptor_;
  std::string peer_;
};

class Listener {
 public:
  // "HOST:PORT"; port 0: one that is free, as address() says. kIo where the port is taken.
  static Result<Listener> Open(const std::string& address);
  // kUnavailable if nobody came until the deadline.
  Result<Socket> Accept(TimePoint deadline);
  const std::string& address() const { return address_; }

 private:
  Listener(Descriptor descriptor, std::string address) : descriptor_(std::move(descriptor)), address_(std::move(address)) {}
  Descriptor descriptor_;
  std::string address_;
};

}  // namespace tradewind
