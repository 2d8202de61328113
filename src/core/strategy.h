// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Strategy: proposes the next settings to try, and is told what came. Deterministic for a seed, so that an interrupted search resumes by
// replaying the trials in the store.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "core/frontier.h"
#include "core/knob.h"
#include "core/setting.h"

namespace tradewind {

// The values that a search may give a knob, in the order given.
struct SearchDimension {
  std::string knob;
  std::vector<KnobValue> values;
};

class Strategy {
 public:
  virtual ~Strategy() = default;
  virtual std::string_view name() const = 0;
  // Settings to try next, at most `count`; empty when it is done.
  virtual std::vector<Setting> Propose(size_t count) = 0;
  virtual void Observe(const Point& point) = 0;
  // Trials it means to make in all, if it knows: for progress.
  virtual std::optional<size_t> TotalTrials() const = 0;
};

}  // namespace tradewind
