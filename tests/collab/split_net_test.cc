// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Head here and tail in another process against the whole net (and remote_tail.cc).
#include "collab/split_net.h"

#include <gmock/gmock.h>

#include <csignal>
#include <thread>

#include "collab/cut_profile.h"
#include "collab/split_testing.h"
#include "graph/surgery.h"
#include "shared_data.h"
#include "vision/fit_exits.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

std::unique_ptr<SplitNet> Opened(SplitModel model) {
  auto net = SplitNet::Open(std::move(model), {});
  EXPECT_TRUE(net) << net.error().ToString();
  return *std::move(net);
}
// By the whole graph, without anything of this folder.
Tensor WholeNet(const SplitModel& model, const Image& image) {
  const auto runner = OpenGraph({.path = "whole", .model = model.graph}, {});
  EXPECT_TRUE(runner) << runner.error().ToString();
  const Tensor input = *PictureTensor(image, model.card.input, (*runner)->inputs()[0]);
  return (*(*runner)->Run({&input, 1}))[0];
}

// The published net with its batch norms where they are.
Tensor AsPublished(const std::string& weights, const Image& image, const ModelCard& card) {
  const auto file = TorchFile::Open(weights);
  auto graph = BuildNet("cifar_resnet", {{"n", 3}}, *TorchWeightSource(*file, "state_dict.module."));
  EXPECT_TRUE(graph) << graph.error().ToString();
  return WholeNet({.graph = *std::move(graph), .card = card}, image);
}

TEST(SplitNet, EveryCutIsTheWholeBitForBit) {
  const SplitModel model = SmallModel();
  const auto net = Opened(model);
  const Image picture = TestPicture(40);
  const Tensor whole = WholeNet(model, picture);
  std::vector<std::string> cuts = model.cuts;
  cuts.insert(cuts.end(), {"none", "input"});
  EXPECT_GE(cuts.size(), 7u);
  for (const std::string& cut : cuts) {
    const auto outputs = net->Outputs(picture, {.cut = cut, .coding = Coding::kF32});
    ASSERT_TRUE(outputs) << cut << ": " << outputs.error().ToString();
    EXPECT_EQ(outputs->data, whole.data) << cut;
    const auto answer = net->Look(picture, {.cut = cut, .coding = Coding::kF32});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->scores.best[0].value, *std::max_element(whole.Values<float>().begin(), whole.Values<float>().end()));
    EXPECT_EQ(answer->offloaded, cut != "none");
    EXPECT_EQ(answer->sent_bytes > 0, cut != "none");
    EXPECT_GE(answer->whole, answer->device + answer->worker);
  }
}

TEST(SplitNet, APublishedResNetIsTheWholeBitForBit) {
  TW_REQUIRE_DATA(weights, SharedPath(kResNet20Weights));
  TW_REQUIRE_DATA(test_set, SharedPath(kCifarTest));
  const SplitModel model = ResNet20(weights);
  const auto net = Opened(model);
  const auto pictures = PicturesOf(test_set + ",20", model.card);
  int right = 0, right_in_bytes = 0, right_as_jpeg = 0;
  for (size_t i = 0; i < pictures.size(); ++i) {
    const auto& [image, label] = pictures[i];
    const Tensor whole = WholeNet(model, image);
    const std::string cut = model.cuts[i * model.cuts.size() / pictures.size()];
    const auto outputs = net->Outputs(image, {.cut = cut, .coding = Coding::kF32});
    ASSERT_TRUE(outputs) << outputs.error().ToString();
    EXPECT_EQ(outputs->data, whole.data) << cut;
    const auto number = static_cast<uint32_t>(label);
    if (i == 0) EXPECT_EQ(whole.data, AsPublished(weights, image, model.card).data) << "folding changed bits";
    right += net->Look(image, {.cut = cut, .coding = Coding::kF32})->scores.best[0].number == number;
    right_in_bytes += net->Look(image, {.cut = cut, .coding = Coding::kInt8Zlib})->scores.best[0].number == number;
    right_as_jpeg += net->Look(image, {.cut = "input", .coding = Coding::kJpeg})->scores.best[0].number == number;
  }
  EXPECT_GE(right, 14) << "of the test set's own pixels 91.7 % are published; these were saved as JPEG";
  EXPECT_GE(right_in_bytes, right - 2);
  EXPECT_GE(right_as_jpeg, 10);
}

