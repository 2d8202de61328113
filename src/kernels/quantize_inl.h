// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Rounding activations and cached keys and values to their stored types, over F32x16. Include after a vec16_*.h, and from files of that
// instruction set only.
#pragma once

#include "kernels/kernel_table.h"

namespace tradewind {
namespace {

constexpr float kSmallestNormal = 1.17549435e-38f;

// max(|x|) / 127 of 32 values.
static inline float ScaleOf32(F32x16 a, F32x16 b) {
  return ReduceMax(Max(Abs(a), Abs(b))) / 127.0f;
}

static void QuantizeRows(const float* x, int64_t rows, int64_t cols, const QuantizedRows& out) {
  const int64_t blocks = rows * (cols / kBlock);  // rows lie end to end, in x as in out
  for (int64_t b = 0; b < blocks; ++b) {
    const F32x16 first = Load(x + b * kBlock);
    const F32x16 second = Load(x + b * kBlock + 16);
    float scale = ScaleOf32(first, second);
    if (scale < kSmallestNormal) scale = 0;
    const F32x16 inverse = Set1(scale == 0 ? 0 : 1.0f / scale);
    const int32_t sum0 = StoreInt8(out.values + b * kBlock, Mul(first, inverse));
    const int32_t sum1 = StoreInt8(out.values + b * kBlock + 16, Mul(second, inverse));
    out.scales[b] = scale;
    out.scaled_sums[b] = scale * static_cast<float>(sum0 + sum1);
    out.sums[2 * b] = sum0;
    out.sums[2 * b + 1] = sum1;
  }
}

static void KvStoreQ8(const float* x, int64_t head_dim, uint8_t* out) {
  const F32x16 limit = Set1(127.0f);
  for (int64_t i = 0; i < head_dim; i += kBlock, out += 34) {
    const F32x16 first = Load(x + i);
    const F32x16 second = Load(x + i + 16);
    const float d = ScaleOf32(first, second);
    const F32x16 inverse = Set1(d < kSmallestNormal ? 0 : 1.0f / d);
    const uint16_t half = ToHalfBits(d);
    __builtin_memcpy(out, &half, 2);
    auto* q = reinterpret_cast<int8_t*>(out + 2);
    StoreInt8(q, Min(limit, Max(Negate(limit), Mul(first, inverse))));
    StoreInt8(q + 16, Min(limit, Max(Negate(limit), Mul(second, inverse))));
  }
}

static void KvStore(KvType type, const float* x, int64_t head_dim, void* out) {
  if (type == KvType::kF32) {
    __builtin_memcpy(out, x, static_cast<uint64_t>(head_dim) * 4);
    return;
  }
  if (type == KvType::kQ8_0) return KvStoreQ8(x, head_dim, static_cast<uint8_t*>(out));
  auto* to = static_cast<uint16_t*>(out);
  int64_t i = 0;
  for (; i + 16 <= head_dim; i += 16) {
    if (type == KvType::kF16) {
      StoreHalf(to + i, Load(x + i));
    } else {
      StoreBf16(to + i, Load(x + i));
    }
  }
  if (i == head_dim) return;
  uint16_t tail[16];
  const F32x16 last = LoadPartial(x + i, head_dim - i);
  if (type == KvType::kF16) {
    StoreHalf(tail, last);
  } else {
    StoreBf16(tail, last);
  }
  __builtin_memcpy(to + i, tail, static_cast<uint64_t>(head_dim - i) * 2);
}

static inline void FillQuantize(KernelTable& table) {
  table.quantize_rows = QuantizeRows;
  table.kv_store = KvStore;
}

}  // namespace
}  // namespace tradewind
