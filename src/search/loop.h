// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The loop that every search runs: propose, evaluate, observe. Whoever calls says how a setting is evaluated: measured and stored
// (search.h), looked up in a table, computed.
//
//   TW_ASSIGN(LoopResult result, RunTrials(*strategy, {.trials = 200}, [&](const Setting& s) { return Lookup(s); }));
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/strategy.h"

namespace tradewind {

struct LoopOptions {
  size_t trials = 0;    // distinct settings at most; 0: until the strategy is done
  size_t parallel = 1;  // settings evaluated side by side, each batch on threads of its own
  // After each proposed setting's point, in order; `fresh` is false for a setting that came up before. May be null.
  std::function<void(const Point& point, bool fresh)> observed{};
};

struct LoopResult {
  std::vector<Point> points;  // distinct settings, in the order first proposed
  size_t left_out = 0;        // proposed, and left out by `evaluate`
};

// A setting's point, whose setting may have its defaults resolved; absent leaves the setting out (there was no time). Called from several threads if `parallel` > 1.
using Evaluate = std::function<Result<std::optional<Point>>(const Setting&)>;

// Ends when the strategy is done, the trials are used up, or nothing new came up in 1,000 proposals. An error of `evaluate` ends it.
// The result depends on `parallel` only where the strategy looks at what came of earlier trials of a batch.
Result<LoopResult> RunTrials(Strategy& strategy, const LoopOptions& options, const Evaluate& evaluate);

}  // namespace tradewind
