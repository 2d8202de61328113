// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Nets and pictures as study files name them.
#include "study/study_nets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "shared_data.h"
#include "temp_folder.h"
#include "vision/vision_net.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

class StudyNetsTest : public testing::Test {
 protected:
  TempCache cache_;
  std::string ErrorOf(const std::string& spec) const {
    const auto file = StudyNetFile(spec, {});
    return file ? "" : file.error().ToString();
  }
};

TEST_F(StudyNetsTest, ADescriptionBecomesAFileOnce) {
  const auto small = StudyNetFile("cifar_resnet{n=1}", {}), again = StudyNetFile("cifar_resnet{n=1}", {});
  const auto large = StudyNetFile("cifar_resnet{n=2}", {});
  ASSERT_TRUE(small && again && large);
  EXPECT_EQ(*small, *again);
  EXPECT_NE(*small, *large);
  const auto net = VisionNet::Open(*small, "", {});
  ASSERT_TRUE(net) << net.error().ToString();
  EXPECT_EQ(net->card().labels.size(), 10u);
}

TEST_F(StudyNetsTest, ErrorsSayWhatIsWrong) {
  EXPECT_THAT(ErrorOf("cifar_resnet{n=1"), HasSubstr("not closed"));
  EXPECT_THAT(ErrorOf("cifar_resnet{n}"), HasSubstr("\"n\" is not parameter=number"));
  EXPECT_THAT(ErrorOf("cifar_resnet{n=1;w=x}"), HasSubstr("\"w=x\""));
  EXPECT_THAT(ErrorOf("cifar_resnet@"), HasSubstr("no weights behind '@'"));
  EXPECT_THAT(ErrorOf("cifar_resnet{z=1}"), HasSubstr("z"));
  EXPECT_THAT(ErrorOf("nothing"), HasSubstr("cifar_resnet"));
  EXPECT_THAT(ErrorOf("vision/none.onnx"), HasSubstr("TRADEWIND_DATA"));
}

TEST_F(StudyNetsTest, PublishedWeightsAndPicturesOfAnArchive) {
  TW_REQUIRE_DATA(assets, SharedPath("assets"));
  const AnalysisContext context{.data_folder = assets};
  const auto file =
      StudyNetFile("cifar_resnet{n=3}@vision/pytorch_resnet_cifar10/pretrained_models/resnet20-12fca82f.th:state_dict.module.", context);
  ASSERT_TRUE(file) << file.error().ToString();
  const auto card = FindCard(*file, "");
  ASSERT_TRUE(card);
  const auto pictures = StudyPictures("vision/cifar10/test.tar,50", *card, context);
  ASSERT_TRUE(pictures) << pictures.error().ToString();
  EXPECT_EQ(pictures->recalled.size(), 50u);
  EXPECT_FALSE(StudyPictures("vision/none.tar,50", *card, context));
}

}  // namespace
}  // namespace tradewind
