// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/native/ops/convolution.h"

#include <algorithm>

namespace tradewind {
namespace {

// Output pixels that a task takes: several tiles of any instruction set, and few enough for a small picture to occupy all threads.
constexpr int64_t kPixelsPerTask = 48;
// A task of fewer multiply-adds costs more to hand out than it does.
constexpr int64_t kTaskMultiplyAdds = 1 << 16;

int64_t Groups(int64_t channels) {
  return (channels + kChannelGroup - 1) / kChannelGroup;
}

// [out][tap][in] to [group][tap][in / pair][16][pair], zeros where there is no such channel.
template <typename T>
std::vector<T> Pack(const std::vector<T>& weights, int64_t out_channels, int64_t taps, int64_t in_channels, int64_t pair) {
  const int64_t padded = (in_channels + pair - 1) / pair * pair;
  std::vector<T> packed(static_cast<size_t>(Groups(out_channels) * taps * padded * kChannelGroup));
  for (int64_t n = 0; n < out_channels; ++n) {
    for (int64_t t = 0; t < taps; ++t) {
      for (int64_t c = 0; c < in_channels; ++c) {
        const int64_t row = (n / kChannelGroup * taps + t) * (padded / pair) + c / pair;
        packed[static_cast<size_t>((row * kChannelGroup + n % kChannelGroup) * pair + c % pair)] =
            weights[static_cast<size_t>((n * taps + t) * in_channels + c)];
      }
    }
  }
  return packed;
}

template <typename T>
std::vector<T> Padded(std::vector<T> values, int64_t count, T with = {}) {
  values.resize(static_cast<size_t>(count), with);
  return values;
}

// How the output is cut: runs of pixels, times runs of groups where there are few pixels.
struct Cut {
  int64_t pixels;
  int64_t pixel_runs;
  int64_t groups;
  int64_t groups_per_run;
  int64_t group_runs() const { return (groups + groups_per_run - 1) / groups_per_run; }
  int64_t tasks() const { return pixel_runs * group_runs(); }
};
Cut CutOf(int64_t pixels, int64_t groups, int64_t work_of_pixel_and_group, int threads) {
  Cut cut{pixels, (pixels + kPixelsPerTask - 1) / kPixelsPerTask, groups, groups};
  // Two tasks a thread at the least, if they are worth it.
  while (cut.tasks() < 2 * threads && cut.groups_per_run > 1 &&
         cut.groups_per_run * std::min(pixels, kPixelsPerTask) * work_of_pixel_and_group > 2 * kTaskMultiplyAdds) {
    cut.groups_per_run = (cut.groups_per_run + 1) / 2;
  }
  return cut;
}

// Fills a run of pixels: fill(i, n, y, x) for each.
template <typename Fill>
void EachPixel(const NativeValue& output, int64_t begin, int64_t end, const Fill& fill) {
  int64_t n = begin / output.pixels();
  int64_t y = begin % output.pixels() / output.width;
  int64_t x = begin % output.width;
  for (int64_t p = begin; p < end; ++p) {
    fill(p - begin, n, y, x);
    if (++x == output.width) {
      x = 0;
      if (++y == output.height) {
        y = 0;
        ++n;
      }
    }
  }
}

class FloatConvolutionOp : public NativeOp {
 public:
  explicit FloatConvolutionOp(FloatConvolutionSpec spec) : spec_(std::move(spec)) {
    const int64_t each = static_cast<int64_t>(spec_.weights.size()) / spec_.groups;
    for (int64_t g = 0; g < spec_.groups; ++g) {
      const auto weights = spec_.weights.begin() + g * each;
      const auto bias = spec_.bias.begin() + g * out_of_group();
      parts_.push_back({Pack(std::vector<float>(weights, weights + each), out_of_group(), spec_.window.taps(), in_of_group(), 1),
                        Padded(std::vector<float>(bias, bias + out_of_group()), Groups(out_of_group()) * kChannelGroup)});
    }
    spec_.weights = {};
    spec_.bias = {};
  }
  std::string_view kind() const override { return "convolution"; }
  std::vector<int> inputs() const override {
    std::vector<int> inputs{spec_.input};
    if (spec_.residual) inputs.push_back(*spec_.residual);
    return inputs;
  }
  int output() const override { return spec_.output; }
  Border NeedsBorder(int number) const override { return number == 0 ? spec_.window.padding : Border(); }
  int64_t weight_bytes() const override { return spec_.groups * static_cast<int64_t>(parts_[0].weights.size() * sizeof(float)); }
  double multiply_adds(std::span<const NativeValue> values) const override {
    const NativeValue& out = values[static_cast<size_t>(spec_.output)];
    return static_cast<double>(out.batch * out.pixels()) * static_cast<double>(spec_.out_channels * spec_.window.taps() * in_of_group());
  }
  void Prepare(std::span<const NativeValue> values) override { taps_ = spec_.window.TapsIn(values[static_cast<size_t>(spec_.input)]); }

