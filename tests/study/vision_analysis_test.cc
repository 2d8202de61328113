// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Analyses of nets of pictures, on real weights and few pictures. Tests analyses/spiking_stop.cc,
// integer_only.cc, cascade_certainty.cc, online_exits.cc, specialised_light.cc and quantised_training.cc, cascade_task.cc and
// trained_nets.cc.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "shared_data.h"
#include "study/analysis.h"
#include "study/trained_nets.h"
#include "temp_folder.h"
#include "train/torch_trainer.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

class VisionAnalysisTest : public testing::Test {
 protected:
  TempCache cache_;
  static Result<Finding> RunOn(const std::string& analysis, std::map<std::string, std::string> with, const std::string& data) {
    Parameters parameters(std::move(with));
    return Analyses().Find(analysis)->run(parameters, {.data_folder = data});
  }
  // Of times, whatever the machine does meanwhile: that there is a number.
  static void ExpectTimed(const Finding& finding, const std::string& name) {
    EXPECT_TRUE(std::isfinite(Find(finding, name).value)) << name;
  }
  static double Of(const Finding& finding, const std::string& name) {
    const Number number = Find(finding, name);
    EXPECT_LE(number.interval.low, number.value + 1e-9) << name;
    EXPECT_GE(number.interval.high, number.value - 1e-9) << name;
    return number.value;
  }

 private:
  static Number Find(const Finding& finding, const std::string& name) {
    const auto found = std::find_if(finding.numbers.begin(), finding.numbers.end(), [&](const Number& n) { return n.name == name; });
    if (found == finding.numbers.end()) {
      ADD_FAILURE() << "no number " << name;
      return {name, 0, {}};
    }
    return *found;
  }
};

TEST_F(VisionAnalysisTest, SpikingNetsStopWhenTheyAreSure) {
  TW_REQUIRE_DATA(assets, SharedPath("assets"));
  const auto finding =
      RunOn("spiking_stop",
            {{"nets", "cifar_resnet{n=3}@vision/pytorch_resnet_cifar10/pretrained_models/resnet20-12fca82f.th:state_dict.module."},
             {"conversions", "least-error:8:channel maximum"},
             {"calibration", "vision/cifar10/train.tar,10"},
             {"pictures", "vision/cifar10/test.tar,20"},
             {"steps", "24"}},
            assets);
  ASSERT_TRUE(finding) << finding.error().ToString();
  EXPECT_EQ(Of(*finding, "settings"), 2);
  EXPECT_GE(Of(*finding, "saving"), 0);
  EXPECT_GE(Of(*finding, "oracle_saving"), Of(*finding, "saving") - 0.5);
  EXPECT_LE(std::abs(Of(*finding, "points_lost")), 100);
  EXPECT_THAT(finding->detail, testing::Contains(HasSubstr("oracle's mean steps")));
}

TEST_F(VisionAnalysisTest, WholeNumbersHaveTheReferencesBits) {
  TW_REQUIRE_DATA(assets, SharedPath("assets"));
  const auto finding =
      RunOn("integer_only",
            {{"nets", "vision/coral/mobilenet_v1_0.25_128_quant.tflite"}, {"pictures", "vision/imagenet-samples,1000"}, {"compared", "2"}},
            assets);
  ASSERT_TRUE(finding) << finding.error().ToString();
  EXPECT_EQ(Of(*finding, "bit_equal"), 1);
  EXPECT_EQ(Of(*finding, "integer_only_nets"), 1);
  EXPECT_GT(Of(*finding, "agreement"), 0.7);
  EXPECT_LT(std::abs(Of(*finding, "points_lost")), 5);
}

constexpr const char* kResNet20 =
    "cifar_resnet{n=3}@vision/pytorch_resnet_cifar10/pretrained_models/resnet20-12fca82f.th:state_dict.module.";

// A net beside itself: the same accuracy whoever is asked, and a cascade that costs it and its deferrals.
TEST_F(VisionAnalysisTest, ACascadeOfANetAndItselfLosesNothing) {
  TW_REQUIRE_DATA(assets, SharedPath("assets"));
  const auto finding = RunOn(
      "cascade_certainty",
      {{"light", kResNet20}, {"heavy", kResNet20}, {"pictures", "vision/cifar10/test.tar,60"}, {"keep", "1"}, {"resamples", "50"}}, assets);
  ASSERT_TRUE(finding) << finding.error().ToString();
  EXPECT_EQ(Of(*finding, "accuracy_share"), 1);
  EXPECT_NEAR(Of(*finding, "area_above_confidence"), 0, 1e-12);
  EXPECT_NEAR(Of(*finding, "area_above_entropy"), 0, 1e-12);
  ExpectTimed(*finding, "latency_share");
  EXPECT_THAT(finding->detail, testing::Contains(HasSubstr("by energy: area 0.8000")));
}

