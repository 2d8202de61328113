// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Whole trainings, small: train_net.cc, prepare_net.cc, training_session.cc, train_files.cc and write_trained.cc.
#include "train/train_net.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "base/file.h"
#include "base/random.h"
#include "graph/backend.h"
#include "shared_data.h"
#include "train/picture_folder.h"
#include "train/train_files.h"
#include "train/training_session.h"
#include "vision/picture_set.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

#define TW_REQUIRE_TORCH() \
  if (!TorchAvailable()) GTEST_SKIP() << TorchAvailable().error().message()

// Squares of a class's color on a ground of noise, where they happen to lie.
void AddSquares(PictureFolder& folder, int count, uint64_t seed) {
  Random random(seed);
  for (int i = 0; i < count; ++i) {
    Image image = Image::Make(16, 16);
    for (uint8_t& v : image.pixels) v = static_cast<uint8_t>(60 + random.Below(80));
    const auto left = static_cast<int64_t>(random.Below(10)), top = static_cast<int64_t>(random.Below(10));
    const int kind = i % 3;
    for (int64_t y = 0; y < 6; ++y) {
      for (int64_t x = 0; x < 6; ++x) image.At(top + y, left + x)[kind] = 250;
    }
    const char* const names[] = {"red", "green", "blue"};
    folder.Add(names[kind], image);
  }
}

class TrainNetTest : public testing::Test {
 protected:
  TrainNetTest() : train_({"red", "green", "blue"}), test_({"red", "green", "blue"}) {
    AddSquares(train_, 150, 1);
    AddSquares(test_, 60, 2);
    Write("card.yaml", "name: squares\ntask: classify\ninput: {mean: 100, deviation: 60}\nlabels: [red, green, blue]\n");
    Write("net.lua", R"(
      local x = relu(bn(conv(input("image", 3, 16, 16), 8, 3, {name = "c1"}), {name = "b1"}))
      for block = 0, 1 do
        x = relu(add(bn(conv(x, 8, 3, {name = "block" .. block .. ".c"}), {name = "block" .. block .. ".b"}), x))
      end
      output("logits", linear(flatten(gap(x)), 3, {name = "l"})))");
  }
  void Write(const std::string& name, const std::string& text) {
    ASSERT_TRUE(WriteFileAtomically(train_.path() + "/../" + Stem() + name, text));
    written_.push_back(train_.path() + "/../" + Stem() + name);
  }
  ~TrainNetTest() override {
    std::error_code ignored;
    for (const std::string& path : written_) std::filesystem::remove(path, ignored);
  }
  std::string Stem() const { return std::filesystem::path(train_.path()).filename().string() + "_"; }
  std::string Path(const std::string& name) const { return train_.path() + "/../" + Stem() + name; }

  TrainRecipe Recipe(const std::string& more, const std::string& phases) {
    const auto recipe = ParseTrainRecipe("name: squares\nsummary: squares\nnet: {description: " + Path("net.lua") +
                                             "}\ncard: " + Path("card.yaml") + "\ndata: {train: " + train_.path() +
                                             ", validate: " + test_.path() + ", flip: true}\nbatch: 30\n" + more + "phases:\n" + phases,
                                         "test.yaml", {});
    EXPECT_TRUE(recipe) << recipe.error().ToString();
    return *recipe;
  }
  TrainReport Trained(const TrainRecipe& recipe) {
    const auto report = TrainNet(recipe, {});
    EXPECT_TRUE(report) << report.error().ToString();
    return *report;
  }

  PictureFolder train_, test_;
  std::vector<std::string> written_;
};

const char* const kPlain = "  - {epochs: 6, learning_rate: 0.1, losses: [{output: logits}]}\n";

bool SameWeights(const OnnxModel& a, const OnnxModel& b, const std::string& but = "\n") {
  for (const OnnxTensor& t : a.graph.initializers) {
    const OnnxTensor* other = b.graph.FindInitializer(t.name);
    if (t.name.starts_with(but)) continue;
    if (other == nullptr || !std::equal(t.data.begin(), t.data.end(), other->data.begin(), other->data.end())) return false;
  }
  return true;
}

