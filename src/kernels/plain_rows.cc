// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "kernels/plain_rows.h"

#include <cmath>

#include "kernels/kernels_ref.h"

namespace tradewind {

void MultiplyRows(const float* x, const float* y, int64_t n, float* out) {
  for (int64_t i = 0; i < n; ++i) out[i] = x[i] * y[i];
}

void ConvolveRows(const float* rows, const float* taps, int64_t count, int64_t n, float* out) {
  for (int64_t i = 0; i < n; ++i) out[i] = rows[i] * taps[i];
  for (int64_t t = 1; t < count; ++t) {
    for (int64_t i = 0; i < n; ++i) out[i] += rows[t * n + i] * taps[t * n + i];
  }
}

void LayerNorm(const float* x, const float* weight, const float* bias, float eps, int64_t n, float* out) {
  const float mean = Sum16Ref(x, n) / static_cast<float>(n);
  float squares[16] = {};
  for (int64_t i = 0; i < n; ++i) squares[i % 16] += (x[i] - mean) * (x[i] - mean);
  const float inverse = 1.0f / std::sqrt(Sum16Ref(squares, 16) / static_cast<float>(n) + eps);
  for (int64_t i = 0; i < n; ++i) out[i] = ((x[i] - mean) * inverse) * weight[i] + bias[i];
}

void GeluErf(const float* x, int64_t n, float* out) {
  constexpr double kRootHalf = 0.70710678118654752440;
  for (int64_t i = 0; i < n; ++i) {
    const double wide = static_cast<double>(x[i]);
    out[i] = static_cast<float>(0.5 * wide * (1.0 + std::erf(wide * kRootHalf)));
  }
}

}  // namespace tradewind