  void Run(const NativeFrame& frame) const override {
    const NativeValue& in = frame.value(spec_.input);
    const NativeValue& out = frame.value(spec_.output);
    const Cut cut =
        CutOf(out.batch * out.pixels(), Groups(out_of_group()), spec_.window.taps() * in_of_group() * kChannelGroup, frame.pool->threads());
    frame.pool->ParallelFor(cut.tasks() * spec_.groups, [&](int64_t index, int) {
      const int64_t part = index / cut.tasks();
      const int64_t run = index % cut.tasks();
      const int64_t begin = run / cut.group_runs() * cut.pixels / cut.pixel_runs;
      const int64_t end = (run / cut.group_runs() + 1) * cut.pixels / cut.pixel_runs;
      const int64_t group = run % cut.group_runs() * cut.groups_per_run;
      FloatPixel pixels[kPixelsPerTask];
      EachPixel(out, begin, end, [&](int64_t i, int64_t n, int64_t y, int64_t x) {
        pixels[i] = {
            frame.floats(spec_.input) + spec_.window.Origin(in, n, y, x) + part * in_of_group(),
            frame.floats(spec_.output) + out.At(n, y, x) + part * out_of_group(),
            spec_.residual ? frame.floats(*spec_.residual) + frame.value(*spec_.residual).At(n, y, x) + part * out_of_group() : nullptr};
      });
      const Part& packed = parts_[static_cast<size_t>(part)];
      const FloatConvolution task = {taps_.data(),       spec_.window.taps(), in_of_group(), packed.weights.data(),
                                     packed.bias.data(), out_of_group(),      spec_.low,     spec_.high};
      frame.kernels->convolve_float(task, pixels, end - begin, group, std::min(group + cut.groups_per_run, cut.groups));
    });
  }

 private:
  struct Part {  // of one group of channels
    std::vector<float> weights;
    std::vector<float> bias;
  };
  int64_t in_of_group() const { return spec_.in_channels / spec_.groups; }
  int64_t out_of_group() const { return spec_.out_channels / spec_.groups; }

  FloatConvolutionSpec spec_;
  std::vector<Part> parts_;
  std::vector<int64_t> taps_;
};

class FloatDepthwiseOp : public NativeOp {
 public:
  explicit FloatDepthwiseOp(FloatConvolutionSpec spec) : spec_(std::move(spec)) {}
  std::string_view kind() const override { return "depthwise"; }
  std::vector<int> inputs() const override { return {spec_.input}; }
  int output() const override { return spec_.output; }
  Border NeedsBorder(int) const override { return spec_.window.padding; }
  int64_t weight_bytes() const override { return static_cast<int64_t>(spec_.weights.size() * sizeof(float)); }
  double multiply_adds(std::span<const NativeValue> values) const override {
    const NativeValue& out = values[static_cast<size_t>(spec_.output)];
    return static_cast<double>(out.batch * out.pixels()) * static_cast<double>(spec_.out_channels * spec_.window.taps());
  }
  void Prepare(std::span<const NativeValue> values) override { taps_ = spec_.window.TapsIn(values[static_cast<size_t>(spec_.input)]); }

  void Run(const NativeFrame& frame) const override {
    const NativeValue& in = frame.value(spec_.input);
    const NativeValue& out = frame.value(spec_.output);
    const FloatDepthwise task = {taps_.data(),      spec_.window.taps(), spec_.out_channels, spec_.weights.data(),
                                 spec_.bias.data(), spec_.low,           spec_.high};
    ForRuns(frame, out.batch * out.pixels(), kPixelsPerTask, [&](int64_t begin, int64_t end) {
      FloatPixel pixels[kPixelsPerTask];
      EachPixel(out, begin, end, [&](int64_t i, int64_t n, int64_t y, int64_t x) {
        pixels[i] = {frame.floats(spec_.input) + spec_.window.Origin(in, n, y, x), frame.floats(spec_.output) + out.At(n, y, x), nullptr};
      });
      frame.kernels->depthwise_float(task, pixels, end - begin);
    });
  }

 private:
  FloatConvolutionSpec spec_;
  std::vector<int64_t> taps_;
};

// What both integer kinds share.
class IntegerOp : public NativeOp {
 public:
  explicit IntegerOp(IntegerConvolutionSpec spec) : spec_(std::move(spec)) {
    const int64_t padded = Groups(spec_.out_channels) * kChannelGroup;
    spec_.bias = Padded(std::move(spec_.bias), padded);
    spec_.multipliers = Padded(std::move(spec_.multipliers), padded, 1 << 30);
    spec_.shifts = Padded(std::move(spec_.shifts), padded);
  }
  std::vector<int> inputs() const override { return {spec_.input}; }
  int output() const override { return spec_.output; }
  bool integer_only() const override { return true; }
  Border NeedsBorder(int) const override { return spec_.window.padding; }
  void Prepare(std::span<const NativeValue> values) override { taps_ = spec_.window.TapsIn(values[static_cast<size_t>(spec_.input)]); }

