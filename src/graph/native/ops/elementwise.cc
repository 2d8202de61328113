// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/native/ops/elementwise.h"

#include <algorithm>
#include <cmath>

namespace tradewind {
namespace {

constexpr int64_t kElementwiseRows = 4;

float Bounded(float x, float low, float high) {
  x = x < low ? low : x;
  return x > high ? high : x;
}

// Of numbers below 2^22: the sum has no bits for a fraction, and rounds to even.
float RoundedToEven(float x) {
  constexpr float kNoFraction = 12582912;  // 1.5 * 2^23
  return (x + kNoFraction) - kNoFraction;
}

float Apply(Curve curve, float x) {
  switch (curve) {
    case Curve::kNone: return x;
    case Curve::kSigmoid: return 1 / (1 + std::exp(-x));
    case Curve::kHardSigmoid: return Bounded(x / 6 + 0.5f, 0, 1);
    case Curve::kHardSwish: return x * Bounded(x / 6 + 0.5f, 0, 1);
    case Curve::kTanh: return std::tanh(x);
    case Curve::kSilu: return x / (1 + std::exp(-x));
  }
  return x;
}

// body(n, y) for each row of a value.
template <typename Body>
void EachRow(const NativeFrame& frame, const NativeValue& value, const Body& body) {
  ForRuns(frame, value.batch * value.height, kElementwiseRows, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) body(row / value.height, row % value.height);
  });
}

class BinaryOp : public NativeOp {
 public:
  explicit BinaryOp(BinarySpec spec) : spec_(spec) {}
  std::string_view kind() const override { return spec_.multiply ? "multiply" : "add"; }
  std::vector<int> inputs() const override { return {spec_.a, spec_.b}; }
  int output() const override { return spec_.output; }
  void Run(const NativeFrame& frame) const override {
    const NativeValue& a = frame.value(spec_.a);
    const NativeValue& b = frame.value(spec_.b);
    const NativeValue& out = frame.value(spec_.output);
    const bool one_pixel = b.pixels() == 1 && a.pixels() != 1;
    EachRow(frame, out, [&](int64_t n, int64_t y) {
      const float* x = frame.floats(spec_.a) + a.At(n, y, 0);
      const float* z = frame.floats(spec_.b) + (one_pixel ? b.At(n, 0, 0) : b.At(n, y, 0));
      float* to = frame.floats(spec_.output) + out.At(n, y, 0);
      const int64_t run = one_pixel ? out.channels : out.width * out.channels;
      for (int64_t done = 0; done < out.width * out.channels; done += run) {
        for (int64_t i = 0; i < run; ++i) {
          const float value = spec_.multiply ? x[done + i] * z[i] : x[done + i] + z[i];
          to[done + i] = Bounded(value, spec_.low, spec_.high);
        }
      }
    });
  }

 private:
  BinarySpec spec_;
};

class UnaryOp : public NativeOp {
 public:
  explicit UnaryOp(UnarySpec spec) : spec_(std::move(spec)) {}
  std::string_view kind() const override { return spec_.curve == Curve::kNone ? "bound" : "curve"; }
  std::vector<int> inputs() const override { return {spec_.input}; }
  int output() const override { return spec_.output; }
  void Run(const NativeFrame& frame) const override {
    const NativeValue& in = frame.value(spec_.input);
    const NativeValue& out = frame.value(spec_.output);
    EachRow(frame, out, [&](int64_t n, int64_t y) {
      const float* x = frame.floats(spec_.input) + in.At(n, y, 0);
      float* to = frame.floats(spec_.output) + out.At(n, y, 0);
      for (int64_t pixel = 0; pixel < out.width; ++pixel, x += out.channels, to += out.channels) {
        for (int64_t c = 0; c < out.channels; ++c) {
          const auto i = static_cast<size_t>(c);
          const float scaled = spec_.scale.empty() ? x[c] : spec_.scale[i] * x[c] + spec_.shift[i];
          to[c] = Bounded(Apply(spec_.curve, scaled), spec_.low, spec_.high);
        }
      }
    });
  }

 private:
  UnarySpec spec_;
};

