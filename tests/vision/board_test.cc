// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/board.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace tradewind {
namespace {

using testing::HasSubstr;

Result<Board> BoardOf(const std::string& text) {
  const std::string path = testing::TempDir() + "/board.yaml";
  std::ofstream(path) << text;
  return ReadBoard(path);
}

TEST(Board, TheBuiltInOneHasFortyNets) {
  ASSERT_THAT(BoardNames(), testing::Contains("vision"));
  const auto board = ReadBoard("vision");
  ASSERT_TRUE(board) << board.error().ToString();
  EXPECT_GE(board->nets.size(), 40u);
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
  }
  const auto points = BoardPoints(*board, *times);
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
  EXPECT_EQ(BoardPoints(*board, *times)[0].setting.TextOr("backend", ""), "native");
}

}  // namespace
}  // namespace tradewind
