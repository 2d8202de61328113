// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/knob.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace tradewind {
namespace {

// A text value is a name or a path, not a document.
constexpr size_t kMaxTextBytes = 4096;
constexpr size_t kMaxShownBytes = 64;

// Shortest decimal that reads back as the same double. Plain digits where a person would write them so; never "-0", because settings that
// compare equal must have equal text.
std::string RealText(double value) {
  if (value == 0) return "0";
  char buffer[64];
  const double size = std::abs(value);
  const auto format = size >= 1e-5 && size < 1e15 ? std::chars_format::fixed : std::chars_format::general;
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, format).ptr;
  return std::string(buffer, end);
}

// What the user wrote, in quotes, shortened so that an error stays one line.
std::string Shown(std::string_view text) {
  std::string shown = "\"";
  for (const char c : text.substr(0, kMaxShownBytes)) shown += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return shown + (text.size() > kMaxShownBytes ? "...\"" : "\"");
}

tl::unexpected<Status> Refuse(const Knob& knob, std::string_view text, const std::string& why) {
  const std::string unit = knob.unit.empty() ? "" : " " + knob.unit;
  return Fail(
      Status(StatusCode::kInvalidInput, "knob " + knob.name + ": " + Shown(text) + " " + why + "; allowed: " + knob.DomainText() + unit)
          .At(knob.name));
}

template <typename Number>
bool ReadNumber(std::string_view text, Number& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

std::string_view StageName(Stage stage) {
  switch (stage) {
    case Stage::kBuild: return "build";
    case Stage::kLoad: return "load";
    case Stage::kRequest: return "request";
    case Stage::kStep: return "step";
  }
  return "step";
}

std::string ToText(const KnobValue& value) {
  if (const auto* integer = std::get_if<int64_t>(&value)) return std::to_string(*integer);
  if (const auto* real = std::get_if<double>(&value)) return RealText(*real);
  return std::get<std::string>(value);
}

Result<KnobValue> Knob::Parse(std::string_view text) const {
  KnobValue value;
  if (std::holds_alternative<IntegerDomain>(domain)) {
    int64_t integer = 0;
    if (!ReadNumber(text, integer)) return Refuse(*this, text, "is not a whole number in range");
    value = integer;
  } else if (std::holds_alternative<RealDomain>(domain)) {
    double real = 0;
    if (!ReadNumber(text, real)) return Refuse(*this, text, "is not a number in range");
    value = real == 0 ? 0.0 : real;
  } else {
    value = std::string(text);
  }
  TW_RETURN_IF_ERROR(Check(value));
  return value;
}

Result<void> Knob::Check(const KnobValue& value) const {
  const std::string text = tradewind::ToText(value);
  if (const auto* range = std::get_if<IntegerDomain>(&domain)) {
    const auto* integer = std::get_if<int64_t>(&value);
    if (!integer) return Refuse(*this, text, "is not a whole number");
    if (*integer < range->min || *integer > range->max) return Refuse(*this, text, "is out of range");
  } else if (const auto* reals = std::get_if<RealDomain>(&domain)) {
    const auto* real = std::get_if<double>(&value);
    if (!real) return Refuse(*this, text, "is not a real number");
    // Written so that NaN fails.
    if (!(std::isfinite(*real) && *real >= reals->min && *real <= reals->max)) return Refuse(*this, text, "is out of range");
  } else if (const auto* choice = std::get_if<ChoiceDomain>(&domain)) {
    const auto* chosen = std::get_if<std::string>(&value);
    if (chosen) {
      for (const std::string& allowed : choice->values) {
        if (allowed == *chosen) return {};
      }
    }
    return Refuse(*this, text, "is not one of the choices");
  } else {
    const auto* words = std::get_if<std::string>(&value);
    if (!words) return Refuse(*this, text, "is not text");
    if (words->size() > kMaxTextBytes) return Refuse(*this, text, "is longer than " + std::to_string(kMaxTextBytes) + " bytes");
  }
  return {};
}

std::string Knob::DomainText() const {
  if (const auto* range = std::get_if<IntegerDomain>(&domain)) return std::to_string(range->min) + " to " + std::to_string(range->max);
  if (const auto* reals = std::get_if<RealDomain>(&domain)) return RealText(reals->min) + " to " + RealText(reals->max);
  if (const auto* choice = std::get_if<ChoiceDomain>(&domain)) {
    constexpr size_t kShown = 40;
    std::string text;
    for (size_t i = 0; i < std::min(kShown, choice->values.size()); ++i) text += (i == 0 ? "" : " | ") + choice->values[i];
    if (choice->values.size() > kShown) text += " and " + std::to_string(choice->values.size() - kShown) + " more";
    return text;
  }
  return std::get<TextDomain>(domain).form;
}

}  // namespace tradewind
