// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// `tradewind net`, and what can be done with the file that it writes. Tests bench_graph.cc,
// measure_board.cc, quantize_net.cc, graph_settings.cc, commands/spike.cc and commands/exits.cc, too.
#include <gmock/gmock.h>

#include <fstream>

#include "base/file.h"
#include "cli/program.h"
#include "shared_data.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

class NetTest : public CommandsTest {};

TEST_F(NetTest, ListsDescribesAndWrites) {
  EXPECT_THAT(Run({"net"}).out, HasSubstr("cifar_resnet\n"));
  EXPECT_THAT(Run({"net", "cifar_resnet"}).out, HasSubstr("0.2"));
  const Ran ran = Run({"net", "cifar_resnet", "--set", "n=1", "-o", Path("net.onnx"), "--fold", "--json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  EXPECT_GT(ran.Json()["multiply_adds"].get<double>(), 1e6);
  EXPECT_TRUE(std::filesystem::exists(Path("net.onnx")));
}

TEST_F(NetTest, MistakesAreTold) {
  EXPECT_THAT(Run({"net", "resnat"}).err, HasSubstr("resnet"));
  EXPECT_THAT(Run({"net", "resnet", "--set", "n"}).err, HasSubstr("--set"));
  EXPECT_THAT(Run({"net", "resnet", "--prefix", "a."}).err, HasSubstr("--weights"));
  EXPECT_EQ(Run({"net", "resnet", "--weights", "/nowhere.pth"}).code, 2);
}

// Scales from real pictures: the net in 8 bits knows as much as before.
TEST_F(NetTest, ANetIsQuantised) {
  TW_REQUIRE_DATA(weights, SharedPath("assets/vision/pytorch_resnet_cifar10/pretrained_models/resnet20-12fca82f.th"));
  TW_REQUIRE_DATA(test, SharedPath("assets/vision/cifar10/test.tar"));
  const std::string net = Path("cifar_resnet20.onnx"), pictures = "pictures:" + test;
  ASSERT_EQ(Run({"net", "cifar_resnet", "--weights", weights, "--prefix", "state_dict.module.", "-o", net}).code, 0);
  EXPECT_THAT(Run({"quantize", net, Path("a.onnx"), "--type", "int8"}).err, HasSubstr("--pictures"));
  EXPECT_THAT(Run({"quantize", Path("none.onnx"), Path("a.onnx"), "--type", "int8", "--pictures", pictures + ",8"}).err,
              HasSubstr("No such file"));
  EXPECT_THAT(Run({"quantize", net, Path("a.onnx"), "--type", "Q4_0", "--pictures", pictures + ",8"}).err, HasSubstr("int8"));
  const Ran made = Run({"quantize", net, Path("cifar_resnet20.int8.onnx"), "--type", "int8", "--pictures", pictures + ",32", "--json"});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_LT(made.Json()["bytes"].get<double>(), 0.4 * made.Json()["bytes_in"].get<double>());
  const Ran ran = Run({"measure", net, "--workload", pictures + ",200", "--set", "precision=int8", "--json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  const nlohmann::json json = ran.Json();
  for (const auto& m : json["measurements"]) {
    EXPECT_TRUE(m["metric"] != "top1" || m["value"].get<double>() > 0.7) << m;
  }
}

// A quantised file's twin in real numbers runs like any net, and knows a cat.
TEST_F(NetTest, ATfliteFileBecomesOnnx) {
  TW_REQUIRE_DATA(net, SharedPath("assets/vision/coral/mobilenet_v1_0.25_128_quant.tflite"));
  TW_REQUIRE_DATA(cat, SharedPath("assets/vision/coral/cat_720p.jpg"));
  ASSERT_EQ(Run({"net", net, "-o", Path("twin.onnx")}).code, 0);
  const Ran ran = Run({"run", Path("twin.onnx"), "--image", cat});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("cat"));
  EXPECT_THAT(Run({"net", net, "--set", "n=1"}).err, HasSubstr("--set"));
}

// Settings are timed in turns, so that each has as many samples.
TEST_F(NetTest, GraphsAreTimed) {
  ASSERT_EQ(Run({"net", "cifar_resnet", "--set", "n=1", "-o", Path("net.onnx")}).code, 0);
  const Ran ran = Run({"bench", Path("net.onnx"), "-t", "1,2", "--set", "resolution=32,24", "-r", "3", "--json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  ASSERT_EQ(ran.Json().size(), 4u);
  for (const auto& timed : ran.Json()) {
    EXPECT_EQ(timed["samples_ms"].size(), 3u);
    EXPECT_GT(timed["median_ms"].get<double>(), 0);
  }
  EXPECT_THAT(Run({"bench", Path("net.onnx"), "--set", "colour=red"}).err, HasSubstr("colour"));
  EXPECT_THAT(Run({"bench", Path("net.onnx"), "--set", "threads=0"}).err, HasSubstr("threads=0"));
}

TEST_F(NetTest, ABoardIsALeaderboard) {
  std::ofstream(Path("board.yaml")) << "name: b\nnets:\n  - {name: small, net: lcnet, set: {width: 0.5}, resolution: 32, top1: 60}\n";
  const nlohmann::json json = Run({"measure", "--board", Path("board.yaml"), "--json", "-t", "1"}).Json();
  EXPECT_EQ(json["points"].size(), 1u);
  EXPECT_TRUE(json["points"][0]["frontier"]);
  EXPECT_EQ(json["tiers"].size(), 1u);
  EXPECT_THAT(Run({"measure", "--board", Path("board.yaml")}).out, HasSubstr("small at 32"));
  EXPECT_EQ(Run({"measure", "--board", "none"}).code, 2);
  ASSERT_EQ(
      Run({"measure", "--board", Path("board.yaml"), "--backends", "native", "--svg", Path("b.svg"), "--markdown", Path("b.md")}).code, 0);
  EXPECT_THAT(ReadFile(Path("b.svg"), 1 << 20).value(), HasSubstr("<circle"));
  EXPECT_THAT(ReadFile(Path("b.md"), 1 << 20).value(), HasSubstr("| small at 32 |"));
  EXPECT_THAT(Run({"measure", "--svg", Path("b.svg")}).err, HasSubstr("give --board too"));
}

// A quantised file's twin with an exit, through the whole program.
TEST_F(NetTest, ExitsLearnFromPicturesWithoutLabels) {
  TW_REQUIRE_DATA(net, SharedPath("assets/vision/coral/mobilenet_v1_0.25_128_quant.tflite"));
  TW_REQUIRE_DATA(pictures, SharedPath("assets/vision/imagenet-samples"));
  const std::string out = Path("with_exits.onnx");
  EXPECT_THAT(Run({"exits", net, out}).err, HasSubstr("--pictures"));
  EXPECT_THAT(Run({"exits", net, out, "--pictures", "pictures:" + pictures + ",30", "--exits", "0"}).err, HasSubstr("--exits"));
  const Ran made = Run({"exits", net, out, "--pictures", "pictures:" + pictures + ",30", "--exits", "2", "--json"});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_EQ(made.Json()["exits"], 2);
  const auto exit_of = [&](const std::string& first, const std::string& second) {
    const Ran ran = Run({"measure", out, "--workload", "pictures:" + pictures + ",6", "--set", "exit.0.threshold=" + first, "--set",
                         "exit.1.threshold=" + second, "--json"});
    EXPECT_EQ(ran.code, 0) << ran.err;
    const nlohmann::json json = ran.Json();
    for (const auto& m : json["measurements"]) {
      if (m["metric"] == "exit") return m["value"].get<double>();
    }
    return -1.0;
  };
  EXPECT_EQ(exit_of("0", "0"), 0);
  EXPECT_EQ(exit_of("1", "0"), 1);
  EXPECT_EQ(exit_of("1", "1"), 2);
}

// Published weights, real pictures: a deer is a deer.
TEST_F(NetTest, PublishedWeightsKnowTheirPictures) {
  TW_REQUIRE_DATA(weights, SharedPath("assets/vision/pytorch_resnet_cifar10/pretrained_models/resnet20-12fca82f.th"));
  TW_REQUIRE_DATA(tar, SharedPath("assets/vision/cifar10/test.tar"));
  ASSERT_EQ(std::system(("tar -xf '" + tar + "' -C '" + Path("") + "'").c_str()), 0);
  ASSERT_EQ(Run({"net", "cifar_resnet", "--weights", weights, "--prefix", "state_dict.module.", "-o", Path("cifar_resnet20.onnx")}).code,
            0);
  const Ran ran = Run({"measure", Path("cifar_resnet20.onnx"), "--workload", "pictures:" + Path("test") + ",200", "--json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  bool told = false;
  const nlohmann::json json = ran.Json();
  for (const auto& m : json["measurements"]) {
    if (m["metric"] != "top1") continue;
    told = true;
    EXPECT_GT(m["value"].get<double>(), 0.7);
  }
  EXPECT_TRUE(told) << ran.out;
}

// A spiking net of it: a file like any other, whose steps are knobs.
TEST_F(NetTest, ASpikingNetIsMadeAndMeasured) {
  TW_REQUIRE_DATA(weights, SharedPath("assets/vision/pytorch_resnet_cifar10/pretrained_models/resnet20-12fca82f.th"));
  TW_REQUIRE_DATA(train, SharedPath("assets/vision/cifar10/train.tar"));
  TW_REQUIRE_DATA(test, SharedPath("assets/vision/cifar10/test.tar"));
  const std::string net = Path("cifar_resnet20.onnx"), spiking = Path("cifar_resnet_spiking.onnx");
  ASSERT_EQ(Run({"net", "cifar_resnet", "--weights", weights, "--prefix", "state_dict.module.", "-o", net}).code, 0);
  EXPECT_THAT(Run({"spike", net, spiking}).err, HasSubstr("--pictures"));
  EXPECT_THAT(Run({"spike", net, spiking, "--pictures", "pictures:" + train + ",8", "--conversion", "most"}).err,
              HasSubstr("--conversion"));
  const Ran made =
      Run({"spike", net, spiking, "--pictures", "pictures:" + train + ",8", "--conversion", "least-error:8:channel", "--json"});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_EQ(made.Json()["neurons"], 16 * 32 * 32 * 7 + 32 * 16 * 16 * 6 + 64 * 8 * 8 * 6) << "the rectifiers of ResNet-20";
  const Ran ran = Run({"measure", spiking, "--workload", "pictures:" + test + ",4", "--set", "steps=6", "--set", "enough=0.2", "--json"});
  ASSERT_EQ(ran.code, 0) << ran.err;
  bool told = false;
  const nlohmann::json json = ran.Json();
  for (const auto& m : json["measurements"]) {
    if (m["metric"] != "steps") continue;
    told = true;
    EXPECT_GE(m["value"].get<double>(), 1);
    EXPECT_LE(m["value"].get<double>(), 6);
  }
  EXPECT_TRUE(told) << ran.out;
  EXPECT_EQ(Run({"measure", net, "--workload", "pictures:" + test + ",4", "--set", "steps=6"}).code, 2) << "no knob of an ordinary net";
}

}  // namespace
}  // namespace tradewind
