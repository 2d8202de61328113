// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Any bytes of a client, in pieces whose sizes the first byte says. Whatever the pieces, the requests and the refusal are the same; memory
// is bounded by the limits; and a request that was taken, written again in the plainest form, means the same.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "net/http_reader.h"

namespace tradewind {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

HttpLimits FuzzLimits() {
  HttpLimits limits;
  limits.header_bytes = 1024;
  limits.target_bytes = 200;
  limits.headers = 12;
  limits.body_bytes = 2000;
  limits.chunk_extension_bytes = 20;
  return limits;
}

struct HttpFuzzed {
  std::vector<HttpRequest> requests;
  int refused = 0;
};

// `piece` of 0: all at once.
HttpFuzzed ReadFuzzed(std::string_view bytes, size_t piece, const HttpLimits& limits) {
  HttpReader reader(limits);
  HttpFuzzed read;
  if (piece == 0) piece = std::max<size_t>(1, bytes.size());
  for (size_t at = 0; at < bytes.size() && read.refused == 0; at += piece) {
    reader.Append(bytes.substr(at, piece));
    for (HttpEvent event = reader.Next(); event != HttpEvent::kMore; event = reader.Next()) {
      if (event == HttpEvent::kHead) Require(reader.request().body.empty());
      if (event == HttpEvent::kRequest) read.requests.push_back(reader.TakeRequest());
      if (event == HttpEvent::kRefused) {
        read.refused = reader.refusal().status;
        Require(read.refused >= 400 && read.refused < 600 && !reader.refusal().message.empty());
        break;
      }
    }
    // The pieces themselves, what is kept of a head or a chunk's line, the body; twice, as strings grow by doubling.
    Require(reader.held() <= 2 * (piece + limits.header_bytes + limits.body_bytes + 8192));
  }
  return read;
}

std::string WriteAgain(const HttpRequest& request) {
  std::string text = request.method + " " + request.target + " HTTP/1." + std::to_string(request.minor_version) + "\r\n";
  for (const HttpHeader& header : request.headers) {
    if (HttpEqual(header.name, "Transfer-Encoding") || HttpEqual(header.name, "Content-Length")) continue;
    text += header.name + ": " + header.value + "\r\n";
  }
  return text + "Content-Length: " + std::to_string(request.body.size()) + "\r\n\r\n" + request.body;
}

void RequireSame(const HttpRequest& a, const HttpRequest& b) {
  Require(a.method == b.method && a.target == b.target && a.path == b.path && a.query == b.query);
  Require(a.minor_version == b.minor_version && a.keep_alive == b.keep_alive && a.expects_continue == b.expects_continue);
  Require(a.body == b.body);
}

std::vector<HttpHeader> WithoutLength(const HttpRequest& request) {
  std::vector<HttpHeader> headers = request.headers;
  std::erase_if(headers, [](const HttpHeader& h) { return HttpEqual(h.name, "Transfer-Encoding") || HttpEqual(h.name, "Content-Length"); });
  return headers;
}

void RequireSound(const HttpRequest& request, const HttpLimits& limits) {
  Require(request.body.size() <= limits.body_bytes && request.headers.size() <= limits.headers);
  Require(request.chunked || request.body.size() == request.content_length.value_or(0));
  Require(!request.chunked || !request.content_length);
  Require(request.path == "*" || request.path.starts_with('/'));
  Require(request.minor_version == 0 || request.Find("host") != nullptr);
  Require(request.path.find('\0') == std::string::npos);
  for (const HttpHeader& header : request.headers) {
    Require(!header.name.empty() && header.name.find_first_of(" \t\r\n:") == std::string::npos);
    Require(header.value.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
  }
  HttpLimits wider = limits;
  wider.header_bytes *= 4;  // the plainest form has a length of its own
  ++wider.headers;
  const HttpFuzzed again = ReadFuzzed(WriteAgain(request), 0, wider);
  Require(again.refused == 0 && again.requests.size() == 1);
  RequireSame(request, again.requests[0]);
  Require(WithoutLength(request) == WithoutLength(again.requests[0]));
}

void RunHttp(const uint8_t* data, size_t size) {
  const HttpLimits limits = FuzzLimits();
  // Some bytes more, so that the reader need not wait for them to see what is wrong before them.
  const std::string bytes = std::string(reinterpret_cast<const char*>(data) + 1, size - 1) + "\x01\x01\x01\x01\x01";
  const HttpFuzzed whole = ReadFuzzed(bytes, 0, limits), pieces = ReadFuzzed(bytes, size_t{1} + data[0] % 32, limits);
  Require(whole.refused == pieces.refused && whole.requests.size() == pieces.requests.size());
  for (size_t i = 0; i < whole.requests.size(); ++i) {
    RequireSame(whole.requests[i], pieces.requests[i]);
    Require(whole.requests[i].headers == pieces.requests[i].headers);
    RequireSound(whole.requests[i], limits);
  }
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size > 0 && size <= (1 << 14)) tradewind::RunHttp(data, size);
  return 0;
}