TEST_F(TrainNetTest, ANetLearnsAndIsWrittenWithItsCard) {
  TW_REQUIRE_TORCH();
  const TrainRecipe recipe = Recipe("", kPlain);
  const TrainReport report = Trained(recipe);
  ASSERT_EQ(report.after.size(), 1u);
  EXPECT_EQ(report.after[0].judged, 60);
  EXPECT_GT(report.after[0].share(), 0.9);
  EXPECT_LT(report.before[0].share(), 0.7);
  EXPECT_EQ(report.steps, 6 * 5);
  EXPECT_LT(report.losses.at(0).last, report.losses[0].first);
  EXPECT_EQ(report.stopped, "");
  const std::string out = Path("out.onnx");
  written_.insert(written_.end(), {out, out + ".card.yaml"});
  const auto wrote = WriteTrained(report, recipe, out);
  ASSERT_TRUE(wrote) << wrote.error().ToString();
  const auto card = FindCard(out, "");
  ASSERT_TRUE(card) << card.error().ToString();
  EXPECT_EQ(card->labels, (std::vector<std::string>{"red", "green", "blue"}));
  // The file as our executor reads it gives the accuracy that was told.
  const auto source = ReadGraph(out);
  ASSERT_TRUE(source) << source.error().ToString();
  const auto runner = OpenGraph(*source, {});
  ASSERT_TRUE(runner) << runner.error().ToString();
  const auto pictures =
      TrainingPictures::Load("pictures:" + test_.path(), *card, {}, {.width = 16, .height = 16, .channels_first = true}, {});
  int64_t right = 0;
  for (int64_t i = 0; i < pictures->count(); ++i) {
    const PictureUse use{.picture = i};
    const Tensor picture = pictures->Batch({&use, 1});
    const auto logits = (*runner)->Run({&picture, 1});
    ASSERT_TRUE(logits);
    const auto row = (*logits)[0].Values<float>();
    right += std::max_element(row.begin(), row.end()) - row.begin() == pictures->labels()[static_cast<size_t>(i)] ? 1 : 0;
  }
  EXPECT_EQ(right, report.after[0].right);
  bool says_seed = false;
  for (const auto& [key, text] : std::get<OnnxModel>(source->model).metadata) says_seed |= key == "training.seed" && text == "1";
  EXPECT_TRUE(says_seed);
}

TEST_F(TrainNetTest, TheSameSeedGivesTheSameBitsAndAnotherOthers) {
  TW_REQUIRE_TORCH();
  TrainRecipe recipe = Recipe("", "  - {epochs: 1, learning_rate: 0.1, losses: [{output: logits}]}\n");
  const OnnxModel a = Trained(recipe).model, b = Trained(recipe).model;
  EXPECT_TRUE(SameWeights(a, b));
  recipe.seed = 2;
  EXPECT_FALSE(SameWeights(a, Trained(recipe).model));
}

TEST_F(TrainNetTest, ExitsTrainAndTheNetStaysAsItIs) {
  TW_REQUIRE_TORCH();
  const TrainRecipe recipe =
      Recipe("exits: {at: blocks}\ntrain: [exit.]\n", "  - {epochs: 12, learning_rate: 0.1, losses: [{output: exit.*}]}\n");
  const auto prepared = PrepareNet(recipe, "");
  ASSERT_TRUE(prepared) << prepared.error().ToString();
  const TrainReport report = Trained(recipe);
  EXPECT_EQ(report.parameters, 8 * 3 + 3) << "one exit: behind the last block stands the net's own end";
  EXPECT_TRUE(SameWeights(prepared->model, report.model, "exit."));
  EXPECT_FALSE(SameWeights(prepared->model, report.model));
  ASSERT_EQ(report.after.size(), 2u);
  EXPECT_EQ(report.after[1].right, report.before[0].right) << "the net's own";
  EXPECT_GT(report.after[0].share(), 0.6);
}

TEST_F(TrainNetTest, ExitsStandBehindEveryBlockOrSoManyth) {
  TrainRecipe recipe = Recipe("exits: {at: blocks, every: 2, grid: 2, hidden: 5}\n", kPlain);
  recipe.net = {.description = "cifar_resnet", .parameters = {{"n", 3}}};
  const auto prepared = PrepareNet(recipe, "");
  ASSERT_TRUE(prepared) << prepared.error().ToString();
  const auto ends = BlockEnds(prepared->original);
  ASSERT_EQ(ends->size(), 9u);
  std::vector<std::string> read;
  for (const OnnxNode& node : prepared->model.graph.nodes) {
    if (node.name.ends_with(".pooled")) read.push_back(node.inputs[0]);
  }
  EXPECT_THAT(read, testing::UnorderedElementsAre((*ends)[1], (*ends)[3], (*ends)[5], (*ends)[7]));
  EXPECT_EQ(prepared->model.graph.outputs.size(), 5u);
  recipe.exits->every = 9;
  EXPECT_FALSE(PrepareNet(recipe, "")) << "the last block has no exit";
}

