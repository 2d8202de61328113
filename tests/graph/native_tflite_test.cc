// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// TFLite models by the native executor: of quantised ones every bit of the logits as LiteRT's reference has them (golden/, made by
// make_tflite_golden.py), with no float operation on the way. Tests from_tflite.cc and fixed_point.cc, too.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>

#include "graph/native/executor.h"
#include "graph/native/fixed_point.h"
#include "graph/native/from_tflite.h"
#include "kernels/convolution.h"
#include "shared_data.h"

namespace tradewind {
namespace {

Tensor Pattern(const GraphEdge& edge) {
  Tensor t = Tensor::Make(edge.type, edge.shape);
  for (int64_t i = 0; i < t.values(); ++i) {
    const auto byte = static_cast<uint8_t>(static_cast<uint32_t>(static_cast<uint64_t>(i) * 2654435761u) >> 24);
    if (edge.type == ElementType::kFloat) {
      t.Values<float>()[static_cast<size_t>(i)] = static_cast<float>(byte) / 255.0f;
    } else {
      t.data[static_cast<size_t>(i)] = static_cast<std::byte>(edge.type == ElementType::kInt8 ? byte - 128 : byte);
    }
  }
  return t;
}

std::string Golden(const std::string& name) {
  std::ifstream file(SourcePath("tests/graph/golden/" + name + ".logits"), std::ios::binary);
  EXPECT_TRUE(file) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

class NativeTflite : public testing::TestWithParam<std::string> {};

TEST_P(NativeTflite, LogitsAreTheReferences) {
  TW_REQUIRE_DATA(path, SharedPath("assets/" + GetParam() + ".tflite"));
  const auto model = ReadTflite(path);
  ASSERT_TRUE(model) << model.error().ToString();
  const std::string golden = Golden(GetParam().substr(GetParam().rfind('/') + 1));
  for (const Isa isa : AvailableIsas()) {
    for (const int threads : {1, 2}) {
      const auto logits = LogitsOf(*model);
      ASSERT_TRUE(logits) << logits.error().ToString();
      auto net = NativeFromTflite(*logits);
      ASSERT_TRUE(net) << net.error().ToString();
      const auto executor = NativeExecutor::Make(std::move(*net), isa, threads);
      ASSERT_TRUE(executor);
      const NativeEdge& input = (*executor)->net().inputs[0];
      const NativeEdge& output = (*executor)->net().outputs[0];
      const Tensor pattern = Pattern(input.edge);
      const auto out = (*executor)->Run({&pattern, 1});
      ASSERT_TRUE(out) << out.error().ToString();
      ASSERT_EQ((*out)[0].data.size(), golden.size());
      if (output.edge.type != ElementType::kFloat) {
        EXPECT_TRUE((*executor)->net().CheckIntegerOnly(output.value));
        EXPECT_EQ(std::memcmp((*out)[0].data.data(), golden.data(), golden.size()), 0) << IsaName(isa) << " " << threads;
        continue;
      }
      EXPECT_FALSE((*executor)->net().CheckIntegerOnly(output.value));
      for (size_t i = 0; i < golden.size() / 4; ++i) {
        float expected = 0;
        std::memcpy(&expected, golden.data() + 4 * i, 4);
        EXPECT_NEAR((*out)[0].Values<float>()[i], expected, 1e-4 * (1 + std::fabs(expected))) << IsaName(isa) << " " << i;
      }
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Models, NativeTflite,
                         testing::Values("vision/coral/mobilenet_v1_0.25_128_quant", "vision/coral/mobilenet_v1_0.5_160_quant",
                                         "vision/coral/mobilenet_v1_0.75_192_quant", "vision/coral/mobilenet_v2_1.0_224_quant",
                                         "vision/mlperf-tiny/benchmark/training/image_classification/trained_models/pretrainedResnet_quant",
                                         "vision/mlperf-tiny/benchmark/training/image_classification/trained_models/pretrainedResnet",
                                         "vision/mlperf-tiny/benchmark/training/visual_wake_words/trained_models/vww_96_int8",
                                         "vision/mlperf-tiny/benchmark/training/visual_wake_words/trained_models/vww_96_float",
                                         "speech/mlperf-tiny/benchmark/training/keyword_spotting/trained_models/kws_ref_model"),
                         [](const auto& file) {
                           std::string name = file.param.substr(file.param.rfind('/') + 1);
                           for (char& c : name) c = c == '.' || c == '-' ? '_' : c;
                           return name;
                         });

// What comes out of the softmax are the file's own numbers, within one of LiteRT's table of exponentials.
TEST(NativeTfliteSoftmax, ProbabilitiesAreOfTheFilesScale) {
  TW_REQUIRE_DATA(path, SharedPath("assets/vision/coral/mobilenet_v1_0.25_128_quant.tflite"));
  const auto model = ReadTflite(path);
  ASSERT_TRUE(model);
  auto net = NativeFromTflite(*model);
  ASSERT_TRUE(net) << net.error().ToString();
  const auto executor = NativeExecutor::Make(std::move(*net), AvailableIsas().back(), 2);
  const Tensor pattern = Pattern((*executor)->net().inputs[0].edge);
  const auto out = (*executor)->Run({&pattern, 1});
  ASSERT_TRUE(out);
  EXPECT_EQ((*out)[0].type, ElementType::kUint8);
  int sum = 0;
  for (const uint8_t p : (*out)[0].Values<uint8_t>()) sum += p;
  EXPECT_NEAR(sum, 256, 60);  // a thousand classes, each rounded to 1/256
  EXPECT_FALSE((*executor)->net().CheckIntegerOnly((*executor)->net().outputs[0].value));
}

TEST(NativeTfliteRefusals, WhatItCannotRunIsNamed) {
  TW_REQUIRE_DATA(path, SharedPath("assets/vision/coral/deeplabv3_mnv2_dm05_pascal_quant.tflite"));
  const auto net = NativeFromTflite(*ReadTflite(path));
  ASSERT_FALSE(net);
  EXPECT_EQ(net.error().code(), StatusCode::kUnsupported);
  EXPECT_THAT(net.error().ToString(), testing::HasSubstr("backend=openvino"));
  EXPECT_EQ(LogitsOf(*ReadTflite(path)).error().code(), StatusCode::kUnsupported) << "it ends in no softmax";
}

// multiplier * 2^(shift - 31) is the real number, to within half a unit of 31 bits.
TEST(FixedPointNumbers, StandForTheRealOnes) {
  for (const double real : {1.0, 0.5, 0.7342, 1e-3, 3e-9, 0.9999999999, 1.9, 123.456}) {
    const FixedPoint p = ToFixedPoint(real);
    EXPECT_NEAR(std::ldexp(p.multiplier, p.shift - 31), real, real * std::ldexp(1, -31)) << real;
    EXPECT_GE(p.multiplier, 1 << 30) << real;
  }
  for (const double nothing : {0.0, -1.0, 1e-12, std::nan("")}) EXPECT_EQ(ToFixedPoint(nothing).multiplier, 0) << nothing;
}

TEST(FixedPointNumbers, BoundsAreRoundedAndWithinTheType) {
  const Quantization q = {0.1f, 10, 0, 255};
  const float infinity = std::numeric_limits<float>::infinity();
  EXPECT_EQ(QuantizedBounds(-infinity, infinity, q).low, 0);
  EXPECT_EQ(QuantizedBounds(-infinity, infinity, q).high, 255);
  EXPECT_EQ(QuantizedBounds(0, 6, q).low, 10);
  EXPECT_EQ(QuantizedBounds(0, 6, q).high, 70);
  EXPECT_EQ(QuantizedBounds(0, 600, q).high, 255);
}

}  // namespace
}  // namespace tradewind
