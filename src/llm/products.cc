// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/products.h"

#include <algorithm>

namespace tradewind {
namespace {

// A task should outlast the hand-over of its index by far, and there should be several for each thread.
constexpr int64_t kTaskMultiplyAdds = 1 << 18;
constexpr int64_t kTasksPerThread = 4;
// Rows are quantised in runs of this many by one thread.
constexpr int64_t kRowsPerTask = 8;

int64_t GroupsPerTask(int64_t all_groups, int64_t rows, int64_t cols, int threads) {
  const int64_t by_work = kTaskMultiplyAdds / std::max<int64_t>(1, rows * cols * kRowGroup);
  const int64_t by_threads = all_groups / (kTasksPerThread * threads);
  return std::max<int64_t>(1, std::min(by_work, by_threads));
}

}  // namespace

Products::Products(const KernelTable& kernels, int64_t rows, int64_t cols)
    : kernels_(kernels),
      values_(rows * cols),
      scales_(rows * cols / kBlock + 1),
      scaled_sums_(rows * cols / kBlock + 1),
      sums_(rows * cols / 16 + 1) {}

void Products::Run(const float* input, int64_t rows, int64_t cols, std::span<const Product> products, ThreadPool& pool) {
  const QuantizedRows quantized = {values_.get(), scales_.get(), scaled_sums_.get(), sums_.get()};
  const bool any_quantized = std::any_of(products.begin(), products.end(), [](const Product& p) { return p.weights->quantized(); });
  if (any_quantized) {
    const int64_t blocks = cols / kBlock;
    pool.ParallelFor((rows + kRowsPerTask - 1) / kRowsPerTask, [&](int64_t task, int) {
      const int64_t first = task * kRowsPerTask;
      const QuantizedRows part = {quantized.values + first * cols, quantized.scales + first * blocks,
                                  quantized.scaled_sums + first * blocks, quantized.sums + first * blocks * 2};
      kernels_.quantize_rows(input + first * cols, std::min(kRowsPerTask, rows - first), cols, part);
    });
  }
  int64_t all_groups = 0;
  for (const Product& p : products) all_groups += p.weights->groups();
  const int64_t step = GroupsPerTask(all_groups, rows, cols, pool.threads());
  int64_t tasks = 0;
  for (const Product& p : products) tasks += (p.weights->groups() + step - 1) / step;
  pool.ParallelFor(tasks, [&](int64_t task, int) {
    const Product* p = products.data();
    for (int64_t own; task >= (own = (p->weights->groups() + step - 1) / step); ++p) task -= own;
    const int64_t begin = task * step;
    const int64_t end = std::min(begin + step, p->weights->groups());
    if (p->weights->quantized()) {
      kernels_.matmul_quantized(*p->weights, quantized, rows, begin, end, p->out, p->weights->padded_rows());
    } else {
      kernels_.matmul_float(*p->weights, input, rows, begin, end, p->out, p->weights->padded_rows());
    }
  });
}

}  // namespace tradewind
