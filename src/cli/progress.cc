// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace tradewind {
namespace {

constexpr Duration kRedraw = Duration::Millis(100);
constexpr Duration kPlainLine = Duration::Seconds(10);
constexpr int kBarWidth = 24;

size_t TerminalWidth() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

}  // namespace

ProgressLine::ProgressLine() : terminal_(isatty(STDERR_FILENO) != 0) {}

ProgressLine::~ProgressLine() {
  Finish();
}

void ProgressLine::Show(double share, const std::string& text) {
  const TimePoint now = RealClock().Now();
  if (last_.ns != 0 && now - last_ < (terminal_ ? kRedraw : kPlainLine) && share < 1) return;
  last_ = now;
  const double clamped = std::clamp(share, 0.0, 1.0);
  if (!terminal_) {
    std::fprintf(stderr, "%3.0f %%  %s\n", clamped * 100, text.c_str());
    return;
  }
  const auto full = static_cast<size_t>(clamped * kBarWidth);
  std::string line = "[" + std::string(full, '#') + std::string(kBarWidth - full, '.') + "] ";
  char percent[16];
  std::snprintf(percent, sizeof percent, "%3.0f %%  ", clamped * 100);
  line += percent + text;
  if (line.size() >= TerminalWidth()) line.resize(TerminalWidth() - 1);
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
  std::fflush(stderr);
  open_ = true;
}

void ProgressLine::Finish() {
  if (open_) std::fputc('\n', stderr);
  open_ = false;
}

}  // namespace tradewind
