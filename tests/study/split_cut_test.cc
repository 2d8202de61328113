// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The analyses of split nets (split_cut.cc and split_methods.cc), on links where what is best is plain.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "collab/cut_profile.h"
#include "shared_data.h"
#include "study/analysis.h"
#include "temp_folder.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

const std::string kNet = "cifar_resnet{n=3}@vision/pytorch_resnet_cifar10/pretrained_models/resnet20-12fca82f.th:state_dict.module.";

Result<Finding> RunSplit(const std::string& analysis, const std::string& data, std::map<std::string, std::string> parameters) {
  parameters.emplace("net", kNet);
  parameters.emplace("pictures", "vision/cifar10/test.tar,8");
  Parameters with(std::move(parameters));
  auto finding = Analyses().Find(analysis)->run(with, {.data_folder = data});
  EXPECT_TRUE(!finding || with.CheckAllRead());
  return finding;
}
double ValueOf(const Finding& finding, const std::string& name) {
  for (const Number& number : finding.numbers) {
    if (number.name == name) return number.value;
  }
  ADD_FAILURE() << name;
  return 0;
}

class SplitAnalyses : public testing::Test {
 protected:
  void SetUp() override {
    const auto assets = SharedPath("assets");
    if (!assets || !std::filesystem::exists(*assets + "/vision/cifar10")) GTEST_SKIP() << "absent: assets/vision/cifar10";
    data_ = *assets;
  }
  TempCache cache_;
  std::string data_;
};

TEST_F(SplitAnalyses, OverASlowLinkAllStaysHere) {
  const auto finding = RunSplit(
      "split_cut", data_, {{"rates", "0.1"}, {"trips", "20"}, {"loads", "1 2"}, {"device_load", "1"}, {"edges", "2"}, {"rounds", "3"}});
  ASSERT_TRUE(finding) << finding.error().ToString();
  EXPECT_EQ(finding->numbers[0].name, "triples_within");
  EXPECT_EQ(ValueOf(*finding, "triples_within"), 2);
  EXPECT_EQ(ValueOf(*finding, "within_share"), 1);
  EXPECT_EQ(ValueOf(*finding, "middle_wins"), 0);
  EXPECT_EQ(ValueOf(*finding, "worst_ratio"), 1);
  ASSERT_EQ(finding->detail.size(), 3u);
  EXPECT_THAT(finding->detail[1], AllOf(HasSubstr("picked none"), HasSubstr("fastest none")));
}

TEST_F(SplitAnalyses, FromASlowDeviceAllGoesThere) {
  const auto finding = RunSplit("split_cut", data_,
                                {{"rates", "0"}, {"trips", "0"}, {"loads", "1"}, {"device_load", "100"}, {"edges", "1"}, {"rounds", "3"}});
  ASSERT_TRUE(finding) << finding.error().ToString();
  EXPECT_THAT(finding->detail[1], testing::Not(HasSubstr("picked none")));
}

TEST_F(SplitAnalyses, MethodsAreSideBySide) {
  const auto finding = RunSplit("split_methods", data_,
                                {{"exit_pictures", "vision/cifar10/train.tar,40"}, {"exits", "0.5"}, {"timed", "2"}, {"device_load", "2"}});
  ASSERT_TRUE(finding) << finding.error().ToString();
  EXPECT_EQ(ValueOf(*finding, "methods"), 5);
  EXPECT_GT(ValueOf(*finding, "accuracy_kept"), 0.7);
  ASSERT_EQ(finding->detail.size(), 9u);
  EXPECT_THAT(finding->detail[0], AllOf(HasSubstr("local, cut none"), HasSubstr(" 0 B sent")));
  EXPECT_THAT(finding->detail[8], HasSubstr("early exit above 0.5"));
}

TEST_F(SplitAnalyses, WhatIsWrongIsNamed) {
  EXPECT_EQ(RunSplit("split_cut", "/nowhere", {}).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(RunSplit("split_cut", data_, {{"rates", "fast"}}).error().where(), "rates");
  EXPECT_EQ(RunSplit("split_methods", data_, {{"radio", "smoke"}}).error().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace tradewind
