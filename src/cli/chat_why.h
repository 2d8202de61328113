// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What /why says of an answer: the setting and why it was taken, what was expected and what came, the next better setting and what it would
// have cost, and what each limit a little wider or narrower would have changed, found by deciding again. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/budget.h"
#include "core/outcome.h"
#include "core/policy.h"

namespace tradewind {

struct AnsweredTurn {
  Setting setting;  // that ran
  Budget budget;
  bool steered = false;  // decided from the measurements; else the setting was given
  std::string reason;    // of the decision
  // What was measured, as it was expected of this request, before the answer; empty where nothing is known.
  std::vector<Candidate> candidates;
  std::optional<size_t> chosen;  // among them: the one that ran
  Axis primary;
  std::optional<Candidate> expected;  // of the one that ran, with its prompt counted exactly
  Outcome outcome;
  std::vector<std::string> missed;
  std::string model;  // its name, for advice
};

// `step`: how much wider and narrower.
std::string WhyText(const AnsweredTurn& turn, Duration step);

}  // namespace tradewind
