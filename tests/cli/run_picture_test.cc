// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// `tradewind run` on graphs, as scripts use it.
#include <gmock/gmock.h>

#include "cli/program.h"
#include "shared_data.h"
#include "vision/image.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

class RunPicture : public CommandsTest {};

TEST_F(RunPicture, TellsAndDraws) {
  TW_REQUIRE_DATA(net, SharedPath("assets/vision/FastestDet/example/onnx-runtime/FastestDet.onnx"));
  TW_REQUIRE_DATA(picture, SharedPath("assets/vision/FastestDet/data/1.jpg"));
  const Ran text = Run({"run", net, "--image", picture, "-o", Path("bus.png")});
  ASSERT_EQ(text.code, 0) << text.err;
  EXPECT_THAT(text.out, HasSubstr("bus"));
  const auto drawn = ReadImage(Path("bus.png"));
  ASSERT_TRUE(drawn);
  EXPECT_NE(drawn->pixels, ReadImage(picture)->pixels);
  const nlohmann::json json = Run({"run", net, "--image", picture, "--json"}).Json();
  EXPECT_EQ(json["boxes"][0]["name"], "bus");
  EXPECT_EQ(json["boxes"][0]["box"].size(), 4u);
  EXPECT_GT(json["latency_ms"].get<double>(), 0);
  const nlohmann::json two = Run({"run", net, "--image", picture, "--image", picture, "--json"}).Json();
  EXPECT_EQ(two.size(), 2u);
}

TEST_F(RunPicture, MistakesAreTold) {
  const auto expect = [&](std::vector<std::string> words, int code, const std::string& said) {
    const Ran ran = Run(words);
    EXPECT_EQ(ran.code, code) << ran.err;
    EXPECT_THAT(ran.err, HasSubstr(said));
  };
  expect({"run", "net.onnx"}, 2, "--image");
  expect({"run", "net.onnx", "--image", "a.jpg", "--video", "b.mp4"}, 2, "--image");
  expect({"run", "/nowhere/FastestDet.onnx", "--image", "a.jpg"}, 2, "/nowhere/FastestDet.onnx");
  expect({"run", "/nowhere/mine.onnx", "--image", "a.jpg"}, 2, "No such file");
  ASSERT_EQ(Run({"net", "cifar_resnet", "--set", "n=1", "-o", Path("mine.onnx")}).code, 0);
  expect({"run", Path("mine.onnx"), "--image", "a.jpg"}, 2, "no card");
  TW_REQUIRE_DATA(net, SharedPath("assets/vision/FastestDet/example/onnx-runtime/FastestDet.onnx"));
  expect({"run", net, "--image", "/nowhere/a.jpg"}, 2, "/nowhere/a.jpg");
  expect({"run", net, "--image", net}, 2, "FastestDet.onnx");
  expect({"run", net, "--video", "a.mp4", "--frames", "-3"}, 2, "--frames");
  TW_REQUIRE_DATA(picture, SharedPath("assets/vision/FastestDet/data/1.jpg"));
  expect({"run", net, "--image", picture, "--deadline", "1ns"}, 3, "missed deadline");
  expect({"run", net, "--image", picture, "--memory", "1KiB"}, 3, "missed memory");
  expect({"run", net, "--image", picture, "--quality", "0.9"}, 3, "has not been measured");
  expect({"run", net, "--image", "a.jpg", "--backend", "gpu"}, 2, "native, openvino");
}

}  // namespace
}  // namespace tradewind
