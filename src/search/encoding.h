// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A setting as numbers for predictors: one-hot for choices without order, a number in [0, 1] for those with one, and how often each choice
// occurs among the dimensions that share a list of choices (an operation costs much the same wherever it stands). Pure functions,
// thread-safe.
//
//   TW_ASSIGN(std::vector<double> x, EncodeSetting(setting, dimensions));   // x[i] is called EncodingNames(dimensions)[i]
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "core/strategy.h"

namespace tradewind {

// Values that are all numbers and rise have an order; they are scaled by the least and the greatest. Others get a place each. Two or more
// unordered dimensions of the same values get counts, after all else. kInvalidInput names a knob without a value, or with one outside the
// dimension.
Result<std::vector<double>> EncodeSetting(const Setting& setting, std::span<const SearchDimension> dimensions);

// Appends `count` places, 1 at the chosen one and 0 elsewhere.
void AppendOneHot(size_t count, std::optional<size_t> chosen, std::vector<double>& features);

// "threads", "edge_1=skip", "count:skip", in the same order.
std::vector<std::string> EncodingNames(std::span<const SearchDimension> dimensions);

}  // namespace tradewind
