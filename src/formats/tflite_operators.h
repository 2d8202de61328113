// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The numbers and names of TFLite's built-in operators that this project speaks of. Thread-safe.
#pragma once

#include <cstdint>
#include <string>

namespace tradewind {

inline constexpr int32_t kTfliteCustom = 32;

// "CONV_2D"; "operator 212" for a number without a name here.
std::string TfliteOperatorName(int32_t number);

}  // namespace tradewind
