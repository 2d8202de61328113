// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ShapedSocket: a socket whose sending side is slowed down to a link (net/shaper.h): the bytes are real, and come no earlier than over that
// link. Shape both ends for a link both ways. A thread of its own sends; what waits for it is bounded. One caller sends, one receives.
//
//   ShapedSocket there(std::move(socket));
//   TW_RETURN_IF_ERROR(there.SetLink({.bandwidth_bytes_per_s = 625'000, .delay_ms = 10}));
//   TW_RETURN_IF_ERROR(there.Send(7, bytes, deadline));
//   TW_ASSIGN(const WireMessage answer, there.Receive(1 << 20, deadline));
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/device.h"
#include "net/message.h"
#include "net/shaper.h"
#include "net/socket.h"

namespace tradewind {

class ShapedSocket {
 public:
  static constexpr size_t kMostWaiting = size_t{8} << 20;  // bytes that are handed over and not sent

  explicit ShapedSocket(Socket socket);
  ~ShapedSocket();  // what was not sent is lost; Flush first
  ShapedSocket(const ShapedSocket&) = delete;
  ShapedSocket& operator=(const ShapedSocket&) = delete;

  // From the next message on; waits for those before. kInvalidInput for a link that cannot be (CheckLink).
  Result<void> SetLink(const Link& link, uint64_t seed = 1);
  // Returns when all of it is handed over, which may be before it is sent: an error of sending is told by the next call.
  Result<void> Send(uint16_t kind, std::span<const std::byte> bytes, TimePoint deadline);
  Result<void> Flush(TimePoint deadline);
  Result<WireMessage> Receive(uint64_t most_bytes, TimePoint deadline) { return ReceiveMessage(socket_, most_bytes, deadline); }
  Socket& socket() { return socket_; }

 private:
  struct Packet {
    std::vector<std::byte> bytes;
    TimePoint arrival;
    TimePoint deadline;
  };
  void SendInTime();  // the thread's

  Socket socket_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Shaper shaper_;
  std::deque<Packet> waiting_;
  size_t waiting_bytes_ = 0;
  std::optional<Status> failed_;
  bool done_ = false;
  std::thread sender_;  // last: it uses all of the above
};

}  // namespace tradewind
