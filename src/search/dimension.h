// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Search dimensions from words ("threads=1,2", "x1=0..1") and from knobs whole.
#pragma once

#include <span>
#include <string_view>

#include "base/status.h"
#include "core/strategy.h"

namespace tradewind {

// Reads "knob=a,b,c", or "knob=low..high" for every real number between; each value is checked against the knob's domain. Numbers are
// ordered if they ascend.
Result<SearchDimension> ParseDimension(std::string_view text, std::span<const Knob> knobs);

// All that the knob's domain allows: the choices, the integers (at most `most` of them, evenly spread), or the range. kUnsupported for
// text.
Result<SearchDimension> WholeDimension(const Knob& knob, size_t most = 64);

}  // namespace tradewind
