// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Convolutions (and what stands beside them in quantised nets) over pixels whose channels lie side by side (NHWC). The input has a border
// of zeros, so that every tap of every pixel is an offset that is the same for all: a convolution is a product whose rows of activations
// begin at a pixel's address and go on, tap by tap, at fixed distances (in the manner of the indirect convolution, arXiv:1907.02129 section
// 3, without its table of pointers). One table for each instruction set, all with the same bits: each output is one chain in the order of
// taps and channels. No allocation, errors or threads.
//
//   const ConvolutionKernels& k = ConvolutionsFor(isa);
//   k.convolve_float(task, pixels, count, group_begin, group_end);
#pragma once

#include <cstdint>

#include "kernels/isa.h"

namespace tradewind {

inline constexpr int64_t kChannelGroup = 16;  // output channels whose weights lie together

// out = clamp(bias + sum over taps, channels of x * w + residual).
struct FloatConvolution {
  const int64_t* taps;  // [tap_count]: from a pixel's first channel to the tap's
  int64_t tap_count;
  int64_t channels;      // input channels of a tap
  const float* weights;  // [group][tap][channel][16]
  const float* bias;     // [group][16]
  int64_t out_channels;  // of the last group only these are written
  float low;             // what is below or above is put there; a NaN stays
  float high;
};
// Where a pixel's input begins, and where its output and what is added to that go.
struct FloatPixel {
  const float* input;
  float* out;
  const float* residual;  // of every pixel of a call, or null in all
};

// out[c] = clamp(bias[c] + sum over taps of x[tap][c] * w[tap][c]): each channel by itself.
struct FloatDepthwise {
  const int64_t* taps;
  int64_t tap_count;
  int64_t channels;
  const float* weights;  // [tap][channels]
  const float* bias;     // [channels]
  float low;
  float high;
};

// How a sum of products becomes the next layer's number, as TFLite does it: a fixed-point multiplier of 31 bits and a shift, each rounded
// (Jacob et al., arXiv:1712.05877, section 2.2).
struct Requantization {
  const int32_t* multipliers;  // [group][16], from 2^30 to 2^31 - 1
  const int32_t* shifts;       // [group][16]: above 0 to the left, below 0 to the right
  int32_t zero_point;          // of the output
  int32_t low;                 // bounds of the output, before its zero point is taken off
  int32_t high;
};

// Numbers less their zero point, in 16 bits, so that a border of zeros means real zeros. Two channels make a pair; an odd count is padded.
struct IntegerConvolution {
  const int64_t* taps;  // from a pixel's first channel to the tap's
  int64_t tap_count;
  int64_t channels;        // even
  const int16_t* weights;  // [group][tap][channel / 2][16][2], less their zero points
  const int32_t* bias;     // [group][16]
  int64_t out_channels;
  Requantization requantization;
};
struct IntegerPixel {
  const int16_t* input;
  int16_t* out;
};
struct IntegerDepthwise {
  const int64_t* taps;
  int64_t tap_count;
  int64_t channels;
  const int16_t* weights;  // [tap][channels], and room for a vector behind them
  const int32_t* bias;     // [group][16]
  Requantization requantization;
};

// The sum of two quantised values, each brought to a common scale with kAdditionBits more, as TFLite's ADD has it:
// r(r(a << kAdditionBits) + r(b << kAdditionBits)) with the zero point added, bounded, and taken off again, where r is Requantize with its
// own scale.
inline constexpr int32_t kAdditionBits = 20;
struct IntegerScale {
  int32_t multiplier = 0, shift = 0;
};
struct IntegerAddition {
  IntegerScale a{}, b{}, out{};
  int32_t zero_point = 0;  // of the output
  int32_t low = 0, high = 0;
};

struct ConvolutionKernels {
  Isa isa;
  void (*convolve_float)(const FloatConvolution& task, const FloatPixel* pixels, int64_t count, int64_t group_begin, int64_t group_end);
  void (*depthwise_float)(const FloatDepthwise& task, const FloatPixel* pixels, int64_t count);
  // Sums wrap around 32 bits nowhere as long as taps x channels x 255 x 255 < 2^31: up to 33,000 products.
  void (*convolve_integer)(const IntegerConvolution& task, const IntegerPixel* pixels, int64_t count, int64_t group_begin,
                           int64_t group_end);
  void (*depthwise_integer)(const IntegerDepthwise& task, const IntegerPixel* pixels, int64_t count);
  void (*add_integers)(const IntegerAddition& task, const int16_t* a, const int16_t* b, int16_t* out, int64_t count);
};

const ConvolutionKernels& ConvolutionsFor(Isa isa);

// What Requantization does to one number: the definition.
int32_t Requantize(int32_t sum, int32_t multiplier, int32_t shift);

}  // namespace tradewind
