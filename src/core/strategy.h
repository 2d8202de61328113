// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// SearchSpace: what a search may turn; SearchGoal: what it wants. Strategy: proposes the next settings to try, and is told what came.
// Deterministic for a seed, so that an interrupted search resumes by replaying the trials in the store. Not thread-safe.
//
//   TW_ASSIGN(auto strategy, MakeStrategy("nsga2", space, goal, {.seed = 1, .trials = 200}));   // search/strategies.h
//   for (auto next = strategy->Propose(1); !next.empty(); next = strategy->Propose(1)) strategy->Observe(Measure(next[0]));
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "core/frontier.h"
#include "core/knob.h"
#include "core/setting.h"

namespace tradewind {

// Holds in a setting that gives `knob` one of these values.
struct KnobCondition {
  std::string knob;
  std::vector<KnobValue> values;
};

// What a search may give one knob: the listed values, or any real number of a range.
struct SearchDimension {
  std::string knob;
  std::vector<KnobValue> values;        // in the order given; empty for a range
  std::optional<RealDomain> range{};    // instead of values
  bool ordered = false;                 // neighbours in `values` are alike, as numbers are and names are not
  bool logarithmic = false;             // equal ratios of the range are equally far apart, as of learning rates; its ends are positive
  std::optional<KnobCondition> when{};  // the knob exists only then; names an earlier dimension
};

struct SearchSpace {
  Setting base;  // knobs that stay as they are
  std::vector<SearchDimension> dimensions;
  std::function<bool(const Setting&)> valid{};  // which combinations exist; null: all
};

// A setting that breaks one is never on the frontier; strategies prefer those that break less.
struct Constraint {
  std::string metric;
  double limit = 0;
  Direction direction = Direction::kLowerIsBetter;  // lower: at most the limit; higher: at least
};

struct SearchGoal {
  std::vector<Axis> axes;           // the frontier is over these, the primary metric first
  std::vector<double> reference{};  // one an axis, worse than what matters: for hypervolume; empty: the worst seen
  std::vector<Constraint> constraints{};
  std::string fidelity{};  // a dimension whose values, cheapest first, buy truth with time (epochs); the frontier is of the last
};

class Strategy {
 public:
  virtual ~Strategy() = default;
  virtual std::string_view name() const = 0;
  // Settings to try next, at most `count`; empty when it is done. A setting may come up again: it then costs no trial.
  virtual std::vector<Setting> Propose(size_t count) = 0;
  // The points of proposed settings, in the order proposed and with the settings as proposed; some may be left out.
  virtual void Observe(const Point& point) = 0;
  // Trials it means to make in all, if it knows: for progress.
  virtual std::optional<size_t> TotalTrials() const = 0;
  // What it found that no point shows, in one line for people ("12 of 300 pairs break the assumed order"); empty for nothing.
  virtual std::string Remark() const { return {}; }
};

}  // namespace tradewind
