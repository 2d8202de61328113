// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Crossovers: from how many rows of activations on a product with quantised weights goes by the kernel for many rows
// (kernels/kernel_table.h). That is a matter of the machine, the weights' type and their columns, so it is timed; the bits are the same
// either way, so timing may decide.
//
//   CrossoverTiming timing = TimeCrossover(kernels, matrices, pool);
//   crossovers.Set(timing.type, timing.cols, timing.many_rows);
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/thread_pool.h"
#include "kernels/kernel_table.h"

namespace tradewind {

class Crossovers {
 public:
  // kNotTimed where it is not known.
  static constexpr int64_t kNotTimed = -1;
  int64_t ManyRows(TensorType type, int64_t cols) const;
  void Set(TensorType type, int64_t cols, int64_t many_rows) { many_rows_[{type, cols}] = many_rows; }
  size_t size() const { return many_rows_.size(); }

  // {"Q4_0": {"1024": 7}}. What is no such thing is left out when it is read.
  std::string ToJson() const;
  static Crossovers FromJson(const std::string& text);

 private:
  std::map<std::pair<TensorType, int64_t>, int64_t> many_rows_;
};

// Those of this process, under the instruction set in use: recalled from an earlier one, or timed when a model was warmed. Thread-safe.
Crossovers KnownCrossovers();
void SetKnownCrossovers(Crossovers crossovers);

struct CrossoverTiming {
  struct Point {
    int64_t rows;
    double few_ops_per_s;  // of matmul_quantized; 2 operations a multiply-add
    double many_ops_per_s;
  };
  TensorType type;
  int64_t cols;
  std::vector<Point> points;  // ascending
  int64_t many_rows;
};

// Times both kernels, in turns and on all of the pool's threads, on matrices of one quantised type and number of columns, packed, of which
// each run takes the next groups, so that they come from where the model's do. Some 20 to 100 ms.
CrossoverTiming TimeCrossover(const KernelTable& kernels, std::span<const PackedMatrix* const> matrices, ThreadPool& pool);

// The number of rows from which on `many` loses least over all points.
int64_t BestCrossover(std::span<const CrossoverTiming::Point> points);

}  // namespace tradewind
