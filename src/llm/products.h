// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Products: multiplies a chunk's activations by one or more weight matrices that share them (query, key, value; gate, up), in one parallel
// loop. Quantises the activations once where a matrix asks for it.
#pragma once

#include <cstdint>
#include <span>

#include "base/thread_pool.h"
#include "kernels/kernel_table.h"
#include "llm/buffer.h"

namespace tradewind {

struct Product {
  const PackedMatrix* weights;
  float* out;  // [row][weights->padded_rows()]
};

class Products {
 public:
  // For up to `rows` rows of up to `cols` columns.
  Products(const KernelTable& kernels, int64_t rows, int64_t cols);

  // out = input * weights^T for each product; `input` is [rows][cols], contiguous.
  void Run(const float* input, int64_t rows, int64_t cols, std::span<const Product> products, ThreadPool& pool);

 private:
  const KernelTable& kernels_;
  Buffer<int8_t> values_;
  Buffer<float> scales_;
  Buffer<float> scaled_sums_;
  Buffer<int32_t> sums_;
};

}  // namespace tradewind