// A net that is always right where the other is: nothing is deferred but by what the limit costs, and the stream has the share that is
// asked for.
TEST_F(VisionAnalysisTest, ASpecialisedLightNetIsHeldAgainstAGeneralOne) {
  TW_REQUIRE_DATA(assets, SharedPath("assets"));
  std::map<std::string, std::string> with = {{"special", kResNet20},
                                             {"general", kResNet20},
                                             {"heavy", kResNet20},
                                             {"pictures", "vision/cifar10/test.tar,100"},
                                             {"frequent", "airplane automobile ship truck"},
                                             {"keep", "1"},
                                             {"resamples", "30"}};
  const auto finding = RunOn("specialised_light", with, assets);
  ASSERT_TRUE(finding) << finding.error().ToString();
  EXPECT_EQ(Of(*finding, "accuracy_share"), 1);
  ExpectTimed(*finding, "latency_saved");
  EXPECT_THAT(finding->detail, testing::Contains(HasSubstr("a specialised one: alone")));
  with["frequent"] = "plane";
  EXPECT_THAT(RunOn("specialised_light", with, assets).error().ToString(), HasSubstr("\"plane\""));
}

TEST_F(VisionAnalysisTest, ExitsOfAStreamThatIsTooShortLetNobodyGo) {
  TW_REQUIRE_DATA(assets, SharedPath("assets"));
  std::map<std::string, std::string> with = {{"net", kResNet20},
                                             {"fit", "vision/cifar10/train.tar,40"},
                                             {"exits", "2"},
                                             {"pictures", "vision/cifar10/test.tar,60"},
                                             {"phases", "plain dark noise"},
                                             {"window", "50"}};
  const auto finding = RunOn("online_exits", with, assets);
  ASSERT_TRUE(finding) << finding.error().ToString();
  EXPECT_EQ(Of(*finding, "worst_window_loss"), 0);
  ExpectTimed(*finding, "throughput_share");
  ExpectTimed(*finding, "median_saved");
  EXPECT_THAT(finding->detail, testing::Contains(HasSubstr("left by exit (%): 0 0 100")));
  with["phases"] = "plain wet";
  EXPECT_THAT(RunOn("online_exits", with, assets).error().ToString(), HasSubstr("\"wet\""));
}

// A drawn net and few pictures: what is rounded is the net that is trained, and it is made once.
TEST_F(VisionAnalysisTest, NetsAreTrainedOnceAndHeldAgainstWhatRoundingCosts) {
  TW_REQUIRE_DATA(assets, SharedPath("assets"));
  if (!TorchAvailable()) GTEST_SKIP() << TorchAvailable().error().ToString();
  const std::string recipe =
      "cifar_qat{net={description: cifar_resnet, parameters: {n: 1}};data.train=cifar10/train.tar,64;data.validate=cifar10/test.tar,20;"
      "quantize.calibration=8;batch=32}";
  const auto finding =
      RunOn("quantised_training",
            {{"whole", "cifar_resnet{n=1}"}, {"recipe", recipe}, {"bits", "4"}, {"pictures", "vision/cifar10/test.tar,40"}}, assets);
  ASSERT_TRUE(finding) << finding.error().ToString();
  EXPECT_LE(std::abs(Of(*finding, "points_lost")), 100);
  EXPECT_LE(std::abs(Of(*finding, "points_lost_untrained")), 100);
  const auto once = TrainedNetFile(recipe, {.data_folder = assets});
  ASSERT_TRUE(once) << once.error().ToString();
  const auto written = std::filesystem::last_write_time(*once);
  EXPECT_EQ(*TrainedNetFile(recipe, {.data_folder = assets}), *once);
  EXPECT_EQ(std::filesystem::last_write_time(*once), written);
  EXPECT_NE(*TrainedNetFile(recipe.substr(0, recipe.size() - 1) + ";seed=2}", {.data_folder = assets}), *once);
}

TEST_F(VisionAnalysisTest, MistakesAreNamed) {
  EXPECT_THAT(RunOn("quantised_training", {{"whole", "trained:cifar_qat{bits=4"}}, "").error().ToString(), HasSubstr("not closed"));
  EXPECT_THAT(RunOn("quantised_training", {{"whole", "trained:nothing"}}, "").error().ToString(), HasSubstr("cifar_qat"));
  EXPECT_THAT(RunOn("spiking_stop", {}, "").error().ToString(), HasSubstr("nets"));
  EXPECT_THAT(RunOn("spiking_stop", {{"nets", "a"}, {"step", "3"}}, "").error().ToString(), HasSubstr("step"));
  EXPECT_THAT(RunOn("integer_only", {}, "").error().ToString(), HasSubstr("nets"));
  TW_REQUIRE_DATA(assets, SharedPath("assets"));
  // Another net that is no whole-number one: of floats.
  const auto floats =
      RunOn("integer_only", {{"nets", "vision/mlperf-tiny/benchmark/training/image_classification/trained_models/pretrainedResnet.tflite"}},
            assets);
  ASSERT_FALSE(floats);
}

}  // namespace
}  // namespace tradewind