TEST(SplitNet, ActivationsAreWhatCrosses) {
  const SplitModel model = SmallModel();
  const auto net = Opened(model);
  const Image picture = TestPicture(12);
  std::vector<std::string> cuts = model.cuts;
  cuts.emplace_back("input");
  const auto crossing = net->Activations(picture, cuts);
  ASSERT_TRUE(crossing) << crossing.error().ToString();
  for (size_t i = 0; i < cuts.size(); ++i) {
    for (const Coding coding : {Coding::kF32, Coding::kInt8Zlib}) {
      const auto answer = net->Look(picture, {.cut = cuts[i], .coding = coding});
      ASSERT_TRUE(answer);
      const size_t around = kMessageHeaderBytes + 4 + cuts[i].size() + 4;
      EXPECT_EQ(static_cast<size_t>(answer->sent_bytes), EncodeTensor((*crossing)[i], coding)->size() + around) << cuts[i];
    }
  }
}

TEST(SplitNet, AnEarlyExitAnswersWhereItIsSure) {
  OnnxModel graph = ScriptNet(kSmallNet);
  const std::string at = (*CutPoints(graph))[1];
  ASSERT_TRUE(InsertExit(graph, at, {.classes = 5, .name = "exit.0"}, *RandomWeightSource(7)));
  const auto model = MakeSplitModel(graph, SmallCard(5));
  ASSERT_TRUE(model) << model.error().ToString();
  const auto net = Opened(*model);
  const Image picture = TestPicture(12);
  // What the exit says, from the graph that has it as its only output.
  OnnxModel only = graph;
  std::erase_if(only.graph.outputs, [](const OnnxValue& v) { return v.name != "exit.0"; });
  ASSERT_TRUE(RemoveUnused(only));
  const SplitModel exit_alone{.graph = only, .card = model->card};
  const ClassScores sure = ScoresOf(WholeNet(exit_alone, picture), 5);
  const auto confidence = static_cast<double>(ConfidenceOf(sure, false));
  const auto here = net->Look(picture, {.cut = at, .exit = confidence - 0.01});
  ASSERT_TRUE(here) << here.error().ToString();
  EXPECT_FALSE(here->offloaded);
  EXPECT_EQ(here->sent_bytes, 0);
  EXPECT_EQ(here->scores.best[0].number, sure.best[0].number);
  EXPECT_EQ(here->scores.best[0].value, sure.best[0].value);
  const auto there = net->Look(picture, {.cut = at, .coding = Coding::kF32, .exit = confidence + 0.01});
  EXPECT_TRUE(there->offloaded);
  EXPECT_EQ(there->scores.best[0].value, net->Look(picture, {.cut = "none"})->scores.best[0].value);
  EXPECT_TRUE(net->Look(picture, {.cut = at, .exit = 1})->offloaded);
  EXPECT_TRUE(net->Look(picture, {.cut = model->cuts[0], .exit = 0})->offloaded) << "no exit lies before this cut";
}

// An exit that is fitted to the published ResNet: the surer it must be, the fewer pictures it answers, and the more are right.
TEST(SplitNet, AFittedExitAnswersEasyPicturesHere) {
  TW_REQUIRE_DATA(weights, SharedPath(kResNet20Weights));
  TW_REQUIRE_DATA(train_set, SharedPath("assets/vision/cifar10/train.tar"));
  TW_REQUIRE_DATA(test_set, SharedPath(kCifarTest));
  const SplitModel plain = ResNet20(weights);
  const std::string edge = plain.cuts[plain.cuts.size() * 2 / 3];
  std::vector<Image> pictures;
  for (auto& [image, label] : PicturesOf(train_set + ",300", plain.card)) pictures.push_back(std::move(image));
  auto graph = FitExits(plain.graph, plain.card, pictures, {.at = {edge}});
  ASSERT_TRUE(graph) << graph.error().ToString();
  auto model = MakeSplitModel(*std::move(graph), plain.card);
  ASSERT_TRUE(model) << model.error().ToString();
  const auto net = Opened(*std::move(model));
  struct Seen {
    int here = 0, right = 0;
  };
  std::vector<Seen> seen;
  const auto tested = PicturesOf(test_set + ",100", plain.card);
  for (const double exit : {0.0, 0.9, 1.0}) {
    Seen& at = seen.emplace_back();
    for (const auto& [image, label] : tested) {
      const auto answer = net->Look(image, {.cut = edge, .exit = exit});
      ASSERT_TRUE(answer) << answer.error().ToString();
      at.here += answer->offloaded ? 0 : 1;
      at.right += answer->scores.best[0].number == static_cast<uint32_t>(label) ? 1 : 0;
    }
  }
  EXPECT_EQ(seen[0].here, 100) << "any answer will do";
  EXPECT_EQ(seen[2].here, 0) << "none will";
  EXPECT_GT(seen[1].here, 5) << "some are easy";
  EXPECT_LT(seen[1].here, 95) << "and some are not";
  EXPECT_GT(seen[0].right, 30) << "chance would be 10";
  EXPECT_GT(seen[1].right, seen[0].right + 5) << "the hard ones are the whole net's";
}

