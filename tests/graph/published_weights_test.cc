// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A net of data/nets with weights that its makers published says what PyTorch says (make_efficientnet_golden.py). Tests net_library.cc,
// onnx_builder.cc and torch_parser.cc on weights that lie channels last.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "graph/backend.h"
#include "graph/net_library.h"
#include "shared_data.h"

namespace tradewind {
namespace {

class PublishedWeights : public testing::TestWithParam<const char*> {};

TEST_P(PublishedWeights, OfEfficientNetLiteGivePyTorchsLogits) {
  TW_REQUIRE_DATA(path, ModelPath("efficientnet-lite0", ".pth"));
  if (const auto there = GraphBackends().Find(GetParam())->available(); !there) GTEST_SKIP() << there.error().ToString();
  const auto file = TorchFile::Open(path);
  ASSERT_TRUE(file) << file.error().ToString();
  auto model = BuildNet("efficientnet", {{"lite", 1}}, *TorchWeightSource(*file, ""));
  ASSERT_TRUE(model) << model.error().ToString();
  const GraphSource source{.path = "efficientnet", .model = std::move(*model)};
  const auto runner = OpenGraph(source, {.backend = GetParam()});
  ASSERT_TRUE(runner) << runner.error().ToString();
  Tensor picture = Tensor::Of<float>({1, 3, 224, 224});
  const auto pixels = picture.Values<float>();
  for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = (static_cast<float>(i * 37 % 256) - 127) / 128;
  const auto outputs = (*runner)->Run({&picture, 1});
  ASSERT_TRUE(outputs) << outputs.error().ToString();
  const auto logits = (*outputs)[0].Values<float>();
  ASSERT_EQ(logits.size(), 1000u);
  EXPECT_EQ(std::max_element(logits.begin(), logits.end()) - logits.begin(), 904);
  const float golden[] = {-1.29149f, -0.13957f, -0.15217f, 0.27086f, -0.17690f, -0.94132f, 1.21734f, 1.91861f, -2.35654f, -1.38570f};
  for (size_t i = 0; i < std::size(golden); ++i) EXPECT_NEAR(logits[100 * i], golden[i], 1e-3) << i;
}
INSTANTIATE_TEST_SUITE_P(Backends, PublishedWeights, testing::Values("native", "openvino"),
                         [](const auto& backend) { return std::string(backend.param); });

}  // namespace
}  // namespace tradewind
