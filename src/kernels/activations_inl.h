// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The quantised activations that a tile of a product reads. Include from files of one instruction set only.
#pragma once

#include <cstdint>

namespace tradewind {
namespace {

// Some rows of QuantizedRows from some block on; row t lies at t times a stride: cols of values, cols / 32 of scales, cols / 16 of sums.
struct Activations {
  const int8_t* values;
  const float* scales;
  const float* scaled_sums;
  const int32_t* sums;
  int64_t cols;
};

}  // namespace
}  // namespace tradewind
