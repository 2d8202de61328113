// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Messages for people, on standard error, one line each: "tradewind: MESSAGE". Results never go here. Thread-safe.
// The level comes from TRADEWIND_LOG (error, warning, info, debug; default warning).
#pragma once

#include <string_view>

namespace tradewind {

enum class LogLevel { kError, kWarning, kInfo, kDebug };

void SetLogLevel(LogLevel level);
bool LogEnabled(LogLevel level);
void Log(LogLevel level, std::string_view message);

}  // namespace tradewind