TEST_F(TrainNetTest, APhaseOfMatchingTeachesABottleneck) {
  TW_REQUIRE_TORCH();
  const TrainRecipe recipe = Recipe("bottleneck: {at: block.0, channels: 3, stride: 2}\ntrain: [bottleneck.]\noptimizer: adam\n",
                                    "  - {epochs: 20, learning_rate: 0.01, losses: [{kind: match, output: bottleneck.restored, target: "
                                    "block.0}]}\n  - {epochs: 2, learning_rate: 0.003, losses: [{kind: distillation, output: logits, "
                                    "target: logits}]}\n");
  const TrainReport report = Trained(recipe);
  ASSERT_EQ(report.original.size(), 1u);
  EXPECT_EQ(report.losses.at(0).text, "distillation of logits");
  EXPECT_LT(report.losses[0].last, 0.1);
  TrainRecipe first = recipe;
  first.phases.resize(1);
  const TrainReport matched = Trained(first);
  EXPECT_LT(matched.losses.at(0).last, 0.5 * matched.losses[0].first);
}

TEST_F(TrainNetTest, QuantisersAreCalibratedTrainedAndWrittenInWholeNumbers) {
  TW_REQUIRE_TORCH();
  const TrainRecipe plain = Recipe("", kPlain);
  const TrainReport net = Trained(plain);
  const std::string file = Path("plain.onnx");
  written_.insert(written_.end(), {file, file + ".card.yaml"});
  ASSERT_TRUE(WriteTrained(net, plain, file));
  TrainRecipe recipe = Recipe("quantize: {weight_bits: 2, value_bits: 3, calibration: 60}\n",
                              "  - {epochs: 4, learning_rate: 0.02, losses: [{output: logits}]}\n");
  recipe.net = {.file = file};
  const TrainReport report = Trained(recipe);
  EXPECT_EQ(report.original.at(0).right, net.after[0].right);
  EXPECT_GE(report.after.at(0).share(), report.before.at(0).share());
  EXPECT_GT(report.after[0].share(), 0.9);
  const std::string out = Path("quantised.onnx");
  written_.insert(written_.end(), {out, out + ".card.yaml"});
  ASSERT_TRUE(WriteTrained(report, recipe, out));
  const auto source = ReadGraph(out);
  ASSERT_TRUE(source) << source.error().ToString();
  const auto& model = std::get<OnnxModel>(source->model);
  EXPECT_EQ(std::count_if(model.graph.nodes.begin(), model.graph.nodes.end(), [](const OnnxNode& n) { return n.domain == "tradewind"; }),
            0);
  const auto whole = std::count_if(model.graph.initializers.begin(), model.graph.initializers.end(),
                                   [](const OnnxTensor& t) { return t.name.ends_with(".whole") && t.type == OnnxType::kInt8; });
  EXPECT_EQ(whole, 4);
  if (!GraphBackends().Find("openvino")->available()) return;  // what else reads the file gives the accuracy that was told
  const auto runner = OpenGraph(*source, {.backend = "openvino"});
  ASSERT_TRUE(runner) << runner.error().ToString();
  const auto pictures =
      TrainingPictures::Load("pictures:" + test_.path(), report.card, {}, {.width = 16, .height = 16, .channels_first = true}, {});
  int64_t right = 0;
  for (int64_t i = 0; i < pictures->count(); ++i) {
    const PictureUse use{.picture = i};
    const Tensor picture = pictures->Batch({&use, 1});
    const auto row = (*runner)->Run({&picture, 1})->at(0);
    const auto logits = row.Values<float>();
    right += std::max_element(logits.begin(), logits.end()) - logits.begin() == pictures->labels()[static_cast<size_t>(i)] ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(right), static_cast<double>(report.after[0].right), 1.5);
}

TEST_F(TrainNetTest, StopsWhenItIsToldToAndWhenTheTimeIsUp) {
  TW_REQUIRE_TORCH();
  TrainRecipe recipe = Recipe("", "  - {epochs: 100000, learning_rate: 0.01, losses: [{output: logits}]}\n");
  int64_t calls = 0;
  const auto stopped =
      TrainNet(recipe, {.progress = [&](const std::string& what, double) { return !what.starts_with("training") || ++calls < 3; }});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code(), StatusCode::kCancelled);
  recipe.time = Duration::Seconds(0.2);
  const TrainReport report = Trained(recipe);
  EXPECT_EQ(report.stopped, "the time was up");
  EXPECT_GT(report.steps, 0);
}

