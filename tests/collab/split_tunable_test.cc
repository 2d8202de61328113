// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "collab/split_tunable.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "collab/split_testing.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

class SplitTunableTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/split";
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_ + "/blue");
    ASSERT_TRUE(WriteImage(folder_ + "/blue/0.png", Image::Make(12, 12, kBlue)));
    const OnnxModel net = ScriptNet("output('scores', flatten(gap(relu(maxpool(relu(input('image', 3, 12, 12)), 2, 2, 0)))))");
    const auto bytes = *WriteOnnx(net);
    std::ofstream(Path(), std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    std::ofstream(Path() + ".card.yaml") << "name: colors\nlabels: [red, green, blue]\ninput: {deviation: 255}\n";
  }
  std::string Path() const { return folder_ + "/colors.onnx"; }
  std::string folder_;
};

std::map<std::string, double> AskOf(Instance& instance, const std::string& sample, const Setting& setting) {
  const auto session = instance.Start({.setting = setting});
  EXPECT_TRUE(session) << session.error().ToString();
  EXPECT_TRUE((*session)->Push({{}, SampleRef{sample}}));
  const auto event = (*session)->Next();
  EXPECT_TRUE(event) << event.error().ToString();
  std::map<std::string, double> values;
  for (const Measurement& m : std::get<Reading>(event->body).measurements) values[m.metric] = m.value;
  return values;
}

TEST_F(SplitTunableTest, MeasuresWhatASplitGivesAndCosts) {
  auto tunable = SplitTunable::Make(Path(), "");
  ASSERT_TRUE(tunable) << tunable.error().ToString();
  EXPECT_EQ((*tunable)->name(), "split:colors.onnx");
  Setting load;
  load.Set("link.rate", 1.0);
  load.Set("link.rtt", 10.0);
  const auto instance = (*tunable)->Open(load, {});
  ASSERT_TRUE(instance) << instance.error().ToString();
  const std::string blue = folder_ + "/blue/0.png#2";
  for (const std::string cut : {"none", "input", "auto", "MaxPool_1"}) {
    Setting setting;
    setting.Set("cut", cut);
    setting.Set("coding", std::string("f32"));
    auto values = AskOf(**instance, blue, setting);
    EXPECT_EQ(values["top1"], 1) << cut;
    EXPECT_TRUE(values.contains("latency_ms") && values.contains("device_ms"));
    EXPECT_GT(values["energy_mj"], 0);
    const bool there = cut == "input" || cut == "MaxPool_1";
    EXPECT_EQ(values["offloaded"], there ? 1 : 0) << cut << " (auto stays here: the link alone takes 10 ms)";
    EXPECT_EQ(values["sent_bytes"] > 0, there);
    EXPECT_GE(values["latency_ms"], there ? 10 + values["sent_bytes"] * 8e-3 : 0);
  }
  Setting jpeg;
  jpeg.Set("cut", std::string("input"));
  jpeg.Set("coding", std::string("jpeg"));
  EXPECT_EQ(AskOf(**instance, blue, jpeg)["top1"], 1);
  ASSERT_TRUE((*instance)->Warm());
}

// All of it here takes some hundred times as long as there: no neighbour makes up for that.
TEST_F(SplitTunableTest, AutoOffloadsWhereTheDeviceIsSlow) {
  const auto bytes =
      *WriteOnnx(ScriptNet("local x = relu(conv(input('image', 3, 12, 12), 64, 3))\n"
                           "for i = 1, 6 do x = relu(conv(x, 64, 3)) end\noutput('scores', linear(flatten(gap(x)), 3))"));
  std::ofstream(Path(), std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  auto tunable = SplitTunable::Make(Path(), "");
  ASSERT_TRUE(tunable);
  Setting load;
  load.Set("device.load", 300.0);
  load.Set("coding", std::string("f32"));
  const auto instance = (*tunable)->Open(load, {});
  ASSERT_TRUE(instance) << instance.error().ToString();
  ASSERT_TRUE((*instance)->Warm());
  EXPECT_EQ(AskOf(**instance, folder_ + "/blue/0.png#2", {})["offloaded"], 1);
}

TEST_F(SplitTunableTest, SettingsThatCannotBeAreTold) {
  auto tunable = SplitTunable::Make(Path(), "");
  ASSERT_TRUE(tunable);
  Setting unknown;
  unknown.Set("cuts", std::string("none"));
  EXPECT_FALSE((*tunable)->Resolve(unknown));
  Setting slow;
  slow.Set("link.rate", 1e-6);
  EXPECT_THAT((*tunable)->Open(slow, {}).error().ToString(), HasSubstr("100 B/s"));
  const auto instance = (*tunable)->Open({}, {});
  ASSERT_TRUE(instance);
  Setting nowhere;
  nowhere.Set("cut", std::string("nowhere"));
  EXPECT_EQ((*instance)->Start({.setting = nowhere}).error().code(), StatusCode::kNotFound);
  std::ofstream(Path() + ".card.yaml") << "name: boxes\ntask: segment\n";
  EXPECT_EQ(SplitTunable::Make(Path(), "").error().code(), StatusCode::kUnsupported);
}

}  // namespace
}  // namespace tradewind
