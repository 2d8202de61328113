// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Spiking nets: single neurons by their closed form, layers against a simulation in double, whole nets against the nets that they were made
// of. Tests activation_histogram.cc and native/ops/integrate_fire.cc, too.
#include "graph/spiking.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "graph/activation_histogram.h"
#include "graph/backend.h"
#include "graph/native/from_onnx.h"
#include "graph/net_library.h"
#include "graph/net_script.h"
#include "shared_data.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

OnnxModel DescribedNet(const std::string& text) {
  const auto weights = RandomWeightSource(3);
  auto model = RunNetScript(text, "net.lua", {}, *weights);
  EXPECT_TRUE(model) << model.error().ToString();
  return *std::move(model);
}

std::vector<Tensor> NoisePictures(size_t count, int64_t side, uint64_t seed) {
  std::vector<Tensor> pictures;
  Random random(seed);
  for (size_t i = 0; i < count; ++i) {
    Tensor& t = pictures.emplace_back(Tensor::Of<float>({1, 3, side, side}));
    for (float& v : t.Values<float>()) v = static_cast<float>(random.Normal());
  }
  return pictures;
}

std::unique_ptr<SpikingNet> OpenSteps(const OnnxModel& spiking, int threads = 1) {
  auto net = SpikingNet::Open(spiking, threads);
  EXPECT_TRUE(net) << net.error().ToString();
  return std::move(*net);
}

std::vector<float> LogitsAfter(SpikingNet& net, const Tensor& picture, int64_t steps) {
  net.Begin(picture);
  while (net.steps() < steps) EXPECT_TRUE(net.Step());
  return {net.logits().begin(), net.logits().end()};
}

std::vector<float> NumbersOfNet(const OnnxModel& model, const Tensor& picture) {
  const auto runner = OpenGraph({.path = "net", .model = model}, {});
  const auto out = (*runner)->Run({&picture, 1});
  EXPECT_TRUE(out);
  const auto values = (*out)[0].Values<float>();
  return {values.begin(), values.end()};
}

// One layer of neurons alone: after T steps of a current c the count of spikes is floor(c T / threshold + start), at most T.
TEST(Spiking, ANeuronFiresAsItsClosedFormSays) {
  const OnnxModel model = DescribedNet("output('y', relu(input('image', 3, 4, 4)))");
  for (const double start : {0.0, 0.5}) {
    std::vector<Tensor> pictures = NoisePictures(1, 4, 5);
    auto values = pictures[0].Values<float>();
    for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i) / 32 - 0.25f;  // exact, from -0.25 to 1.21875
    const auto spiking = ToSpiking(model, pictures, {.rule = ThresholdRule::kMaximum, .start = start});
    ASSERT_TRUE(spiking) << spiking.error().ToString();
    const double threshold = 47.0 / 32 - 0.25;
    const auto net = OpenSteps(*spiking);
    for (float& v : values) v = std::min(v * 1.5f, 1.5f);  // some beyond the threshold
    for (const int64_t steps : {1, 2, 7, 100}) {
      const std::vector<float> rates = LogitsAfter(*net, pictures[0], steps);
      double all = 0;
      for (size_t i = 0; i < values.size(); ++i) {
        const auto t = static_cast<double>(steps);
        const double count = std::clamp(std::floor(static_cast<double>(values[i]) * t / threshold + start), 0.0, t);
        ASSERT_NEAR(rates[i], count * threshold / t, 1e-5) << "current " << values[i] << " after " << steps;
        all += count;
      }
      EXPECT_EQ(net->spikes(), all);
    }
    EXPECT_EQ(net->neurons(), 48);
  }
}

