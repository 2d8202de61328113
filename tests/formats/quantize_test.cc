// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Encoders of rows against PyPI gguf's (data/TYPE.quantized, by make_quantize_golden.py) and against what a quantiser must keep. The values
// of the blocks come from DequantizeRow, which has a reference of its own. Tests quantize.cc, quantize_simple.cc, quantize_k.cc and
// quantize_superblock.cc.
#include "formats/quantize.h"

#include <gmock/gmock.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "base/file.h"
#include "shared_data.h"

namespace tradewind {
namespace {

using Bytes = std::vector<std::byte>;
constexpr size_t kRow = 256;

std::vector<float> GoldenRows() {
  const auto file = ReadFile(SourcePath("tests/formats/data/quantize.f32"), 1 << 20);
  EXPECT_TRUE(file);
  std::vector<float> values(file->size() / sizeof(float));
  std::memcpy(values.data(), file->data(), file->size());
  return values;
}

Bytes GoldenBytes(TensorType type) {
  const auto file = ReadFile(SourcePath("tests/formats/data/" + std::string(InfoOf(type).name) + ".quantized"), 1 << 20);
  EXPECT_TRUE(file);
  Bytes bytes(file->size());
  std::memcpy(bytes.data(), file->data(), file->size());
  return bytes;
}

Bytes Encoded(TensorType type, std::span<const float> values, std::span<const float> importance = {}) {
  Bytes bytes(*RowBytes(type, values.size()));
  const auto done = QuantizeRow(type, values, importance, bytes.data());
  EXPECT_TRUE(done) << done.error().ToString();
  return bytes;
}

std::vector<float> Decoded(TensorType type, const Bytes& bytes) {
  std::vector<float> values(bytes.size() / InfoOf(type).block_bytes * InfoOf(type).block_values);
  DequantizeRow(type, bytes.data(), values);
  return values;
}

double ErrorBetween(std::span<const float> a, std::span<const float> b, std::span<const float> weights = {}) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    const double difference = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    sum += difference * difference * (weights.empty() ? 1.0 : static_cast<double>(weights[i]));
  }
  return sum;
}

// What Q4_0 weighs errors by where nothing is known of the activations: each block's root of the mean square plus the value's size.
std::vector<float> SpreadAndSize(std::span<const float> values) {
  constexpr size_t kBlock = 32;
  std::vector<float> weights;
  for (size_t at = 0; at < values.size(); at += kBlock) {
    double sum = 0;
    for (const float v : values.subspan(at, kBlock)) sum += static_cast<double>(v) * static_cast<double>(v);
    for (const float v : values.subspan(at, kBlock)) weights.push_back(static_cast<float>(std::sqrt(sum / kBlock)) + std::fabs(v));
  }
  return weights;
}

std::vector<float> NormalRow(int seed, size_t count, float spread = 0.05f) {
  std::mt19937 random(static_cast<uint32_t>(seed));
  std::normal_distribution<float> normal(0, spread);
  std::vector<float> values(count);
  for (float& v : values) v = normal(random);
  return values;
}

std::vector<TensorType> Encoders() {
  std::vector<TensorType> types;
  for (const TensorTypeInfo& info : AllTensorTypes()) {
    if (CanQuantize(info.type)) types.push_back(info.type);
  }
  return types;
}

std::vector<TensorType> BlockEncoders() {
  std::vector<TensorType> types;
  for (const TensorType type : Encoders()) {
    if (InfoOf(type).block_values > 1) types.push_back(type);
  }
  return types;
}

// The root mean square error of a bell curve in parts of its spread: what the bits allow. An encoder that mixes up a nibble, a scale or a
// bit is far above its bound.
double BoundOf(TensorType type) {
  switch (type) {
    case TensorType::kQ8_0: return 0.0065;
    case TensorType::kQ6_K: return 0.020;
    case TensorType::kQ5_K: return 0.040;
    case TensorType::kQ5_1: return 0.040;
    case TensorType::kQ5_0: return 0.043;
    case TensorType::kQ4_K: return 0.081;
    case TensorType::kQ4_1: return 0.081;
    case TensorType::kQ4_0: return 0.087;
    case TensorType::kQ3_K: return 0.17;
    case TensorType::kQ2_K: return 0.33;
    default: return 0;
  }
}

class QuantizeTest : public testing::TestWithParam<TensorType> {};
INSTANTIATE_TEST_SUITE_P(Types, QuantizeTest, testing::ValuesIn(BlockEncoders()),
                         [](const auto& test) { return std::string(InfoOf(test.param).name); });

TEST_P(QuantizeTest, LosesNoMoreThanItsBitsDemand) {
  const std::vector<float> values = NormalRow(1, 32 * kRow);
  const double error = ErrorBetween(values, Decoded(GetParam(), Encoded(GetParam(), values)));
  const double size = ErrorBetween(values, std::vector<float>(values.size()));
  EXPECT_LT(std::sqrt(error / size), BoundOf(GetParam()));
}

TEST_P(QuantizeTest, EachValueComesBackNearItself) {
  // Every value within three steps of its group's even grid, so that none lies in another's place.
  const std::vector<float> values = NormalRow(2, 4 * kRow);
  const std::vector<float> back = Decoded(GetParam(), Encoded(GetParam(), values));
  for (size_t i = 0; i < values.size(); ++i) EXPECT_NEAR(values[i], back[i], 0.05 * 5 * BoundOf(GetParam())) << "value " << i;
}

