// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Nets of pictures as tunables, and the workloads that they are measured on (picture_set.cc).
#include "vision/vision_tunable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "formats/onnx.h"
#include "graph/net_script.h"
#include "graph/spiking.h"
#include "vision/image.h"
#include "vision/picture_set.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

// A folder of pictures, red, green and blue, and a net that says which of the three: the means of the channels.
class VisionTunableTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "/vision_tunable";
    std::filesystem::remove_all(folder_);
    for (const auto& [name, color] : {std::pair{"red", kRed}, {"green", kGreen}, {"blue", kBlue}}) {
      std::filesystem::create_directories(folder_ + "/" + name);
      for (int i = 0; i < 4; ++i) {
        ASSERT_TRUE(WriteImage(folder_ + "/" + name + "/" + std::to_string(i) + ".png", Image::Make(8 + i, 8, color)));
      }
    }
    const auto weights = RandomWeightSource(1);
    const auto net = RunNetScript("output('scores', flatten(gap(relu(input('image', 3, 8, 8)))))", "net", {}, *weights);
    ASSERT_TRUE(net) << net.error().ToString();
    const auto bytes = WriteOnnx(*net);
    ASSERT_TRUE(bytes) << bytes.error().ToString();
    std::ofstream(folder_ + "/net.onnx", std::ios::binary)
        .write(reinterpret_cast<const char*>(bytes->data()), static_cast<std::streamsize>(bytes->size()));
    std::ofstream(folder_ + "/net.onnx.card.yaml") << "name: colors\nlabels: [red, green, blue]\ninput: {deviation: 255}\n";
    auto tunable = VisionTunable::Make(folder_ + "/net.onnx", "");
    ASSERT_TRUE(tunable) << tunable.error().ToString();
    tunable_ = std::move(*tunable);
  }
  std::string folder_;
  std::unique_ptr<VisionTunable> tunable_;
};

TEST_F(VisionTunableTest, AnArchiveIsAsGoodAsAFolder) {
  ASSERT_EQ(std::system(("tar -C '" + folder_ + "' -cf '" + folder_ + "/all.tar' red green blue").c_str()), 0);
  const auto folder = LoadPictures("pictures:" + folder_, tunable_->card());
  const auto archive = LoadPictures("pictures:" + folder_ + "/all.tar", tunable_->card());
  ASSERT_TRUE(folder && archive);
  EXPECT_EQ(folder->id, archive->id);
  ASSERT_EQ(folder->recalled.size(), archive->recalled.size());
  for (size_t i = 0; i < folder->recalled.size(); ++i) {
    const PictureRef apart = ParseSampleId(folder->recalled[i].id), within = ParseSampleId(archive->recalled[i].id);
    EXPECT_EQ(apart.label, within.label);
    EXPECT_EQ(apart.bytes, 0u);
    const auto one = ReadPicture(apart), other = ReadPicture(within);
    ASSERT_TRUE(one && other);
    EXPECT_EQ(one->pixels, other->pixels);
  }
  ASSERT_EQ(std::system(("truncate -s 600 '" + folder_ + "/all.tar'").c_str()), 0);
  const auto cut = ReadPicture(ParseSampleId(archive->recalled[11].id));
  ASSERT_FALSE(cut);
  EXPECT_THAT(cut.error().ToString(), HasSubstr("become shorter"));
}

