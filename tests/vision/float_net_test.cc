// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Quantised files as float twins, on a real picture of each of some classes.
#include "vision/float_net.h"

#include <gtest/gtest.h>

#include "shared_data.h"
#include "vision/fit_exits.h"
#include "vision/picture_set.h"
#include "vision/vision_net.h"

namespace tradewind {
namespace {

TEST(FloatNet, SaysWhatItsQuantisedTwinSays) {
  TW_REQUIRE_DATA(file, SharedPath("assets/vision/coral/mobilenet_v1_0.5_160_quant.tflite"));
  TW_REQUIRE_DATA(pictures, SharedPath("assets/vision/imagenet-samples"));
  const auto twin = ReadFloatNet(file, "");
  ASSERT_TRUE(twin) << twin.error().ToString();
  auto quantised = VisionNet::Open(file, "", {});
  auto real = VisionNet::Of({twin->model.source, twin->model}, twin->card, {});
  ASSERT_TRUE(quantised && real);
  const auto workload = LoadPictures("pictures:" + pictures + ",40", quantised->card());
  ASSERT_TRUE(workload);
  int same = 0, right = 0;
  for (const Sample& sample : workload->recalled) {
    const PictureRef ref = ParseSampleId(sample.id);
    const auto image = ReadPicture(ref);
    ASSERT_TRUE(image);
    const auto one = quantised->Look(*image), other = real->Look(*image);
    ASSERT_TRUE(one && other);
    same += one->labels[0].label == other->labels[0].label ? 1 : 0;
    right += other->labels[0].label == ref.label ? 1 : 0;
  }
  EXPECT_GE(same, 30) << "of 40";
  EXPECT_GE(right, 20) << "of 40, where chance has none";
  const auto places = ExitPlaces(twin->model);
  ASSERT_TRUE(places) << places.error().ToString();
  EXPECT_GE(places->size(), 20u) << "a chain of 27 convolutions, whose values' shapes are described";
}

}  // namespace
}  // namespace tradewind
