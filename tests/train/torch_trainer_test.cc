// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What LibTorch computes of our graphs, against our own executor and the reference, and its gradients against finite differences:
// torch_graph.cc, torch_ops.cc, fake_quantized.cc and plugin.cc, through torch_trainer.h.
#include "train/torch_trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/random.h"
#include "graph/backend.h"
#include "graph/net_library.h"
#include "graph/net_script.h"
#include "graph/quantizers.h"
#include "graph/reference_graph.h"
#include "shared_data.h"
#include "train/trainable.h"
#include "train/training_session.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

#define TW_REQUIRE_TORCH() \
  if (!TorchAvailable()) GTEST_SKIP() << TorchAvailable().error().message()

OnnxModel TinyNet(const std::string& text, uint64_t seed = 5) {
  const auto weights = RandomWeightSource(seed);
  auto model = RunNetScript(text, "net.lua", {}, *weights);
  EXPECT_TRUE(model) << model.error().ToString();
  Random random(seed + 1);
  for (OnnxTensor& t : model->graph.initializers) {  // norms and biases that do something
    if (t.name.find(".running") == std::string::npos && t.name.find(".bias") == std::string::npos) continue;
    std::vector<float> values;
    for (int64_t i = 0; i < t.values(); ++i) values.push_back(static_cast<float>(0.5 + random.Uniform()));
    t = OnnxTensor::Of(t.name, t.dims, values);
  }
  return *std::move(model);
}

Tensor RandomTensor(std::vector<int64_t> shape, uint64_t seed) {
  Tensor t = Tensor::Of<float>(std::move(shape));
  Random random(seed);
  for (float& v : t.Values<float>()) v = static_cast<float>(random.Normal());
  return t;
}

std::unique_ptr<TorchTrainer> Opened(const TrainerSpec& spec) {
  auto trainer = OpenTorchTrainer(spec);
  EXPECT_TRUE(trainer) << trainer.error().ToString();
  return *std::move(trainer);
}

// Every operator that descriptions of nets make, in four nets.
const char* const kNets[] = {
    R"(local x = relu(bn(conv(input('image', 3, 8, 8), 6, 3)))
       local y = maxpool(hardswish(conv(x, 6, 3, {groups = 3, bias = true})), 2, 2)
       y = concat({y, avgpool(x, 2, 2)}, 0)
       y = mul(y, hardsigmoid(conv(gap(y), 12, 1, {bias = true})))
       output('y', linear(flatten(gap(relu6(y))), 5)))",
    R"(local x = conv(input('image', 3, 8, 8), 4, 3, {stride = 2})
       x = add(x, silu(conv(x, 4, 3, {dilation = 2})))
       x = pad_channels(slice(slice(x, 1, 0, 4, 2), 2, 0, 4, 2), 1, 2)
       output('y', linear(flatten(x), 5)))",
    R"(local x = input('image', 3, 8, 8)
       local t = transpose(reshape(conv(x, 4, 1), {4, 64}), {1, 0})
       t = add(t, gelu(linear(layernorm(t), 4)))
       t = matmul(softmax(scale(matmul(t, transpose(t, {1, 0})), 0.5), 1), t)
       output('y', linear(mean(t, 0), 5)))",
    R"(local x = sigmoid(maxpool(conv(input('image', 3, 8, 8), 4, 3), 3, 2, 1))
       output('y', linear(flatten(avgpool(x, 2, 2)), 5)))"};

TEST(TorchTrainer, ForwardIsWhatTheReferenceComputes) {
  TW_REQUIRE_TORCH();
  for (const char* text : kNets) {
    const OnnxModel model = TinyNet(text);
    const auto trainer = Opened({.model = model, .losses = {{.output = "y"}}});
    ASSERT_TRUE(trainer);
    const Tensor image = RandomTensor({1, 3, 8, 8}, 9);
    const std::vector<NamedTensor> feeds{{"image", image}};
    const auto given = trainer->Forward(feeds, {"y"});
    ASSERT_TRUE(given) << given.error().ToString();
    // The reference knows pictures; nets of tokens are compared by their gradients below alone.
    if (std::string(text).find("transpose") != std::string::npos) continue;
    RefTensor picture = RefMake({1, 3, 8, 8});
    for (size_t i = 0; i < picture.values.size(); ++i) picture.values[i] = image.Values<float>()[i];
    const auto runner = OpenGraph({.path = "net", .model = model}, {});
    ASSERT_TRUE(runner) << runner.error().ToString();
    const auto ours = (*runner)->Run({&image, 1});
    ASSERT_TRUE(ours) << ours.error().ToString();
    for (size_t i = 0; i < 5; ++i) EXPECT_NEAR((*given)[0].Values<float>()[i], (*ours)[0].Values<float>()[i], 2e-5) << text;
  }
}