// A simulation of two layers, neuron by neuron, in double.
TEST(Spiking, LayersOfNeuronsPassSpikesOn) {
  const std::string text = R"(
    local x = relu(conv(input('image', 3, 5, 5), 4, 1, {bias = true}))
    output('y', relu(conv(x, 2, 1, {bias = true}))))";
  OnnxModel model = DescribedNet(text);
  const std::vector<Tensor> pictures = NoisePictures(3, 5, 6);
  const auto spiking = ToSpiking(model, pictures, {.rule = ThresholdRule::kPercentile, .percentile = 95, .by_channel = true, .start = 0.5});
  ASSERT_TRUE(spiking) << spiking.error().ToString();
  const auto constant = [&](size_t node, size_t input) -> const OnnxTensor& {
    return *spiking->graph.FindInitializer(spiking->graph.nodes[node].inputs[input]);
  };
  ASSERT_GE(spiking->graph.nodes.size(), 4u);
  const auto net = OpenSteps(*spiking);
  constexpr int64_t kSteps = 9;
  const std::vector<float> got = LogitsAfter(*net, pictures[1], kSteps);
  const auto picture = pictures[1].Values<float>();
  double spikes = 0;
  for (int64_t pixel = 0; pixel < 25; ++pixel) {
    std::vector<std::vector<double>> potentials{std::vector<double>(4), std::vector<double>(2)};
    for (size_t layer = 0; layer < 2; ++layer) {
      for (size_t c = 0; c < potentials[layer].size(); ++c)
        potentials[layer][c] = 0.5 * static_cast<double>(constant(2 * layer + 1, 1).At<float>(static_cast<int64_t>(c)));
    }
    std::vector<double> sums(2);
    for (int64_t step = 0; step < kSteps; ++step) {
      std::vector<double> in;
      for (int64_t c = 0; c < 3; ++c) in.push_back(static_cast<double>(picture[static_cast<size_t>(c * 25 + pixel)]));
      for (size_t layer = 0; layer < 2; ++layer) {
        std::vector<double> out;
        for (size_t c = 0; c < potentials[layer].size(); ++c) {
          const auto channel = static_cast<int64_t>(c);
          const auto width = static_cast<int64_t>(in.size());
          double current = static_cast<double>(constant(2 * layer, 2).At<float>(channel));
          for (int64_t k = 0; k < width; ++k)
            current += in[static_cast<size_t>(k)] * static_cast<double>(constant(2 * layer, 1).At<float>(channel * width + k));
          const auto threshold = static_cast<double>(constant(2 * layer + 1, 1).At<float>(channel));
          double& potential = potentials[layer][c];
          potential += current;
          out.push_back(potential >= threshold ? threshold : 0);
          potential -= out.back();
          spikes += out.back() > 0 ? 1 : 0;
        }
        in = out;
      }
      for (size_t c = 0; c < 2; ++c) sums[c] += in[c];
    }
    for (size_t c = 0; c < 2; ++c)
      ASSERT_NEAR(got[c * 25 + static_cast<size_t>(pixel)], sums[c] / kSteps, 1e-4) << "pixel " << pixel << " channel " << c;
  }
  EXPECT_EQ(net->spikes(), spikes);
}

TEST(Spiking, PicturesDoNotLeakIntoTheNext) {
  const OnnxModel model = DescribedNet(R"(
    local x = relu(bn(conv(input('image', 3, 9, 9), 8, 3)))
    x = relu(add(bn(conv(x, 8, 3)), x))
    output('logits', linear(flatten(gap(x)), 5)))");
  const std::vector<Tensor> pictures = NoisePictures(3, 9, 7);
  const auto spiking = ToSpiking(model, pictures, {});
  ASSERT_TRUE(spiking) << spiking.error().ToString();
  EXPECT_TRUE(IsSpiking(*spiking));
  EXPECT_FALSE(IsSpiking(model));
  const auto net = OpenSteps(*spiking), fresh = OpenSteps(*spiking, 2);
  LogitsAfter(*net, pictures[0], 20);
  EXPECT_EQ(LogitsAfter(*net, pictures[1], 8), LogitsAfter(*fresh, pictures[1], 8));
  EXPECT_EQ(net->spikes(), fresh->spikes());
  EXPECT_EQ(net->steps(), 8);
  // The file holds it all, and a runner of graphs runs it as a whole.
  const auto bytes = WriteOnnx(*spiking);
  ASSERT_TRUE(bytes);
  const auto read = ReadOnnxBytes(*bytes, "spiking.onnx");
  ASSERT_TRUE(read) << read.error().ToString();
  const auto runner = OpenGraph({.path = "spiking.onnx", .model = *read}, {.steps = 8});
  ASSERT_TRUE(runner) << runner.error().ToString();
  const auto whole = (*runner)->Run({&pictures[1], 1});
  ASSERT_TRUE(whole);
  const auto values = (*whole)[0].Values<float>();
  EXPECT_EQ(std::vector<float>(values.begin(), values.end()), LogitsAfter(*net, pictures[1], 8));
}

