// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Time as one integer, and who tells it. Everything that decides by time takes a Clock, so that the simulator and the tests
// can run it under a virtual one. Thread-safe.
//
//   TimePoint start = clock.Now();
//   ...
//   double ms = (clock.Now() - start).ms();
#pragma once

#include <atomic>
#include <compare>
#include <cstdint>

namespace tradewind {

struct Duration {
  int64_t ns = 0;

  // To the nearest nanosecond: 5.4 ms may come as 5.3999999999999995.
  static constexpr Duration Nearest(double ns) { return {static_cast<int64_t>(ns + (ns < 0 ? -0.5 : 0.5))}; }
  static constexpr Duration Seconds(double s) { return Nearest(s * 1e9); }
  static constexpr Duration Millis(double ms) { return Nearest(ms * 1e6); }
  constexpr double seconds() const { return static_cast<double>(ns) * 1e-9; }
  constexpr double ms() const { return static_cast<double>(ns) * 1e-6; }
  auto operator<=>(const Duration&) const = default;
};
constexpr Duration operator+(Duration a, Duration b) {
  return {a.ns + b.ns};
}
constexpr Duration operator-(Duration a, Duration b) {
  return {a.ns - b.ns};
}

// Nanoseconds on the clock's own axis; of the real clock: since boot, monotonic.
struct TimePoint {
  int64_t ns = 0;
  auto operator<=>(const TimePoint&) const = default;
};
constexpr Duration operator-(TimePoint a, TimePoint b) {
  return {a.ns - b.ns};
}
constexpr TimePoint operator+(TimePoint t, Duration d) {
  return {t.ns + d.ns};
}

class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimePoint Now() const = 0;
};

// The machine's monotonic clock. Lives for the whole process.
const Clock& RealClock();

// When the kernel started this process, on RealClock's axis (10 ms resolution; never later than now). Call it first in main: of a process
// older than a second by then, which another program began and handed over by exec, it is the time of that call.
TimePoint ProcessStart();

class VirtualClock final : public Clock {
 public:
  TimePoint Now() const override { return {ns_.load(std::memory_order_acquire)}; }
  void Advance(Duration d) { ns_.fetch_add(d.ns, std::memory_order_acq_rel); }

 private:
  std::atomic<int64_t> ns_{0};
};

}  // namespace tradewind
