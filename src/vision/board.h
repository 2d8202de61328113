// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Board: nets whose accuracy is public and whose latency is measured here. The nets are built from their descriptions with drawn weights:
// what a run costs does not depend on them.
//
//   TW_ASSIGN(const Board board, ReadBoard("vision"));
//   TW_ASSIGN(const BoardTimes times, TimeBoard(board, {}, nullptr));
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/interval.h"
#include "base/status.h"
#include "core/frontier.h"

namespace tradewind {

struct BoardNet {
  std::string name;
  std::string net;  // of data/nets, or a .lua file
  std::map<std::string, double> parameters{};
  int64_t resolution = 224;
  double top1 = 0;        // per cent, public
  std::string weights{};  // which that is said of
};
struct Board {
  std::string name;
  std::string source{};  // of the accuracies
  std::vector<BoardNet> nets{};
};

std::vector<std::string> BoardNames();
// A built-in board, or a YAML file of one. kInvalidInput names the line.
Result<Board> ReadBoard(const std::string& name);

struct BoardOptions {
  int threads = 1;
  int rounds = 3;                       // each opens every net again
  int runs = 7;                         // of a net in a round; the median counts
  std::vector<std::string> backends{};  // empty: all that are there
};
struct BoardTime {
  size_t net = 0;
  std::string backend{};
  std::string failure{};  // why this back end cannot run it; empty if it can
  double latency_ms = 0;  // median of the rounds
  Interval interval{};    // from the fastest round to the slowest
};
// One a net and back end, in the board's order. `told` hears what is being timed and how much is done; may be null.
Result<std::vector<BoardTime>> TimeBoard(const Board& board, const BoardOptions& options,
                                         const std::function<void(double share, const std::string& what)>& told);

// The same as points, one a net by its fastest back end, on the axes top1 and latency_ms; `setting` has net, resolution and backend.
std::vector<Point> BoardPoints(const Board& board, const std::vector<BoardTime>& times);
std::vector<Axis> BoardAxes();

}  // namespace tradewind
