// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// HttpLimits: what one peer, and all together, may ask of the HTTP server. All are on by default; a value. Sizes are bytes.
//
//   HttpLimits limits;
//   limits.body_bytes = uint64_t{1} << 20;
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/clock.h"

namespace tradewind {

struct HttpLimits {
  // Of a request.
  size_t header_bytes = size_t{16} << 10;     // request line and headers together (431); trailers likewise
  size_t headers = 100;                       // their number (431); trailers likewise
  size_t target_bytes = size_t{8} << 10;      // of the request line (414)
  size_t chunk_extension_bytes = 256;         // behind a chunk's size (400)
  uint64_t body_bytes = uint64_t{8} << 20;    // 413
  size_t pipelined_bytes = size_t{32} << 10;  // kept for later requests while one is answered; more stay with the peer

  // Of connections.
  size_t connections = 1024;                         // more are told 503 and closed
  size_t connections_per_address = 0;                // 0: no limit of its own
  uint64_t requests_per_connection = 10'000;         // then it is closed after the answer
  size_t response_buffer_bytes = size_t{256} << 10;  // written for a slow reader and not sent yet; beyond it the answer is cancelled
  int send_buffer_bytes = 64 << 10;                  // what the kernel may hold beside it (SO_SNDBUF)
  uint64_t held_bytes = uint64_t{512} << 20;         // bodies and answers of all connections; a body beyond it gets 503

  // Of time.
  Duration header_time = Duration::Seconds(10);  // from a connection's or request's first byte to its last header (408)
  Duration body_time = Duration::Seconds(30);    // for the body (408), and a second more ...
  uint64_t body_bytes_per_second = 16 << 10;     // ... for each so many bytes that came
  Duration idle_time = Duration::Seconds(60);    // between two requests
  Duration write_time = Duration::Seconds(20);   // in which a reader must take ...
  size_t write_progress_bytes = 4096;            // ... so many bytes, or all that wait; or else it is cancelled
  // After an answer that closes the connection the rest of the request is read and dropped, so that the peer comes to read the answer.
  Duration linger_time = Duration::Seconds(2);
  uint64_t linger_bytes = uint64_t{16} << 20;
};

}  // namespace tradewind
