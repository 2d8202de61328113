// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The elementwise kernels over F32x16. Include after a vec16_*.h, and from files of that instruction set only. A loop's last step of fewer
// than 16 values reads zeros in the missing lanes and does not write them.
#pragma once

#include "kernels/kernel_table.h"

namespace tradewind {
namespace {

// body(i, n) for n = 16 at i = 0, 16, ..., then for the n < 16 that are left.
template <typename Body>
[[gnu::always_inline]] static inline void Strips(int64_t count, Body body) {
  int64_t i = 0;
  for (; i + 16 <= count; i += 16) body(i, 16);
  if (i < count) body(i, count - i);
}
static inline F32x16 LoadN(const float* p, int64_t n) {
  return n == 16 ? Load(p) : LoadPartial(p, n);
}
static inline void StoreN(float* p, F32x16 v, int64_t n) {
  if (n == 16) {
    Store(p, v);
  } else {
    StorePartial(p, v, n);
  }
}

static inline F32x16 Exp(F32x16 x) {
  x = Min(Set1(88.376262f), Max(Set1(-87.336544f), x));  // the constant first: a NaN passes, as in the reference
  const F32x16 n = RoundToEven(Mul(x, Set1(1.44269504f)));
  F32x16 r = Fma(n, Set1(-0.693359375f), x);
  r = Fma(n, Set1(2.12194440e-4f), r);
  F32x16 p = Set1(1.9875691500e-4f);
  p = Fma(p, r, Set1(1.3981999507e-3f));
  p = Fma(p, r, Set1(8.3334519073e-3f));
  p = Fma(p, r, Set1(4.1665795894e-2f));
  p = Fma(p, r, Set1(1.6666665459e-1f));
  p = Fma(p, r, Set1(5.0000001201e-1f));
  p = Add(Fma(p, Mul(r, r), r), Set1(1.0f));
  return AddExponent(p, n);
}

static inline float Exp1(float x) {
  float lanes[16];
  Store(lanes, Exp(Set1(x)));
  return lanes[0];
}

static inline float Dot16(const float* x, const float* y, int64_t count) {
  F32x16 acc = Zero();
  Strips(count, [&](int64_t i, int64_t n) { acc = Fma(LoadN(x + i, n), LoadN(y + i, n), acc); });
  return ReduceAdd(acc);
}

static inline float SquareRoot(float x) {
  return _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(x)));
}

static void RmsNorm(const float* x, const float* weight, float eps, int64_t count, float* out) {
  const float mean = Dot16(x, x, count) / static_cast<float>(count);
  const F32x16 inverse = Set1(1.0f / SquareRoot(mean + eps));
  Strips(count, [&](int64_t i, int64_t n) { StoreN(out + i, Mul(Mul(LoadN(x + i, n), inverse), LoadN(weight + i, n)), n); });
}

static void AddRows(const float* x, const float* y, int64_t count, float* out) {
  Strips(count, [&](int64_t i, int64_t n) { StoreN(out + i, Add(LoadN(x + i, n), LoadN(y + i, n)), n); });
}

static void MultiplyScalar(const float* x, float factor, int64_t count, float* out) {
  Strips(count, [&](int64_t i, int64_t n) { StoreN(out + i, Mul(LoadN(x + i, n), Set1(factor)), n); });
}

static void SiluMul(const float* gate, const float* up, int64_t count, float* out) {
  Strips(count, [&](int64_t i, int64_t n) {
    const F32x16 x = LoadN(gate + i, n);
    StoreN(out + i, Mul(Div(x, Add(Set1(1.0f), Exp(Negate(x)))), LoadN(up + i, n)), n);
  });
}

static void GeluMul(const float* gate, const float* up, int64_t count, float* out) {
  Strips(count, [&](int64_t i, int64_t n) {
    const F32x16 x = LoadN(gate + i, n);
    const F32x16 u = Mul(Set1(0.79788456f), Fma(Mul(Mul(Set1(0.044715f), x), x), x, x));
    StoreN(out + i, Mul(Div(x, Add(Set1(1.0f), Exp(Mul(Set1(-2.0f), u)))), LoadN(up + i, n)), n);
  });
}

struct Rotated {
  F32x16 x, y;
};
static inline Rotated Rotate(F32x16 x, F32x16 y, F32x16 cos, F32x16 sin) {
  return {Fma(x, cos, Negate(Mul(y, sin))), Fma(x, sin, Mul(y, cos))};
}

static void RopeAdjacent(float* x, const float* cos, const float* sin, int64_t pairs) {
  Strips(pairs, [&](int64_t i, int64_t n) {
    float padded[32];
    float* at = n == 16 ? x + 2 * i : padded;
    for (int64_t k = 0; n < 16 && k < 32; ++k) padded[k] = k < 2 * n ? x[2 * i + k] : 0;
    F32x16 even, odd;
    Deinterleave(at, &even, &odd);
    const Rotated r = Rotate(even, odd, LoadN(cos + i, n), LoadN(sin + i, n));
    Interleave(at, r.x, r.y);
    for (int64_t k = 0; n < 16 && k < 2 * n; ++k) x[2 * i + k] = padded[k];
  });
}

static void Rope(float* x, const float* cos, const float* sin, int64_t pairs, bool adjacent) {
  if (adjacent) return RopeAdjacent(x, cos, sin, pairs);
  Strips(pairs, [&](int64_t i, int64_t n) {
    const Rotated r = Rotate(LoadN(x + i, n), LoadN(x + pairs + i, n), LoadN(cos + i, n), LoadN(sin + i, n));
    StoreN(x + i, r.x, n);
    StoreN(x + pairs + i, r.y, n);
  });
}

static float MaxOf(const float* x, int64_t count) {
  F32x16 max = Set1(x[0]);
  int64_t i = 0;
  for (; i + 16 <= count; i += 16) max = Max(max, Load(x + i));
  float result = ReduceMax(max);
  for (; i < count; ++i) result = result < x[i] ? x[i] : result;
  return result;
}

static double SumExp(const float* x, float max, int64_t count) {
  constexpr int64_t kRun = 4096;
  const F32x16 m = Set1(max);
  double total = 0;
  for (int64_t begin = 0; begin < count; begin += kRun) {
    F32x16 acc = Zero();
    Strips(count - begin < kRun ? count - begin : kRun, [&](int64_t i, int64_t n) {
      const F32x16 e = Exp(Sub(LoadN(x + begin + i, n), m));
      acc = Add(acc, n == 16 ? e : KeepLanes(e, 0, n));
    });
    total += static_cast<double>(ReduceAdd(acc));
  }
  return total;
}

static inline void FillElementwise(KernelTable& table) {
  table.rms_norm = RmsNorm;
  table.add = AddRows;
  table.multiply_scalar = MultiplyScalar;
  table.silu_mul = SiluMul;
  table.gelu_mul = GeluMul;
  table.rope = Rope;
  table.max = MaxOf;
  table.sum_exp = SumExp;
}

}  // namespace
}  // namespace tradewind
