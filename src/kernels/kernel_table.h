// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The kernels: one table of functions for each instruction set, all with the same contract (docs/numerics.md) and so with the same bits.
// Plain pointers and sizes; no allocation, no errors, no threads: the caller splits the work. Rows are contiguous unless a stride is named.
//
//   const KernelTable& k = KernelsFor(isa);
//   k.quantize_rows(x, rows, cols, quantized);
//   pool.ParallelFor(w.groups(), [&](int64_t g, int) { k.matmul_quantized(w, quantized, rows, g, g + 1, out, stride); });
#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/isa.h"
#include "kernels/packed_matrix.h"

namespace tradewind {

// Activations in blocks of 32 columns; borrowed memory, of `rows` x `cols` (cols a multiple of 32).
struct QuantizedRows {
  int8_t* values;      // [row][cols]
  float* scales;       // [row][cols / 32]
  float* scaled_sums;  // [row][cols / 32]: scale * float(sum of 32)
  int32_t* sums;       // [row][cols / 16]: sums of 16 values (of 32: add two)
};

enum class KvType : uint8_t { kF32, kF16, kBF16, kQ8_0 };
inline constexpr int64_t kKvPage = 256;  // positions

// Bytes of one position of one head.
[[gnu::always_inline]] constexpr int64_t KvRowBytes(KvType type, int64_t head_dim) {
  switch (type) {
    case KvType::kF32: return head_dim * 4;
    case KvType::kF16:
    case KvType::kBF16: return head_dim * 2;
    case KvType::kQ8_0: return head_dim / 32 * 34;  // half d, then 32 int8
  }
  return 0;
}

// Attention of some queries that share one key-value head over one page of 256 positions.
struct AttentionPage {
  const void* keys;    // [position in page][KvRowBytes(key_type)]
  const void* values;  // [position in page][KvRowBytes(value_type)]
  KvType key_type;
  KvType value_type;
  int64_t head_dim;  // a multiple of 32 for Q8_0, else any
  float scale;
};
// One query's running state; its visible positions in this page are [begin, end) with 0 <= begin < end <= 256.
struct AttentionQuery {
  const float* query;  // [head_dim]
  float* out;          // [head_dim]: the running o; divided by L only by attention_finish
  float max = 0;       // the running M
  float sum = 0;       // the running L
  int32_t begin = 0;
  int32_t end = 0;
  bool started = false;  // false before the first page
};

struct KernelTable {
  Isa isa;

  void (*quantize_rows)(const float* x, int64_t rows, int64_t cols, const QuantizedRows& out);
  // out[m * out_stride + n] for m in [0, rows), n in the 16-row groups [group_begin, group_end): whole groups are written, so out_stride >=
  // 16 * group_end.
  void (*matmul_quantized)(const PackedMatrix& w, const QuantizedRows& x, int64_t rows, int64_t group_begin, int64_t group_end, float* out,
                           int64_t out_stride);
  // The same bits, by a way that costs something at first and is faster for many rows; the same function where there is no such way.
  void (*matmul_quantized_many)(const PackedMatrix& w, const QuantizedRows& x, int64_t rows, int64_t group_begin, int64_t group_end,
                                float* out, int64_t out_stride);
  // From how many rows on, where no timing says (kernels/crossover.h).
  int64_t many_rows;
  // The same with single-precision activations [m][cols] for F32, F16, BF16 weights.
  void (*matmul_float)(const PackedMatrix& w, const float* x, int64_t rows, int64_t group_begin, int64_t group_end, float* out,
                       int64_t out_stride);

  void (*rms_norm)(const float* x, const float* weight, float eps, int64_t n, float* out);  // out may be x
  void (*add)(const float* x, const float* y, int64_t n, float* out);                       // out may be x or y
  void (*multiply_scalar)(const float* x, float factor, int64_t n, float* out);
  void (*silu_mul)(const float* gate, const float* up, int64_t n, float* out);
  void (*gelu_mul)(const float* gate, const float* up, int64_t n, float* out);
  // Rotates pairs (x[2i], x[2i+1]) if `adjacent`, else (x[i], x[i + pairs]), in place; cos and sin have `pairs` values.
  void (*rope)(float* x, const float* cos, const float* sin, int64_t pairs, bool adjacent);

  void (*kv_store)(KvType type, const float* x, int64_t head_dim, void* out);
  // Takes `count` queries over one page. `scratch` holds AttentionScratch(head_dim) floats, 64-byte aligned.
  void (*attention_page)(const AttentionPage& page, AttentionQuery* queries, int64_t count, float* scratch);
  // Joins the state of later pages to the running state of the same query, whose `out` is its own.
  void (*attention_join)(const AttentionQuery& later, int64_t head_dim, AttentionQuery& running);
  void (*attention_finish)(AttentionQuery* queries, int64_t count, int64_t head_dim);

  float (*max)(const float* x, int64_t n);
  // Sum of exp(x - max), runs of 4,096 added in double.
  double (*sum_exp)(const float* x, float max, int64_t n);

  // For finding the peak: `steps` rounds of multiply-adds that stay in registers, as dense as the products above could have them at best.
  // The operations done, 2 a multiply-add.
  int64_t (*burst_int8)(int64_t steps);
  int64_t (*burst_float)(int64_t steps);
  // For finding the read bandwidth: reads all of it but what is left of 256 bytes, and does nothing else.
  void (*burst_read)(const std::byte* data, int64_t bytes);
};

// Queries for which a page's keys and values are widened once. A multiple of those that the kernels take at once (4 and 6; 4 and 12), and
// few enough for their scores to stay in the second-level cache (96 KiB).
inline constexpr int kAttentionTile = 96;

// Room for a page of keys or values widened to single, and the scores of a tile of queries.
constexpr int64_t AttentionScratch(int64_t head_dim) {
  return kKvPage * head_dim + kAttentionTile * kKvPage;
}

// The table of an instruction set of AvailableIsas().
const KernelTable& KernelsFor(Isa isa);

}  // namespace tradewind
