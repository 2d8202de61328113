// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// NativeOp: one operator of a net, ready to run: its weights packed, its shapes known. Immutable while it runs; the work is split over a
// team of threads, each output written by one of them, so that the count of threads changes no bit.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "base/thread_pool.h"
#include "graph/native/value.h"
#include "kernels/convolution.h"

namespace tradewind {

// Where the values of a run lie.
struct NativeFrame {
  std::span<const NativeValue> values;
  std::span<std::byte* const> memory;  // of each value
  const ConvolutionKernels* kernels;
  ThreadPool* pool;

  const NativeValue& value(int number) const { return values[static_cast<size_t>(number)]; }
  float* floats(int number) const { return reinterpret_cast<float*>(memory[static_cast<size_t>(number)]); }
  int16_t* integers(int number) const { return reinterpret_cast<int16_t*>(memory[static_cast<size_t>(number)]); }
};

class NativeOp {
 public:
  virtual ~NativeOp() = default;
  virtual std::string_view kind() const = 0;    // "convolution", "add", ...
  virtual std::vector<int> inputs() const = 0;  // numbers of values
  virtual int output() const = 0;
  virtual bool integer_only() const { return false; }                             // no float operation in it
  virtual double multiply_adds(std::span<const NativeValue>) const { return 0; }  // a run's
  virtual int64_t weight_bytes() const { return 0; }
  // The border that it needs of its input `number`.
  virtual Border NeedsBorder(int) const { return {}; }
  // After all shapes and borders are known: what depends on them.
  virtual void Prepare(std::span<const NativeValue>) {}
  virtual void Run(const NativeFrame& frame) const = 0;
  // Of an operator that remembers between runs (ops/integrate_fire.h): as before the first. What it remembers lies in kept values.
  virtual void Reset(const NativeFrame&) const {}
  virtual int counter() const { return -1; }  // the kept value that holds the spikes since then; -1 of all other operators
};

// Runs body(begin, end) over [0, count) in runs of `step`, by the frame's threads.
template <typename Body>
void ForRuns(const NativeFrame& frame, int64_t count, int64_t step, const Body& body) {
  frame.pool->ParallelFor((count + step - 1) / step, [&](int64_t run, int) { body(run * step, std::min(count, (run + 1) * step)); });
}

// Pixels and channels of a net's windows: kernels and pools.
struct Window {
  int64_t height = 1, width = 1;
  int64_t stride_y = 1, stride_x = 1;
  int64_t dilation_y = 1, dilation_x = 1;
  Border padding{};

  int64_t taps() const { return height * width; }
  // From a pixel's first channel, less the padding, to each tap's, in a value that has the border.
  std::vector<int64_t> TapsIn(const NativeValue& input) const;
  // The sides of what comes out; 0 where the window is larger than what it lies on.
  int64_t OutHeight(int64_t in) const { return Places(in + padding.top + padding.bottom, dilation_y * (height - 1) + 1, stride_y); }
  int64_t OutWidth(int64_t in) const { return Places(in + padding.left + padding.right, dilation_x * (width - 1) + 1, stride_x); }
  static int64_t Places(int64_t side, int64_t covered, int64_t stride) { return side < covered ? 0 : (side - covered) / stride + 1; }
  // Where the tap of least offset of output pixel (y, x) of picture n lies in the input.
  int64_t Origin(const NativeValue& input, int64_t n, int64_t y, int64_t x) const {
    return input.At(n, y * stride_y - padding.top, x * stride_x - padding.left);
  }
};

}  // namespace tradewind
