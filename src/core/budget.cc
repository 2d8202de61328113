// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/budget.h"

#include <cmath>

#include "core/knob.h"

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

}  // namespace

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
