// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// TrialNotes: what a trial says of itself beside its measurements; TrialRecord::notes_json holds it.
//
//   record.notes_json = ToNotesJson({.unmeasurable = {"energy_j"}});
//   for (const std::string& metric : ParseTrialNotes(record.notes_json).unmeasurable) ...
#pragma once

#include <string>
#include <vector>

namespace tradewind {

struct TrialNotes {
  // Metrics that the trial was asked for and that its setting cannot have, on its device and workload: to ask again would be for nothing.
  std::vector<std::string> unmeasurable{};
};

// Empty where there is nothing to say.
std::string ToNotesJson(const TrialNotes& notes);
// What is not of these notes is left out: others may write more into a store.
TrialNotes ParseTrialNotes(const std::string& json);

}  // namespace tradewind
