// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Nets of pictures as tunables, their lanes (picture_lanes.cc), sessions (picture_session.cc) and the workloads that they are measured on
// (picture_set.cc).
#include "vision/vision_tunable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "formats/onnx.h"
#include "graph/int8_twin.h"
#include "graph/net_script.h"
#include "graph/spiking.h"
#include "vision/float_net.h"
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

// What many callers get from lanes and batches is what each would get alone; pictures outnumber the places, and the last batch is not full.
TEST_F(VisionTunableTest, ManyCallersGetTheirOwnAnswers) {
  const auto workload = LoadPictures("pictures:" + folder_, tunable_->card());
  ASSERT_TRUE(workload);
  for (const auto& [streams, batch] : {std::pair<int64_t, int64_t>{2, 1}, {1, 5}, {2, 3}}) {
    Setting setting;
    setting.Set("threads", int64_t{2});
    setting.Set("streams", streams);
    setting.Set("batch", batch);
    const auto instance = tunable_->Open(setting, {});
    ASSERT_TRUE(instance) << instance.error().ToString();
    ASSERT_TRUE((*instance)->Warm());
    EXPECT_EQ((*instance)->sessions_at_once(), streams * batch);
    std::atomic<int> right = 0;
    std::vector<std::jthread> callers;
    for (const Sample& sample : workload->recalled) {
      callers.emplace_back([&] {
        const auto session = (*instance)->Start({});
        if (!(*session)->Push({{}, SampleRef{sample.id}})) return;
        const auto event = (*session)->Next();
        if (event && std::get<Reading>(event->body).measurements[0].value == 1) ++right;
      });
    }
    callers.clear();
    EXPECT_EQ(right, 12) << streams << " " << batch;
  }
}

TEST_F(VisionTunableTest, ABatchNeedsARowForEachPicture) {
  auto net = ReadOnnx(folder_ + "/net.onnx");
  ASSERT_TRUE(net);
  (*net->graph.inputs[0].shape)[0] = {.value = 1};
  const auto bytes = WriteOnnx(*net);
  std::ofstream(folder_ + "/fixed.onnx", std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes->data()), static_cast<std::streamsize>(bytes->size()));
  const auto tunable = VisionTunable::Make(folder_ + "/fixed.onnx", folder_ + "/net.onnx.card.yaml");
  ASSERT_TRUE(tunable);
  Setting setting;
  setting.Set("batch", int64_t{2});
  EXPECT_THAT((*tunable)->Open(setting, {}).error().ToString(), HasSubstr("set batch to"));
  const auto has_batch = [](const VisionTunable& t) {
    const SearchSpace space = t.Space();
    return std::any_of(space.dimensions.begin(), space.dimensions.end(), [](const SearchDimension& d) { return d.knob == "batch"; });
  };
  EXPECT_TRUE(has_batch(*tunable_));
  EXPECT_FALSE(has_batch(**tunable));
}

// The file of another width answers when the knob says so: this one turns colours around.
TEST_F(VisionTunableTest, AnotherWidthIsAnotherFile) {
  const auto weights = RandomWeightSource(1);
  const auto wide = RunNetScript("local x = input('image', 3, 8, 8)\noutput('scores', scale(flatten(gap(x)), -1))", "net", {}, *weights);
  ASSERT_TRUE(wide) << wide.error().ToString();
  const auto bytes = WriteOnnx(*wide);
  std::ofstream(folder_ + "/wide.onnx", std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes->data()), static_cast<std::streamsize>(bytes->size()));
  std::ofstream(folder_ + "/net.onnx.card.yaml")
      << "name: colors\nlabels: [red, green, blue]\ninput: {deviation: 255}\nvariants: [0.5 net.onnx, 1 wide.onnx]\n";
  const auto tunable = VisionTunable::Make(folder_ + "/net.onnx", "");
  ASSERT_TRUE(tunable) << tunable.error().ToString();
  const auto width = FindKnob((*tunable)->knobs(), "width");
  ASSERT_TRUE(width) << width.error().ToString();
  EXPECT_EQ(std::get<std::string>((*width)->default_value), "0.5");
  const auto workload = LoadPictures("pictures:" + folder_, (*tunable)->card());
  const auto right_with = [&](const Setting& setting) {
    const auto instance = (*tunable)->Open(setting, {});
    EXPECT_TRUE(instance) << instance.error().ToString();
    const auto session = (*instance)->Start({});
    EXPECT_TRUE((*session)->Push({{}, SampleRef{workload->recalled[0].id}}));
    return std::get<Reading>((*session)->Next()->body).measurements[0].value;
  };
  Setting wider;
  wider.Set("width", std::string("1"));
  EXPECT_EQ(right_with({}), 1);
  EXPECT_EQ(right_with(wider), 0);
}

// Without a twin in whole numbers, the error says how it is made; with one, that is what runs.
TEST_F(VisionTunableTest, Int8IsTheTwinBeside) {
  Setting int8;
  int8.Set("precision", std::string("int8"));
  EXPECT_THAT(tunable_->Open(int8, {}).error().ToString(), HasSubstr("--type int8"));
  EXPECT_FALSE(tunable_->Space().valid(Setting(int8).With([] {
    Setting s;
    s.Set("backend", std::string("openvino"));
    return s;
  }())));
  const auto weights = RandomWeightSource(1);
  auto net = RunNetScript("output('scores', linear(flatten(gap(input('image', 3, 8, 8))), 3, {name = 'l'}))", "net", {}, *weights);
  ASSERT_TRUE(net);
  for (OnnxTensor& t : net->graph.initializers) {
    if (t.name == "l.weight") t = OnnxTensor::Of(t.name, t.dims, std::vector<float>{1, 0, 0, 0, 1, 0, 0, 0, 1});
  }
  const auto workload = LoadPictures("pictures:" + folder_, tunable_->card());
  const auto pictures = ReadInputs(*workload, tunable_->card(), {"image", ElementType::kFloat, {1, 3, 8, 8}});
  const auto twin = MakeInt8Twin(*net, pictures->tensors, {});
  ASSERT_TRUE(twin) << twin.error().ToString();
  EXPECT_TRUE(IsQuantized({.path = "", .model = *twin}));
  EXPECT_FALSE(MakeInt8Twin(*twin, pictures->tensors, {}));
  EXPECT_FALSE(MakeInt8Twin(*net, {}, {}));
  ASSERT_TRUE(WriteNet(*twin, tunable_->card(), Int8TwinOf(folder_ + "/net.onnx")));
  EXPECT_TRUE(tunable_->Space().valid(int8)) << "our own executor runs twins, too";
  EXPECT_TRUE(IsQuantized(*ReadGraphFor(folder_ + "/net.onnx", "int8")));
  EXPECT_FALSE(IsQuantized(*ReadGraphFor(folder_ + "/net.onnx", "f32")));
  const auto instance = tunable_->Open(int8, {});
  ASSERT_TRUE(instance) << instance.error().ToString();
  for (const Sample& sample : workload->recalled) {
    const auto session = (*instance)->Start({});
    ASSERT_TRUE((*session)->Push({{}, SampleRef{sample.id}}));
    EXPECT_EQ(std::get<Reading>((*session)->Next()->body).measurements[0].value, 1) << sample.id;
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
      EXPECT_TRUE(m.metric != "top1" || m.value == 1);
      EXPECT_TRUE(m.metric != "spikes_a_neuron" || m.value > 0);
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