// The published weights, on batches, against our own executor.
TEST(TorchTrainer, ForwardOfAPublishedNetIsThatOfOurExecutor) {
  TW_REQUIRE_TORCH();
  TW_REQUIRE_DATA(path, SharedPath("assets/vision/pytorch_resnet_cifar10/pretrained_models/resnet20-12fca82f.th"));
  const auto file = TorchFile::Open(path);
  ASSERT_TRUE(file);
  const auto weights = TorchWeightSource(*file, "state_dict.module.");
  const auto model = BuildNet("cifar_resnet", {{"n", 3}}, *weights);
  ASSERT_TRUE(model);
  const Tensor images = RandomTensor({4, 3, 32, 32}, 3);
  const auto runner = OpenGraph({.path = "net", .model = *model}, {.batch = 4});
  ASSERT_TRUE(runner);
  const auto ours = (*runner)->Run({&images, 1});
  ASSERT_TRUE(ours);
  const auto trainer = Opened({.model = *model, .losses = {{.output = "logits"}}});
  const std::vector<NamedTensor> feeds{{"image", images}};
  const auto given = trainer->Forward(feeds, {"logits"});
  ASSERT_TRUE(given) << given.error().ToString();
  ASSERT_EQ((*given)[0].shape, (*ours)[0].shape);
  for (size_t i = 0; i < 40; ++i) EXPECT_NEAR((*given)[0].Values<float>()[i], (*ours)[0].Values<float>()[i], 1e-3);
}

OnnxModel Moved(OnnxModel model, const std::string& name, const std::vector<float>& direction, float by) {
  for (OnnxTensor& t : model.graph.initializers) {
    if (t.name != name) continue;
    std::vector<float> values;
    for (int64_t i = 0; i < t.values(); ++i) values.push_back(t.At<float>(i) + by * direction[static_cast<size_t>(i)]);
    t = OnnxTensor::Of(t.name, t.dims, values);
  }
  return model;
}

// Along a random direction of each parameter, by central differences.
void ExpectGradients(const TrainerSpec& spec, const TrainBatch& batch, double tolerance) {
  const auto trainer = Opened(spec);
  ASSERT_TRUE(trainer);
  const auto gradients = trainer->GradientsOf(batch);
  ASSERT_TRUE(gradients) << gradients.error().ToString();
  ASSERT_EQ(gradients->size(), spec.parameters.size());
  Random random(77);
  for (const NamedTensor& g : *gradients) {
    std::vector<float> direction;
    double along = 0, length = 0;
    for (const float v : g.tensor.Values<float>()) {
      direction.push_back(static_cast<float>(random.Normal()));
      along += static_cast<double>(v) * direction.back();
      length += static_cast<double>(direction.back()) * direction.back();
    }
    const auto step = static_cast<float>(2e-2 / std::sqrt(length));
    double ends[2];
    for (const int side : {0, 1}) {
      TrainerSpec moved = spec;
      moved.model = Moved(spec.model, g.name, direction, side == 0 ? -step : step);
      const auto loss = Opened(moved)->LossOf(batch);
      ASSERT_TRUE(loss) << loss.error().ToString();
      ends[side] = *loss;
    }
    EXPECT_NEAR((ends[1] - ends[0]) / (2 * step), along, tolerance * (1 + std::abs(along))) << g.name;
  }
}

