// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What HttpReader asks of a request's head beside what the parser asks: that every byte may stand where it does, before the head is
// complete, and that its headers agree with each other. Pure functions.
//
//   HttpScan scan = ScanHttpHead(bytes_so_far, limits, earlier_scan);
//   if (HttpRefusal bad = CheckHttpHead(request); bad.status != 0) ...
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "net/http_limits.h"
#include "net/http_message.h"

namespace tradewind {

// What the client is told; status 0: nothing.
struct HttpRefusal {
  int status = 0;
  std::string message;
};

// How far a head was looked at.
struct HttpScan {
  size_t scanned = 0;     // bytes that need no second look; of a complete head: all of it
  size_t line_begin = 0;  // where the line begins that is being looked at
  size_t lines = 0;       // that are complete
  bool complete = false;  // the empty line has come
  HttpRefusal refusal;
};

// Goes on where `from` ended. Refuses, as soon as the byte has come: a line end that is not CR LF, control characters, an empty first line,
// a line that continues the one before, and more than the limits allow.
HttpScan ScanHttpHead(std::string_view bytes, const HttpLimits& limits, HttpScan from);

// Fills in path, query, lengths and wishes of a request whose method, target, version and headers are set. Status 0: all is well.
HttpRefusal CheckHttpHead(HttpRequest& request);

// Whether the third part of the first line names a version of HTTP.
bool HasHttpVersion(std::string_view head);

}  // namespace tradewind
