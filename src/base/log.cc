// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <string>

namespace tradewind {
namespace {

std::atomic<LogLevel>& Level() {
  static std::atomic<LogLevel> level = [] {
    const char* value = std::getenv("TRADEWIND_LOG");
    const std::string_view name = value ? value : "";
    if (name == "error") return LogLevel::kError;
    if (name == "info") return LogLevel::kInfo;
    if (name == "debug") return LogLevel::kDebug;
    return LogLevel::kWarning;
  }();
  return level;
}

}  // namespace

void SetLogLevel(LogLevel level) {
  Level().store(level, std::memory_order_relaxed);
}

bool LogEnabled(LogLevel level) {
  return level <= Level().load(std::memory_order_relaxed);
}

void Log(LogLevel level, std::string_view message) {
  if (!LogEnabled(level)) return;
  std::string line = "tradewind: ";
  for (const char c : message) {
    // One message is one line, and text out of a file must not steer the terminal.
    const auto byte = static_cast<unsigned char>(c);
    line += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  line += '\n';
  // One write a line: lines of several threads or processes do not mix. When it fails there is nobody to tell.
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t wrote = write(STDERR_FILENO, rest.data(), rest.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return;
    rest.remove_prefix(static_cast<size_t>(wrote));
  }
}

}  // namespace tradewind
