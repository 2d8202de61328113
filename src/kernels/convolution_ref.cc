// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Convolutions, one scalar step at a time: what every faster kernel is compared with, bit for bit.
#include <algorithm>
#include <cmath>

#include "kernels/convolution_tables.h"

namespace tradewind {
namespace {

float Clamp(float x, float low, float high) {
  x = x < low ? low : x;
  return x > high ? high : x;
}

void ConvolveFloat(const FloatConvolution& task, const FloatPixel* pixels, int64_t count, int64_t group_begin, int64_t group_end) {
  const int64_t group_size = task.tap_count * task.channels * kChannelGroup;
  for (int64_t p = 0; p < count; ++p) {
    for (int64_t n = group_begin * kChannelGroup; n < std::min(group_end * kChannelGroup, task.out_channels); ++n) {
      const float* w = task.weights + n / kChannelGroup * group_size + n % kChannelGroup;
      float sum = task.bias[n];
      for (int64_t t = 0; t < task.tap_count; ++t) {
        for (int64_t c = 0; c < task.channels; ++c, w += kChannelGroup) sum = std::fma(*w, pixels[p].input[task.taps[t] + c], sum);
      }
      if (pixels[p].residual != nullptr) sum += pixels[p].residual[n];
      pixels[p].out[n] = Clamp(sum, task.low, task.high);
    }
  }
}

void DepthwiseFloat(const FloatDepthwise& task, const FloatPixel* pixels, int64_t count) {
  for (int64_t p = 0; p < count; ++p) {
    for (int64_t c = 0; c < task.channels; ++c) {
      float sum = task.bias[c];
      for (int64_t t = 0; t < task.tap_count; ++t)
        sum = std::fma(task.weights[t * task.channels + c], pixels[p].input[task.taps[t] + c], sum);
      pixels[p].out[c] = Clamp(sum, task.low, task.high);
    }
  }
}

// As every instruction set adds: where a file's biases and scales leave 32 bits, the sum wraps.
int32_t Sum(int32_t a, int32_t b) {
  return static_cast<int32_t>(static_cast<uint32_t>(a) + static_cast<uint32_t>(b));
}

int16_t Stored(int32_t sum, const Requantization& r, int64_t channel) {
  const int32_t value = Sum(Requantize(sum, r.multipliers[channel], r.shifts[channel]), r.zero_point);
  return static_cast<int16_t>(std::clamp(value, r.low, r.high) - r.zero_point);
}

void ConvolveInteger(const IntegerConvolution& task, const IntegerPixel* pixels, int64_t count, int64_t group_begin, int64_t group_end) {
  const int64_t group_size = task.tap_count * task.channels * kChannelGroup;
  for (int64_t p = 0; p < count; ++p) {
    for (int64_t n = group_begin * kChannelGroup; n < std::min(group_end * kChannelGroup, task.out_channels); ++n) {
      const int16_t* w = task.weights + n / kChannelGroup * group_size + n % kChannelGroup * 2;
      int32_t sum = task.bias[n];
      for (int64_t t = 0; t < task.tap_count; ++t) {
        for (int64_t c = 0; c < task.channels; c += 2, w += 2 * kChannelGroup)
          sum = Sum(sum, Sum(w[0] * pixels[p].input[task.taps[t] + c], w[1] * pixels[p].input[task.taps[t] + c + 1]));
      }
      pixels[p].out[n] = Stored(sum, task.requantization, n);
    }
  }
}

void DepthwiseInteger(const IntegerDepthwise& task, const IntegerPixel* pixels, int64_t count) {
  for (int64_t p = 0; p < count; ++p) {
    for (int64_t c = 0; c < task.channels; ++c) {
      int32_t sum = task.bias[c];
      for (int64_t t = 0; t < task.tap_count; ++t) sum = Sum(sum, task.weights[t * task.channels + c] * pixels[p].input[task.taps[t] + c]);
      pixels[p].out[c] = Stored(sum, task.requantization, c);
    }
  }
}

void AddIntegers(const IntegerAddition& task, const int16_t* a, const int16_t* b, int16_t* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    const int32_t sum = Sum(Requantize(a[i] * (1 << kAdditionBits), task.a.multiplier, task.a.shift),
                            Requantize(b[i] * (1 << kAdditionBits), task.b.multiplier, task.b.shift));
    const int32_t value = Sum(Requantize(sum, task.out.multiplier, task.out.shift), task.zero_point);
    out[i] = static_cast<int16_t>(std::clamp(value, task.low, task.high) - task.zero_point);
  }
}

}  // namespace

// The product's upper half rounds to nearest, ties up (2^30 is added before 31 bits go); the division by a power of two to nearest, ties
// away from zero.
int32_t Requantize(int32_t sum, int32_t multiplier, int32_t shift) {
  const int32_t left = std::max(shift, 0);
  const int32_t right = std::max(-shift, 0);
  const auto shifted = static_cast<int32_t>(static_cast<uint32_t>(sum) << left);
  const auto high = static_cast<int32_t>((int64_t{shifted} * multiplier + (int64_t{1} << 30)) >> 31);
  const auto mask = static_cast<int32_t>((int64_t{1} << right) - 1);
  const int32_t threshold = (mask >> 1) + (high < 0 ? 1 : 0);
  return (high >> right) + ((high & mask) > threshold ? 1 : 0);
}

const ConvolutionKernels& ConvolutionKernelsRef() {
  static const ConvolutionKernels table = {Isa::kGeneric, ConvolveFloat, DepthwiseFloat, ConvolveInteger, DepthwiseInteger, AddIntegers};
  return table;
}

}  // namespace tradewind
