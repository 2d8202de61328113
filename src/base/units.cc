// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/units.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <optional>
#include <span>

namespace tradewind {
namespace {

struct Unit {
  std::string_view name;  // lower case
  double factor;
};

constexpr double kKi = 1024.0;
constexpr Unit kTimeUnits[] = {{"ns", 1},   {"us", 1e3}, {"\u00b5s", 1e3}, {"\u03bcs", 1e3},
                               {"ms", 1e6}, {"s", 1e9},  {"min", 6e10},    {"h", 3.6e12}};
constexpr Unit kByteUnits[] = {{"b", 1},
                               {"kb", 1e3},
                               {"mb", 1e6},
                               {"gb", 1e9},
                               {"tb", 1e12},
                               {"kib", kKi},
                               {"mib", kKi* kKi},
                               {"k", kKi},
                               {"m", kKi* kKi},
                               {"gib", kKi* kKi* kKi},
                               {"g", kKi* kKi* kKi},
                               {"tib", kKi* kKi* kKi* kKi},
                               {"t", kKi* kKi* kKi* kKi}};

std::string Lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string_view TrimSpaces(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// The number times its unit's factor (`default_factor` where it has none, 0 to refuse that); nullopt unless finite and in [0, most].
std::optional<double> ParseQuantity(std::string_view text, std::span<const Unit> units, double default_factor, double most) {
  text = TrimSpaces(text);
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  const std::string unit = Lower(TrimSpaces(text.substr(static_cast<size_t>(end - text.data()))));
  double factor = unit.empty() ? default_factor : 0;
  for (const Unit& known : units) {
    if (unit == known.name) factor = known.factor;
  }
  const double value = number * factor;
  if (factor == 0 || std::signbit(number) || !(value <= most)) return std::nullopt;
  return value;
}

std::string Quoted(std::string_view text) {
  constexpr size_t kMost = 60;
  std::string quoted = "'";
  quoted += text.substr(0, kMost);
  quoted += text.size() > kMost ? "...'" : "'";
  return quoted;
}

// Three significant digits of a value in [1, 1000).
std::string ThreeDigits(double value, std::string_view unit) {
  char text[64];
  const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  std::snprintf(text, sizeof text, "%.*f %.*s", decimals, value, static_cast<int>(unit.size()), unit.data());
  return text;
}

std::string FormatScaled(uint64_t bytes, double base, std::span<const std::string_view> names) {
  if (static_cast<double>(bytes) < base) return std::to_string(bytes) + " B";
  double value = static_cast<double>(bytes) / base;
  size_t step = 0;
  while (value >= 999.5 && step + 1 < names.size()) {
    value /= base;
    ++step;
  }
  return ThreeDigits(value, names[step]);
}

}  // namespace

Result<Duration> ParseDuration(std::string_view text, TimeUnit default_unit) {
  static constexpr double kFactors[] = {0, 1e3, 1e6, 1e9};
  static constexpr std::string_view kNames[] = {"", "microseconds", "milliseconds", "seconds"};
  constexpr double kHundredYears = 3.15576e18;
  const auto which = static_cast<size_t>(default_unit);
  const auto ns = ParseQuantity(text, kTimeUnits, kFactors[which], kHundredYears);
  if (ns) return Duration{std::llround(*ns)};
  std::string message = Quoted(text) + " is no duration: write a number and ns, us, ms, s, min or h, like 200ms or 1.5s";
  if (which > 0) message += " (without a unit: " + std::string(kNames[which]) + ")";
  return Fail(StatusCode::kInvalidInput, message);
}

Result<uint64_t> ParseBytes(std::string_view text, ByteUnit default_unit) {
  static constexpr double kFactors[] = {0, 1, 1e6, kKi * kKi};
  static constexpr std::string_view kNames[] = {"", "bytes", "MB", "MiB"};
  constexpr double kMost = 9223372036854774784.0;  // the largest double below 2^63
  const auto which = static_cast<size_t>(default_unit);
  const auto bytes = ParseQuantity(text, kByteUnits, kFactors[which], kMost);
  if (bytes) return static_cast<uint64_t>(std::llround(*bytes));
  std::string message = Quoted(text) + " is no size: write a number and B, kB, MB, GB, TB, KiB, MiB, GiB or TiB, like 600MiB or 1.5GB";
  if (which > 0) message += " (without a unit: " + std::string(kNames[which]) + ")";
  return Fail(StatusCode::kInvalidInput, message);
}

std::string FormatDuration(Duration duration) {
  if (duration.ns < 0) return FormatDuration({duration.ns == INT64_MIN ? INT64_MAX : -duration.ns}).insert(0, 1, '-');
  const auto ns = static_cast<double>(duration.ns);
  if (duration.ns < 1000) return std::to_string(duration.ns) + " ns";
  if (ns < 999.5e3) return ThreeDigits(ns / 1e3, "us");
  if (ns < 999.5e6) return ThreeDigits(ns / 1e6, "ms");
  if (ns < 59.95e9) return ThreeDigits(ns / 1e9, "s");
  const auto seconds = static_cast<int64_t>(std::llround(ns / 1e9));
  if (seconds < 3600) return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
  const int64_t minutes = (seconds + 30) / 60;
  return std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
}

std::string FormatBytes(uint64_t bytes) {
  static constexpr std::array<std::string_view, 6> kNames = {"kB", "MB", "GB", "TB", "PB", "EB"};
  return FormatScaled(bytes, 1000.0, kNames);
}

std::string FormatMemory(uint64_t bytes) {
  static constexpr std::array<std::string_view, 6> kNames = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  return FormatScaled(bytes, 1024.0, kNames);
}

}  // namespace tradewind