TEST(TorchTrainer, GradientsAreThoseOfFiniteDifferences) {
  TW_REQUIRE_TORCH();
  for (const char* text : kNets) {
    const OnnxModel model = TinyNet(text);
    const auto parameters = TrainableParameters(model, {});
    ASSERT_TRUE(parameters);
    SCOPED_TRACE(text);
    TrainBatch batch{.feeds = {{"image", RandomTensor({6, 3, 8, 8}, 1)}, {"teacher", RandomTensor({6, 5}, 2)}},
                     .labels = {0, 1, -1, 3, 4, -1}};
    ExpectGradients({.model = model,
                     .parameters = *parameters,
                     .losses = {{.output = "y"},
                                {.kind = LossKind::kDistillation, .output = "y", .target = "teacher", .weight = 0.5, .temperature = 3},
                                {.kind = LossKind::kMatch, .output = "y", .target = "teacher", .weight = 0.3},
                                {.kind = LossKind::kEnergy, .output = "y", .weight = 0.1, .low = 0.5, .high = 9}}},
                    batch, 0.03);
  }
}

// Losses of two pictures, by hand.
TEST(TorchTrainer, LossesAreAsDefined) {
  TW_REQUIRE_TORCH();
  const OnnxModel model = TinyNet("output('y', linear(flatten(input('image', 1, 1, 3)), 3, {name = 'l'}))");
  OnnxModel same = model;
  for (OnnxTensor& t : same.graph.initializers) {
    if (t.name == "l.weight") t = OnnxTensor::Of(t.name, t.dims, std::vector<float>{1, 0, 0, 0, 1, 0, 0, 0, 1});
    if (t.name == "l.bias") t = OnnxTensor::Of(t.name, t.dims, std::vector<float>{0, 0, 0});
  }
  Tensor logits = Tensor::Of<float>({2, 1, 1, 3}), teacher = Tensor::Of<float>({2, 3});
  const float y[] = {1, 2, 3, 0, 0, 1}, t[] = {0, 1, 0, 2, 0, 0};
  std::copy_n(y, 6, logits.Values<float>().data());
  std::copy_n(t, 6, teacher.Values<float>().data());
  const TrainBatch batch{.feeds = {{"image", logits}, {"t", teacher}}, .labels = {2, -1}};
  const auto loss = [&](const TrainerLoss& l) {
    const auto value = Opened({.model = same, .losses = {l}})->LossOf(batch);
    EXPECT_TRUE(value) << value.error().ToString();
    return *value;
  };
  const double sum0 = std::exp(1) + std::exp(2) + std::exp(3), sum1 = 2 + std::exp(1);
  EXPECT_NEAR(loss({.output = "y"}), std::log(sum0) - 3, 1e-6) << "the picture of no class is passed over";
  EXPECT_NEAR(loss({.kind = LossKind::kMatch, .output = "y", .target = "t"}), (1 + 1 + 9 + 4 + 0 + 1) / (1 + 4.0), 1e-6);
  const double high = 5, low = 1;
  EXPECT_NEAR(loss({.kind = LossKind::kEnergy, .output = "y", .low = low, .high = high}),
              std::pow(high - std::log(sum0), 2) + std::pow(std::log(sum1) - low, 2), 1e-5);
  double divergence = 0;
  for (int row = 0; row < 2; ++row) {
    double wanted = 0, given = 0;
    for (int i = 0; i < 3; ++i) {
      wanted += std::exp(t[row * 3 + i] / 2);
      given += std::exp(y[row * 3 + i] / 2);
    }
    for (int i = 0; i < 3; ++i) {
      const double p = std::exp(t[row * 3 + i] / 2) / wanted;
      divergence += p * (std::log(p) - std::log(std::exp(y[row * 3 + i] / 2) / given));
    }
  }
  EXPECT_NEAR(loss({.kind = LossKind::kDistillation, .output = "y", .target = "t", .temperature = 2}), 4 * divergence / 2, 1e-5);
}

