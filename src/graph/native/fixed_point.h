// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Real multipliers as 31 bits and a shift, and bounds as quantised numbers: what is worked out once, with floats, so that running needs
// none (Jacob et al., arXiv:1712.05877, section 2.2; rounded as TFLite rounds it). Thread-safe.
#pragma once

#include <cstdint>

#include "graph/native/ops/elementwise.h"
#include "graph/native/value.h"

namespace tradewind {

// multiplier * 2^(shift - 31).
struct FixedPoint {
  int32_t multiplier = 0;
  int32_t shift = 0;
};
// 0 for what is smaller than 2^-32.
FixedPoint ToFixedPoint(double real);

// input * weights / output. With one scale for all outputs the two scales are multiplied as singles, as TFLite has it.
FixedPoint ProductMultiplier(float input, float weights, float output, bool per_channel);

// Of a sum (TFLite's ADD): both sides over twice the larger scale, with kAdditionBits more, and back. Sets the scales alone.
IntegerAddition AddMultipliers(const Quantization& a, const Quantization& b, const Quantization& out);

struct IntegerBounds {
  int32_t low;
  int32_t high;
};
// Real bounds (infinite: none), rounded, within the type's own.
IntegerBounds QuantizedBounds(float low, float high, const Quantization& q);

}  // namespace tradewind
