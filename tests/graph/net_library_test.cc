// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The nets of data/nets have as many parameters, and take as much work, as timm's tables say of those that it trained under these names:
// those of results/benchmark-infer-*.csv, of deployed nets (RepVGG and its like) the newest, where their branches are one convolution.
#include "graph/net_library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <numeric>

namespace tradewind {
namespace {

struct Known {
  const char* timm;
  int resolution;
  const char* net;
  std::map<std::string, double> parameters;
  double millions, gmacs, macts;  // parameters, multiplications with additions, values that convolutions and products give
};
// clang-format off
const Known kKnownNets[] = {
    {"resnet18", 224, "resnet", {{"blocks1", 2}, {"blocks2", 2}, {"blocks3", 2}, {"blocks4", 2}, {"bottleneck", 0}}, 11.69, 1.82, 2.48},
    {"resnet18d", 224, "resnet", {{"blocks1", 2}, {"blocks2", 2}, {"blocks3", 2}, {"blocks4", 2}, {"bottleneck", 0}, {"d", 1}}, 11.71, 2.06, 3.29},
    {"resnet34", 224, "resnet", {{"bottleneck", 0}}, 21.8, 3.67, 3.74},
    {"resnet50", 224, "resnet", {}, 25.56, 4.11, 11.11},
    {"resnet50d", 224, "resnet", {{"d", 1}}, 25.58, 4.35, 11.92},
    {"resnet101", 224, "resnet", {{"blocks3", 23}}, 44.55, 7.83, 16.23},
    {"resnet101d", 256, "resnet", {{"blocks3", 23}, {"d", 1}}, 44.57, 10.55, 22.25},
    {"resnet152", 224, "resnet", {{"blocks2", 8}, {"blocks3", 36}}, 60.19, 11.56, 22.56},
    {"resnext50_32x4d", 224, "resnet", {{"groups", 32}, {"base_width", 4}}, 25.03, 4.26, 14.4},
    {"mobilenetv1_100", 224, "mobilenet_v1", {}, 4.23, 0.58, 5.04},
    {"mobilenetv1_125", 224, "mobilenet_v1", {{"width", 1.25}}, 6.27, 0.89, 6.3},
    {"mobilenetv2_050", 224, "mobilenet_v2", {{"width", 0.5}}, 1.97, 0.1, 3.64},
    {"mobilenetv2_100", 224, "mobilenet_v2", {}, 3.5, 0.31, 6.68},
    {"mobilenetv2_140", 224, "mobilenet_v2", {{"width", 1.4}}, 6.11, 0.6, 9.57},
    {"mobilenetv2_110d", 224, "mobilenet_v2", {{"width", 1.1}, {"depth", 1.2}, {"fixed", 1}}, 4.52, 0.45, 8.71},
    {"mobilenetv2_120d", 224, "mobilenet_v2", {{"width", 1.2}, {"depth", 1.4}, {"fixed", 1}}, 5.83, 0.69, 11.97},
    {"mobilenetv3_large_100", 224, "mobilenet_v3", {}, 5.48, 0.23, 4.41},
    {"mobilenetv3_small_100", 224, "mobilenet_v3", {{"small", 1}}, 2.54, 0.06, 1.42},
    {"mobilenetv3_small_075", 224, "mobilenet_v3", {{"small", 1}, {"width", 0.75}}, 2.04, 0.05, 1.3},
    {"mobilenetv3_small_050", 224, "mobilenet_v3", {{"small", 1}, {"width", 0.5}}, 1.59, 0.03, 0.92},
    {"mobilenetv4_conv_small_050", 224, "mobilenet_v4", {{"width", 0.5}}, 2.24, 0.07, 1.18},
    {"mobilenetv4_conv_small", 224, "mobilenet_v4", {}, 3.77, 0.19, 1.97},
    {"mobilenetv4_conv_medium", 224, "mobilenet_v4", {{"size", 1}}, 9.72, 0.84, 5.8},
    {"efficientnet_b0", 224, "efficientnet", {}, 5.29, 0.4, 6.75},
    {"efficientnet_b1", 224, "efficientnet", {{"depth", 1.1}}, 7.79, 0.59, 9.36},
    {"efficientnet_b2", 256, "efficientnet", {{"width", 1.1}, {"depth", 1.2}}, 9.11, 0.89, 12.81},
    {"efficientnet_b3", 288, "efficientnet", {{"width", 1.2}, {"depth", 1.4}}, 12.23, 1.63, 21.49},
    {"efficientnet_b4", 320, "efficientnet", {{"width", 1.4}, {"depth", 1.8}}, 19.34, 3.13, 34.76},
    {"tf_efficientnet_b0", 224, "efficientnet", {}, 5.29, 0.4, 6.75},
    {"tf_efficientnet_b1", 240, "efficientnet", {{"depth", 1.1}}, 7.79, 0.71, 10.88},
    {"tf_efficientnet_b2", 260, "efficientnet", {{"width", 1.1}, {"depth", 1.2}}, 9.11, 1.02, 13.83},
    {"tf_efficientnet_b3", 300, "efficientnet", {{"width", 1.2}, {"depth", 1.4}}, 12.23, 1.87, 23.83},
    {"tf_efficientnet_b4", 380, "efficientnet", {{"width", 1.4}, {"depth", 1.8}}, 19.34, 4.49, 49.49},
    {"tf_efficientnet_b5", 456, "efficientnet", {{"width", 1.6}, {"depth", 2.2}}, 30.39, 10.46, 98.86},
    {"efficientnet_lite0", 224, "efficientnet", {{"lite", 1}}, 4.65, 0.4, 6.74},
    {"tf_efficientnet_lite1", 240, "efficientnet", {{"lite", 1}, {"depth", 1.1}}, 5.42, 0.62, 10.14},
    {"tf_efficientnet_lite2", 260, "efficientnet", {{"lite", 1}, {"width", 1.1}, {"depth", 1.2}}, 6.09, 0.89, 12.9},
    {"tf_efficientnet_lite3", 300, "efficientnet", {{"lite", 1}, {"width", 1.2}, {"depth", 1.4}}, 8.2, 1.65, 21.85},
    {"tf_efficientnet_lite4", 380, "efficientnet", {{"lite", 1}, {"width", 1.4}, {"depth", 1.8}}, 13.01, 4.04, 45.66},
    {"tinynet_a", 192, "efficientnet", {{"tiny", 1}, {"depth", 1.2}}, 6.19, 0.35, 5.41},
    {"tinynet_b", 188, "efficientnet", {{"tiny", 1}, {"width", 0.75}, {"depth", 1.1}}, 3.73, 0.21, 4.44},
    {"tinynet_c", 184, "efficientnet", {{"tiny", 1}, {"width", 0.54}, {"depth", 0.85}}, 2.46, 0.11, 2.87},
    {"tinynet_d", 152, "efficientnet", {{"tiny", 1}, {"width", 0.54}, {"depth", 0.695}}, 2.34, 0.05, 1.42},
    {"tinynet_e", 106, "efficientnet", {{"tiny", 1}, {"width", 0.51}, {"depth", 0.6}}, 2.04, 0.03, 0.69},
    {"mnasnet_100", 224, "mnasnet", {}, 4.38, 0.33, 5.46},
    {"semnasnet_075", 224, "mnasnet", {{"excite", 1}, {"width", 0.75}}, 2.91, 0.23, 5.54},
    {"semnasnet_100", 224, "mnasnet", {{"excite", 1}}, 3.89, 0.32, 6.23},
    {"fbnetc_100", 224, "fbnet", {}, 5.57, 0.4, 6.51},
    {"fbnetv3_b", 224, "fbnet_v3", {}, 8.6, 0.42, 6.97},
    {"fbnetv3_d", 224, "fbnet_v3", {{"size", 1}}, 10.31, 0.52, 8.5},
    {"fbnetv3_g", 240, "fbnet_v3", {{"size", 2}}, 16.62, 1.28, 14.87},
    {"ghostnet_100", 224, "ghostnet", {}, 5.18, 0.15, 3.55},
    {"lcnet_050", 224, "lcnet", {{"width", 0.5}}, 1.88, 0.05, 1.26},
    {"lcnet_075", 224, "lcnet", {{"width", 0.75}}, 2.36, 0.1, 1.99},
    {"lcnet_100", 224, "lcnet", {}, 2.95, 0.16, 2.52},
    {"regnetx_002", 224, "regnet", {}, 2.68, 0.2, 2.16},
    {"regnetx_004", 224, "regnet", {{"wa", 24.48}, {"wm", 2.54}, {"group_width", 16}, {"depth", 22}}, 5.16, 0.4, 3.14},
    {"regnetx_006", 224, "regnet", {{"w0", 48}, {"wa", 36.97}, {"wm", 2.24}, {"group_width", 24}, {"depth", 16}}, 6.2, 0.61, 3.98},
    {"regnetx_008", 224, "regnet", {{"w0", 56}, {"wa", 35.73}, {"wm", 2.28}, {"group_width", 16}, {"depth", 16}}, 7.26, 0.81, 5.15},
    {"regnetx_016", 224, "regnet", {{"w0", 80}, {"wa", 34.01}, {"wm", 2.25}, {"group_width", 24}, {"depth", 18}}, 9.19, 1.62, 7.93},
    {"regnetx_032", 224, "regnet", {{"w0", 88}, {"wa", 26.31}, {"wm", 2.25}, {"group_width", 48}, {"depth", 25}}, 15.3, 3.2, 11.37},
    {"regnety_002", 224, "regnet", {{"excite", 1}}, 3.16, 0.2, 2.17},
    {"regnety_004", 224, "regnet", {{"excite", 1}, {"w0", 48}, {"wa", 27.89}, {"wm", 2.09}, {"depth", 16}}, 4.34, 0.41, 3.89},
    {"regnety_006", 224, "regnet", {{"excite", 1}, {"w0", 48}, {"wa", 32.54}, {"wm", 2.32}, {"group_width", 16}, {"depth", 15}}, 6.06, 0.61, 4.33},
    {"regnety_008", 224, "regnet", {{"excite", 1}, {"w0", 56}, {"wa", 38.84}, {"wm", 2.4}, {"group_width", 16}, {"depth", 14}}, 6.26, 0.81, 5.25},
    {"regnety_016", 224, "regnet", {{"excite", 1}, {"w0", 48}, {"wa", 20.71}, {"wm", 2.65}, {"group_width", 24}, {"depth", 27}}, 11.2, 1.63, 8.04},
    {"regnety_032", 224, "regnet", {{"excite", 1}, {"w0", 80}, {"wa", 42.63}, {"wm", 2.66}, {"group_width", 24}, {"depth", 21}}, 19.44, 3.2, 11.26},
    {"resnest14d", 224, "resnest", {{"blocks1", 1}, {"blocks2", 1}, {"blocks3", 1}, {"blocks4", 1}}, 10.61, 2.76, 7.33},
    {"resnest26d", 224, "resnest", {{"blocks1", 2}, {"blocks2", 2}, {"blocks3", 2}, {"blocks4", 2}}, 17.07, 3.64, 9.97},
    {"resnest50d", 224, "resnest", {}, 27.48, 5.4, 14.36},
    {"repvgg_a0", 224, "repvgg", {}, 8.31, 1.36, 1.79},
    {"repvgg_a1", 224, "repvgg", {{"a", 1}}, 12.79, 2.36, 2.37},
    {"repvgg_a2", 224, "repvgg", {{"a", 1.5}, {"b", 2.75}}, 25.5, 5.12, 3.13},
    {"repvgg_b0", 224, "repvgg", {{"a", 1}, {"blocks1", 4}, {"blocks2", 6}, {"blocks3", 16}, {"blocks4", 1}}, 14.34, 3.06, 3.07},
    {"mobileone_s0", 224, "mobileone", {}, 2.08, 0.28, 3.79},
    {"mobileone_s1", 224, "mobileone", {{"stem", 64}, {"width1", 96}, {"width2", 192}, {"width3", 512}, {"width4", 1280}}, 4.76, 0.83, 6.27},
    {"mobileone_s2", 224, "mobileone", {{"stem", 64}, {"width1", 96}, {"width2", 256}, {"width3", 640}, {"width4", 2048}}, 7.81, 1.3, 7.56},
    {"repvit_m0_9", 224, "repvit", {}, 5.07, 0.82, 6.17},
    {"repvit_m1_0", 224, "repvit", {{"width", 56}}, 6.81, 1.11, 7.19},
    {"repvit_m1_1", 224, "repvit", {{"width", 64}, {"blocks3", 12}}, 8.24, 1.34, 7.82},
    {"convnext_atto", 224, "convnext", {{"width", 40}, {"blocks1", 2}, {"blocks2", 2}, {"blocks3", 6}, {"blocks4", 2}}, 3.7, 0.55, 3.81},
    {"convnext_femto", 224, "convnext", {{"width", 48}, {"blocks1", 2}, {"blocks2", 2}, {"blocks3", 6}, {"blocks4", 2}}, 5.22, 0.79, 4.57},
    {"convnext_pico", 224, "convnext", {{"width", 64}, {"blocks1", 2}, {"blocks2", 2}, {"blocks3", 6}, {"blocks4", 2}}, 9.05, 1.37, 6.1},
    {"convnext_nano", 224, "convnext", {{"width", 80}, {"blocks1", 2}, {"blocks2", 2}, {"blocks3", 8}, {"blocks4", 2}}, 15.59, 2.46, 8.37},
    {"convnext_tiny", 224, "convnext", {}, 28.59, 4.47, 13.44},
    {"efficientformer_l1", 224, "efficientformer", {}, 12.29, 1.3, 5.53},
    {"efficientformer_l3", 224, "efficientformer", {{"width1", 64}, {"width2", 128}, {"width3", 320}, {"width4", 512}, {"blocks1", 4}, {"blocks2", 4}, {"blocks3", 12}, {"blocks4", 6}, {"attending", 4}}, 31.41, 3.93, 12.01},
    {"efficientformer_l7", 224, "efficientformer", {{"width1", 96}, {"width2", 192}, {"width3", 384}, {"width4", 768}, {"blocks1", 6}, {"blocks2", 6}, {"blocks3", 18}, {"blocks4", 8}, {"attending", 8}}, 82.23, 10.17, 24.45},
    {"efficientformerv2_s0", 224, "efficientformer_v2", {}, 3.6, 0.41, 5.3},
    {"efficientformerv2_s1", 224, "efficientformer_v2", {{"size", 1}}, 6.19, 0.67, 7.66},
    {"efficientformerv2_s2", 224, "efficientformer_v2", {{"size", 2}}, 12.71, 1.27, 11.77},
    {"nextvit_small", 224, "nextvit", {}, 31.74, 5.8, 18.44},
    {"nextvit_base", 224, "nextvit", {{"blocks3", 20}}, 44.79, 8.29, 23.71},
    {"swin_tiny_patch4_window7_224", 224, "swin", {}, 28.29, 4.51, 17.06},
    {"swin_small_patch4_window7_224", 224, "swin", {{"blocks3", 18}}, 49.61, 8.77, 27.47},
};
// clang-format on

// Zeros, so that ninety nets take no time to draw; counted as timm counts: what is trained, so no running means and variances.
class Counting : public WeightSource {
 public:
  Result<std::vector<float>> Get(const std::string&, const std::vector<int64_t>& dims, WeightKind kind, int64_t) override {
    int64_t count = 1;
    for (const int64_t d : dims) count *= d;
    if (kind != WeightKind::kMean && kind != WeightKind::kVariance) trained_ += count;
    return std::vector<float>(static_cast<size_t>(count));
  }
  int64_t trained() const { return trained_; }

