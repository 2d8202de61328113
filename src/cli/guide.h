// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Guide: what `run` decides from the store before it loads a model, what it expects then, and whether the budget was kept.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/answer.h"
#include "cli/json.h"
#include "policy/steer.h"

namespace tradewind {

class Guide {
 public:
  // Reads the store; without one, or without measurements, there is nothing to expect (and nothing for `auto`).
  static Result<Guide> Open(const Tunable& tunable, const std::string& workload, bool required);

  // Takes the best point for the request; kept for Explain.
  const Steering& Decide(const SteerRequest& request);
  bool has_known() const { return known_.has_value(); }
  const Known& known() const { return *known_; }  // has_known()
  const std::optional<Steering>& steering() const { return steering_; }

  // What is known of a loaded setting; null if it was never measured. Owned by the guide.
  const KnownPoint* Find(const Setting& setting) const;

  // Keeps how the answer's times compare with what was expected of it, for the pace of the next; `spent` was, when that was asked. Does
  // nothing where the store cannot be written: the answer was given.
  void Learn(const KnownPoint& point, const Candidate& expected, Duration spent, const Outcome& outcome) const;

  // Why the budget's quality is missed by what was expected of the setting that ran, or cannot be known; absent if it is kept.
  std::optional<std::string> MissedQuality(const std::optional<Candidate>& expected, const Budget& budget) const;
  // One line for a person: the setting, why, and what is expected.
  std::string Explain(const KnownPoint& point, const Candidate& expected) const;

 private:
  std::optional<Known> known_;
  std::string device_id_;
  std::optional<Steering> steering_;
};

// What of the budget the answer missed, in words; empty if it kept it all.
std::vector<std::string> MissedBudget(const Budget& budget, const Outcome& outcome, TimePoint ended, uint64_t peak_bytes);

}  // namespace tradewind
