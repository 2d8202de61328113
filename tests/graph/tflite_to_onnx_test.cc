// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/tflite_to_onnx.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "graph/backend.h"
#include "shared_data.h"

namespace tradewind {
namespace {

std::string TinyModel(const std::string& name) {
  return "assets/vision/mlperf-tiny/benchmark/training/" + name + ".tflite";
}

// What the graph says of noise; a batch of one.
std::vector<float> Scores(const GraphSource& source, const Tensor& channels_last) {
  const auto runner = OpenGraph(source, {});
  EXPECT_TRUE(runner) << runner.error().ToString();
  const GraphEdge& edge = (*runner)->inputs()[0];
  Tensor input = Tensor::Make(edge.type, edge.shape);
  const auto& from = channels_last.shape;  // 1, rows, columns, channels
  const bool last = edge.shape == from;
  for (int64_t i = 0; i < channels_last.values(); ++i) {
    const int64_t pixel = i / from[3], c = i % from[3];
    const auto to = static_cast<size_t>(last ? i : c * from[1] * from[2] + pixel);
    const float x = channels_last.Values<float>()[static_cast<size_t>(i)];
    if (edge.type == ElementType::kFloat) {
      input.Values<float>()[to] = x;
    } else {
      input.data[to] = static_cast<std::byte>(static_cast<int>(x) - (edge.type == ElementType::kInt8 ? 128 : 0));
    }
  }
  const auto outputs = (*runner)->Run({&input, 1});
  EXPECT_TRUE(outputs) << outputs.error().ToString();
  const Tensor scores = OutputsAsSingles(source, *outputs)[0];
  return {scores.Values<float>().begin(), scores.Values<float>().end()};
}

Tensor Noise(const GraphSource& source, float scale) {
  const TfliteGraph& graph = std::get<TfliteModel>(source.model).graphs[0];
  const auto& shape = graph.tensors[static_cast<size_t>(graph.inputs[0])].shape;
  Tensor noise = Tensor::Of<float>({1, shape[1], shape[2], shape[3]});
  Random random(5);
  for (float& x : noise.Values<float>()) x = static_cast<float>(random.Below(256)) * scale;
  return noise;
}

GraphSource Converted(const GraphSource& source) {
  auto model = TfliteToOnnx(std::get<TfliteModel>(source.model));
  EXPECT_TRUE(model) << model.error().ToString();
  EXPECT_TRUE(CheckOnnx(*model));
  return {.path = source.path, .model = std::move(*model)};
}

TEST(TfliteToOnnx, AFloatNetSaysTheSame) {
  for (const char* name : {"image_classification/trained_models/pretrainedResnet", "visual_wake_words/trained_models/vww_96_float"}) {
    TW_REQUIRE_DATA(path, SharedPath(TinyModel(name)));
    const auto source = ReadGraph(path);
    ASSERT_TRUE(source) << source.error().ToString();
    const Tensor noise = Noise(*source, 1 / 255.0f);
    const std::vector<float> before = Scores(*source, noise), after = Scores(Converted(*source), noise);
    ASSERT_EQ(before.size(), after.size());
    for (size_t i = 0; i < before.size(); ++i) EXPECT_NEAR(before[i], after[i], 1e-5) << name;
  }
}

// A quantised net and its twin of real numbers differ by roundings alone: real pictures get the same class.
TEST(TfliteToOnnx, AQuantisedNetHasATwinOfRealNumbers) {
  TW_REQUIRE_DATA(path, SharedPath("assets/vision/coral/mobilenet_v1_0.25_128_quant.tflite"));
  const auto source = ReadGraph(path);
  ASSERT_TRUE(source);
  const GraphSource twin = Converted(*source);
  // The twin's input is what the bytes stand for: (q - 128) / 128.
  const Tensor noise = Noise(*source, 1);
  Tensor real = noise;
  for (float& x : real.Values<float>()) x = (x - 128) / 128;
  const std::vector<float> before = Scores(*source, noise), after = Scores(twin, real);
  ASSERT_EQ(before.size(), after.size());
  double difference = 0;
  for (size_t i = 0; i < before.size(); ++i) difference += std::fabs(static_cast<double>(before[i]) - static_cast<double>(after[i]));
  EXPECT_LT(difference, 0.5) << "of two distributions, 2 at most";
}

}  // namespace
}  // namespace tradewind