 private:
  int64_t trained_ = 0;
};

int64_t CountIn(const std::vector<int64_t>& sides) {
  return std::accumulate(sides.begin(), sides.end(), int64_t{1}, std::multiplies<>());
}

// Counted as fvcore counts, whose numbers timm's benchmarks give: a batch norm is two a value, a layer norm five, a bilinear
// value four; activations, sums, means and softmax are none.
struct Work {
  double macs = 0, norms = 0, acts = 0;
};
Work WorkOf(const OnnxModel& model) {
  std::map<std::string, std::vector<int64_t>> shapes;
  const auto note = [&](const OnnxValue& value) {
    for (const OnnxDimension& d : *value.shape) shapes[value.name].push_back(d.value.value_or(1));
  };
  for (const OnnxValue& value : model.graph.inputs) note(value);
  for (const OnnxValue& value : model.graph.values) note(value);
  for (const OnnxTensor& tensor : model.graph.initializers) shapes[tensor.name] = tensor.dims;
  Work work;
  for (const OnnxNode& node : model.graph.nodes) {
    const auto in = [&](size_t i) { return shapes[node.inputs[i]]; };
    const auto out = static_cast<double>(CountIn(shapes[node.outputs[0]]));
    double terms = 0;  // of each sum
    if (node.op_type == "Conv") terms = static_cast<double>(CountIn(in(1)) / in(1)[0]);
    if (node.op_type == "Gemm" || node.op_type == "MatMul") terms = static_cast<double>(in(0).back());
    work.macs += terms * out;
    work.acts += terms > 0 ? out : 0;
    if (node.op_type == "BatchNormalization") work.norms += 2 * out;
    if (node.op_type == "LayerNormalization") work.norms += 5 * out;
    if (node.op_type == "Resize") work.norms += 4 * out;
  }
  return work;
}

TEST(NetLibrary, NetsHaveTheParametersAndTheWorkOfTheirNames) {
  for (const Known& k : kKnownNets) {
    Counting weights;
    std::map<std::string, double> parameters = k.parameters;
    parameters["resolution"] = k.resolution;
    const auto model = BuildNet(k.net, parameters, weights);
    ASSERT_TRUE(model) << k.timm << ": " << model.error().ToString();
    EXPECT_NEAR(static_cast<double>(weights.trained()) / 1e6, k.millions, 0.0051) << k.timm;
    const Work work = WorkOf(*model);
    EXPECT_NEAR((work.macs + work.norms) / 1e9, k.gmacs, 0.0051 + 0.002 * k.gmacs) << k.timm;
    EXPECT_NEAR(work.acts / 1e6, k.macts, 0.0051 + 0.002 * k.macts) << k.timm;
    ASSERT_EQ(model->graph.outputs.size(), 1u);
    EXPECT_EQ((*model->graph.outputs[0].shape)[1].value, 1000) << k.timm;
  }
}

// Split attention by one convolution or by one for each split: the same count of weights.
TEST(NetLibrary, TheSplitsOfResnestCanBeConvolutionsOfTheirOwn) {
  Counting fused, apart;
  ASSERT_TRUE(BuildNet("resnest", {}, fused));
  ASSERT_TRUE(BuildNet("resnest", {{"fused", 0}}, apart));
  EXPECT_EQ(apart.trained(), fused.trained());
}

TEST(NetLibrary, AnUnknownNetIsToldWhatThereIs) {
  Counting weights;
  const auto model = BuildNet("resnat", {}, weights);
  ASSERT_FALSE(model);
  EXPECT_EQ(model.error().code(), StatusCode::kNotFound);
  EXPECT_THAT(model.error().message(), testing::HasSubstr("resnet"));
  EXPECT_THAT(NetNames(), testing::Not(testing::Contains("blocks")));
}

}  // namespace
}  // namespace tradewind