// Straight through for what is rounded, inside its range; for the scale what rounding adds, damped as the paper has it.
TEST(TorchTrainer, QuantisersRoundAndHaveTheirGradients) {
  TW_REQUIRE_TORCH();
  OnnxModel model = TinyNet("output('y', linear(flatten(input('image', 1, 1, 4)), 1, {name = 'l', bias = false}))");
  for (OnnxTensor& t : model.graph.initializers) {
    if (t.name == "l.weight") t = OnnxTensor::Of(t.name, t.dims, std::vector<float>{0.26f, -0.9f, 9, -9});
  }
  const auto placed = InsertQuantizers(model, {.weight_bits = 4, .value_bits = 8, .edge_bits = 4});
  ASSERT_TRUE(placed) << placed.error().ToString();
  for (OnnxTensor& t : model.graph.initializers) {
    if (t.name == "l.weight.scale") t = OnnxTensor::Of(t.name, t.dims, std::vector<float>{0.5f});
    if (t.name.ends_with("flat.scale") || t.name.starts_with("Flatten")) t = OnnxTensor::Of(t.name, t.dims, std::vector<float>{1});
  }
  Tensor x = Tensor::Of<float>({1, 1, 1, 4}), zero = Tensor::Of<float>({1, 1});
  const float values[] = {1, 2, 3, 4};
  std::copy_n(values, 4, x.Values<float>().data());
  zero.Values<float>()[0] = 1;
  TrainBatch batch{.feeds = {{"image", x}, {"t", zero}}, .labels = {0}};
  const auto trainer = Opened(
      {.model = model, .parameters = {"l.weight", "l.weight.scale"}, .losses = {{.kind = LossKind::kMatch, .output = "y", .target = "t"}}});
  const std::vector<NamedTensor> feeds{{"image", x}};
  const auto y = trainer->Forward(feeds, {"y"});
  ASSERT_TRUE(y) << y.error().ToString();
  // 0.26 / 0.5 -> 1, -1.8 -> -2, 18 -> 7, -18 -> -8; times 0.5.
  const double expected = 0.5 * 1 - 1.0 * 2 + 3.5 * 3 - 4.0 * 4;
  EXPECT_NEAR((*y)[0].Values<float>()[0], expected, 1e-6);
  const auto gradients = trainer->GradientsOf(batch);
  ASSERT_TRUE(gradients) << gradients.error().ToString();
  const double dy = 2 * (expected - 1);
  const double weights[] = {dy * 1, dy * 2, 0, 0};
  for (size_t i = 0; i < 4; ++i) EXPECT_NEAR((*gradients)[0].tensor.Values<float>()[i], weights[i], 1e-4);
  const double scale = dy * (1 * (1 - 0.52) + 2 * (-2 + 1.8) + 3 * 7 - 4 * 8) / std::sqrt(4.0 * 7);
  EXPECT_NEAR((*gradients)[1].tensor.Values<float>()[0], scale, 1e-3);
}

TEST(TorchTrainer, StepsLowerTheLossAndTheSameStepsGiveTheSameBits) {
  TW_REQUIRE_TORCH();
  const OnnxModel model = TinyNet(kNets[0]);
  const auto parameters = TrainableParameters(model, {});
  const TrainBatch batch{.feeds = {{"image", RandomTensor({16, 3, 8, 8}, 1)}}, .labels = {0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0}};
  for (const OptimizerKind kind : {OptimizerKind::kSgd, OptimizerKind::kAdam}) {
    std::vector<std::vector<NamedTensor>> weights;
    for (int run = 0; run < 2; ++run) {
      const auto trainer = Opened({.model = model, .parameters = *parameters, .losses = {{.output = "y"}}, .optimizer = kind});
      double first = 0, last = 0;
      for (int step = 0; step < 40; ++step) {
        const auto loss = trainer->Step(batch, 0.02);
        ASSERT_TRUE(loss) << loss.error().ToString();
        (step == 0 ? first : last) = loss->at(0);
      }
      EXPECT_LT(last, 0.7 * first);
      weights.push_back(trainer->Weights());
    }
    for (size_t i = 0; i < weights[0].size(); ++i) EXPECT_EQ(weights[0][i].tensor.data, weights[1][i].tensor.data) << weights[0][i].name;
  }
}

