// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What the routers that train by gradients share: Adam, shuffled batches, and cosines with many rows. Seeded; the same on every machine.
//
//   Adam adam(theta.size(), 0.01);
//   ForEachBatch(rows, {.epochs = 20, .batch = 128, .seed = 1}, [&](std::span<const uint32_t> batch) { ...; adam.Step(theta, gradient); });
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "policy/routing_table.h"

namespace tradewind {

// Kingma and Ba, arXiv:1412.6980, algorithm 1, with its constants; `decay` shrinks the values themselves by rate * decay a step
// (Loshchilov and Hutter, arXiv:1711.05101).
class Adam {
 public:
  Adam(size_t size, double rate, double decay = 0) : rate_(rate), decay_(decay), first_(size), second_(size) {}
  // Both have `size` values (asserted).
  void Step(std::span<float> values, std::span<const float> gradient);

 private:
  double rate_, decay_;
  std::vector<float> first_, second_;
  int64_t steps_ = 0;
};

struct BatchOptions {
  int epochs = 1;
  size_t batch = 128;
  uint64_t seed = 1;
};

// Every row once an epoch, in an order drawn anew.
void ForEachBatch(size_t rows, const BatchOptions& options, const std::function<void(std::span<const uint32_t>)>& f);

// Rows scaled to length 1, to be compared with one text after the other. Read by any thread.
class CosineIndex {
 public:
  CosineIndex() = default;
  explicit CosineIndex(const FeatureMatrix& features);
  size_t rows() const { return rows_; }
  // The cosine of the query with each row, into `out`, which is resized. 0 where one of the two is all 0.
  void Similarities(std::span<const float> query, std::vector<float>& out) const;

 private:
  size_t rows_ = 0, columns_ = 0;
  std::vector<float> values_;
};

inline double Sigmoid(double x) {
  return 1 / (1 + __builtin_exp(-x));
}

}  // namespace tradewind
