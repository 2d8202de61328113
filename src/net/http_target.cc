// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/http_target.h"

#include <algorithm>

#include "net/http_message.h"

namespace tradewind {
namespace {

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// What may stand in a target beside letters and digits. No '#': a fragment is never sent. No '"', '<', '>' or '\': different servers make
// different things of them.
bool InTarget(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("-._~:/?[]@!$&'()*+,;=%|{}^`").find(c) != std::string_view::npos;
}

tl::unexpected<Status> BadTarget(std::string message, uint64_t offset) {
  return Fail(Status(StatusCode::kInvalidInput, std::move(message)).At("request target", offset));
}

}  // namespace

std::optional<std::string> DecodePercent(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    if (text.size() - i < 3) return std::nullopt;
    const int high = HexDigit(text[i + 1]), low = HexDigit(text[i + 2]);
    if (high < 0 || low < 0 || high + low == 0) return std::nullopt;
    decoded += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return decoded;
}

Result<HttpTarget> ParseHttpTarget(std::string_view target, std::string_view method) {
  const auto* const bad = std::find_if_not(target.begin(), target.end(), InTarget);
  if (bad != target.end())
    return BadTarget("the request target has a byte that must be written as %XX", static_cast<uint64_t>(bad - target.begin()));
  if (target == "*" && method == "OPTIONS") return HttpTarget{"*", ""};
  const size_t before = target.size();
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!HttpEqual(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    if (target.empty() || target[0] == '/') return BadTarget("the request target names no host", scheme.size());
    target.remove_prefix(std::min(target.size(), target.find_first_of("/?")));
    if (target.empty()) return HttpTarget{"/", ""};
    if (target[0] == '?') return HttpTarget{"/", std::string(target.substr(1))};
    break;
  }
  if (target.empty() || target[0] != '/') return BadTarget("the request target must begin with /", before - target.size());
  const size_t question = std::min(target.size(), target.find('?'));
  std::optional<std::string> path = DecodePercent(target.substr(0, question));
  if (!path) return BadTarget("the request target has a %XX that is damaged or stands for the byte 0", before - target.size());
  return HttpTarget{std::move(*path), std::string(target.substr(std::min(target.size(), question + 1)))};
}

}  // namespace tradewind