// Of parameters that are not named nothing changes, statistics of norms included.
TEST(TorchTrainer, WhatDoesNotTrainStaysAndNormsThatTrainLearnTheirStatistics) {
  TW_REQUIRE_TORCH();
  const OnnxModel model = TinyNet(R"(
    local x = relu(bn(conv(input('image', 3, 8, 8), 6, 3), {name = 'frozen'}))
    output('y', linear(flatten(gap(bn(x, {name = 'moving'}))), 5, {name = 'l'})))");
  const auto trainer =
      Opened({.model = model, .parameters = {"moving.weight", "moving.bias", "l.weight", "l.bias"}, .losses = {{.output = "y"}}});
  const TrainBatch batch{.feeds = {{"image", RandomTensor({8, 3, 8, 8}, 1)}}, .labels = {0, 1, 2, 3, 4, 0, 1, 2}};
  ASSERT_TRUE(trainer->LossOf(batch));
  const auto untouched = trainer->Weights();
  for (const NamedTensor& w : untouched) {
    const OnnxTensor* t = model.graph.FindInitializer(w.name);
    ASSERT_TRUE(t) << w.name;
    EXPECT_TRUE(std::equal(t->data.begin(), t->data.end(), w.tensor.data.begin())) << w.name << " after a look at the loss";
  }
  ASSERT_TRUE(trainer->Step(batch, 0.1));
  std::vector<std::string> changed;
  for (const NamedTensor& w : trainer->Weights()) {
    const OnnxTensor* t = model.graph.FindInitializer(w.name);
    if (!std::equal(t->data.begin(), t->data.end(), w.tensor.data.begin())) changed.push_back(w.name);
  }
  EXPECT_THAT(changed, testing::UnorderedElementsAre("moving.weight", "moving.bias", "l.weight", "l.bias", "moving.running_mean",
                                                     "moving.running_var"));
  // 0.9 of the old mean and 0.1 of the batch's.
  const std::vector<NamedTensor> feeds{{"image", batch.feeds[0].tensor}};
  const auto before = Opened({.model = model, .losses = {{.output = "y"}}})->Forward(feeds, {"Relu_2"});
  ASSERT_TRUE(before) << before.error().ToString();
  const auto x = (*before)[0].Values<float>();
  for (const NamedTensor& w : trainer->Weights()) {
    if (w.name != "moving.running_mean") continue;
    for (int64_t c = 0; c < 6; ++c) {
      double mean = 0;
      for (int64_t n = 0; n < 8; ++n) {
        for (int64_t p = 0; p < 64; ++p) mean += x[static_cast<size_t>((n * 6 + c) * 64 + p)] / (8 * 64.0);
      }
      const double old = model.graph.FindInitializer(w.name)->At<float>(c);
      EXPECT_NEAR(w.tensor.Values<float>()[static_cast<size_t>(c)], 0.9 * old + 0.1 * mean, 1e-4);
    }
  }
}

TEST(TorchTrainer, WhatItCannotTrainIsNamed) {
  TW_REQUIRE_TORCH();
  OnnxModel model = TinyNet(kNets[3]);
  model.graph.nodes[2].op_type = "LpPool";
  const auto unknown = OpenTorchTrainer({.model = model, .losses = {{.output = "y"}}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code(), StatusCode::kUnsupported);
  EXPECT_THAT(unknown.error().ToString(), HasSubstr("Sigmoid_2' (LpPool)"));
  model = TinyNet(kNets[3]);
  EXPECT_THAT(OpenTorchTrainer({.model = model, .parameters = {"nothing"}, .losses = {{.output = "y"}}}).error().ToString(),
              HasSubstr("'nothing'"));
  EXPECT_THAT(OpenTorchTrainer({.model = model, .losses = {{.output = "z"}}}).error().ToString(), HasSubstr("no value 'z'"));
  EXPECT_FALSE(OpenTorchTrainer({.model = model}));
  EXPECT_FALSE(OpenTorchTrainer({.model = model, .losses = {{.kind = LossKind::kMatch, .output = "y"}}}));
  const auto trainer = Opened({.model = model, .losses = {{.output = "y"}}});
  const auto missing = trainer->LossOf({.feeds = {}, .labels = {0}});
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().ToString(), HasSubstr("'image'"));
  // What LibTorch itself refuses comes back as an error, too.
  const std::vector<NamedTensor> feeds{{"image", RandomTensor({1, 2, 8, 8}, 1)}};
  const auto wrong = trainer->Forward(feeds, {"y"});
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message(), HasSubstr("LibTorch failed"));
}

}  // namespace
}  // namespace tradewind
