// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// View: how a tensor of a file, of any rank, lies in a NativeValue: where along each of its axes the numbers are. Reshaping, transposing
// and slicing change the view alone; nothing moves until an operator needs another layout (ops/rearrange.h). A plain value.
//
//   View shuffled = View::OfPicture(value);                       // N, C, H, W
//   shuffled = *shuffled.Reshaped({1, 2, 24, 44, 44});
//   shuffled = shuffled.Transposed({0, 2, 1, 3, 4});
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "graph/native/value.h"

namespace tradewind {

// A pixel's channel, or the distance between two.
struct Coordinate {
  int32_t n = 0, c = 0, y = 0, x = 0;
  bool operator==(const Coordinate&) const = default;
  Coordinate operator+(const Coordinate& o) const { return {n + o.n, c + o.c, y + o.y, x + o.x}; }
  Coordinate operator-(const Coordinate& o) const { return {n - o.n, c - o.c, y - o.y, x - o.x}; }
};

class View {
 public:
  // No axis is longer, also where several become one.
  static constexpr int64_t kMostCoordinates = 1 << 22;

  static View OfPicture(const NativeValue& value);  // four axes: N, C, H, W
  static View OfRows(const NativeValue& value);     // three: N, H, C of pictures one pixel wide
  static View OfPixels(const NativeValue& value);   // two: N, C of pictures of one pixel

  std::vector<int64_t> shape() const;
  size_t rank() const { return axes_.size(); }
  // The same numbers, in the same order, by other axes. Nothing where they would have to move, or an axis would be too long. The counts of
  // numbers must be equal.
  std::optional<View> Reshaped(std::span<const int64_t> shape) const;
  View Transposed(std::span<const int64_t> order) const;            // a permutation
  View Taken(size_t axis, std::span<const int64_t> indices) const;  // of an axis these, in this order; all inside
  View Range(size_t axis, int64_t begin, int64_t count) const;
  // Whether an axis is all channels of the value, in order.
  bool IsChannels(size_t axis, const NativeValue& value) const;
  bool operator==(const View&) const = default;

  // Offsets into the value's memory, of each axis, and of the first number.
  std::vector<std::vector<int64_t>> Offsets(const NativeValue& value) const;
  int64_t Origin(const NativeValue& value) const;

 private:
  Coordinate origin_{};
  std::vector<std::vector<Coordinate>> axes_;  // distances from the origin; the first of each is none
};

}  // namespace tradewind
