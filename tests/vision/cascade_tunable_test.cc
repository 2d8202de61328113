// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Cascades, and what asks them how sure they are (certainty.cc, picture_session.cc).
#include "vision/cascade_tunable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "formats/onnx.h"
#include "graph/net_script.h"
#include "vision/certainty.h"
#include "vision/image.h"
#include "vision/picture_set.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

TEST(Certainty, AgreesWithItsFormulas) {
  const std::vector<float> logits = {1, 2, 4};
  const double sum = std::exp(1.0) + std::exp(2.0) + std::exp(4.0);
  EXPECT_NEAR(CertaintyOf(Certainty::kEnergy, logits, false), std::log(sum), 1e-6);
  EXPECT_NEAR(CertaintyOf(Certainty::kConfidence, logits, false), std::exp(4.0) / sum, 1e-6);
  double entropy = 0;
  for (const double x : {1.0, 2.0, 4.0}) entropy -= std::exp(x) / sum * std::log2(std::exp(x) / sum);
  EXPECT_NEAR(CertaintyOf(Certainty::kEntropy, logits, false), -entropy, 1e-6);
  const std::vector<float> shares = {0.5f, 0.25f, 0.25f};
  EXPECT_NEAR(CertaintyOf(Certainty::kEntropy, shares, true), -1.5, 1e-6);
  EXPECT_EQ(CertaintyOf(Certainty::kConfidence, shares, true), 0.5f);
}

// Two nets over red, green and blue pictures: the light one sees no blue, the heavy one all three.
class CascadeTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/cascade";
    std::filesystem::remove_all(folder_);
    for (const auto& [name, color] : {std::pair{"red", kRed}, {"green", kGreen}, {"blue", kBlue}}) {
      std::filesystem::create_directories(folder_ + "/" + name);
      ASSERT_TRUE(WriteImage(folder_ + "/" + name + "/0.png", Image::Make(8, 8, color)));
    }
    Write("light", "output('scores', flatten(pad_channels(gap(slice(input('image', 3, 8, 8), 0, 0, 2)), 0, 1)))");
    Write("heavy", "output('scores', flatten(gap(relu(input('image', 3, 8, 8)))))");
  }
  void Write(const std::string& name, const std::string& script) {
    const auto net = RunNetScript(script, name, {}, *RandomWeightSource(1));
    ASSERT_TRUE(net) << net.error().ToString();
    const auto bytes = WriteOnnx(*net);
    ASSERT_TRUE(bytes);
    std::ofstream(Path(name), std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes->data()), static_cast<std::streamsize>(bytes->size()));
    std::ofstream(Path(name) + ".card.yaml") << "name: colors\nlabels: [red, green, blue]\ninput: {deviation: 255}\n";
  }
  std::string Path(const std::string& name) const { return folder_ + "/" + name + ".onnx"; }
  // top1, latency_ms, deferred, certainty of a picture.
  static std::vector<Measurement> Ask(Instance& instance, const std::string& sample, double enough, const std::string& certainty) {
    Setting setting;
    setting.Set("enough", enough);
    setting.Set("certainty", certainty);
    const auto session = instance.Start({.setting = setting});
    EXPECT_TRUE(session) << session.error().ToString();
    EXPECT_TRUE((*session)->Push({{}, SampleRef{sample}}));
    const auto event = (*session)->Next();
    EXPECT_TRUE(event) << event.error().ToString();
    return std::get<Reading>(event->body).measurements;
  }
  std::string folder_;
};

TEST_F(CascadeTest, TheHeavyNetIsAskedWhereTheLightOneIsNotSure) {
  auto cascade = CascadeTunable::Make(Path("light"), Path("heavy"));
  ASSERT_TRUE(cascade) << cascade.error().ToString();
  const auto instance = (*cascade)->Open({}, {});
  ASSERT_TRUE(instance) << instance.error().ToString();
  ASSERT_TRUE((*instance)->Warm());
  const std::string blue = folder_ + "/blue/0.png#2", red = folder_ + "/red/0.png#0";
  for (const char* kind : {"energy", "confidence", "entropy"}) {
    EXPECT_EQ(Ask(**instance, blue, -1000, kind)[0].value, 0) << "the light net alone sees no blue";
    EXPECT_EQ(Ask(**instance, blue, -1000, kind)[2].value, 0);
    EXPECT_EQ(Ask(**instance, blue, 1000, kind)[0].value, 1) << "the heavy net does";
    EXPECT_EQ(Ask(**instance, blue, 1000, kind)[2].value, 1);
    // Between the two: red is surer than blue.
    const double sure_of_red = Ask(**instance, red, 0, kind)[3].value, sure_of_blue = Ask(**instance, blue, 0, kind)[3].value;
    ASSERT_GT(sure_of_red, sure_of_blue) << kind;
    const double enough = (sure_of_red + sure_of_blue) / 2;
    EXPECT_EQ(Ask(**instance, red, enough, kind)[2].value, 0) << kind;
    EXPECT_EQ(Ask(**instance, red, enough, kind)[0].value, 1) << kind;
    EXPECT_EQ(Ask(**instance, blue, enough, kind)[2].value, 1) << kind;
    EXPECT_EQ(Ask(**instance, blue, enough, kind)[0].value, 1) << kind;
  }
}

TEST_F(CascadeTest, NetsOfOtherClassesAreNoCascade) {
  std::ofstream(Path("heavy") + ".card.yaml") << "name: animals\nlabels: [cat, dog]\n";
  EXPECT_THAT(CascadeTunable::Make(Path("light"), Path("heavy")).error().ToString(), HasSubstr("other classes"));
  std::ofstream(Path("heavy") + ".card.yaml") << "name: boxes\ntask: segment\nlabels: [red, green, blue]\n";
  EXPECT_THAT(CascadeTunable::Make(Path("light"), Path("heavy")).error().ToString(), HasSubstr("classifiers"));
  std::ofstream(Path("heavy") + ".card.yaml") << "name: colors\nlabels: [red, green, blue]\n";
  std::ofstream(Path("light") + ".card.yaml") << "name: colors\nlabels: [red, green, blue]\nprobabilities: true\n";
  auto cascade = CascadeTunable::Make(Path("light"), Path("heavy"));
  ASSERT_TRUE(cascade);
  const auto instance = (*cascade)->Open({}, {});
  EXPECT_EQ((*instance)->Start({}).error().code(), StatusCode::kUnsupported) << "no energy of probabilities";
  Setting unknown;
  unknown.Set("enough", 2000.0);
  EXPECT_FALSE((*cascade)->Resolve(unknown));
}

}  // namespace
}  // namespace tradewind
