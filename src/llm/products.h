// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Products: multiplies a chunk's activations by one or more weight matrices that share them (query, key, value; gate, up), or that take
// some of its rows each (experts), in one parallel loop. Quantises the activations once where a matrix asks for it, and adds what the
// adapters of the rows add.
//
// Matrices that are not packed yet are packed here (llm/packing.h), as far as this takes no more than a part of the pass's time; the rest
// of them is packed for this product alone, group by group into memory that stays in cache.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/buffer.h"
#include "base/clock.h"
#include "base/thread_pool.h"
#include "kernels/kernel_table.h"
#include "llm/adapter.h"
#include "llm/crossover.h"
#include "llm/op_times.h"
#include "llm/packing.h"

namespace tradewind {

struct Product {
  const PackedMatrix* weights;
  float* out;  // [row][weights->padded_rows()], of its own rows
  // Which rows of the input it takes; all of them unless told otherwise.
  int64_t first_row = 0;
  int64_t rows = -1;
};

// Rows [begin, end) of the input that have adapters.
struct AdaptedRows {
  int64_t begin = 0;
  int64_t end = 0;
  std::span<const AdapterUse> uses;  // in this order
};

// Shown what each product multiplies.
class ProductTap {
 public:
  virtual ~ProductTap() = default;
  // The rows of activations that the matrix takes, [row][its columns], valid during the call.
  virtual void Read(const PackedMatrix& weights, const float* input, int64_t rows) = 0;
};

class Products {
 public:
  // For up to `rows` rows of up to `cols` columns. `packing`: borrowed, of the matrices to come; null leaves
  // them as they are.
  Products(const KernelTable& kernels, int64_t rows, int64_t cols, Packing* packing = nullptr);

  // Before the first product of a pass.
  void BeginPass();
  // Shows this one all that is multiplied from now on; borrowed, null for none.
  void SetTap(ProductTap* tap) { tap_ = tap; }
  // Tells this one of laps and work from now on; borrowed, null for none.
  void SetOpTimes(OpTimes* times) { times_ = times; }

  // out = input * weights^T for each product; `input` is [rows][cols], contiguous. `adapted`: ascending, apart from each other.
  void Run(const float* input, int64_t rows, int64_t cols, std::span<const Product> products, ThreadPool& pool,
           std::span<const AdaptedRows> adapted);

 private:
  void PackSome(std::span<const Product> products, ThreadPool& pool);
  void Multiply(const Product& product, const float* input, const QuantizedRows& quantized, int64_t rows, int64_t begin, int64_t end,
                int member);
  void Adapt(const AdapterPart& part, float scale, const float* input, int64_t rows, float* out, ThreadPool& pool);

  const KernelTable& kernels_;
  const Crossovers crossovers_;
  Packing* packing_;
  TimePoint pass_began_;
  Duration packed_for_;                   // of the pass's time
  std::vector<Buffer<std::byte>> group_;  // of each pool member: one group, packed
  int64_t group_bytes_ = 0;
  Buffer<int8_t> values_;
  Buffer<float> scales_;
  Buffer<float> scaled_sums_;
  Buffer<int32_t> sums_;
  std::vector<int64_t> first_task_;      // of each product, and one past the last
  std::vector<int64_t> steps_;           // groups a task, of each product
  std::vector<float> low_rank_, delta_;  // A x, and B (A x)
  ProductTap* tap_ = nullptr;
  OpTimes* times_ = nullptr;
};

}  // namespace tradewind
