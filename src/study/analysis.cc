// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/analysis.h"

#include <charconv>
#include <cmath>
#include <cstdio>

namespace tradewind {

void RegisterAllAnalysiss(Registry<Analysis>& registry);

const Registry<Analysis>& Analyses() {
  static const Registry<Analysis> registry = [] {
    Registry<Analysis> r;
    RegisterAllAnalysiss(r);
    return r;
  }();
  return registry;
}

std::string NumberText(const Number& number) {
  char text[128];
  std::snprintf(text, sizeof text, "%s %.4g (%.4g to %.4g)", number.name.c_str(), number.value, number.interval.low, number.interval.high);
  return text;
}

std::string Parameters::Text(const std::string& name, const std::string& fallback) {
  read_[name] = true;
  const auto found = with_.find(name);
  return found == with_.end() ? fallback : found->second;
}

std::vector<std::string> Parameters::List(const std::string& name, const std::string& fallback) {
  std::vector<std::string> items(1);
  for (const char c : Text(name, fallback)) {
    if (c == ',' || c == ' ') {
      if (!items.back().empty()) items.emplace_back();
    } else {
      items.back() += c;
    }
  }
  if (items.back().empty()) items.pop_back();
  return items;
}

Result<double> Parameters::Number(const std::string& name, double fallback, double low, double high) {
  const std::string text = Text(name, "");
  if (text.empty()) return fallback;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= low && value <= high)) {
    return Fail(
        Status(StatusCode::kInvalidInput, "\"" + text + "\" is no number from " + std::to_string(low) + " to " + std::to_string(high))
            .At(name));
  }
  return value;
}

Result<int64_t> Parameters::Integer(const std::string& name, int64_t fallback, int64_t low, int64_t high) {
  TW_ASSIGN(const double value, Number(name, static_cast<double>(fallback), static_cast<double>(low), static_cast<double>(high)));
  if (value != std::floor(value)) return Fail(Status(StatusCode::kInvalidInput, "must be a whole number").At(name));
  return static_cast<int64_t>(value);
}

Result<void> Parameters::CheckAllRead() const {
  for (const auto& [name, value] : with_) {
    if (read_.count(name) == 0) return Fail(Status(StatusCode::kInvalidInput, "the analysis has no parameter \"" + name + "\"").At(name));
  }
  return {};
}

}  // namespace tradewind
