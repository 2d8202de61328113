// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The last answers' times beside what the measurements alone had led one to expect, kept in the store for each device: what the machine's
// pace is known by. Neither prompts nor answers are kept.
//
//   TW_ASSIGN(RecentAnswers answers, RecentAnswers::Load(profile, device.id));
//   MachineDrift drift = answers.DriftAt(UnixSeconds(), trial.id);
//   answers.Add({.unix_seconds = UnixSeconds(), .trial = trial.id, .prefill = 1.3, .step = 1.2});
//   TW_RETURN_IF_ERROR(answers.Save(profile, device.id));
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "policy/drift.h"
#include "store/device_profile.h"

namespace tradewind {

struct RecentAnswer {
  double unix_seconds = 0;        // when it ended
  int64_t trial = 0;              // by which it was expected: its id in the store
  std::optional<double> prefill;  // time to read the prompt over what was expected, > 0
  std::optional<double> step;     // time per token over what was expected, > 0
};

// Of reading prompts, which computing bounds, and of generating, which memory bounds.
struct MachineDrift {
  Drift prefill;
  Drift step;
};

class RecentAnswers {
 public:
  // Empty where nothing was kept, or what was kept cannot be read: it is replaced at the next Save.
  static Result<RecentAnswers> Load(const DeviceProfile& profile, const std::string& device_id);
  // Of two programs that answer at once, the last to save keeps its own: one answer is lost to the other's pace, no more.
  Result<void> Save(DeviceProfile& profile, const std::string& device_id) const;

  void Add(const RecentAnswer& answer);  // the oldest beyond 32 are dropped
  // Of an answer to come, expected by that trial.
  MachineDrift DriftAt(double unix_seconds, int64_t trial) const;
  const std::vector<RecentAnswer>& answers() const { return answers_; }  // oldest first

 private:
  std::vector<RecentAnswer> answers_;
};

// Now, by the machine's calendar clock.
double UnixSeconds();

}  // namespace tradewind
