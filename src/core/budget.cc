// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/budget.h"

#include <charconv>
#include <cmath>

#include "base/units.h"
#include "core/knob.h"
#include "core/pairs.h"

namespace tradewind {
namespace {

std::string NumberText(double value) {
  return ToText(KnobValue(value));
}

// Division, not multiplication by 1e-9: the correctly rounded quotient prints as the decimal that the caller wrote.
std::string DurationText(Duration d) {
  const double ns = static_cast<double>(d.ns);
  if (std::abs(ns) >= 1e9) return NumberText(ns / 1e9) + " s";
  return NumberText(ns / 1e6) + " ms";
}

std::string BytesText(uint64_t bytes) {
  struct Unit {
    const char* name;
    int shift;
  };
  for (const Unit unit : {Unit{"GiB", 30}, Unit{"MiB", 20}, Unit{"KiB", 10}}) {
    const double count = std::ldexp(static_cast<double>(bytes), -unit.shift);
    if (count >= 1) return NumberText(std::round(count * 100) / 100) + " " + unit.name;
  }
  return std::to_string(bytes) + " bytes";
}

Result<double> ParseShare(std::string_view text, const std::string& where) {
  double share = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), share);
  if (error == std::errc() && end == text.data() + text.size() && share > 0 && share <= 1) return share;
  return Fail(
      Status(StatusCode::kInvalidInput, "\"" + std::string(text) + "\" is not a share above 0 and at most 1, such as 0.95").At(where));
}

}  // namespace

Result<Budget> Budget::Parse(std::string_view text) {
  TW_ASSIGN(const std::vector<NamedText> pairs, ParsePairs("budget", text));
  Budget budget;
  for (const NamedText& pair : pairs) TW_RETURN_IF_ERROR(budget.Set(pair.name, pair.value, pair.name));
  return budget;
}

Result<void> Budget::Set(std::string_view name, std::string_view value, const std::string& where) {
  std::optional<Duration>* const time = name == "deadline" ? &deadline : name == "ttft" ? &ttft : name == "tpot" ? &tpot : nullptr;
  if (time != nullptr) {
    const Result<Duration> parsed = ParseDuration(value, TimeUnit::kNone);
    if (!parsed) return Fail(Status(parsed.error()).At(where));
    *time = *parsed;
  } else if (name == "memory") {
    const Result<uint64_t> parsed = ParseBytes(value, ByteUnit::kNone);
    if (!parsed) return Fail(Status(parsed.error()).At(where));
    memory_bytes = *parsed;
  } else if (name == "quality") {
    TW_ASSIGN(quality, ParseShare(value, where));
  } else {
    return Fail(Status(StatusCode::kInvalidInput,
                       "a budget has no \"" + std::string(name.substr(0, 64)) + "\"; it has deadline, ttft, tpot, memory and quality")
                    .At(where));
  }
  return {};
}

std::string Budget::ToText() const {
  std::string text;
  const auto add = [&text](const char* name, const std::string& value) {
    if (!text.empty()) text += ", ";
    text += name;
    text += " " + value;
  };
  if (deadline) add("deadline", DurationText(*deadline));
  if (ttft) add("TTFT", DurationText(*ttft));
  if (tpot) add("TPOT", DurationText(*tpot));
  if (memory_bytes) add("memory", BytesText(*memory_bytes));
  if (energy_j) add("energy", NumberText(*energy_j) + " J");
  if (bandwidth_bps) add("bandwidth", NumberText(*bandwidth_bps) + " bytes/s");
  if (cost) add("cost", NumberText(*cost));
  if (quality) add("quality", NumberText(*quality));
  return text.empty() ? "unlimited" : text;
}

}  // namespace tradewind
