// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "graph/raise_opset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "graph/backend.h"
#include "graph/int8_twin.h"
#include "graph/net_script.h"
#include "shared_data.h"

namespace tradewind {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A graph of one node over a value of four sides.
OnnxModel OneNode(OnnxNode node, int64_t opset) {
  OnnxModel model;
  model.source = "one.onnx";
  model.ir_version = 6;
  model.opsets = {{.version = opset}};
  const auto value = [](const std::string& name) {
    return OnnxValue{.name = name, .type = OnnxType::kFloat, .shape = {{{.value = 1}, {.value = 2}, {.value = 3}, {.value = 1}}}};
  };
  model.graph.inputs = {value("x")};
  model.graph.outputs = {{.name = "y", .type = OnnxType::kFloat}};
  node.name = "only";
  node.inputs = {"x"};
  node.outputs = {"y"};
  model.graph.nodes = {std::move(node)};
  return model;
}

std::vector<int64_t> IntegersOf(const OnnxTensor& tensor) {
  std::vector<int64_t> values;
  for (int64_t i = 0; i < tensor.values(); ++i) values.push_back(tensor.At<int64_t>(i));
  return values;
}

TEST(RaiseOpset, AttributesBecomeInputs) {
  OnnxModel squeeze = OneNode({.op_type = "Squeeze", .attributes = {{"axes", std::vector<int64_t>{0, 3}}}}, 9);
  ASSERT_TRUE(RaiseOpset(squeeze));
  EXPECT_EQ(squeeze.opset(), 13);
  EXPECT_EQ(squeeze.ir_version, 7);
  const OnnxNode& squeezed = squeeze.graph.nodes[0];
  EXPECT_TRUE(squeezed.attributes.empty());
  ASSERT_EQ(squeezed.inputs.size(), 2u);
  EXPECT_THAT(IntegersOf(*squeeze.graph.FindInitializer(squeezed.inputs[1])), ElementsAre(0, 3));

  OnnxModel clip = OneNode({.op_type = "Clip", .attributes = {{"max", 6.0f}}}, 9);
  ASSERT_TRUE(RaiseOpset(clip));
  ASSERT_EQ(clip.graph.nodes[0].inputs.size(), 3u);
  EXPECT_EQ(clip.graph.FindInitializer(clip.graph.nodes[0].inputs[2])->At<float>(0), 6);
}

TEST(RaiseOpset, ASoftmaxIsTheSameOverTheLastDimensionAlone) {
  OnnxModel last = OneNode({.op_type = "Softmax", .attributes = {{"axis", int64_t{3}}}}, 11);
  ASSERT_TRUE(RaiseOpset(last));
  EXPECT_EQ(*last.graph.nodes[0].Attribute<int64_t>("axis"), -1);
  OnnxModel several = OneNode({.op_type = "Softmax"}, 11);
  const auto refused = RaiseOpset(several);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), StatusCode::kUnsupported);
  EXPECT_THAT(refused.error().ToString(), testing::AllOf(HasSubstr("several dimensions"), HasSubstr("'only'"), HasSubstr("set 13")));
}

TEST(RaiseOpset, WhatHasAnotherMeaningIsNamed) {
  OnnxModel pad = OneNode({.op_type = "Pad"}, 9), newer = OneNode({.op_type = "Pad"}, 11), ancient = OneNode({.op_type = "Relu"}, 6);
  EXPECT_THAT(RaiseOpset(pad).error().ToString(), HasSubstr("'only' (Pad)"));
  EXPECT_TRUE(RaiseOpset(newer));
  EXPECT_THAT(RaiseOpset(ancient).error().ToString(), HasSubstr("too old"));
  OnnxModel today = OneNode({.op_type = "Pad"}, 17);
  ASSERT_TRUE(RaiseOpset(today));
  EXPECT_EQ(today.opset(), 17);
}

class OldFiles : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    const auto path = SharedPath(std::string("assets/vision/") + GetParam());
    if (!path) GTEST_SKIP() << "absent: " << GetParam();
    if (const auto there = GraphBackends().Find("openvino")->available(); !there) GTEST_SKIP() << there.error().ToString();
    auto source = ReadGraph(*path);
    ASSERT_TRUE(source) << source.error().ToString();
    model_ = std::get<OnnxModel>(std::move(source->model));
  }
  static std::vector<Tensor> OutputsOf(const OnnxModel& model) {
    const GraphSource source{.path = "old.onnx", .model = model};
    const auto runner = OpenGraph(source, {.backend = "openvino"});
    EXPECT_TRUE(runner) << runner.error().ToString();
    if (!runner) return {};
    auto outputs = (*runner)->Run({&Drawn((*runner)->inputs()[0].shape), 1});
    EXPECT_TRUE(outputs) << outputs.error().ToString();
    return outputs ? std::move(*outputs) : std::vector<Tensor>{};
  }
  static const Tensor& Drawn(const std::vector<int64_t>& shape) {
    static Tensor input;
    input = Tensor::Of<float>(shape);
    Random random(3);
    for (float& x : input.Values<float>()) x = static_cast<float>(random.Uniform());
    return input;
  }
  OnnxModel model_;
};

TEST_P(OldFiles, SayTheSameAndHaveATwinOfInt8) {
  const std::vector<Tensor> before = OutputsOf(model_);
  OnnxModel raised = model_;
  const auto done = RaiseOpset(raised);
  ASSERT_TRUE(done) << done.error().ToString();
  const std::vector<Tensor> after = OutputsOf(raised);
  ASSERT_EQ(before.size(), after.size());
  for (size_t o = 0; o < before.size(); ++o) {
    const auto x = before[o].Values<float>(), y = after[o].Values<float>();
    ASSERT_EQ(x.size(), y.size());
    for (size_t i = 0; i < x.size(); ++i) ASSERT_NEAR(x[i], y[i], 1e-5 * (1 + std::fabs(x[i]))) << o << " " << i;
  }
  std::vector<int64_t> shape;
  for (const OnnxDimension& d : *model_.graph.inputs[0].shape) shape.push_back(d.value.value_or(1));
  const auto twin = MakeInt8Twin(model_, {&Drawn(shape), 1}, {});
  ASSERT_TRUE(twin) << twin.error().ToString();
  EXPECT_EQ(OutputsOf(*twin).size(), before.size()) << "by channel, which an old operator set has not";
}
INSTANTIATE_TEST_SUITE_P(Files, OldFiles,
                         testing::Values("FastestDet/example/onnx-runtime/FastestDet.onnx", "ultraface/version-RFB-320_simplified.onnx"),
                         [](const auto& file) { return std::string(file.param).substr(0, 4); });

}  // namespace
}  // namespace tradewind
