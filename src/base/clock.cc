// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "base/proc_parse.h"

namespace tradewind {
namespace {

// CLOCK_BOOTTIME, not CLOCK_MONOTONIC: the kernel keeps a process's start (field 22 of /proc/self/stat) as boot time, which
// goes on while the machine sleeps. On CLOCK_MONOTONIC the two would differ by all the time ever slept since boot.
class BootClock final : public Clock {
 public:
  TimePoint Now() const override {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return {int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec};
  }
};

// From the kernel's start of a process to the first line of main, loading libraries included, takes milliseconds.
constexpr Duration kLongestStart = Duration::Seconds(1);

TimePoint ReadProcessStart() {
  const TimePoint now = RealClock().Now();
  const int fd = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
  if (fd < 0) return now;
  char text[4096];
  const ssize_t length = read(fd, text, sizeof text);
  close(fd);
  const long hz = sysconf(_SC_CLK_TCK);
  if (length <= 0 || hz <= 0) return now;
  const auto ticks = ParseStatStartTicks(std::string_view(text, static_cast<size_t>(length)));
  if (!ticks || *ticks > uint64_t{1} << 50) return now;
  const auto per_second = static_cast<uint64_t>(hz);
  const uint64_t ns = *ticks / per_second * 1'000'000'000 + *ticks % per_second * 1'000'000'000 / per_second;
  // exec keeps the age of the process that was there before, as when a script ends in `exec tradewind run`: such a start is not ours.
  const TimePoint start = std::min(now, TimePoint{static_cast<int64_t>(ns)});
  return now - start > kLongestStart ? now : start;
}

}  // namespace

const Clock& RealClock() {
  static const BootClock clock;
  return clock;
}

TimePoint ProcessStart() {
  static const TimePoint start = ReadProcessStart();
  return start;
}

}  // namespace tradewind