// Thresholds by their definitions, over all numbers that the rectifier gave.
TEST(Spiking, ThresholdsAreWhatTheRulesSay) {
  const OnnxModel model = DescribedNet("output('y', relu(input('image', 3, 40, 40)))");
  const std::vector<Tensor> pictures = NoisePictures(2, 40, 8);
  const auto thresholds = [&](const SpikingOptions& options) {
    const auto spiking = ToSpiking(model, pictures, options);
    EXPECT_TRUE(spiking) << spiking.error().ToString();
    const OnnxTensor& t = *spiking->graph.FindInitializer(spiking->graph.nodes[0].inputs[1]);
    std::vector<double> values;
    for (int64_t i = 0; i < t.values(); ++i) values.push_back(static_cast<double>(t.At<float>(i)));
    return values;
  };
  std::vector<std::vector<double>> seen(4);  // the channels, and all
  for (const Tensor& p : pictures) {
    const auto values = p.Values<float>();
    for (size_t i = 0; i < values.size(); ++i) {
      if (values[i] <= 0) continue;
      seen[i / 1600].push_back(static_cast<double>(values[i]));
      seen[3].push_back(static_cast<double>(values[i]));
    }
  }
  for (auto& s : seen) std::sort(s.begin(), s.end());
  const auto greatest = thresholds({.rule = ThresholdRule::kMaximum, .by_channel = true});
  const auto percentile = thresholds({.rule = ThresholdRule::kPercentile, .percentile = 90, .by_channel = true});
  ASSERT_EQ(greatest.size(), 3u);
  for (size_t c = 0; c < 3; ++c) {
    EXPECT_EQ(greatest[c], seen[c].back());
    EXPECT_NEAR(percentile[c], seen[c][seen[c].size() * 9 / 10], 0.01) << "a bin and the gap to the next number";
  }
  EXPECT_EQ(thresholds({.rule = ThresholdRule::kMaximum}), std::vector<double>{seen[3].back()});
  // The least error over all cuts, by brute force.
  const auto error = [&](double cut, double steps) {
    double sum = 0;
    for (const double x : seen[3]) {
      const double told = cut / steps * std::min(std::round(x * steps / cut), steps);
      sum += (x - told) * (x - told);
    }
    return sum;
  };
  for (const int64_t steps : {2, 8, 64}) {
    double least = INFINITY;
    for (double cut = 0.05; cut <= seen[3].back(); cut += 0.01) least = std::min(least, error(cut, static_cast<double>(steps)));
    const double found = thresholds({.rule = ThresholdRule::kLeastError, .steps = steps})[0];
    EXPECT_LT(error(found, static_cast<double>(steps)), 1.03 * least) << steps << " steps, cut " << found;
  }
}

