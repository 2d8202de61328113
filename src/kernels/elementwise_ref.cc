// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <bit>
#include <cmath>

#include "kernels/kernels_ref.h"

namespace tradewind {
namespace {

float Reduce16(float* lane) {
  for (int width = 8; width >= 1; width /= 2) {
    for (int i = 0; i < width; ++i) lane[i] += lane[i + width];
  }
  return lane[0];
}

}  // namespace

float ExpRef(float x) {
  x = std::min(std::max(x, -87.336544f), 88.376262f);
  const float n = std::nearbyint(x * 1.44269504f);
  float r = std::fma(n, -0.693359375f, x);
  r = std::fma(n, 2.12194440e-4f, r);
  float p = 1.9875691500e-4f;
  for (const float c : {1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f}) p = std::fma(p, r, c);
  p = std::fma(p, r * r, r) + 1.0f;
  return std::bit_cast<float>(std::bit_cast<int32_t>(p) + (static_cast<int32_t>(n) << 23));
}

float Sum16Ref(const float* x, int64_t n) {
  float lane[16] = {};
  for (int64_t i = 0; i < n; ++i) lane[i % 16] += x[i];
  return Reduce16(lane);
}

float Dot16Ref(const float* x, const float* y, int64_t n) {
  float lane[16] = {};
  for (int64_t i = 0; i < n; ++i) lane[i % 16] = std::fma(x[i], y[i], lane[i % 16]);
  return Reduce16(lane);
}

void RmsNormRef(const float* x, const float* weight, float eps, int64_t n, float* out) {
  const float mean = Dot16Ref(x, x, n) / static_cast<float>(n);
  const float inverse = 1.0f / std::sqrt(mean + eps);
  for (int64_t i = 0; i < n; ++i) out[i] = (x[i] * inverse) * weight[i];
}

void AddRef(const float* x, const float* y, int64_t n, float* out) {
  for (int64_t i = 0; i < n; ++i) out[i] = x[i] + y[i];
}

void MultiplyScalarRef(const float* x, float factor, int64_t n, float* out) {
  for (int64_t i = 0; i < n; ++i) out[i] = x[i] * factor;
}

void SiluMulRef(const float* gate, const float* up, int64_t n, float* out) {
  for (int64_t i = 0; i < n; ++i) out[i] = (gate[i] / (1.0f + ExpRef(-gate[i]))) * up[i];
}

void GeluMulRef(const float* gate, const float* up, int64_t n, float* out) {
  for (int64_t i = 0; i < n; ++i) {
    const float x = gate[i];
    const float u = 0.79788456f * std::fma((0.044715f * x) * x, x, x);
    out[i] = (x / (1.0f + ExpRef(-2.0f * u))) * up[i];
  }
}

void RopeRef(float* x, const float* cos, const float* sin, int64_t pairs, bool adjacent) {
  for (int64_t i = 0; i < pairs; ++i) {
    float& a = adjacent ? x[2 * i] : x[i];
    float& b = adjacent ? x[2 * i + 1] : x[i + pairs];
    const float rotated = std::fma(a, cos[i], -(b * sin[i]));
    b = std::fma(a, sin[i], b * cos[i]);
    a = rotated;
  }
}

float MaxRef(const float* x, int64_t n) {
  float max = x[0];
  for (int64_t i = 1; i < n; ++i) max = std::max(max, x[i]);
  return max;
}

double SumExpRef(const float* x, float max, int64_t n) {
  constexpr int64_t kRun = 4096;
  double total = 0;
  for (int64_t begin = 0; begin < n; begin += kRun) {
    float lane[16] = {};
    const int64_t end = std::min(n, begin + kRun);
    for (int64_t i = begin; i < end; ++i) lane[(i - begin) % 16] += ExpRef(x[i] - max);
    total += static_cast<double>(Reduce16(lane));
  }
  return total;
}

}  // namespace tradewind
