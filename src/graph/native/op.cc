// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/native/op.h"

namespace tradewind {

std::vector<int64_t> Window::TapsIn(const NativeValue& input) const {
  std::vector<int64_t> offsets;
  for (int64_t y = 0; y < height; ++y) {
    for (int64_t x = 0; x < width; ++x) offsets.push_back(y * dilation_y * input.pitch() + x * dilation_x * input.channels);
  }
  return offsets;
}

}  // namespace tradewind
