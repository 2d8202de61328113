// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The nets of data/nets have as many parameters as timm's table says of those that it trained under these names (model_metadata and
// results-imagenet.csv, column param_count, in millions), and their pictures end in as many classes.
#include "graph/net_library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace tradewind {
namespace {

struct Known {
  const char* timm;
  const char* net;
  std::map<std::string, double> parameters;
  double millions;
};
std::vector<Known> KnownNets() {
  const std::map<std::string, double> basic18 = {{"blocks1", 2}, {"blocks2", 2}, {"blocks3", 2}, {"blocks4", 2}, {"bottleneck", 0}};
  std::map<std::string, double> basic18d = basic18;
  basic18d["d"] = 1;
  return {
      {"resnet18", "resnet", basic18, 11.69},
      {"resnet18d", "resnet", basic18d, 11.71},
      {"resnet34", "resnet", {{"bottleneck", 0}}, 21.80},
      {"resnet50", "resnet", {}, 25.56},
      {"resnet50d", "resnet", {{"d", 1}}, 25.58},
      {"resnext50_32x4d", "resnet", {{"groups", 32}, {"base_width", 4}}, 25.03},
      {"mobilenetv2_050", "mobilenet_v2", {{"width", 0.5}}, 1.97},
      {"mobilenetv2_100", "mobilenet_v2", {}, 3.50},
      {"mobilenetv2_140", "mobilenet_v2", {{"width", 1.4}}, 6.11},
      {"mobilenetv2_110d", "mobilenet_v2", {{"width", 1.1}, {"depth", 1.2}, {"fixed", 1}}, 4.52},
      {"mobilenetv2_120d", "mobilenet_v2", {{"width", 1.2}, {"depth", 1.4}, {"fixed", 1}}, 5.83},
      {"mobilenetv3_large_100", "mobilenet_v3", {}, 5.48},
      {"mobilenetv3_small_100", "mobilenet_v3", {{"small", 1}}, 2.54},
      {"mobilenetv3_small_075", "mobilenet_v3", {{"small", 1}, {"width", 0.75}}, 2.04},
      {"mobilenetv3_small_050", "mobilenet_v3", {{"small", 1}, {"width", 0.5}}, 1.59},
      {"efficientnet_b0", "efficientnet", {}, 5.29},
      {"efficientnet_b1", "efficientnet", {{"depth", 1.1}}, 7.79},
      {"efficientnet_b2", "efficientnet", {{"width", 1.1}, {"depth", 1.2}}, 9.11},
      {"efficientnet_b3", "efficientnet", {{"width", 1.2}, {"depth", 1.4}}, 12.23},
      {"efficientnet_lite0", "efficientnet", {{"lite", 1}}, 4.65},
      {"tf_efficientnet_lite1", "efficientnet", {{"lite", 1}, {"depth", 1.1}}, 5.42},
      {"tf_efficientnet_lite2", "efficientnet", {{"lite", 1}, {"width", 1.1}, {"depth", 1.2}}, 6.09},
      {"tf_efficientnet_lite3", "efficientnet", {{"lite", 1}, {"width", 1.2}, {"depth", 1.4}}, 8.20},
      {"tf_efficientnet_lite4", "efficientnet", {{"lite", 1}, {"width", 1.4}, {"depth", 1.8}}, 13.01},
      {"mnasnet_100", "mnasnet", {}, 4.38},
      {"semnasnet_075", "mnasnet", {{"excite", 1}, {"width", 0.75}}, 2.91},
      {"semnasnet_100", "mnasnet", {{"excite", 1}}, 3.89},
      {"lcnet_050", "lcnet", {{"width", 0.5}}, 1.88},
      {"lcnet_075", "lcnet", {{"width", 0.75}}, 2.36},
      {"lcnet_100", "lcnet", {}, 2.95},
      {"regnetx_002", "regnet", {}, 2.68},
      {"regnetx_004", "regnet", {{"wa", 24.48}, {"wm", 2.54}, {"group_width", 16}, {"depth", 22}}, 5.16},
      {"regnetx_006", "regnet", {{"w0", 48}, {"wa", 36.97}, {"wm", 2.24}, {"group_width", 24}, {"depth", 16}}, 6.20},
      {"regnetx_008", "regnet", {{"w0", 56}, {"wa", 35.73}, {"wm", 2.28}, {"group_width", 16}, {"depth", 16}}, 7.26},
      {"regnetx_016", "regnet", {{"w0", 80}, {"wa", 34.01}, {"wm", 2.25}, {"group_width", 24}, {"depth", 18}}, 9.19},
      {"regnetx_032", "regnet", {{"w0", 88}, {"wa", 26.31}, {"wm", 2.25}, {"group_width", 48}, {"depth", 25}}, 15.30},
      {"regnety_002", "regnet", {{"excite", 1}}, 3.16},
      {"regnety_004", "regnet", {{"excite", 1}, {"w0", 48}, {"wa", 27.89}, {"wm", 2.09}, {"depth", 16}}, 4.34},
      {"regnety_006", "regnet", {{"excite", 1}, {"w0", 48}, {"wa", 32.54}, {"wm", 2.32}, {"group_width", 16}, {"depth", 15}}, 6.06},
      {"regnety_008", "regnet", {{"excite", 1}, {"w0", 56}, {"wa", 38.84}, {"wm", 2.4}, {"group_width", 16}, {"depth", 14}}, 6.26},
      {"regnety_016", "regnet", {{"excite", 1}, {"w0", 48}, {"wa", 20.71}, {"wm", 2.65}, {"group_width", 24}, {"depth", 27}}, 11.20},
      {"regnety_032", "regnet", {{"excite", 1}, {"w0", 80}, {"wa", 42.63}, {"wm", 2.66}, {"group_width", 24}, {"depth", 21}}, 19.44},
      {"resnest14d", "resnest", {{"blocks1", 1}, {"blocks2", 1}, {"blocks3", 1}, {"blocks4", 1}}, 10.61},
      {"resnest26d", "resnest", {{"blocks1", 2}, {"blocks2", 2}, {"blocks3", 2}, {"blocks4", 2}}, 17.07},
      {"resnest50d", "resnest", {}, 27.48},
  };
}

// Zeros, so that forty nets take no time to draw; counted as timm counts: what is trained, so no running means and variances.
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

TEST(NetLibrary, NetsHaveTheParametersOfTheirNames) {
  for (const Known& k : KnownNets()) {
    Counting weights;
    const auto model = BuildNet(k.net, k.parameters, weights);
    ASSERT_TRUE(model) << k.timm << ": " << model.error().ToString();
    EXPECT_NEAR(static_cast<double>(weights.trained()) / 1e6, k.millions, 0.0051) << k.timm;
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
