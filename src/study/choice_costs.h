// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What single choices of a table weigh in arithmetic, as a study states it: "nor_conv_3x3=9". Pure functions, thread-safe.
//
//   TW_ASSIGN(ChoiceCosts costs, ParseChoiceCosts(with.List("cost", "")));
//   double flops = CostOf(setting, costs);
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/status.h"
#include "core/setting.h"

namespace tradewind {

using ChoiceCosts = std::map<std::string, double>;

// kInvalidInput for a word that is not of the form choice=weight.
Result<ChoiceCosts> ParseChoiceCosts(const std::vector<std::string>& words);
// The sum over the setting's knobs; a choice that is not listed weighs nothing.
double CostOf(const Setting& setting, const ChoiceCosts& costs);

}  // namespace tradewind
