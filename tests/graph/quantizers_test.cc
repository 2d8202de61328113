// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Quantisers put in, taken out, and written as ONNX's operators, which are worked out here as its documents define them.
#include "graph/quantizers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/random.h"
#include "graph/net_script.h"
#include "graph/surgery.h"
#include "reference_graph.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

OnnxModel FoldedResidual() {
  const auto weights = RandomWeightSource(5);
  auto model = RunNetScript(R"(
    local x = relu(bn(conv(input('image', 3, 8, 8), 8, 3, {name = 'a'})))
    local y = relu(bn(conv(x, 8, 3, {name = 'b'})))
    x = relu(add(bn(conv(y, 8, 3, {name = 'c'})), x))
    output('logits', linear(flatten(gap(x)), 5, {name = 'd'})))",
                            "net.lua", {}, *weights);
  EXPECT_TRUE(model) << model.error().ToString();
  EXPECT_TRUE(FoldBatchNorms(*model));
  return *std::move(model);
}

const Quantizer* Of(const std::vector<Quantizer>& all, const std::string& input) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Quantizer& q) { return q.input == input; });
  return found == all.end() ? nullptr : &*found;
}

TEST(Quantizers, StandBeforeLayersAndSums) {
  OnnxModel model = FoldedResidual();
  const auto placed = InsertQuantizers(model, {.weight_bits = 4, .value_bits = 3, .edge_bits = 8});
  ASSERT_TRUE(placed) << placed.error().ToString();
  int64_t weights = 0, values = 0;
  for (const Quantizer& q : *placed) (q.per_channel ? weights : values) += 1;
  EXPECT_EQ(weights, 4);
  EXPECT_EQ(values, 5);  // the picture, three rectified pictures less the one that both read, the pooled vector, what c adds
  const Quantizer* picture = Of(*placed, "image");
  ASSERT_TRUE(picture);
  EXPECT_TRUE(picture->is_signed);
  EXPECT_EQ(picture->bits, 8);
  const Quantizer* shared = Of(*placed, "Relu_2");
  ASSERT_TRUE(shared) << "what the second layer and the sum read";
  EXPECT_FALSE(shared->is_signed);
  EXPECT_EQ(shared->bits, 3);
  const Quantizer* middle = Of(*placed, "BatchNormalization_4.folded_weight");
  ASSERT_TRUE(middle);
  EXPECT_EQ(middle->bits, 4);
  EXPECT_EQ(model.graph.FindInitializer(middle->scale)->dims, std::vector<int64_t>{8});
  EXPECT_EQ(QuantizersOf(model).size(), placed->size());
  for (const OnnxNode& node : model.graph.nodes) {
    if (node.op_type == "Add") {
      EXPECT_THAT(node.inputs, testing::Each(testing::EndsWith(".quantized")));
    }
  }
}

TEST(Quantizers, TakenOutTheyLeaveTheNet) {
  OnnxModel model = FoldedResidual();
  const OnnxModel before = model;
  ASSERT_TRUE(InsertQuantizers(model, {}));
  ASSERT_TRUE(RemoveQuantizers(model));
  ASSERT_EQ(model.graph.nodes.size(), before.graph.nodes.size());
  for (size_t i = 0; i < before.graph.nodes.size(); ++i) EXPECT_EQ(model.graph.nodes[i].inputs, before.graph.nodes[i].inputs);
  EXPECT_EQ(model.graph.initializers.size(), before.graph.initializers.size());
  EXPECT_EQ(model.opsets.size(), before.opsets.size());
}

TEST(Quantizers, WhatCannotBeIsRefused) {
  OnnxModel model = FoldedResidual();
  EXPECT_FALSE(InsertQuantizers(model, {.weight_bits = 1}));
  EXPECT_FALSE(InsertQuantizers(model, {.value_bits = 9}));
  std::erase_if(model.graph.initializers, [](const OnnxTensor& t) { return t.name == "d.weight"; });
  model.graph.inputs.push_back({.name = "d.weight", .type = OnnxType::kFloat});
  const auto placed = InsertQuantizers(model, {});
  ASSERT_FALSE(placed);
  EXPECT_THAT(placed.error().ToString(), HasSubstr("(Gemm)"));
}

// One layer, quantised by hand, against the nodes that stand in the file.
TEST(Quantizers, LoweredTheyAreTheGridThatTheyStandFor) {
  const auto weights = RandomWeightSource(3);
  auto model = RunNetScript("output('y', linear(flatten(relu(input('image', 1, 1, 4))), 2, {name = 'l'}))", "net.lua", {}, *weights);
  ASSERT_TRUE(model);
  ASSERT_TRUE(InsertQuantizers(*model, {.edge_bits = 3}));
  const std::map<std::string, std::vector<float>> scales = {{"l.weight.scale", {0.25f, 0.5f}}, {"Flatten_1.scale", {0.125f}}};
  for (OnnxTensor& t : model->graph.initializers) {
    if (const auto found = scales.find(t.name); found != scales.end()) t = OnnxTensor::Of(t.name, t.dims, found->second);
  }
  const std::vector<float> matrix = [&] {
    std::vector<float> m;
    for (int64_t i = 0; i < 8; ++i) m.push_back(model->graph.FindInitializer("l.weight")->At<float>(i));
    return m;
  }();
  ASSERT_TRUE(LowerQuantizers(*model));
  EXPECT_TRUE(WriteOnnx(*model));
  EXPECT_EQ(model->graph.FindInitializer("l.weight"), nullptr) << "the weights in floats stay";
  EXPECT_EQ(model->opsets.size(), 1u);
  const OnnxTensor* whole = model->graph.FindInitializer("l.weight.whole");
  ASSERT_TRUE(whole);
  EXPECT_EQ(whole->type, OnnxType::kInt8);
  for (int64_t i = 0; i < 8; ++i) {
    const float step = scales.at("l.weight.scale")[static_cast<size_t>(i / 4)];
    const float expected = std::nearbyint(std::clamp(matrix[static_cast<size_t>(i)] / step, -4.0f, 3.0f));
    EXPECT_EQ(static_cast<float>(whole->At<int8_t>(i)), expected) << i;
  }
  std::vector<std::string> ops;
  for (const OnnxNode& node : model->graph.nodes) ops.push_back(node.op_type);
  EXPECT_THAT(ops, testing::IsSupersetOf({"Clip", "QuantizeLinear", "DequantizeLinear", "DequantizeLinear", "Gemm"}));
  EXPECT_EQ(model->graph.FindInitializer("Flatten_1.most")->At<float>(0), 7 * 0.125f);
  EXPECT_EQ(model->graph.FindInitializer("Flatten_1.least")->At<float>(0), 0);
}

}  // namespace
}  // namespace tradewind
