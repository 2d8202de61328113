// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Operations on rows that cost next to nothing beside the products: plain C++, compiled once, so that every instruction set gives the
// same bits (docs/numerics.md).
#pragma once

#include <cstdint>

namespace tradewind {

// out = x * y; out may be either.
void MultiplyRows(const float* x, const float* y, int64_t n, float* out);
// out[c] = sum over t of rows[t][c] * taps[t][c], in the order of t; `rows` and `taps` are [count][n].
void ConvolveRows(const float* rows, const float* taps, int64_t count, int64_t n, float* out);
// Layer norm with weight and bias; out may be x.
void LayerNorm(const float* x, const float* weight, const float* bias, float eps, int64_t n, float* out);
// GELU in its exact form; out may be x.
void GeluErf(const float* x, int64_t n, float* out);

}  // namespace tradewind
