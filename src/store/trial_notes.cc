// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "store/trial_notes.h"

#include <nlohmann/json.hpp>

namespace tradewind {

std::string ToNotesJson(const TrialNotes& notes) {
  if (notes.unmeasurable.empty()) return "";
  return nlohmann::json{{"unmeasurable", notes.unmeasurable}}.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
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
