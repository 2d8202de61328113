// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// GroupIndex: numbers distinct rows of digits from 0 in the order in which they come. Open addressing over one flat array, as a node a row
// would take most of the time and memory of loading a million rows. A plain value; looking up is thread-safe.
//
//   GroupIndex index(2);
//   index.Add(std::vector<uint32_t>{3, 1});    // {0, true}: the first, and new
//   index.Find(std::vector<uint32_t>{3, 1});   // 0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace tradewind {

class GroupIndex {
 public:
  // `width` digits a row; 0: the empty row alone.
  explicit GroupIndex(size_t width = 0) : width_(width) {}

  // The row's number, and whether it is new. `row` has `width` digits (asserted); at most 2^31 rows.
  std::pair<uint32_t, bool> Add(std::span<const uint32_t> row);
  std::optional<uint32_t> Find(std::span<const uint32_t> row) const;
  size_t size() const { return size_; }

 private:
  static constexpr uint32_t kFree = ~uint32_t{0};
  // Where the row stands, or the free place that it would take.
  size_t PlaceOf(std::span<const uint32_t> row) const;
  void Grow();

  size_t width_;
  size_t size_ = 0;
  std::vector<uint32_t> digits_;  // row by row
  std::vector<uint32_t> places_;  // a power of two of row numbers, at most half of them taken
};

}  // namespace tradewind
