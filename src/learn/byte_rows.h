// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ByteRows: vectors in a byte a number, for the similarity of one vector with all of thousands within a millisecond: reading the rows from
// memory is what that costs. Cosines are off by about 0.001. NearestNeighbours is exact and finds the best few.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tradewind {

// Const members may be called from many threads.
class ByteRows {
 public:
  explicit ByteRows(size_t dimensions) : dimensions_(dimensions) {}

  size_t rows() const { return scales_.size(); }
  // `vector` has the dimensions given (asserted) and finite numbers.
  void Add(std::span<const float> vector);
  // The cosine of the query with each row, in the order of Add; 0 for a vector of length 0.
  std::vector<float> Cosines(std::span<const float> query) const;

 private:
  size_t dimensions_;
  std::vector<int8_t> numbers_;  // [row][dimension]
  std::vector<float> scales_;    // by row: number * scale is of a vector of length 1
};

}  // namespace tradewind
