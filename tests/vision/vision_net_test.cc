// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Real nets on real pictures: what they must find is plain to see.
#include "vision/vision_net.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared_data.h"
#include "vision/scorers/detection.h"

namespace tradewind {
namespace {

std::string Vision(const std::string& name) {
  return "assets/vision/" + name;
}
VisionResult LookAt(const std::string& net_path, const std::string& picture) {
  auto net = VisionNet::Open(net_path, "", {.threads = 2});
  EXPECT_TRUE(net) << net.error().ToString();
  const auto image = ReadImage(picture);
  EXPECT_TRUE(image) << image.error().ToString();
  const auto finding = net->Look(*image);
  EXPECT_TRUE(finding) << finding.error().ToString();
  return *finding;
}

TEST(VisionNet, FastestDetFindsABus) {
  TW_REQUIRE_DATA(net, SharedPath(Vision("FastestDet/example/onnx-runtime/FastestDet.onnx")));
  TW_REQUIRE_DATA(picture, SharedPath(Vision("FastestDet/data/1.jpg")));
  const VisionResult finding = LookAt(net, picture);
  ASSERT_EQ(finding.boxes.size(), 1u);
  EXPECT_EQ(finding.boxes[0].label, 5) << "bus";
  EXPECT_GT(Overlap(finding.boxes[0].box, {47, 84, 587, 417}), 0.9) << "where a person sees it";
}

TEST(VisionNet, UltrafaceFindsAFace) {
  TW_REQUIRE_DATA(net, SharedPath(Vision("ultraface/version-RFB-320_simplified.onnx")));
  TW_REQUIRE_DATA(picture, SharedPath(Vision("coral/grace_hopper.bmp")));
  const VisionResult finding = LookAt(net, picture);
  ASSERT_EQ(finding.boxes.size(), 1u);
  EXPECT_GT(finding.boxes[0].score, 0.99f);
  EXPECT_GT(Overlap(finding.boxes[0].box, {180, 145, 350, 350}), 0.7);
}

TEST(VisionNet, MobileNetKnowsACat) {
  for (const char* name : {"mobilenet_v1_0.75_192", "mobilenet_v2_1.0_224"}) {
    TW_REQUIRE_DATA(net, SharedPath(Vision("coral/" + std::string(name) + "_quant.tflite")));
    TW_REQUIRE_DATA(picture, SharedPath(Vision("coral/cat_720p.jpg")));
    const VisionResult finding = LookAt(net, picture);
    ASSERT_FALSE(finding.labels.empty());
    EXPECT_THAT(finding.labels[0].label, testing::AnyOf(281, 282, 285)) << name;  // tabby, tiger cat, Egyptian cat
    EXPECT_GT(finding.labels[0].score, 0.4f) << name;
  }
}

TEST(VisionNet, WhatDoesNotFitIsTold) {
  TW_REQUIRE_DATA(path, SharedPath(Vision("ultraface/version-RFB-320_simplified.onnx")));
  auto wrong_card = VisionNet::Open(path, "movenet", {});
  ASSERT_TRUE(wrong_card);
  EXPECT_EQ(wrong_card->Look(Image::Make(10, 10)).error().code(), StatusCode::kUnsupported);
  EXPECT_EQ(VisionNet::Open("/nowhere/FastestDet.onnx", "", {}).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(VisionNet::Open(path, "", {.backend = "gpu"}).error().code(), StatusCode::kNotFound);
}

}  // namespace
}  // namespace tradewind
