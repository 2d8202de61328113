// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The target of a request line, taken apart. Pure functions.
//
//   TW_ASSIGN(HttpTarget target, ParseHttpTarget("/v1/models?limit=2", "GET"));   // path "/v1/models", query "limit=2"
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/status.h"

namespace tradewind {

struct HttpTarget {
  std::string path;   // with %XX decoded
  std::string query;  // as it stands behind the first '?'
};

// Origin form ("/path?query"), absolute form ("http://host/path"), and "*" for OPTIONS. kInvalidInput, with the offset, for other forms,
// for bytes that must not stand in a target, for a damaged %XX and for %00.
Result<HttpTarget> ParseHttpTarget(std::string_view target, std::string_view method);

// %XX decoded; nothing if one is damaged or stands for the byte 0.
std::optional<std::string> DecodePercent(std::string_view text);

}  // namespace tradewind
