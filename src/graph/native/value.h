// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How numbers lie between operators: pictures whose channels lie side by side (NHWC), with a border of zeros where a reader's taps reach
// beyond the edge, so that no reader asks whether a pixel is inside. A vector is a picture of one pixel. Numbers are singles, or quantised
// ones less their zero point in 16 bits (kernels/convolution.h).
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace tradewind {

struct Border {
  int64_t top = 0, left = 0, bottom = 0, right = 0;
  void Cover(const Border& other) {
    top = std::max(top, other.top);
    left = std::max(left, other.left);
    bottom = std::max(bottom, other.bottom);
    right = std::max(right, other.right);
  }
  bool none() const { return top == 0 && left == 0 && bottom == 0 && right == 0; }
};

// real = scale * (q - zero_point), q within [low, high].
struct Quantization {
  float scale = 0;
  int32_t zero_point = 0;
  int32_t low = 0;
  int32_t high = 0;
};

struct NativeValue {
  std::string name;
  int64_t batch = 1, height = 1, width = 1, channels = 1;
  Border border{};
  bool integer = false;
  Quantization quantization{};  // of integers
  bool kept = false;            // from run to run: its memory is its own

  int64_t pixels() const { return height * width; }
  // Distances in numbers: from a pixel to the one below it, and from a picture to the next.
  int64_t pitch() const { return (border.left + width + border.right) * channels; }
  int64_t picture() const { return (border.top + height + border.bottom) * pitch(); }
  // Where a pixel begins.
  int64_t At(int64_t n, int64_t y, int64_t x) const { return n * picture() + (border.top + y) * pitch() + (border.left + x) * channels; }
  // With room behind the last pixel for a kernel that reads whole vectors.
  int64_t size() const { return batch * picture() + kOverread; }
  int64_t bytes() const { return size() * (integer ? 2 : 4); }

  static constexpr int64_t kOverread = 16;
};

}  // namespace tradewind
