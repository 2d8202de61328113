// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// `tradewind measure split:NET` and `tradewind split-worker` (split_worker.cc).
#include <gmock/gmock.h>

#include <map>

#include "cli/program.h"
#include "shared_data.h"
#include "vision/image.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

class SplitCommands : public CommandsTest {
 protected:
  void SetUp() override {
    CommandsTest::SetUp();
    ASSERT_EQ(Run({"net", "cifar_resnet", "--set", "n=1", "-o", Path("cifar_resnet8.onnx")}).code, 0);
    std::filesystem::create_directories(Path("pictures/cat"));
    for (const char* name : {"0", "1", "2"}) ASSERT_TRUE(WriteImage(Path("pictures/cat/") + name + ".png", Image::Make(32, 32, kGreen)));
  }
  Ran Measure(const std::vector<std::string>& settings) const {
    std::vector<std::string> words = {"measure", "split:" + Path("cifar_resnet8.onnx"), "--workload", "pictures:" + Path("pictures"),
                                      "--json"};
    for (const std::string& setting : settings) words.insert(words.end(), {"--set", setting});
    return Run(words);
  }
};

std::map<std::string, double> ValuesOf(const Ran& ran) {
  std::map<std::string, double> values;
  const nlohmann::json json = ran.Json();
  for (const auto& m : json["measurements"]) values[m["metric"].get<std::string>()] = m["value"].get<double>();
  return values;
}

TEST_F(SplitCommands, AreMeasuredWithTheirLink) {
  const Ran there = Measure({"cut=input", "link.rate=2", "link.rtt=12"});
  ASSERT_EQ(there.code, 0) << there.err;
  auto values = ValuesOf(there);
  EXPECT_EQ(values["offloaded"], 1);
  EXPECT_GT(values["sent_bytes"], 60);
  EXPECT_GE(values["latency_ms"], 12);
  EXPECT_GT(values["energy_mj"], 0);
  const Ran here = Measure({"cut=none"});
  ASSERT_EQ(here.code, 0) << here.err;
  EXPECT_EQ(ValuesOf(here)["sent_bytes"], 0);
}

TEST_F(SplitCommands, MistakesAreTold) {
  EXPECT_THAT(Measure({"cut=nowhere"}).err, HasSubstr("'nowhere'"));
  EXPECT_THAT(Measure({"coding=int7"}).err, HasSubstr("int8+zlib"));
  EXPECT_THAT(Run({"measure", "split:/nowhere.onnx", "--workload", "pictures:" + Path("pictures")}).err, HasSubstr("/nowhere.onnx"));
  const Ran worker = Run({"split-worker"});
  EXPECT_EQ(worker.code, 2);
  EXPECT_THAT(worker.err, HasSubstr("--listen"));
  EXPECT_EQ(Run({"split-worker", "--listen", "nowhere"}).code, 2);
}

}  // namespace
}  // namespace tradewind
