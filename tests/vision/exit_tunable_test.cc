// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Exits put into a published net (fit_exits.cc), and nets with exits as tunables.
#include "vision/exit_tunable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "formats/torch_file.h"
#include "graph/backend.h"
#include "graph/net_library.h"
#include "shared_data.h"
#include "vision/certainty.h"
#include "vision/fit_exits.h"
#include "vision/picture_set.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

OnnxModel ResNet20(const std::string& weights) {
  const auto file = TorchFile::Open(weights);
  EXPECT_TRUE(file);
  auto model = BuildNet("cifar_resnet", {}, *TorchWeightSource(*file, "state_dict.module."));
  EXPECT_TRUE(model) << model.error().ToString();
  return *std::move(model);
}

// Real weights and pictures: the whole net's numbers stay as they are, and the exits say what it says far more often than chance.
class FittedExitsTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const auto weights = SharedPath("assets/vision/pytorch_resnet_cifar10/pretrained_models/resnet20-12fca82f.th");
    const auto tar = SharedPath("assets/vision/cifar10/test.tar");
    if (!weights || !tar) return;
    const auto card = FindCard("cifar_resnet.onnx", "");
    ASSERT_TRUE(card);
    card_ = *card;
    plain_ = ResNet20(*weights);
    const auto pictures = LoadPictures("pictures:" + *tar + ",500", card_);
    ASSERT_TRUE(pictures);
    // By turns of all classes, whose folders come one after the other.
    for (size_t i = 0; i < 500; ++i) {
      const Sample& sample = pictures->recalled[i % 10 * 50 + i / 10];
      samples_.push_back(sample.id);
      const auto image = ReadPicture(ParseSampleId(sample.id));
      ASSERT_TRUE(image);
      images_.push_back(*image);
    }
    const auto with_exits = FitExits(plain_, card_, std::span(images_).first(400), {.most = 2, .threads = 2});
    ASSERT_TRUE(with_exits) << with_exits.error().ToString();
    model_ = *with_exits;
    path_ = testing::TempDir() + "/cifar_resnet_exits.onnx";
    const auto bytes = WriteOnnx(model_);
    ASSERT_TRUE(bytes);
    std::ofstream(path_, std::ios::binary).write(reinterpret_cast<const char*>(bytes->data()), static_cast<std::streamsize>(bytes->size()));
  }
  static void TearDownTestSuite() { std::filesystem::remove(path_); }
  void SetUp() override {
    if (path_.empty()) GTEST_SKIP() << "absent: CIFAR-10 and its nets";
  }

  // top1, latency_ms, exit of a picture.
  std::vector<Measurement> Ask(Instance& instance, const std::string& sample, double first, double second) const {
    Setting setting;
    setting.Set("exit.0.threshold", first);
    setting.Set("exit.1.threshold", second);
    const auto session = instance.Start({.setting = setting});
    EXPECT_TRUE(session) << session.error().ToString();
    EXPECT_TRUE((*session)->Push({{}, SampleRef{sample}}));
    const auto event = (*session)->Next();
    EXPECT_TRUE(event) << event.error().ToString();
    return std::get<Reading>(event->body).measurements;
  }

  static inline ModelCard card_;
  static inline OnnxModel plain_, model_;
  static inline std::vector<std::string> samples_;
  static inline std::vector<Image> images_;
  static inline std::string path_;
};

TEST_F(FittedExitsTest, TheWholeNetStaysAndExitsFollowIt) {
  const auto plain = OpenGraph({"plain", plain_}, {}), with_exits = OpenGraph({"exits", model_}, {});
  ASSERT_TRUE(plain && with_exits);
  ASSERT_EQ((*with_exits)->outputs().size(), 3u);
  int agree[2] = {0, 0};
  for (size_t i = 400; i < 500; ++i) {
    const auto input = PictureTensor(images_[i], card_.input, (*plain)->inputs()[0]);
    ASSERT_TRUE(input);
    const auto one = (*plain)->Run({&*input, 1}), other = (*with_exits)->Run({&*input, 1});
    ASSERT_TRUE(one && other);
    EXPECT_EQ((*one)[0].data, (*other)[2].data);
    const auto best = [](const Tensor& t) {
      const auto v = t.Values<float>();
      return std::max_element(v.begin(), v.end()) - v.begin();
    };
    for (size_t k = 0; k < 2; ++k) agree[k] += best((*other)[k]) == best((*one)[0]) ? 1 : 0;
  }
  EXPECT_GT(agree[0], 20) << "of 100, where chance has 10";
  EXPECT_GT(agree[1], 40);
  EXPECT_GT(agree[1], agree[0]);
}

TEST_F(FittedExitsTest, ThresholdsSayWhoLeaves) {
  auto tunable = ExitTunable::Make(path_, "");
  ASSERT_TRUE(tunable) << tunable.error().ToString();
  EXPECT_EQ((*tunable)->Space().dimensions.size(), 2u);
  const auto instance = (*tunable)->Open({}, {});
  ASSERT_TRUE(instance) << instance.error().ToString();
  ASSERT_TRUE((*instance)->Warm());
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(Ask(**instance, samples_[i], 0, 0)[2].value, 0);
    EXPECT_EQ(Ask(**instance, samples_[i], 1, 0)[2].value, 1);
    EXPECT_EQ(Ask(**instance, samples_[i], 1, 1)[2].value, 2);
  }
  Setting bad;
  bad.Set("exit.2.threshold", 0.5);
  EXPECT_FALSE((*tunable)->Resolve(bad));
}

TEST_F(FittedExitsTest, RefusesWhatHasNoPlaceForThem) {
  EXPECT_FALSE(FitExits(model_, card_, images_, {})) << "three outputs";
  EXPECT_FALSE(FitExits(plain_, card_, std::span(images_).first(3), {})) << "three pictures";
  EXPECT_FALSE(FitExits(plain_, card_, images_, {.at = {"nowhere"}}));
  const auto places = ExitPlaces(plain_);
  ASSERT_TRUE(places);
  EXPECT_EQ(places->size(), 10u) << "the first convolution and nine blocks";
  for (size_t i = 1; i < places->size(); ++i) EXPECT_GT((*places)[i].share, (*places)[i - 1].share);
}

TEST(ExitTunable, ExitsAreToldByTheirNames) {
  OnnxModel model;
  model.graph.outputs = {{.name = "exit.0"}, {.name = "logits"}};
  EXPECT_TRUE(HasExits(model));
  for (const std::string name : {"exit.", "exit", "exit.x", "exit.1x", "exits.1"}) {
    model.graph.outputs[0].name = name;
    EXPECT_FALSE(HasExits(model)) << name;
  }
  EXPECT_THAT(ExitTunable::Make("FastestDet.onnx", "").error().ToString(), HasSubstr("exits are of classifiers"));
}

}  // namespace
}  // namespace tradewind
