// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/http_head.h"

#include <algorithm>
#include <array>

#include "net/http_target.h"

namespace tradewind {
namespace {

constexpr size_t kRequestLineBeside = 32;  // the method, the version and two spaces

bool IsForbidden(unsigned char c) {
  return c == 0x7f || (c < 0x20 && c != '\t' && c != '\r' && c != '\n');
}

HttpScan& RefuseScan(HttpScan& scan, int status, const char* message) {
  scan.refusal = {status, message};
  return scan;
}

// Limits that hold whether or not the line has ended.
bool IsOver(HttpScan& scan, const HttpLimits& limits) {
  if (scan.lines == 0 && scan.scanned - scan.line_begin > limits.target_bytes + kRequestLineBeside)
    RefuseScan(scan, 414, "the request target is too long");
  else if (scan.lines > limits.headers + 1)
    RefuseScan(scan, 431, "the request has too many headers");
  else if (scan.scanned > limits.header_bytes)
    RefuseScan(scan, 431, "the request's headers are too long");
  return scan.refusal.status != 0;
}

// The tokens of all headers of that name, split at commas.
template <typename Visit>
void EachToken(const HttpRequest& request, std::string_view name, const Visit& visit) {
  for (const HttpHeader& header : request.headers) {
    if (!HttpEqual(header.name, name)) continue;
    std::string_view rest = header.value;
    while (!rest.empty()) {
      const size_t comma = std::min(rest.size(), rest.find(','));
      std::string_view token = rest.substr(0, comma);
      token.remove_prefix(std::min(token.size(), token.find_first_not_of(" \t")));
      token = token.substr(0, token.find_last_not_of(" \t") + 1);
      if (!token.empty()) visit(token);
      rest.remove_prefix(std::min(rest.size(), comma + 1));
    }
  }
}

size_t Count(const HttpRequest& request, std::string_view name) {
  return static_cast<size_t>(
      std::count_if(request.headers.begin(), request.headers.end(), [&](const HttpHeader& h) { return HttpEqual(h.name, name); }));
}

HttpRefusal CheckHost(const HttpRequest& request) {
  const size_t hosts = Count(request, "Host");
  if (hosts > 1) return {400, "the request has two Host headers"};
  if (hosts == 0) return request.minor_version == 0 ? HttpRefusal{0, ""} : HttpRefusal{400, "the request has no Host header"};
  const std::string& host = *request.Find("Host");
  const bool sound = std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("-._~:[]%").find(c) != std::string_view::npos;
  });
  return sound ? HttpRefusal{0, ""} : HttpRefusal{400, "the Host header names no host"};
}

// How long the body is. Two opinions on that, of this server and of a proxy before it, are how requests are smuggled: only one way to say
// it is taken.
HttpRefusal CheckLength(HttpRequest& request) {
  const size_t lengths = Count(request, "Content-Length"), codings = Count(request, "Transfer-Encoding");
  if (lengths > 1) return {400, "the request has two Content-Length headers"};
  if (codings > 1) return {400, "the request has two Transfer-Encoding headers"};
  if (lengths == 1 && codings == 1) return {400, "the request has Content-Length and Transfer-Encoding"};
  if (codings == 1) {
    if (request.minor_version == 0) return {400, "HTTP/1.0 has no Transfer-Encoding"};
    if (!HttpEqual(*request.Find("Transfer-Encoding"), "chunked")) return {501, "the only Transfer-Encoding taken is chunked"};
    request.chunked = true;
  }
  if (lengths == 1) {
    uint64_t length = 0;
    const std::string& text = *request.Find("Content-Length");
    for (const char c : text) {
      if (c < '0' || c > '9' || __builtin_mul_overflow(length, 10U, &length) ||
          __builtin_add_overflow(length, static_cast<uint64_t>(c - '0'), &length))
        return {400, "Content-Length is no number of bytes"};
    }
    if (text.empty()) return {400, "Content-Length is no number of bytes"};
    request.content_length = length;
  }
  return {0, ""};
}

HttpRefusal CheckWishes(HttpRequest& request) {
  bool close = false, keep = false, strange = false;
  EachToken(request, "Connection", [&](std::string_view token) {
    close |= HttpEqual(token, "close");
    keep |= HttpEqual(token, "keep-alive");
  });
  request.keep_alive = !close && (request.minor_version == 1 || keep);
  EachToken(request, "Expect", [&](std::string_view token) {
    request.expects_continue |= HttpEqual(token, "100-continue");
    strange |= !HttpEqual(token, "100-continue");
  });
  if (request.minor_version == 0) request.expects_continue = false;
  return strange ? HttpRefusal{417, "the only Expect that is understood is 100-continue"} : HttpRefusal{0, ""};
}

}  // namespace

HttpScan ScanHttpHead(std::string_view bytes, const HttpLimits& limits, HttpScan from) {
  HttpScan scan = std::move(from);
  while (scan.scanned < bytes.size()) {
    const char c = bytes[scan.scanned];
    const bool first_of_line = scan.scanned == scan.line_begin;
    const bool behind_cr = !first_of_line && bytes[scan.scanned - 1] == '\r';
    if (IsForbidden(static_cast<unsigned char>(c))) return RefuseScan(scan, 400, "the request's head has a control character");
    if (behind_cr != (c == '\n')) return RefuseScan(scan, 400, "a line of the request's head must end with CR LF");
    if (first_of_line && (c == ' ' || c == '\t')) return RefuseScan(scan, 400, "a line of the request's head begins with a space");
    if (first_of_line && scan.lines == 0 && (c == '\r' || static_cast<unsigned char>(c) >= 0x80))
      return RefuseScan(scan, 400, "the request must begin with a method");
    ++scan.scanned;
    if (c == '\n') {
      scan.complete = scan.scanned - scan.line_begin == 2;
      scan.line_begin = scan.scanned;
      if (scan.complete) return scan;
      ++scan.lines;
    }
    if (IsOver(scan, limits)) return scan;
  }
  return scan;
}

HttpRefusal CheckHttpHead(HttpRequest& request) {
  static constexpr std::array<std::string_view, 7> kMethods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
  if (std::find(kMethods.begin(), kMethods.end(), request.method) == kMethods.end()) return {501, "this method is not served"};
  for (const auto check : {CheckLength, CheckWishes}) {
    if (HttpRefusal bad = check(request); bad.status != 0) return bad;
  }
  if (HttpRefusal bad = CheckHost(request); bad.status != 0) return bad;
  auto target = ParseHttpTarget(request.target, request.method);
  if (!target) return {400, target.error().message()};
  request.path = std::move(target->path);
  request.query = std::move(target->query);
  return {0, ""};
}

bool HasHttpVersion(std::string_view head) {
  const std::string_view line = head.substr(0, head.find("\r\n"));
  const size_t second = line.find(' ', std::min(line.size(), line.find(' ')) + 1);
  return second != std::string_view::npos && line.substr(second + 1).starts_with("HTTP/") &&
         line.find(' ', second + 1) == std::string_view::npos;
}

}  // namespace tradewind
