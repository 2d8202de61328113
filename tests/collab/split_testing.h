// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Small nets and real ones to split, and pictures for them.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "collab/split_net.h"
#include "formats/torch_file.h"
#include "graph/net_library.h"
#include "graph/net_script.h"
#include "graph/weight_source.h"
#include "vision/picture_set.h"

namespace tradewind {

inline OnnxModel ScriptNet(const std::string& script, uint64_t seed = 5) {
  auto model = RunNetScript(script, "net.lua", {}, *RandomWeightSource(seed));
  EXPECT_TRUE(model) << model.error().ToString();
  return *std::move(model);
}

inline ModelCard SmallCard(size_t classes) {
  ModelCard card;
  card.name = "small";
  card.input.mean = {128, 128, 128};
  card.input.deviation = {64, 64, 64};
  for (size_t i = 0; i < classes; ++i) card.labels.push_back("class " + std::to_string(i));
  return card;
}

// A chain with a shortcut: conv, block, conv, classes.
inline const char* kSmallNet = R"(
  local x = relu(conv(input('image', 3, 12, 12), 8, 3))
  x = relu(add(conv(relu(conv(x, 8, 3)), 8, 3), x))
  x = relu(conv(x, 4, 3, {stride = 2}))
  output('logits', linear(flatten(gap(x)), 5)))";

inline SplitModel SmallModel() {
  auto model = MakeSplitModel(ScriptNet(kSmallNet), SmallCard(5));
  EXPECT_TRUE(model) << model.error().ToString();
  return *std::move(model);
}

// The published ResNet-20 of CIFAR-10.
inline SplitModel ResNet20(const std::string& weights) {
  const auto file = TorchFile::Open(weights);
  EXPECT_TRUE(file) << file.error().ToString();
  auto graph = BuildNet("cifar_resnet", {{"n", 3}}, *TorchWeightSource(*file, "state_dict.module."));
  EXPECT_TRUE(graph) << graph.error().ToString();
  const auto card = FindCard("cifar_resnet20.onnx", "");
  EXPECT_TRUE(card) << card.error().ToString();
  auto model = MakeSplitModel(*std::move(graph), *card);
  EXPECT_TRUE(model) << model.error().ToString();
  return *std::move(model);
}
inline const char* kResNet20Weights = "assets/vision/pytorch_resnet_cifar10/pretrained_models/resnet20-12fca82f.th";
inline const char* kCifarTest = "assets/vision/cifar10/test.tar";

// A picture and its label.
inline std::vector<std::pair<Image, int64_t>> PicturesOf(const std::string& spec, const ModelCard& card) {
  const auto workload = LoadPictures("pictures:" + spec, card);
  EXPECT_TRUE(workload) << workload.error().ToString();
  std::vector<std::pair<Image, int64_t>> pictures;
  for (const auto& sample : workload->recalled) {
    const PictureRef ref = ParseSampleId(sample.id);
    auto image = ReadPicture(ref);
    EXPECT_TRUE(image) << image.error().ToString();
    pictures.emplace_back(*std::move(image), ref.label);
  }
  return pictures;
}

}  // namespace tradewind