TEST(Spiking, WhatCannotSpikeIsRefusedByName) {
  const auto refused = [](const std::string& text) {
    const auto spiking = ToSpiking(DescribedNet(text), NoisePictures(1, 8, 1), {});
    return spiking ? std::string() : spiking.error().ToString();
  };
  const std::string in = "local x = conv(input('image', 3, 8, 8), 4, 3)\n";
  EXPECT_THAT(refused(in + "output('y', maxpool(relu(x), 2))"), HasSubstr("MaxPool"));
  EXPECT_THAT(refused(in + "output('y', sigmoid(relu(x)))"), HasSubstr("Sigmoid"));
  EXPECT_THAT(refused(in + "output('y', x)"), HasSubstr("no rectifier"));
  const OnnxModel model = DescribedNet(in + "output('y', relu(x))");
  EXPECT_EQ(ToSpiking(model, {}, {}).error().code(), StatusCode::kInvalidInput);
  EXPECT_THAT(ToSpiking(model, NoisePictures(1, 8, 1), {.percentile = 0}).error().ToString(), HasSubstr("percentile"));
  EXPECT_THAT(ToSpiking(model, NoisePictures(1, 8, 1), {.start = 1}).error().ToString(), HasSubstr("start"));
  // Of a file that claims to spike.
  OnnxModel spiking = *ToSpiking(model, NoisePictures(1, 8, 1), {});
  spiking.graph.initializers.back() = OnnxTensor::Of(spiking.graph.initializers.back().name, {1}, std::vector<float>{-1.0f});
  EXPECT_THAT(SpikingNet::Open(spiking, 1).error().ToString(), HasSubstr("threshold"));
}

TEST(Spiking, ConversionsAreReadFromText) {
  const auto options = ParseSpikingOptions("least-error:16:channel:floor");
  ASSERT_TRUE(options);
  EXPECT_EQ(options->rule, ThresholdRule::kLeastError);
  EXPECT_EQ(options->steps, 16);
  EXPECT_TRUE(options->by_channel);
  EXPECT_EQ(options->start, 0);
  EXPECT_EQ(ParseSpikingOptions("percentile:99.5")->percentile, 99.5);
  EXPECT_EQ(ParseSpikingOptions("maximum")->rule, ThresholdRule::kMaximum);
  for (const char* wrong : {"", "most", "maximum:3", "percentile:x", "channel", "least-error:0"})
    EXPECT_FALSE(ParseSpikingOptions(wrong)) << wrong;
}

// The published ResNet-20: what the spikes tell comes ever nearer to what the net says. An error of a count of one in T falls as 1 / T.
TEST(Spiking, ARealNetIsApproachedAsStepsGoOn) {
  TW_REQUIRE_DATA(weights, SharedPath("assets/vision/pytorch_resnet_cifar10/pretrained_models/resnet20-12fca82f.th"));
  const auto file = TorchFile::Open(weights);
  ASSERT_TRUE(file);
  const auto model = BuildNet("cifar_resnet", {{"n", 3}}, *TorchWeightSource(*file, "state_dict.module."));
  ASSERT_TRUE(model) << model.error().ToString();
  const std::vector<Tensor> pictures = NoisePictures(2, 32, 9);
  const auto spiking = ToSpiking(*model, pictures, {.rule = ThresholdRule::kMaximum, .by_channel = true});
  ASSERT_TRUE(spiking) << spiking.error().ToString();
  const std::vector<float> truth = NumbersOfNet(*model, pictures[0]);
  const auto net = OpenSteps(*spiking);
  EXPECT_GT(net->neurons(), 180'000);
  net->Begin(pictures[0]);
  std::vector<double> errors;
  for (const int64_t steps : {32, 128, 512}) {
    while (net->steps() < steps) ASSERT_TRUE(net->Step());
    double sum = 0;
    for (size_t i = 0; i < truth.size(); ++i) sum += std::pow(static_cast<double>(net->logits()[i] - truth[i]), 2);
    errors.push_back(std::sqrt(sum));
  }
  EXPECT_LT(errors[1], errors[0] / 2);
  EXPECT_LT(errors[2], errors[1] / 2);
  EXPECT_GT(net->synaptic_operations(), 0);
}

}  // namespace
}  // namespace tradewind
