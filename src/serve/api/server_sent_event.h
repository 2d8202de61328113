// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Frames of a stream of server-sent events (WHATWG HTML, section 9.2). `json` is one line. Thread-safe.
//
//   exchange.Write(ServerSentEvent(chunk)); ... exchange.Write(std::string(kStreamDone));
#pragma once

#include <string>
#include <string_view>

namespace tradewind {

// "data: JSON", as OpenAI's streams have it; with a name, "event: NAME" before it, as Anthropic's.
std::string ServerSentEvent(std::string_view json, std::string_view name = {});

// OpenAI's last frame.
inline constexpr std::string_view kStreamDone = "data: [DONE]\n\n";
// Tells a client and what lies between that the stream lives.
inline constexpr std::string_view kStreamComment = ":\n\n";

}  // namespace tradewind
