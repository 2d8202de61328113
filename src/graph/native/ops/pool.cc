// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/native/ops/pool.h"

#include <algorithm>

namespace tradewind {
namespace {

constexpr int64_t kPoolRows = 1;

// The part of a window that lies inside the picture.
struct Inside {
  int64_t y_begin, y_end, x_begin, x_end;
  int64_t count() const { return (y_end - y_begin) * (x_end - x_begin); }
};
Inside InsideOf(const Window& w, const NativeValue& in, int64_t y, int64_t x) {
  const int64_t top = y * w.stride_y - w.padding.top;
  const int64_t left = x * w.stride_x - w.padding.left;
  return {std::max<int64_t>(top, 0), std::min(top + w.height, in.height), std::max<int64_t>(left, 0), std::min(left + w.width, in.width)};
}

class PoolBase : public NativeOp {
 public:
  explicit PoolBase(PoolSpec spec) : spec_(spec) {}
  std::vector<int> inputs() const override { return {spec_.input}; }
  int output() const override { return spec_.output; }

 protected:
  // body(inside, n, output pixel's place) for every pixel.
  template <typename Body>
  void EachWindow(const NativeFrame& frame, const Body& body) const {
    const NativeValue& in = frame.value(spec_.input);
    const NativeValue& out = frame.value(spec_.output);
    ForRuns(frame, out.batch * out.height, kPoolRows, [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        for (int64_t x = 0; x < out.width; ++x)
          body(InsideOf(spec_.window, in, row % out.height, x), row / out.height, out.At(row / out.height, row % out.height, x));
      }
    });
  }
  PoolSpec spec_;
};

class FloatPoolOp : public PoolBase {
 public:
  using PoolBase::PoolBase;
  std::string_view kind() const override { return spec_.greatest ? "max pool" : "average pool"; }
  void Run(const NativeFrame& frame) const override {
    const NativeValue& in = frame.value(spec_.input);
    EachWindow(frame, [&](const Inside& inside, int64_t n, int64_t place) {
      float* out = frame.floats(spec_.output) + place;
      bool first = true;
      for (int64_t y = inside.y_begin; y < inside.y_end; ++y) {
        for (int64_t x = inside.x_begin; x < inside.x_end; ++x) {
          const float* from = frame.floats(spec_.input) + in.At(n, y, x);
          if (first) {
            std::copy_n(from, in.channels, out);
          } else if (spec_.greatest) {
            for (int64_t c = 0; c < in.channels; ++c) out[c] = std::max(out[c], from[c]);
          } else {
            for (int64_t c = 0; c < in.channels; ++c) out[c] += from[c];
          }
          first = false;
        }
      }
      if (spec_.greatest) return;
      const auto count = static_cast<float>(spec_.count_padding ? spec_.window.taps() : inside.count());
      for (int64_t c = 0; c < in.channels; ++c) out[c] /= count;
    });
  }
};

class IntegerPoolOp : public PoolBase {
 public:
  using PoolBase::PoolBase;
  std::string_view kind() const override { return spec_.greatest ? "integer max pool" : "integer average pool"; }
  bool integer_only() const override { return true; }
  void Run(const NativeFrame& frame) const override {
    const NativeValue& in = frame.value(spec_.input);
    const Quantization& q = frame.value(spec_.output).quantization;
    EachWindow(frame, [&](const Inside& inside, int64_t n, int64_t place) {
      int16_t* out = frame.integers(spec_.output) + place;
      const auto count = static_cast<int32_t>(inside.count());
      for (int64_t c = 0; c < in.channels; ++c) {
        int32_t sum = 0;
        int32_t greatest = INT16_MIN;
        for (int64_t y = inside.y_begin; y < inside.y_end; ++y) {
          for (int64_t x = inside.x_begin; x < inside.x_end; ++x) {
            const int32_t value = frame.integers(spec_.input)[in.At(n, y, x) + c];
            sum += value;
            greatest = std::max(greatest, value);
          }
        }
        // The file's numbers, with the zero point in them, are what is rounded.
        const int32_t whole = sum + count * q.zero_point;
        const int32_t mean = (whole >= 0 ? whole + count / 2 : whole - count / 2) / count;
        const int32_t result = spec_.greatest ? greatest + q.zero_point : mean;
        out[c] = static_cast<int16_t>(std::clamp(result, q.low, q.high) - q.zero_point);
      }
    });
  }
};

}  // namespace

std::unique_ptr<NativeOp> MakePool(PoolSpec spec) {
  return std::make_unique<FloatPoolOp>(spec);
}
std::unique_ptr<NativeOp> MakeIntegerPool(PoolSpec spec) {
  return std::make_unique<IntegerPoolOp>(spec);
}

}  // namespace tradewind
