// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstring>

#include "kernels/kernels_ref.h"

namespace tradewind {
namespace {

// Widens one position of one head.
void Widen(KvType type, const void* row, int64_t head_dim, float* out) {
  const auto* bytes = static_cast<const std::byte*>(row);
  for (int64_t i = 0; i < head_dim; ++i) {
    uint16_t bits = 0;
    switch (type) {
      case KvType::kF32: std::memcpy(out + i, bytes + 4 * i, 4); break;
      case KvType::kF16:
        std::memcpy(&bits, bytes + 2 * i, 2);
        out[i] = HalfToFloat(bits);
        break;
      case KvType::kBF16:
        std::memcpy(&bits, bytes + 2 * i, 2);
        out[i] = BFloat16ToFloat(bits);
        break;
      case KvType::kQ8_0: {
        const std::byte* block = bytes + i / 32 * 34;
        std::memcpy(&bits, block, 2);
        out[i] = HalfToFloat(bits) * static_cast<float>(static_cast<int8_t>(block[2 + i % 32]));
        break;
      }
    }
  }
}

void StoreQ8(const float* x, int64_t head_dim, std::byte* out) {
  for (int64_t b = 0; b < head_dim / 32; ++b, out += 34) {
    float amax = 0;
    for (int64_t k = 0; k < 32; ++k) amax = std::fmax(amax, std::fabs(x[32 * b + k]));
    const float d = amax / 127.0f;
    const float inverse = d < 1.17549435e-38f ? 0 : 1.0f / d;
    const uint16_t half = FloatToHalf(d);
    std::memcpy(out, &half, 2);
    for (int64_t k = 0; k < 32; ++k) {
      const float q = std::nearbyint(x[32 * b + k] * inverse);
      out[2 + k] = static_cast<std::byte>(static_cast<int8_t>(std::min(127.0f, std::max(-127.0f, q))));
    }
  }
}

// The page's own (M, L, o) of one query.
struct Partial {
  float max;
  float sum;
};

Partial OnePage(const AttentionPage& page, const AttentionQuery& q, float* row, float* score, float* out) {
  const int64_t d = page.head_dim;
  const auto* keys = static_cast<const std::byte*>(page.keys);
  const auto* values = static_cast<const std::byte*>(page.values);
  std::fill(score, score + kKvPage, 0.0f);
  for (int64_t j = q.begin; j < q.end; ++j) {
    Widen(page.key_type, keys + j * KvRowBytes(page.key_type, d), d, row);
    score[j] = Dot16Ref(q.query, row, d) * page.scale;
  }
  const float max = MaxRef(score + q.begin, q.end - q.begin);
  for (int64_t j = q.begin; j < q.end; ++j) score[j] = ExpRef(score[j] - max);
  const float sum = Sum16Ref(score, kKvPage);
  std::fill(out, out + d, 0.0f);
  for (int64_t j = q.begin; j < q.end; ++j) {
    Widen(page.value_type, values + j * KvRowBytes(page.value_type, d), d, row);
    for (int64_t c = 0; c < d; ++c) out[c] = std::fma(score[j], row[c], out[c]);
  }
  return {max, sum};
}

}  // namespace

void KvStoreRef(KvType type, const float* x, int64_t head_dim, void* out) {
  auto* bytes = static_cast<std::byte*>(out);
  if (type == KvType::kF32) {
    std::memcpy(bytes, x, static_cast<size_t>(head_dim) * 4);
    return;
  }
  if (type == KvType::kQ8_0) return StoreQ8(x, head_dim, bytes);
  for (int64_t i = 0; i < head_dim; ++i) {
    const uint16_t bits = type == KvType::kF16 ? FloatToHalf(x[i]) : FloatToBFloat16(x[i]);
    std::memcpy(bytes + 2 * i, &bits, 2);
  }
}

void AttentionPageRef(const AttentionPage& page, AttentionQuery* queries, int64_t count, float* scratch) {
  float* row = scratch;
  float* score = scratch + page.head_dim;
  float* out = score + kKvPage;
  for (int64_t i = 0; i < count; ++i) {
    AttentionQuery& q = queries[i];
    const Partial p = OnePage(page, q, row, score, out);
    AttentionJoinRef({.query = q.query, .out = out, .max = p.max, .sum = p.sum, .started = true}, page.head_dim, q);
  }
}

void AttentionJoinRef(const AttentionQuery& later, int64_t head_dim, AttentionQuery& running) {
  if (!running.started) {
    running.started = true;
    running.max = later.max;
    running.sum = later.sum;
    std::copy(later.out, later.out + head_dim, running.out);
    return;
  }
  const float max = std::max(running.max, later.max);
  const float a = ExpRef(running.max - max);
  const float b = ExpRef(later.max - max);
  running.max = max;
  running.sum = std::fma(running.sum, a, later.sum * b);
  for (int64_t c = 0; c < head_dim; ++c) running.out[c] = std::fma(running.out[c], a, later.out[c] * b);
}

void AttentionFinishRef(AttentionQuery* queries, int64_t count, int64_t head_dim) {
  for (int64_t i = 0; i < count; ++i) {
    for (int64_t c = 0; c < head_dim; ++c) queries[i].out[c] /= queries[i].sum;
  }
}

}  // namespace tradewind