TEST_F(VisionTunableTest, ReadsWhatItSaysOfEachPicture) {
  const auto workload = LoadPictures("pictures:" + folder_, tunable_->card());
  ASSERT_TRUE(workload) << workload.error().ToString();
  ASSERT_EQ(workload->recalled.size(), 12u);
  EXPECT_EQ(workload->primary_metric, "top1");
  Setting setting;
  setting.Set("threads", int64_t{1});
  const auto instance = tunable_->Open(setting, {});
  ASSERT_TRUE(instance) << instance.error().ToString();
  ASSERT_TRUE((*instance)->Warm());
  for (const Sample& sample : workload->recalled) {
    const auto session = (*instance)->Start({});
    ASSERT_TRUE((*session)->Push({{}, SampleRef{sample.id}}));
    const auto event = (*session)->Next();
    ASSERT_TRUE(event) << event.error().ToString();
    const auto& reading = std::get<Reading>(event->body);
    ASSERT_EQ(reading.measurements.size(), 2u);
    EXPECT_EQ(reading.measurements[0].metric, "top1");
    EXPECT_EQ(reading.measurements[0].value, 1) << sample.id;
    EXPECT_GT(reading.measurements[1].value, 0);
    EXPECT_TRUE(std::holds_alternative<End>((*session)->Next()->body));
  }
}

// Means of colours, told by spikes: the picture's own colour leads by more with each step.
TEST_F(VisionTunableTest, ASpikingNetStopsWhenItIsSure) {
  const auto workload = LoadPictures("pictures:" + folder_, tunable_->card());
  const auto source = ReadOnnx(folder_ + "/net.onnx");
  ASSERT_TRUE(workload && source);
  const auto pictures = ReadInputs(*workload, tunable_->card(), {"image", ElementType::kFloat, {1, 3, 8, 8}});
  ASSERT_TRUE(pictures) << pictures.error().ToString();
  EXPECT_EQ(pictures->labels.size(), 12u);
  const auto spiking = ToSpiking(*source, pictures->tensors, {.rule = ThresholdRule::kMaximum});
  ASSERT_TRUE(spiking) << spiking.error().ToString();
  const auto bytes = WriteOnnx(*spiking);
  ASSERT_TRUE(bytes);
  std::ofstream(folder_ + "/spiking.onnx", std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes->data()), static_cast<std::streamsize>(bytes->size()));
  const auto tunable = VisionTunable::Make(folder_ + "/spiking.onnx", folder_ + "/net.onnx.card.yaml");
  ASSERT_TRUE(tunable) << tunable.error().ToString();
  EXPECT_EQ((*tunable)->Space().dimensions[0].knob, "steps");
  const auto instance = (*tunable)->Open({}, {});
  ASSERT_TRUE(instance) << instance.error().ToString();
  const auto steps_of = [&](double enough) {
    Setting asked;
    asked.Set("steps", int64_t{20});
    asked.Set("enough", enough);
    const auto session = (*instance)->Start({.setting = asked});
    EXPECT_TRUE((*session)->Push({{}, SampleRef{workload->recalled[0].id}}));
    const auto event = (*session)->Next();
    EXPECT_TRUE(event) << event.error().ToString();
    double steps = 0;
    for (const Measurement& m : std::get<Reading>(event->body).measurements) {
      if (m.metric == "steps") steps = m.value;
      if (m.metric == "top1") EXPECT_EQ(m.value, 1);
      if (m.metric == "spikes_a_neuron") EXPECT_GT(m.value, 0);
    }
    return steps;
  };
  EXPECT_EQ(steps_of(1), 20);
  EXPECT_EQ(steps_of(0.1), 1);
  // In the end 0.49: rates of 40, 90 and 230 in 255 through a softmax.
  EXPECT_GT(steps_of(0.4), 1);
  EXPECT_LT(steps_of(0.4), steps_of(0.47));
  EXPECT_LT(steps_of(0.47), 20);
  EXPECT_EQ(steps_of(0.55), 20);
}

TEST_F(VisionTunableTest, SettingsAreResolvedAndChecked) {
  EXPECT_THAT(tunable_->Resolve({})->Text(), HasSubstr("threads="));
  Setting wrong;
  wrong.Set("backend", std::string("gpu"));
  EXPECT_EQ(tunable_->Resolve(wrong).error().code(), StatusCode::kInvalidInput);
  Setting unknown;
  unknown.Set("colour", int64_t{1});
  EXPECT_FALSE(tunable_->Resolve(unknown));
  Setting bf16;
  bf16.Set("precision", std::string("bf16"));
  EXPECT_EQ(tunable_->Open(bf16, {}).error().code(), StatusCode::kUnsupported) << "not by our own executor";
  EXPECT_FALSE(tunable_->Space().valid(bf16));
}