 protected:
  Requantization RequantizationTo(const NativeValue& out) const {
    return {spec_.multipliers.data(), spec_.shifts.data(), out.quantization.zero_point, spec_.low, spec_.high};
  }
  void FillPixels(const NativeFrame& frame, int64_t begin, int64_t end, IntegerPixel* pixels) const {
    const NativeValue& in = frame.value(spec_.input);
    const NativeValue& out = frame.value(spec_.output);
    EachPixel(out, begin, end, [&](int64_t i, int64_t n, int64_t y, int64_t x) {
      pixels[i] = {frame.integers(spec_.input) + spec_.window.Origin(in, n, y, x), frame.integers(spec_.output) + out.At(n, y, x)};
    });
  }
  IntegerConvolutionSpec spec_;
  std::vector<int64_t> taps_;
};

class IntegerConvolutionOp : public IntegerOp {
 public:
  // An odd count of input channels (a picture's three) is read as one more: the weights there are zero, whatever lies there.
  explicit IntegerConvolutionOp(IntegerConvolutionSpec spec) : IntegerOp(std::move(spec)) {
    packed_ = Pack(spec_.weights, spec_.out_channels, spec_.window.taps(), spec_.in_channels, 2);
    spec_.weights = {};
  }
  std::string_view kind() const override { return "integer convolution"; }
  int64_t weight_bytes() const override { return static_cast<int64_t>(packed_.size() * sizeof(int16_t)); }
  double multiply_adds(std::span<const NativeValue> values) const override {
    const NativeValue& out = values[static_cast<size_t>(spec_.output)];
    return static_cast<double>(out.batch * out.pixels()) *
           static_cast<double>(spec_.out_channels * spec_.window.taps() * spec_.in_channels);
  }
  void Run(const NativeFrame& frame) const override {
    const NativeValue& out = frame.value(spec_.output);
    const int64_t even = (spec_.in_channels + 1) / 2 * 2;
    const IntegerConvolution task = {taps_.data(),       spec_.window.taps(),  even, packed_.data(), spec_.bias.data(),
                                     spec_.out_channels, RequantizationTo(out)};
    const Cut cut =
        CutOf(out.batch * out.pixels(), Groups(spec_.out_channels), spec_.window.taps() * even * kChannelGroup, frame.pool->threads());
    frame.pool->ParallelFor(cut.tasks(), [&](int64_t index, int) {
      const int64_t begin = index / cut.group_runs() * cut.pixels / cut.pixel_runs;
      const int64_t end = (index / cut.group_runs() + 1) * cut.pixels / cut.pixel_runs;
      const int64_t group = index % cut.group_runs() * cut.groups_per_run;
      IntegerPixel pixels[kPixelsPerTask];
      FillPixels(frame, begin, end, pixels);
      frame.kernels->convolve_integer(task, pixels, end - begin, group, std::min(group + cut.groups_per_run, cut.groups));
    });
  }

 private:
  std::vector<int16_t> packed_;
};

class IntegerDepthwiseOp : public IntegerOp {
 public:
  explicit IntegerDepthwiseOp(IntegerConvolutionSpec spec) : IntegerOp(std::move(spec)) {
    spec_.weights.resize(spec_.weights.size() + kChannelGroup);  // the kernel reads whole vectors
  }
  std::string_view kind() const override { return "integer depthwise"; }
  int64_t weight_bytes() const override { return static_cast<int64_t>(spec_.weights.size() * sizeof(int16_t)); }
  double multiply_adds(std::span<const NativeValue> values) const override {
    const NativeValue& out = values[static_cast<size_t>(spec_.output)];
    return static_cast<double>(out.batch * out.pixels()) * static_cast<double>(spec_.out_channels * spec_.window.taps());
  }
  void Run(const NativeFrame& frame) const override {
    const NativeValue& out = frame.value(spec_.output);
    const IntegerDepthwise task = {taps_.data(),         spec_.window.taps(), spec_.out_channels,
                                   spec_.weights.data(), spec_.bias.data(),   RequantizationTo(out)};
    ForRuns(frame, out.batch * out.pixels(), kPixelsPerTask, [&](int64_t begin, int64_t end) {
      IntegerPixel pixels[kPixelsPerTask];
      FillPixels(frame, begin, end, pixels);
      frame.kernels->depthwise_integer(task, pixels, end - begin);
    });
  }
};

}  // namespace

std::unique_ptr<NativeOp> MakeConvolution(FloatConvolutionSpec spec) {
  return std::make_unique<FloatConvolutionOp>(std::move(spec));
}
std::unique_ptr<NativeOp> MakeDepthwise(FloatConvolutionSpec spec) {
  return std::make_unique<FloatDepthwiseOp>(std::move(spec));
}
std::unique_ptr<NativeOp> MakeConvolution(IntegerConvolutionSpec spec) {
  return std::make_unique<IntegerConvolutionOp>(std::move(spec));
}
std::unique_ptr<NativeOp> MakeDepthwise(IntegerConvolutionSpec spec) {
  return std::make_unique<IntegerDepthwiseOp>(std::move(spec));
}

}  // namespace tradewind
