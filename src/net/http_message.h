// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What a client asks and what it is answered: values, owned by whoever holds them. And how an answer's head is written.
//
//   HttpResponse response = HttpErrorResponse(404, "there is no model \"x\"", "invalid_request_error", "model_not_found");
//   response.headers.push_back({"Retry-After", "2"});
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/status.h"

namespace tradewind {

struct HttpHeader {
  std::string name, value;
  bool operator==(const HttpHeader&) const = default;
};

// Whether two header names or tokens are the same: upper and lower case (ASCII) are one.
bool HttpEqual(std::string_view a, std::string_view b);

struct HttpRequest {
  std::string method;     // one of GET HEAD POST PUT PATCH DELETE OPTIONS
  std::string target;     // as it came
  std::string path;       // of the target, with %XX decoded; "*" for OPTIONS *
  std::string query;      // behind the first '?', as it came
  int minor_version = 1;  // of HTTP/1.x: 0 or 1
  std::vector<HttpHeader> headers;
  std::optional<uint64_t> content_length;  // as announced
  bool chunked = false;                    // the length is not known before the end
  bool keep_alive = true;                  // what the client wishes
  bool expects_continue = false;
  std::string body;  // empty where only the head has come

  std::string peer;            // numeric address, without the port
  uint64_t connection_id = 0;  // counts up from 1 in a server
  TimePoint accepted_at;       // when the first byte of the request came, on RealClock's axis
  // The head hook's, for the handler: a reservation, say. Released with the request, also where its body never comes.
  std::shared_ptr<void> ticket;

  bool has_body() const { return chunked || content_length.value_or(0) > 0; }
  // The first header of that name; none: nullptr.
  const std::string* Find(std::string_view name) const;
};

struct HttpResponse {
  int status = 200;
  // Content-Length, Transfer-Encoding, Connection and Date are the server's to write; given here they are left out.
  std::vector<HttpHeader> headers;
  std::string body;
};

// An answer with Content-Type: application/json.
HttpResponse HttpJsonResponse(int status, std::string json);
// {"error": {"message", "type", "code", "param": null}}, as OpenAI's clients read it. Bytes that are no UTF-8 are replaced.
HttpResponse HttpErrorResponse(int status, std::string_view message, std::string_view type, std::string_view code);

// "Not Found"; "Unknown" for a number without a name.
std::string_view HttpReason(int status);

// How the body follows an answer's head.
enum class HttpFraming : uint8_t {
  kLength,    // Content-Length: of the body
  kChunked,   // chunks until an empty one
  kUntilEnd,  // all until the connection is closed: for HTTP/1.0
  kNone,      // none, nor a length: 204 and 304
};

// Status line and headers with the empty line behind them. kInvalidInput for a name that is no token or a value with control characters
// (a line end in it would begin another answer), or a status outside of 200 to 599.
Result<std::string> HttpResponseHead(const HttpResponse& response, HttpFraming framing, bool keep_alive);

}  // namespace tradewind
