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

// The median of the samples with a bootstrap interval; absent without samples.
std::optional<Measurement> MedianOf(const char* metric, const std::vector<double>& samples);

// Sum of nats over sum of `denominator` of the windows, mapped by `map` (increasing), with a bootstrap interval over windows.
std::optional<Measurement> RatioOverWindows(const char* metric, const std::vector<ScoredWindow>& windows,
                                            int64_t ScoredWindow::* denominator, const std::function<double(double)>& map);

// One value of each timed answer that has it.
std::vector<double> FromTimed(const Trial& trial, const std::function<std::optional<double>(const Outcome&)>& value);

}  // namespace tradewind