TEST_F(VisionTunableTest, APictureThatIsGoneIsTold) {
  const auto instance = tunable_->Open({}, {});
  const auto session = (*instance)->Start({});
  ASSERT_TRUE((*session)->Push({{}, SampleRef{"/nowhere/cat.jpg#1"}}));
  EXPECT_THAT((*session)->Next().error().ToString(), HasSubstr("/nowhere/cat.jpg"));
  EXPECT_EQ((*session)->Push({{}, Prompt{.raw = "hello"}}).error().code(), StatusCode::kUnsupported);
}

TEST_F(VisionTunableTest, AnEvenShareOfThePictures) {
  const auto few = LoadPictures("pictures:" + folder_ + ",3", tunable_->card());
  ASSERT_TRUE(few);
  ASSERT_EQ(few->recalled.size(), 3u);
  std::vector<int64_t> labels;
  for (const Sample& s : few->recalled) labels.push_back(ParseSampleId(s.id).label);
  EXPECT_THAT(labels, testing::ElementsAre(2, 1, 0)) << "blue, green, red: by name";
  EXPECT_NE(few->id, LoadPictures("pictures:" + folder_, tunable_->card())->id);
}

TEST_F(VisionTunableTest, MistakesInAFolderAreNamed) {
  const ModelCard& card = tunable_->card();
  EXPECT_EQ(LoadPictures("pictures:/nowhere", card).error().code(), StatusCode::kNotFound);
  EXPECT_THAT(LoadPictures("text:a.txt", card).error().ToString(), HasSubstr("pictures:FOLDER"));
  EXPECT_THAT(LoadPictures("pictures:" + folder_ + ",many", card).error().ToString(), HasSubstr("many"));
  std::filesystem::create_directories(folder_ + "/empty");
  EXPECT_THAT(LoadPictures("pictures:" + folder_ + "/empty", card).error().ToString(), HasSubstr("no picture"));
  std::filesystem::rename(folder_ + "/red", folder_ + "/rouge");
  EXPECT_THAT(LoadPictures("pictures:" + folder_, card).error().ToString(), HasSubstr("'rouge' is none of the labels"));
}

TEST_F(VisionTunableTest, WordNetNumbersAreLabelsInTheirOrder) {
  const std::string folder = folder_ + "/numbers";
  std::filesystem::create_directories(folder);
  for (const char* name : {"n02000000_b", "n01000000_a", "n03000000_c", "n02000000_b2"}) {
    ASSERT_TRUE(WriteImage(folder + "/" + name + ".png", Image::Make(4, 4)));
  }
  const auto workload = LoadPictures("pictures:" + folder, tunable_->card());
  ASSERT_TRUE(workload) << workload.error().ToString();
  std::vector<int64_t> labels;
  for (const Sample& s : workload->recalled) labels.push_back(ParseSampleId(s.id).label);
  EXPECT_THAT(labels, testing::ElementsAre(0, 1, 1, 2));
}

TEST(PictureRefs, GoIntoIdsAndBack) {
  for (const PictureRef& ref : {PictureRef{"/a/b.jpg", 7}, PictureRef{"/a/b.jpg", -1}, PictureRef{"/a/#b/c.jpg", 0}}) {
    const PictureRef back = ParseSampleId(ToSampleId(ref));
    EXPECT_EQ(back.path, ref.path);
    EXPECT_EQ(back.label, ref.label);
  }
  EXPECT_EQ(ParseSampleId("/a/#b/c.jpg").path, "/a/#b/c.jpg") << "no number behind it";
}

}  // namespace
}  // namespace tradewind
