// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// HttpServer: HTTP/1.1 for requests of strangers. Owns its threads; the hook and the handler run on them, so they must not block: a handler
// keeps the exchange and answers from elsewhere. Start, StopAccepting, Shutdown and the destructor are for one thread, not one of its own.
//
//   auto server = HttpServer::Start({.host = "127.0.0.1", .port = 0}, nullptr, [](HttpRequest request, std::shared_ptr<HttpExchange>
//   exchange) {
//     (void)exchange->Send(HttpJsonResponse(200, "{}"));
//   });
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/status.h"
#include "net/http_exchange.h"
#include "net/http_limits.h"
#include "net/http_message.h"

namespace tradewind {

struct HttpServerOptions {
  std::string host = "127.0.0.1";  // a name or a numeric address; of a name the first address
  uint16_t port = 0;               // 0: one that is free
  int threads = 1;                 // each has a share of the connections
  // Files in PEM, both or none: with them all connections are TLS (1.2 or later).
  std::string tls_certificate_file, tls_key_file;
  HttpLimits limits;
};

// Sees a request before its body is read, and may answer at once: then the body is never held, and the connection is closed behind the
// answer if there is one. It may leave a ticket in the request. A refusal of the server's own (HttpReader) comes before it.
using HttpHeadHook = std::function<std::optional<HttpResponse>(HttpRequest& request)>;
using HttpHandler = std::function<void(HttpRequest request, std::shared_ptr<HttpExchange> exchange)>;

// Since the start, but for those "now". Bytes are those inside of TLS.
struct HttpCounts {
  uint64_t connections_now = 0, accepted = 0;
  uint64_t refused = 0;    // connections, at the door
  uint64_t requests = 0;   // whose head was sound
  uint64_t malformed = 0;  // that the server itself answered with an error, or that came too slowly
  uint64_t cancelled = 0;  // exchanges that ended without their answer
  uint64_t bytes_in = 0, bytes_out = 0;
  uint64_t held_bytes_now = 0;  // of requests, and of answers that wait for their readers
};

class HttpServer {
 public:
  // kInvalidInput for an address or a TLS file that cannot be used (named), kIo for a port that is taken or may not be opened.
  static Result<std::unique_ptr<HttpServer>> Start(HttpServerOptions options, HttpHeadHook head_hook, HttpHandler handler);
  virtual ~HttpServer() = default;  // closes everything; exchanges that run are cancelled

  virtual uint16_t port() const = 0;
  virtual HttpCounts Counts() const = 0;
  // From now on nobody is let in; those who are stay.
  virtual void StopAccepting() = 0;
  // Waits until all requests are answered, but not longer than the deadline; then closes what is left. Idle connections are closed at once,
  // others behind their answer. Returns whether all were answered.
  virtual bool Shutdown(TimePoint deadline) = 0;
};

}  // namespace tradewind
