// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Pooling: the vectors of a text's tokens to one, and its normalisation. Thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "llm/model_spec.h"

namespace tradewind {

// "none", "mean", "cls", "last", as llama.cpp names them.
std::optional<Pooling> PoolingFromName(std::string_view name);

// Takes the rows of a text in chunks, in order.
class Pooler {
 public:
  Pooler(Pooling pooling, int64_t width) : pooling_(pooling), width_(width) {}
  void Add(std::span<const float> rows);  // [row][width]
  // One vector; of Pooling::kNone as many as rows. Of no rows nothing.
  std::vector<std::vector<float>> Finish() const;

 private:
  Pooling pooling_;
  int64_t width_;
  int64_t rows_ = 0;
  std::vector<double> sum_;
  std::vector<std::vector<float>> kept_;
};

// As llama.cpp's --embd-normalize counts: -1 nothing; 0 the largest value becomes 32,760; 1 the sum of magnitudes, 2 the Euclidean length,
// p the p-norm becomes 1. A vector of zeros stays. `kind` is -1 to kMaxNormalisation.
void Normalise(int64_t kind, std::vector<float>& vector);
inline constexpr int64_t kMaxNormalisation = 64;

}  // namespace tradewind