TEST(SplitNet, ALinkAndLoadsTakeTheirTime) {
  const auto net = Opened(SmallModel());
  const Image picture = TestPicture(12);
  const SplitPlan plan{.cut = "input", .coding = Coding::kF32};
  const auto alone = net->Look(picture, plan);
  ASSERT_TRUE(alone);
  ASSERT_TRUE(net->SetConditions({.link = {.bandwidth_bytes_per_s = 100'000, .delay_ms = 10}}));
  const auto slow = net->Look(picture, plan);
  ASSERT_TRUE(slow) << slow.error().ToString();
  EXPECT_EQ(slow->sent_bytes, alone->sent_bytes);
  EXPECT_GE(slow->whole.ms(), 20 + static_cast<double>(slow->sent_bytes + slow->received_bytes) / 100);
  EXPECT_EQ(slow->scores.best[0].value, alone->scores.best[0].value);
  EXPECT_FALSE(net->SetConditions({.device_load = 0.5}));
  EXPECT_FALSE(net->SetConditions({.link = {.loss = -1}}));
}

TEST(SplitNet, CutsThatCannotBeAreNamed) {
  const auto net = Opened(SmallModel());
  const Image picture = TestPicture(12);
  const auto nowhere = net->Look(picture, {.cut = "nowhere"});
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code(), StatusCode::kNotFound);
  EXPECT_THAT(nowhere.error().ToString(), AllOf(HasSubstr("'nowhere'"), HasSubstr(SmallModel().cuts[0])));
  EXPECT_THAT(net->Look(picture, {.cut = "bottleneck"}).error().ToString(), HasSubstr("split.bottleneck"));
  EXPECT_EQ(net->Look(picture, {.cut = net->model().cuts[0], .coding = Coding::kJpeg}).error().code(), StatusCode::kUnsupported);
  EXPECT_TRUE(net->Look(picture, {.cut = "input"})) << "the worker is still there";
}

// While the worker is busy for minutes; the error must come long before.
TEST(SplitNet, AWorkerThatDiesIsToldAtOnce) {
  const auto net = Opened(SmallModel());
  const Image picture = TestPicture(12);
  ASSERT_TRUE(net->SetConditions({.link = {.bandwidth_bytes_per_s = 200, .delay_ms = 1}}));
  const pid_t worker = net->worker().pid();
  ASSERT_GT(worker, 0);
  std::thread killer([worker] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    ::kill(worker, SIGKILL);
  });
  const TimePoint start = RealClock().Now();
  const auto answer = net->Look(picture, {.cut = "input", .coding = Coding::kF32});
  const Duration took = RealClock().Now() - start;
  killer.join();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code(), StatusCode::kUnavailable);
  EXPECT_THAT(answer.error().ToString(), AllOf(HasSubstr("the worker (process"), HasSubstr("was ended by signal 9")));
  EXPECT_LT(took.seconds(), 8) << "sending alone takes 8.6 s over this link";
  EXPECT_FALSE(net->Look(picture, {.cut = "input"}));
  EXPECT_TRUE(net->Look(picture, {.cut = "none"})) << "what needs no worker goes on";
}

TEST(SplitNet, AWorkerThatIsNotThereIsNamed) {
  ::setenv("TRADEWIND_PROGRAM", "/nowhere/tradewind", 1);
  const auto none = SplitNet::Open(SmallModel(), {});
  ::setenv("TRADEWIND_PROGRAM", "false", 1);
  const auto ends = SplitNet::Open(SmallModel(), {});
  ::unsetenv("TRADEWIND_PROGRAM");
  ASSERT_FALSE(none);
  EXPECT_THAT(none.error().ToString(), HasSubstr("/nowhere/tradewind"));
  ASSERT_FALSE(ends);
  EXPECT_THAT(ends.error().ToString(), HasSubstr("exit code 1"));
  EXPECT_EQ(SplitNet::Open(SmallModel(), {.worker = "127.0.0.1:1"}).error().code(), StatusCode::kUnavailable);
}

}  // namespace
}  // namespace tradewind
