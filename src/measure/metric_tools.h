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

// The median of the values with a 95 % bootstrap interval for this very mix of prompts: draws stay among answers to prompts of one length,
// where each was asked at least twice. Absent without values.
std::optional<Measurement> MedianOf(const char* metric, const TimedValues& timed);

// Sum of nats over sum of `denominator` of the windows, mapped by `map` (increasing), with a bootstrap interval over windows.
std::optional<Measurement> RatioOverWindows(const char* metric, const std::vector<ScoredWindow>& windows,
                                            int64_t ScoredWindow::* denominator, const std::function<double(double)>& map);

// One value of each timed answer that has it.
TimedValues FromTimed(const Trial& trial, const std::function<std::optional<double>(const Outcome&)>& value);

}  // namespace tradewind
