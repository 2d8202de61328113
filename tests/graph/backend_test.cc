// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Back ends agree; what cannot be opened is told. Tests plugin.cc, too, where OpenVINO is installed.
#include "graph/backend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <stdexcept>

#include "base/random.h"
#include "graph/net_script.h"
#include "shared_data.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

TEST(Backends, UnknownOnesAreTold) {
  const auto runner = OpenGraph({.path = "x", .model = OnnxModel{}}, {.backend = "gpu"});
  ASSERT_FALSE(runner);
  EXPECT_EQ(runner.error().code(), StatusCode::kNotFound);
  EXPECT_THAT(runner.error().message(), HasSubstr("native, openvino"));
}

TEST(Backends, WhatIsNoGraphIsTold) {
  const std::string path = testing::TempDir() + "/no.onnx";
  std::ofstream(path) << "not a graph";
  EXPECT_THAT(ReadGraph(path).error().ToString(), HasSubstr("no.onnx"));
  EXPECT_EQ(ReadGraph("/nowhere.onnx").error().code(), StatusCode::kNotFound);
}

TEST(Backends, QuantisedOutputsStandForRealNumbers) {
  TfliteModel model;
  TfliteGraph& graph = model.graphs.emplace_back();
  graph.tensors.push_back({.name = "scores", .type = TfliteType::kUint8, .quantization = {.scale = {0.5f}, .zero_point = {3}}});
  graph.outputs = {0};
  Tensor out = Tensor::Of<uint8_t>({2});
  out.Values<uint8_t>()[0] = 5;
  const auto singles = OutputsAsSingles({.path = "x", .model = std::move(model)}, {&out, 1});
  EXPECT_THAT(singles[0].Values<float>(), testing::ElementsAre(1.0f, -1.5f));
  Tensor ids = Tensor::Of<int64_t>({1});
  ids.Values<int64_t>()[0] = 7;
  EXPECT_EQ(OutputsAsSingles({.path = "x", .model = OnnxModel{}}, {&ids, 1})[0].Values<float>()[0], 7);
}

// What a description's layers make of one sample of 1 channel, 1 row and 2 columns: 0 and 1.
std::vector<float> ValuesOf(const std::string& layers) {
  const auto weights = RandomWeightSource(1);
  auto model = RunNetScript("local x = input('image', 1, 1, 2)\n" + layers + "\noutput('y', x)", "net.lua", {}, *weights);
  if (!model) throw std::runtime_error(model.error().ToString());
  const GraphSource source{.path = "net.lua", .model = std::move(*model)};
  const auto runner = OpenGraph(source, {.backend = "openvino"});
  if (!runner) throw std::runtime_error(runner.error().ToString());
  Tensor input = Tensor::Of<float>({1, 1, 1, 2});
  input.Values<float>()[0] = 0;
  input.Values<float>()[1] = 1;
  const auto outputs = (*runner)->Run({&input, 1});
  if (!outputs) throw std::runtime_error(outputs.error().ToString());
  const auto values = (*outputs)[0].Values<float>();
  return {values.begin(), values.end()};
}

TEST(Backends, LayersOfDescriptionsGiveTheirNumbers) {
  if (const auto there = GraphBackends().Find("openvino")->available(); !there) GTEST_SKIP() << there.error().ToString();
  using testing::ElementsAre;
  // Half of a pixel lies before the first centre: of twice as many columns these stand at -1/4, 1/4, 3/4 and 5/4.
  EXPECT_THAT(ValuesOf("x = slice(upsample(x, 2), 1, 0, 1)"), ElementsAre(0, 0.25f, 0.75f, 1));
  EXPECT_THAT(ValuesOf("x = gather(x, 2, {1, 0, 1})"), ElementsAre(1, 0, 1));
  EXPECT_THAT(ValuesOf("x = sub(x, constant({3, 5}, {1, 1, 2}))"), ElementsAre(-3, -4));
  EXPECT_THAT(ValuesOf("x = add(x, learned({1, 1, 2}))"), ElementsAre(1, 2)) << "scales start as ones";
  EXPECT_THAT(ValuesOf("x = picture(tokens(concat({x, scale(x, 3)})), 1, 2)"), ElementsAre(0, 1, 0, 3)) << "there and back";
  EXPECT_THAT(ValuesOf("x = tokens(concat({x, scale(x, 3)}))"), ElementsAre(0, 0, 1, 3)) << "a pixel's channels side by side";
}

class BothBackends : public testing::TestWithParam<std::string> {};

TEST_P(BothBackends, GiveTheSameNumbers) {
  TW_REQUIRE_DATA(path, SharedPath("assets/vision/" + GetParam()));
  if (const auto there = GraphBackends().Find("openvino")->available(); !there) GTEST_SKIP() << there.error().ToString();
  const auto source = ReadGraph(path);
  ASSERT_TRUE(source) << source.error().ToString();
  std::vector<std::vector<Tensor>> results;
  for (const char* backend : {"native", "openvino"}) {
    const auto runner = OpenGraph(*source, {.backend = backend});
    ASSERT_TRUE(runner) << runner.error().ToString();
    Random random(3);
    Tensor input = Tensor::Of<float>((*runner)->inputs()[0].shape);
    for (float& x : input.Values<float>()) x = static_cast<float>(random.Uniform());
    auto outputs = (*runner)->Run({&input, 1});
    ASSERT_TRUE(outputs) << outputs.error().ToString();
    results.push_back(std::move(*outputs));
  }
  ASSERT_EQ(results[0].size(), results[1].size());
  for (size_t o = 0; o < results[0].size(); ++o) {
    ASSERT_EQ(results[0][o].shape, results[1][o].shape);
    const auto mine = results[0][o].Values<float>(), theirs = results[1][o].Values<float>();
    for (size_t i = 0; i < mine.size(); ++i) ASSERT_NEAR(mine[i], theirs[i], 1e-3 * (1 + std::fabs(theirs[i]))) << o << " " << i;
  }
}
INSTANTIATE_TEST_SUITE_P(Files, BothBackends,
                         testing::Values("FastestDet/example/onnx-runtime/FastestDet.onnx", "ultraface/version-RFB-320_simplified.onnx",
                                         "ultraface/version-slim-320_simplified.onnx"),
                         [](const auto& file) {
                           return file.param.substr(0, 4) == "Fast"   ? std::string("FastestDet")
                                  : file.param.substr(18, 3) == "RFB" ? std::string("RFB")
                                                                      : "slim";
                         });

}  // namespace
}  // namespace tradewind