TEST_F(TrainNetTest, WhatARecipeNamesAndIsNotThereIsNamed) {
  TW_REQUIRE_TORCH();
  const auto message = [&](const TrainRecipe& recipe) {
    const auto report = TrainNet(recipe, {});
    EXPECT_FALSE(report);
    return report ? "" : report.error().ToString();
  };
  TrainRecipe recipe = Recipe("", kPlain);
  recipe.data.train = "no/such/folder";
  EXPECT_THAT(message(recipe), testing::AllOf(HasSubstr("no/such/folder"), HasSubstr("--data")));
  recipe = Recipe("train: [elsewhere.]\n", kPlain);
  EXPECT_THAT(message(recipe), HasSubstr("'elsewhere.'"));
  recipe = Recipe("", "  - {losses: [{output: exit.*}]}\n");
  EXPECT_THAT(message(recipe), HasSubstr("'exit.'"));
  recipe = Recipe("bottleneck: {at: block.7}\n", kPlain);
  EXPECT_THAT(message(recipe), HasSubstr("there are 2"));
  recipe = Recipe("bottleneck: {at: block.0}\ntrain: [bottleneck.]\n",
                  "  - {learning_rate: 1000, epochs: 9, losses: [{kind: match, output: bottleneck.restored, target: block.0}]}\n");
  EXPECT_THAT(message(recipe), HasSubstr("lower learning rate"));
}

// The published ResNet-20, on a small share of the real pictures: exits that beat chance by far, and a net that gives the bits that it
// gave.
TEST(TrainNetOnCifar, ExitsOfAPublishedNet) {
  TW_REQUIRE_TORCH();
  TW_REQUIRE_DATA(folder, SharedPath("assets/vision"));
  TW_REQUIRE_DATA(train, SharedPath("assets/vision/cifar10/train.tar"));
  TW_REQUIRE_DATA(weights, SharedPath("assets/vision/pytorch_resnet_cifar10/pretrained_models/resnet20-12fca82f.th"));
  const auto recipe = FindTrainRecipe(
      "cifar_exits20", {"data.train=cifar10/train.tar,600", "data.validate=cifar10/test.tar,200", "exits.every=4", "batch=60"});
  ASSERT_TRUE(recipe) << recipe.error().ToString();
  const auto report = TrainNet(*recipe, {.data_folder = folder});
  ASSERT_TRUE(report) << report.error().ToString();
  ASSERT_EQ(report->after.size(), 3u);
  EXPECT_GT(report->after[0].share(), 0.25);  // of ten classes; 0.1 is chance, and a standard deviation 0.021
  EXPECT_GT(report->after[1].share(), 0.5);
  EXPECT_GT(report->after[2].share(), 0.7) << "the net's own";
  const auto prepared = PrepareNet(*recipe, folder);
  ASSERT_TRUE(prepared);
  Tensor picture = Tensor::Of<float>({1, 3, 32, 32});
  Random random(1);
  for (float& v : picture.Values<float>()) v = static_cast<float>(random.Normal());
  const auto logits = [&](const OnnxModel& model) {
    const auto runner = OpenGraph({.path = "net", .model = model}, {});
    EXPECT_TRUE(runner) << runner.error().ToString();
    return (*runner)->Run({&picture, 1})->back().data;
  };
  EXPECT_EQ(logits(report->model), logits(prepared->original));
}

TEST(TrainFiles, AreLookedForBelowTheDataFolder) {
  EXPECT_EQ(*FindTrainFile("CMakeLists.txt", SourcePath("")), "CMakeLists.txt");
  EXPECT_EQ(*FindTrainFile("src/train/README.md", std::string(TRADEWIND_SOURCE_DIR)), "src/train/README.md");
  EXPECT_EQ(*FindTrainPictures("tests/train,7", ""), "pictures:tests/train,7");
  EXPECT_EQ(*FindTrainFile("train_files.h", SourcePath("src/train")), SourcePath("src/train") + "/train_files.h");
  EXPECT_FALSE(FindTrainFile("train_files.h", ""));
}

TEST(RateAt, RisesThenFallsToNothing) {
  EXPECT_EQ(RateAt(0, 0), 1);
  EXPECT_NEAR(RateAt(0.5, 0), 0.5, 1e-12);
  EXPECT_NEAR(RateAt(1, 0), 0, 1e-12);
  EXPECT_NEAR(RateAt(0.1, 0.2), 0.5, 1e-12);
  EXPECT_NEAR(RateAt(0.2, 0.2), 1, 1e-12);
  EXPECT_NEAR(RateAt(0.6, 0.2), 0.5, 1e-12);
}

}  // namespace
}  // namespace tradewind