TEST_P(QuantizeTest, ImportanceLowersTheWeightedError) {
  const TensorType type = GetParam();
  if (type == TensorType::kQ8_0) GTEST_SKIP() << "Q8_0 rounds and weighs nothing";
  const std::vector<float> values = NormalRow(3, 16 * kRow);
  std::mt19937 random(4);
  std::lognormal_distribution<float> skewed(0, 1.5f);
  std::vector<float> importance(values.size());
  for (float& w : importance) w = skewed(random);
  const double without = ErrorBetween(values, Decoded(type, Encoded(type, values)), importance);
  const double with = ErrorBetween(values, Decoded(type, Encoded(type, values, importance)), importance);
  EXPECT_LT(with, 0.95 * without);
}

TEST_P(QuantizeTest, RowsOfOneKindNeedNoLuck) {
  const TensorType type = GetParam();
  const std::vector<float> zeros(kRow);
  EXPECT_EQ(Decoded(type, Encoded(type, zeros)), zeros);
  for (const float value : {1.0f, -1.0f, 3e-2f, -60000.0f}) {
    const std::vector<float> values(kRow, value);
    for (const float v : Decoded(type, Encoded(type, values))) EXPECT_NEAR(v / value, 1, 0.02) << value;
  }
  const std::vector<float> tiny(kRow, 1e-38f);  // below every half: nothing may become infinite or NaN
  for (const float v : Decoded(type, Encoded(type, tiny))) EXPECT_LT(std::fabs(v), 1e-7f);
  const std::vector<float> values = NormalRow(5, kRow);
  const std::vector<float> no_importance(kRow, 0.0f);
  EXPECT_LT(ErrorBetween(values, Decoded(type, Encoded(type, values, no_importance))), ErrorBetween(values, zeros) / 4);
}

TEST_P(QuantizeTest, ARowsBytesAreThoseOfItsBlocks) {
  const TensorType type = GetParam();
  const std::vector<float> values = NormalRow(6, 3 * kRow);
  const Bytes whole = Encoded(type, values);
  // Blocks of 32 are searched four at a time: a row of three must come out as the first three of four.
  const size_t block = InfoOf(type).block_values;
  for (size_t count = block; count < values.size(); count += 2 * block) {
    const Bytes part = Encoded(type, std::span(values).first(count));
    EXPECT_EQ(std::memcmp(part.data(), whole.data(), part.size()), 0) << count << " values";
  }
}

TEST_P(QuantizeTest, RefusesWhatIsNoNumberByPlace) {
  Bytes bytes(*RowBytes(GetParam(), kRow));
  const auto message = [&](float bad) {
    std::vector<float> values = NormalRow(7, kRow);
    values[77] = bad;
    const auto done = QuantizeRow(GetParam(), values, {}, bytes.data());
    EXPECT_FALSE(done);
    return done ? "" : done.error().message();
  };
  using testing::HasSubstr;
  EXPECT_THAT(message(std::numeric_limits<float>::quiet_NaN()), HasSubstr("value 77 of the row is not a number"));
  EXPECT_THAT(message(-std::numeric_limits<float>::infinity()), HasSubstr("value 77 of the row is infinite"));
  EXPECT_THAT(message(70000.0f), HasSubstr("beyond the 65504"));
}

TEST(QuantizeGolden, Q8IsBitEqualToTheReference) {
  EXPECT_EQ(Encoded(TensorType::kQ8_0, GoldenRows()), GoldenBytes(TensorType::kQ8_0));
}

TEST(QuantizeGolden, HalvesAreBitEqualToTheReference) {
  EXPECT_EQ(Encoded(TensorType::kF16, GoldenRows()), GoldenBytes(TensorType::kF16));
  EXPECT_EQ(Encoded(TensorType::kBF16, GoldenRows()), GoldenBytes(TensorType::kBF16));
}

TEST(QuantizeGolden, NoRowHasMoreErrorThanTheReferences) {
  const std::vector<float> values = GoldenRows();
  for (const TensorType type : {TensorType::kQ4_0, TensorType::kQ4_1, TensorType::kQ5_0, TensorType::kQ5_1}) {
    const std::vector<float> ours = Decoded(type, Encoded(type, values));
    const std::vector<float> theirs = Decoded(type, GoldenBytes(type));
    const std::vector<float> counts = type == TensorType::kQ4_0 ? SpreadAndSize(values) : std::vector<float>();
    for (size_t at = 0; at < values.size(); at += kRow) {
      const auto row = [&](const std::vector<float>& of) { return std::span(of).subspan(at, kRow); };
      const std::span<const float> weights = counts.empty() ? std::span<const float>() : row(counts);
      EXPECT_LE(ErrorBetween(row(values), row(ours), weights), ErrorBetween(row(values), row(theirs), weights))
          << InfoOf(type).name << " row " << at / kRow;
    }
  }
}

// What one pass has rounded, a second leaves alone.
TEST(QuantizeTwice, GivesTheSameValues) {
  for (const TensorType type : {TensorType::kF16, TensorType::kBF16, TensorType::kQ8_0, TensorType::kQ4_0}) {
    const Bytes once = Encoded(type, NormalRow(8, 64 * kRow));
    const std::vector<float> values = Decoded(type, once);
    EXPECT_EQ(Decoded(type, Encoded(type, values)), values) << InfoOf(type).name;
  }
}

TEST(QuantizeRowOf, F32IsACopyAndAnUnknownTypeIsRefused) {
  const std::vector<float> values = NormalRow(9, kRow, 1e9f);
  EXPECT_EQ(Decoded(TensorType::kF32, Encoded(TensorType::kF32, values)), values);
  EXPECT_FALSE(CanQuantize(TensorType::kMXFP4));
  Bytes bytes(1 << 16);
  const auto done = QuantizeRow(TensorType::kMXFP4, NormalRow(9, kRow), {}, bytes.data());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code(), StatusCode::kUnsupported);
  EXPECT_THAT(done.error().message(), testing::HasSubstr("MXFP4"));
}

}  // namespace
}  // namespace tradewind