class GridOp : public NativeOp {
 public:
  explicit GridOp(GridSpec spec) : spec_(spec) {}
  std::string_view kind() const override { return "grid"; }
  std::vector<int> inputs() const override { return {spec_.input}; }
  int output() const override { return spec_.output; }
  void Run(const NativeFrame& frame) const override {
    const NativeValue& in = frame.value(spec_.input);
    const NativeValue& out = frame.value(spec_.output);
    EachRow(frame, out, [&](int64_t n, int64_t y) {
      const float* x = frame.floats(spec_.input) + in.At(n, y, 0);
      float* to = frame.floats(spec_.output) + out.At(n, y, 0);
      for (int64_t i = 0; i < out.width * out.channels; ++i)
        to[i] = spec_.step * RoundedToEven(Bounded(x[i] / spec_.step, spec_.low, spec_.high));
    });
  }

 private:
  GridSpec spec_;
};

class SoftmaxOp : public NativeOp {
 public:
  SoftmaxOp(int input, int output) : input_(input), output_(output) {}
  std::string_view kind() const override { return "softmax"; }
  std::vector<int> inputs() const override { return {input_}; }
  int output() const override { return output_; }
  void Run(const NativeFrame& frame) const override {
    const NativeValue& in = frame.value(input_);
    const NativeValue& out = frame.value(output_);
    EachRow(frame, out, [&](int64_t n, int64_t y) {
      for (int64_t x = 0; x < out.width; ++x) {
        const float* from = frame.floats(input_) + in.At(n, y, x);
        float* to = frame.floats(output_) + out.At(n, y, x);
        const float greatest = *std::max_element(from, from + in.channels);
        float sum = 0;
        for (int64_t c = 0; c < in.channels; ++c) sum += to[c] = std::exp(from[c] - greatest);
        for (int64_t c = 0; c < in.channels; ++c) to[c] /= sum;
      }
    });
  }

 private:
  int input_;
  int output_;
};

class IntegerAddOp : public NativeOp {
 public:
  explicit IntegerAddOp(IntegerAddSpec spec) : spec_(spec) {}
  std::string_view kind() const override { return "integer add"; }
  std::vector<int> inputs() const override { return {spec_.a, spec_.b}; }
  int output() const override { return spec_.output; }
  bool integer_only() const override { return true; }
  void Run(const NativeFrame& frame) const override {
    const NativeValue& a = frame.value(spec_.a);
    const NativeValue& b = frame.value(spec_.b);
    const NativeValue& out = frame.value(spec_.output);
    IntegerAddition how = spec_.how;
    how.zero_point = out.quantization.zero_point;
    EachRow(frame, out, [&](int64_t n, int64_t y) {
      frame.kernels->add_integers(how, frame.integers(spec_.a) + a.At(n, y, 0), frame.integers(spec_.b) + b.At(n, y, 0),
                                  frame.integers(spec_.output) + out.At(n, y, 0), out.width * out.channels);
    });
  }

 private:
  IntegerAddSpec spec_;
};

class DequantizeOp : public NativeOp {
 public:
  DequantizeOp(int input, int output) : input_(input), output_(output) {}
  std::string_view kind() const override { return "dequantize"; }
  std::vector<int> inputs() const override { return {input_}; }
  int output() const override { return output_; }
  void Run(const NativeFrame& frame) const override {
    const NativeValue& in = frame.value(input_);
    const NativeValue& out = frame.value(output_);
    EachRow(frame, out, [&](int64_t n, int64_t y) {
      const int16_t* from = frame.integers(input_) + in.At(n, y, 0);
      float* to = frame.floats(output_) + out.At(n, y, 0);
      for (int64_t i = 0; i < out.width * out.channels; ++i) to[i] = in.quantization.scale * static_cast<float>(from[i]);
    });
  }

 private:
  int input_;
  int output_;
};

}  // namespace

std::unique_ptr<NativeOp> MakeBinary(BinarySpec spec) {
  return std::make_unique<BinaryOp>(spec);
}
std::unique_ptr<NativeOp> MakeUnary(UnarySpec spec) {
  return std::make_unique<UnaryOp>(std::move(spec));
}
std::unique_ptr<NativeOp> MakeGrid(GridSpec spec) {
  return std::make_unique<GridOp>(spec);
}
std::unique_ptr<NativeOp> MakeSoftmax(int input, int output) {
  return std::make_unique<SoftmaxOp>(input, output);
}
std::unique_ptr<NativeOp> MakeIntegerAdd(IntegerAddSpec spec) {
  return std::make_unique<IntegerAddOp>(spec);
}
std::unique_ptr<NativeOp> MakeDequantize(int input, int output) {
  return std::make_unique<DequantizeOp>(input, output);
}

}  // namespace tradewind
