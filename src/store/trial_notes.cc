// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "store/trial_notes.h"

#include <nlohmann/json.hpp>

namespace tradewind {

std::string ToNotesJson(const TrialNotes& notes) {
  // Each name is a value of its own: one with members allocates when it is destroyed, which ends the program where memory has run out.
  std::string names;
  for (const std::string& metric : notes.unmeasurable) {
    if (!names.empty()) names += ',';
    names += nlohmann::json(metric).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  return names.empty() ? "" : R"({"unmeasurable":[)" + names + "]}";
}

TrialNotes ParseTrialNotes(const std::string& json) {
  TrialNotes notes;
  const auto parsed = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!parsed.is_object() || !parsed.contains("unmeasurable")) return notes;
  for (const auto& metric : parsed["unmeasurable"]) {
    if (metric.is_string()) notes.unmeasurable.push_back(metric);
  }
  return notes;
}

}  // namespace tradewind
