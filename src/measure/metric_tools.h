// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What several metrics share: an estimate with its interval from samples.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/metric.h"
#include "measure/trial.h"

namespace tradewind {

// Values of timed answers, each with the length of its prompt in tokens.
struct TimedValues {
  std::vector<double> values;
  std::vector<int64_t> prompt_tokens;
};

using TimedValue = std::function<std::optional<double>(const Outcome&)>;

// The median of the values with a 95 % bootstrap interval for this very mix of prompts: draws stay among answers to prompts of about one
// length, where each was asked at least twice. Absent without values.
std::optional<Measurement> MedianOf(const char* metric, const TimedValues& timed);

// The same of one value (> 0) of each timed answer that has it. Of trials timed in turn, what met all of a turn alike is divided out first
// (stats/block_design.h): such intervals tell settings apart, and say nothing of how fast the machine will be another time.
std::optional<Measurement> MedianOf(const char* metric, const Trial& trial, const TimedValue& value);

// Sum of nats over sum of `denominator` of the windows, mapped by `map` (increasing), with a bootstrap interval over windows.
std::optional<Measurement> RatioOverWindows(const char* metric, const std::vector<ScoredWindow>& windows,
                                            int64_t ScoredWindow::* denominator, const std::function<double(double)>& map);

// One value of each timed answer that has it.
TimedValues FromTimed(const Trial& trial, const TimedValue& value);

}  // namespace tradewind
