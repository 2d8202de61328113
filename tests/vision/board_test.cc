// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/board.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

#include "shared_data.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

Result<Board> BoardOf(const std::string& text) {
  const std::string path = testing::TempDir() + "/board.yaml";
  std::ofstream(path) << text;
  return ReadBoard(path);
}

TEST(Board, TheBuiltInOneHasAHundredNets) {
  ASSERT_THAT(BoardNames(), testing::Contains("vision"));
  const auto board = ReadBoard("vision");
  ASSERT_TRUE(board) << board.error().ToString();
  EXPECT_GE(board->nets.size(), 100u);
  for (const BoardNet& net : board->nets) {
    EXPECT_GT(net.top1, 50) << net.name;
    EXPECT_FALSE(net.weights.empty()) << net.name;
  }
}

TEST(Board, MistakesAreToldWithTheirLine) {
  EXPECT_THAT(BoardOf("name: b\nnets:\n  - {name: a, net: lcnet}").error().ToString(), HasSubstr("per cent"));
  EXPECT_THAT(BoardOf("name: b\nnets:\n  - {name: a, net: lcnet, top1: 7, set: {width: wide}}").error().ToString(), HasSubstr("line 3"));
  EXPECT_THAT(BoardOf("name: b\nnets: []").error().ToString(), HasSubstr("list of 1 to"));
  EXPECT_THAT(BoardOf("name: b\nnets:\n  - {name: a, net: lcnet, top1: 7, resolution: 4}").error().ToString(), HasSubstr("16 to 2048"));
  EXPECT_THAT(ReadBoard("audio").error().ToString(), HasSubstr("vision"));
  const auto unknown = BoardOf("name: b\nnets:\n  - {name: a, net: nonet, top1: 7}");
  ASSERT_TRUE(unknown);
  EXPECT_THAT(TimeBoard(*unknown, {}, nullptr).error().ToString(), HasSubstr("nonet"));
}

TEST(Board, NetsAreTimedByEachBackEnd) {
  const auto board = BoardOf(
      "name: b\nnets:\n  - {name: small, net: lcnet, set: {width: 0.5}, resolution: 32, top1: 60}\n  - {name: large, net: lcnet, "
      "resolution: 64, top1: 50}\n");
  ASSERT_TRUE(board) << board.error().ToString();
  const auto times = TimeBoard(*board, {.rounds = 2, .runs = 1, .backends = {"native"}}, nullptr);
  ASSERT_TRUE(times) << times.error().ToString();
  ASSERT_EQ(times->size(), 2u);
  for (const BoardTime& t : *times) {
    EXPECT_EQ(t.failure, "");
    EXPECT_GT(t.latency_ms, 0);
    EXPECT_LE(t.interval.low, t.latency_ms);
    EXPECT_GE(t.interval.high, t.latency_ms);
    EXPECT_EQ(t.rounds_ms.size(), 2u);
    EXPECT_EQ(t.interval.confidence, 0.5) << "a median lies outside of two draws as often as inside";
  }
  const auto points = BoardPoints(FastestOf(*board, *times));
  ASSERT_EQ(points.size(), 2u);
  EXPECT_EQ(points[0].setting.TextOr("net", ""), "small");
  const auto frontier = ComputeFrontier(points, BoardAxes());
  EXPECT_TRUE(frontier[0].OnFrontier());
}

// A back end that cannot run a net leaves the others' times.
TEST(Board, AFailureIsKeptByName) {
  const auto board = BoardOf("name: b\nnets:\n  - {name: small, net: lcnet, set: {width: 0.5}, resolution: 32, top1: 60}\n");
  const auto times = TimeBoard(*board, {.rounds = 1, .runs = 1, .backends = {"nobody", "native"}}, nullptr);
  ASSERT_TRUE(times);
  EXPECT_THAT((*times)[0].failure, HasSubstr("nobody"));
  EXPECT_EQ(FastestOf(*board, *times)[0].backend, "native");
}

