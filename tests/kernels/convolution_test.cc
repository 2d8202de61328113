// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Convolutions: every instruction set against the reference, bit for bit; the reference against sums in double over a picture, and its
// rounding against the definition in whole numbers of 128 bits.
#include "kernels/convolution.h"

#include <algorithm>
#include <limits>

#include "kernel_test_util.h"
#include "kernels/convolution_tables.h"

namespace tradewind {
#ifdef TRADEWIND_HAVE_EMULATED_AVX512
const ConvolutionKernels& ConvolutionKernelsAvx512Emulated();
#endif
namespace {

struct TestedConvolutions {
  std::string name;
  const ConvolutionKernels* table;
};
std::vector<TestedConvolutions> Tested() {
  std::vector<TestedConvolutions> tables;
  for (const Isa isa : AvailableIsas()) {
    if (isa != Isa::kGeneric) tables.push_back({std::string(IsaName(isa)), &ConvolutionsFor(isa)});
  }
#ifdef TRADEWIND_HAVE_EMULATED_AVX512
  if (!tables.empty()) tables.push_back({"avx512-emulated", &ConvolutionKernelsAvx512Emulated()});
#endif
  return tables;
}

// A picture with a border, kernels of 3 x 3 over it, and as many pixels as asked for in a row.
struct Shape {
  int64_t taps;
  int64_t channels;
  int64_t out_channels;
  int64_t pixels;
  int64_t groups() const { return (out_channels + 15) / 16; }
  int64_t row() const { return (pixels + 2) * channels; }
  std::vector<int64_t> Offsets() const {
    std::vector<int64_t> offsets;
    for (int64_t t = 0; t < taps; ++t) offsets.push_back(t / 3 * row() + t % 3 * channels);
    return offsets;
  }
  int64_t input_values() const { return 3 * row() + 16; }
};

std::vector<Shape> Shapes() {
  std::vector<Shape> shapes;
  for (const int64_t taps : {1, 9}) {
    for (const int64_t channels : {2, 16, 30, 48}) {
      for (const int64_t out_channels : {1, 8, 16, 17, 40}) {
        for (const int64_t pixels : {1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 25}) shapes.push_back({taps, channels, out_channels, pixels});
      }
    }
  }
  return shapes;
}

std::vector<float> RunFloat(const ConvolutionKernels& k, const Shape& s, bool residual, uint64_t seed) {
  Random random(seed);
  const std::vector<float> input = NormalValues(random, s.input_values());
  const std::vector<float> weights = NormalValues(random, s.groups() * 16 * s.taps * s.channels);
  const std::vector<float> bias = NormalValues(random, s.groups() * 16);
  const std::vector<float> more = NormalValues(random, s.pixels * s.out_channels);
  const std::vector<int64_t> taps = s.Offsets();
  std::vector<float> out(static_cast<size_t>(s.pixels * s.out_channels + 16), kUntouched);
  std::vector<FloatPixel> pixels;
  for (int64_t p = 0; p < s.pixels; ++p)
    pixels.push_back(
        {input.data() + p * s.channels, out.data() + p * s.out_channels, residual ? more.data() + p * s.out_channels : nullptr});
  const FloatConvolution task = {taps.data(), s.taps, s.channels, weights.data(), bias.data(), s.out_channels, -3.0f, 4.0f};
  k.convolve_float(task, pixels.data(), s.pixels, 0, s.groups());
  return out;
}

TEST(Convolution, FloatsAgreeOnEveryIsa) {
  uint64_t seed = 1;
  for (const Shape& s : Shapes()) {
    for (const bool residual : {false, true}) {
      const std::vector<float> expected = RunFloat(ConvolutionKernelsRef(), s, residual, ++seed);
      for (const TestedConvolutions& t : Tested()) {
        EXPECT_TRUE(SameBits(expected, RunFloat(*t.table, s, residual, seed)))
            << t.name << " taps " << s.taps << " channels " << s.channels << " to " << s.out_channels << " pixels " << s.pixels;
      }
    }
  }
}

// A convolution of a picture as textbooks have it: sums in double over y, x and channels.
TEST(Convolution, ReferenceIsTheConvolution) {
  constexpr int64_t kHeight = 5, kWidth = 7, kIn = 3, kOut = 18;
  Random random(5);
  const std::vector<float> picture = NormalValues(random, kHeight * kWidth * kIn);
  const std::vector<float> kernel = NormalValues(random, kOut * 3 * 3 * kIn);  // [out][dy][dx][in]
  const std::vector<float> bias = NormalValues(random, 32);
  std::vector<float> bordered(static_cast<size_t>((kHeight + 2) * (kWidth + 2) * kIn));
  const auto at = [&](int64_t y, int64_t x) { return ((y + 1) * (kWidth + 2) + x + 1) * kIn; };
  for (int64_t y = 0; y < kHeight; ++y) {
    for (int64_t x = 0; x < kWidth; ++x) std::copy_n(&picture[(y * kWidth + x) * kIn], kIn, &bordered[at(y, x)]);
  }
  std::vector<int64_t> taps;
  for (int64_t t = 0; t < 9; ++t) taps.push_back(at(t / 3 - 1, t % 3 - 1) - at(0, 0));
  std::vector<float> packed(2 * 9 * kIn * 16);
  for (int64_t n = 0; n < kOut; ++n) {
    for (int64_t k = 0; k < 9 * kIn; ++k) packed[(n / 16 * 9 * kIn + k) * 16 + n % 16] = kernel[n * 9 * kIn + k];
  }
  std::vector<float> out(kHeight * kWidth * kOut);
  std::vector<FloatPixel> pixels;
  for (int64_t p = 0; p < kHeight * kWidth; ++p) pixels.push_back({&bordered[at(p / kWidth, p % kWidth)], &out[p * kOut], nullptr});
  ConvolutionKernelsRef().convolve_float({taps.data(), 9, kIn, packed.data(), bias.data(), kOut, -1e9f, 1e9f}, pixels.data(),
                                         kHeight * kWidth, 0, 2);
  for (int64_t y = 0; y < kHeight; ++y) {
    for (int64_t x = 0; x < kWidth; ++x) {
      for (int64_t n = 0; n < kOut; ++n) {
        double sum = bias[n];
        for (int64_t dy = -1; dy <= 1; ++dy) {
          for (int64_t dx = -1; dx <= 1; ++dx) {
            if (y + dy < 0 || y + dy >= kHeight || x + dx < 0 || x + dx >= kWidth) continue;
            for (int64_t c = 0; c < kIn; ++c)
              sum +=
                  static_cast<double>(picture[((y + dy) * kWidth + x + dx) * kIn + c]) * kernel[((n * 3 + dy + 1) * 3 + dx + 1) * kIn + c];
          }
        }
        EXPECT_NEAR(out[(y * kWidth + x) * kOut + n], sum, 2e-5) << y << " " << x << " " << n;
      }
    }
  }
}

std::vector<float> RunDepthwise(const ConvolutionKernels& k, const Shape& s, uint64_t seed) {
  Random random(seed);
  const std::vector<float> input = NormalValues(random, s.input_values());
  const std::vector<float> weights = NormalValues(random, s.taps * s.channels);
  const std::vector<float> bias = NormalValues(random, s.channels);
  const std::vector<int64_t> taps = s.Offsets();
  std::vector<float> out(static_cast<size_t>(s.pixels * s.channels + 16), kUntouched);
  std::vector<FloatPixel> pixels;
  for (int64_t p = 0; p < s.pixels; ++p) pixels.push_back({input.data() + p * s.channels, out.data() + p * s.channels, nullptr});
  k.depthwise_float({taps.data(), s.taps, s.channels, weights.data(), bias.data(), 0.0f, 6.0f}, pixels.data(), s.pixels);
  return out;
}

TEST(Convolution, DepthwiseFloatsAgreeOnEveryIsa) {
  uint64_t seed = 100;
  for (const Shape& s : Shapes()) {
    if (s.out_channels != 1) continue;
    const std::vector<float> expected = RunDepthwise(ConvolutionKernelsRef(), s, ++seed);
    for (const TestedConvolutions& t : Tested())
      EXPECT_TRUE(SameBits(expected, RunDepthwise(*t.table, s, seed))) << t.name << " channels " << s.channels << " pixels " << s.pixels;
  }
}

// A NaN is no number that a bound may hide, and what lies outside goes to the bound.
TEST(Convolution, BoundsKeepNaN) {
  const int64_t tap = 0;
  const std::vector<float> weights(16, 1.0f);
  const std::vector<float> bias(16);
  const float inputs[] = {std::numeric_limits<float>::quiet_NaN(), -5.0f, 5.0f, -0.0f};
  std::vector<TestedConvolutions> tables = Tested();
  tables.push_back({"reference", &ConvolutionKernelsRef()});
  for (const TestedConvolutions& t : tables) {
    std::vector<float> out(4 * 16);
    std::vector<FloatPixel> pixels;
    for (size_t p = 0; p < 4; ++p) pixels.push_back({&inputs[p], &out[p * 16], nullptr});
    t.table->convolve_float({&tap, 1, 1, weights.data(), bias.data(), 16, -1.0f, 1.0f}, pixels.data(), 4, 0, 1);
    EXPECT_TRUE(std::isnan(out[0])) << t.name;
    EXPECT_EQ(out[16], -1.0f) << t.name;
    EXPECT_EQ(out[32], 1.0f) << t.name;
    EXPECT_EQ(out[48], 0.0f) << t.name;
  }
}

struct IntegerData {
  std::vector<int16_t> input, weights;
  std::vector<int32_t> bias, multipliers, shifts;
  Requantization requantization;
};
IntegerData DrawIntegers(const Shape& s, int64_t channels, int64_t weight_count, uint64_t seed) {
  Random random(seed);
  const auto draw = [&](int64_t low, int64_t high) {
    return low + static_cast<int64_t>(random.Next() % static_cast<uint64_t>(high - low + 1));
  };
  IntegerData d;
  for (int64_t i = 0; i < s.input_values() + 16; ++i) d.input.push_back(static_cast<int16_t>(draw(-255, 255)));
  for (int64_t i = 0; i < weight_count; ++i) d.weights.push_back(static_cast<int16_t>(draw(-255, 255)));
  for (int64_t i = 0; i < channels; ++i) {
    const bool wide = d.bias.size() % 7 == 6;  // sums wrap
    d.bias.push_back(wide ? std::numeric_limits<int32_t>::min() + 5 : static_cast<int32_t>(draw(-100000, 100000)));
    d.multipliers.push_back(static_cast<int32_t>(draw(int64_t{1} << 30, (int64_t{1} << 31) - 1)));
    d.shifts.push_back(static_cast<int32_t>(draw(-16, 1)));
  }
  d.requantization = {d.multipliers.data(), d.shifts.data(), static_cast<int32_t>(draw(0, 255)), 0, 255};
  return d;
}

std::vector<int16_t> RunInteger(const ConvolutionKernels& k, const Shape& s, uint64_t seed) {
  const IntegerData d = DrawIntegers(s, s.groups() * 16, s.groups() * 16 * s.taps * s.channels, seed);
  const std::vector<int64_t> taps = s.Offsets();
  std::vector<int16_t> out(static_cast<size_t>(s.pixels * s.out_channels + 16), -12345);
  std::vector<IntegerPixel> pixels;
  for (int64_t p = 0; p < s.pixels; ++p) pixels.push_back({d.input.data() + p * s.channels, out.data() + p * s.out_channels});
  k.convolve_integer({taps.data(), s.taps, s.channels, d.weights.data(), d.bias.data(), s.out_channels, d.requantization}, pixels.data(),
                     s.pixels, 0, s.groups());
  return out;
}

std::vector<int16_t> RunIntegerDepthwise(const ConvolutionKernels& k, const Shape& s, uint64_t seed) {
  const IntegerData d = DrawIntegers(s, (s.channels + 15) / 16 * 16, s.taps * s.channels + 16, seed);
  const std::vector<int64_t> taps = s.Offsets();
  std::vector<int16_t> out(static_cast<size_t>(s.pixels * s.channels + 16), -12345);
  std::vector<IntegerPixel> pixels;
  for (int64_t p = 0; p < s.pixels; ++p) pixels.push_back({d.input.data() + p * s.channels, out.data() + p * s.channels});
  k.depthwise_integer({taps.data(), s.taps, s.channels, d.weights.data(), d.bias.data(), d.requantization}, pixels.data(), s.pixels);
  return out;
}

TEST(Convolution, IntegersAgreeOnEveryIsa) {
  uint64_t seed = 200;
  for (const Shape& s : Shapes()) {
    const std::vector<int16_t> expected = RunInteger(ConvolutionKernelsRef(), s, ++seed);
    const std::vector<int16_t> depthwise = RunIntegerDepthwise(ConvolutionKernelsRef(), s, seed);
    for (const TestedConvolutions& t : Tested()) {
      EXPECT_EQ(expected, RunInteger(*t.table, s, seed))
          << t.name << " taps " << s.taps << " channels " << s.channels << " to " << s.out_channels;
      EXPECT_EQ(depthwise, RunIntegerDepthwise(*t.table, s, seed)) << t.name << " channels " << s.channels << " pixels " << s.pixels;
    }
  }
}

TEST(Convolution, IntegerSumsAgreeOnEveryIsa) {
  Random random(21);
  for (int round = 0; round < 40; ++round) {
    const auto draw = [&](int64_t low, int64_t high) {
      return static_cast<int32_t>(low + static_cast<int64_t>(random.Next() % static_cast<uint64_t>(high - low + 1)));
    };
    const auto scale = [&](int32_t most) { return IntegerScale{draw(int64_t{1} << 30, (int64_t{1} << 31) - 1), draw(-12, most)}; };
    const IntegerAddition task{
        .a = scale(0), .b = scale(0), .out = {scale(0).multiplier, draw(-24, -16)}, .zero_point = draw(0, 255), .low = 0, .high = 255};
    const int64_t count = draw(1, 70);
    std::vector<int16_t> a, b;
    for (int64_t i = 0; i < count; ++i) a.push_back(static_cast<int16_t>(draw(-255, 255)));
    for (int64_t i = 0; i < count; ++i) b.push_back(static_cast<int16_t>(draw(-255, 255)));
    const auto run = [&](const ConvolutionKernels& k) {
      std::vector<int16_t> out(static_cast<size_t>(count + 4), -12345);
      k.add_integers(task, a.data(), b.data(), out.data(), count);
      return out;
    };
    const std::vector<int16_t> expected = run(ConvolutionKernelsRef());
    EXPECT_EQ(expected.back(), -12345);
    for (const TestedConvolutions& t : Tested()) EXPECT_EQ(expected, run(*t.table)) << t.name << " count " << count;
  }
}

// The two roundings by their definitions: a * b / 2^31 to nearest, ties away from zero where a * b > 0 and towards it else (as the division
// of a nudged product rounds); then x / 2^n to nearest, ties away from zero.
int64_t Defined(int64_t sum, int64_t multiplier, int32_t shift) {
  const __int128 product = static_cast<__int128>(sum << std::max(shift, 0)) * multiplier;
  const __int128 nudge = product >= 0 ? (int64_t{1} << 30) : 1 - (int64_t{1} << 30);
  const auto high = static_cast<int64_t>((product + nudge) / (__int128{1} << 31));
  const int64_t divisor = int64_t{1} << std::max(-shift, 0);
  const int64_t magnitude = ((high < 0 ? -high : high) * 2 + divisor) / (2 * divisor);
  return high < 0 ? -magnitude : magnitude;
}

TEST(Convolution, RequantizeRoundsAsDefined) {
  Random random(7);
  std::vector<int32_t> sums = {0, 1, -1, 2, -2, 255, -255, 1 << 29, -(1 << 29), (1 << 30) - 1, -(1 << 30)};
  for (int i = 0; i < 2000; ++i) sums.push_back(static_cast<int32_t>(random.Next() % (1U << 30)) - (1 << 29));
  for (const int32_t sum : sums) {
    for (const int32_t shift : {1, 0, -1, -2, -7, -16, -31}) {
      for (const int32_t multiplier : {1 << 30, (1 << 30) + 1, 1500000000, INT32_MAX}) {
        EXPECT_EQ(Requantize(sum, multiplier, shift), Defined(sum, multiplier, shift)) << sum << " * " << multiplier << " shift " << shift;
      }
    }
  }
}

}  // namespace
}  // namespace tradewind
