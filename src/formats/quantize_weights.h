// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How much the error of each value counts, and the encoders of rows that quantize.cc chooses among. Only the quantisers include it.
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

#include "formats/tensor_type.h"

namespace tradewind {

// A row to encode. `importance` is empty or as long as `values`.
struct RowToQuantize {
  std::span<const float> values;
  std::span<const float> importance;
  float mean_square = 0;  // of values

  // The weights of values[at .. at + count). With importance, a large value counts somewhat more than its importance says: what was seen of
  // the activations is a sample. Without, `plain` weights are equal, else large values count more, for they do more to a product.
  void WeightsOf(size_t at, size_t count, bool plain, float* weights) const {
    float mean = 0;
    for (size_t i = 0; i < count; ++i) mean += values[at + i] * values[at + i];
    const float spread = std::sqrt(mean / static_cast<float>(count));
    for (size_t i = 0; i < count; ++i) {
      const float x = values[at + i];
      if (!importance.empty()) {
        weights[i] = importance[at + i] * std::sqrt(mean_square + x * x);
      } else {
        weights[i] = plain ? 1.0f : spread + std::fabs(x);
      }
    }
  }
};

// Types of blocks of 32 values (Q8_0, Q4_0, Q4_1, Q5_0, Q5_1), and of 256 (Q2_K to Q6_K). False if `type` is not among them.
bool QuantizeSimpleRow(TensorType type, const RowToQuantize& row, std::byte* out);
bool QuantizeSuperblockRow(TensorType type, const RowToQuantize& row, std::byte* out);

}  // namespace tradewind