// Each accuracy is the one that timm's table gives those weights at that resolution, and the first the best of them.
TEST(Board, AccuraciesAreThoseOfTheTable) {
  TW_REQUIRE_DATA(path, SharedPath("assets/nas/timm-results/results/results-imagenet.csv"));
  std::map<std::pair<std::string, int64_t>, double> top1;  // by weights and resolution
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream cells(line);
    std::string model, side, value;
    if (std::getline(cells, model, ',') && std::getline(cells, side, ',') && std::getline(cells, value, ','))
      top1[{model, std::atoll(side.c_str())}] = std::atof(value.c_str());
  }
  const auto board = ReadBoard("vision");
  ASSERT_TRUE(board) << board.error().ToString();
  size_t others = 0;
  for (const BoardNet& net : board->nets) {
    EXPECT_TRUE(net.weights.starts_with(net.name + ".")) << net.weights;
    EXPECT_NEAR(net.top1, (top1[{net.weights, net.resolution}]), 1e-9) << net.weights;
    for (const auto& [weights, value] : net.also) {
      ++others;
      EXPECT_TRUE(weights.starts_with(net.name + ".")) << weights;
      EXPECT_NEAR(value, (top1[{weights, net.resolution}]), 1e-9) << weights << " at " << net.resolution;
      EXPECT_LE(value, net.top1) << weights;
    }
  }
  EXPECT_GT(others, 50u);
}

TEST(Board, FamiliesAreTakenOutByName) {
  const auto board = ReadBoard("vision");
  const auto only = OnlyFamilies(*board, {"lcnet_", "mobilenetv3_small"});
  ASSERT_TRUE(only) << only.error().ToString();
  EXPECT_EQ(only->nets.size(), 6u);
  EXPECT_THAT(OnlyFamilies(*board, {"lcnet_", "cswin"}).error().message(), HasSubstr("'cswin'"));
}

TEST(Board, WeightsAreChosenByTagsAndWords) {
  const auto board = BoardOf(
      "name: b\nnets:\n  - {name: n, net: lcnet, top1: 80, weights: n.big_in21k, also: {n.aa_in1k: 70, n.ra_in1k: 75}}\n"
      "  - {name: o, net: lcnet, top1: 60, weights: o.in21k}\n");
  ASSERT_TRUE(board) << board.error().ToString();
  std::vector<BoardTime> times = {{.net = 0, .backend = "native", .latency_ms = 2}, {.net = 1, .backend = "native", .latency_ms = 1}};
  const auto chosen = [&](const WeightChoice& choice) {
    std::vector<std::string> weights;
    for (const TimedNet& net : FastestOf(*board, times, choice)) weights.push_back(net.weights);
    return weights;
  };
  using testing::ElementsAre;
  EXPECT_THAT(chosen({}), ElementsAre("n.big_in21k", "o.in21k"));
  EXPECT_THAT(chosen({.without = {"in21k"}}), ElementsAre("n.ra_in1k")) << "o has no others";
  EXPECT_THAT(chosen({.tags = {"aa_in1k", "ra_in1k"}}), ElementsAre("n.aa_in1k", "o.in21k"));
  EXPECT_THAT(chosen({.tags = {"ra_in1k"}, .without = {"in21k"}}), ElementsAre("n.ra_in1k"));
  EXPECT_EQ(FastestOf(*board, times, {.tags = {"aa_in1k"}})[0].top1, 70);
}

// Against timm's count, as tests/graph/net_library_test.cc has it for all.
TEST(Board, ANetsParametersAreCounted) {
  const auto board = ReadBoard("vision");
  const auto lcnet = OnlyFamilies(*board, {"lcnet_100"});
  const auto count = ParametersOf(lcnet->nets[0]);
  ASSERT_TRUE(count) << count.error().ToString();
  EXPECT_NEAR(static_cast<double>(*count), 2.95e6, 5100);
}

}  // namespace
}  // namespace tradewind
