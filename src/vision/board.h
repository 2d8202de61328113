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
#include <span>
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
  double top1 = 0;                       // per cent, public: of its most accurate weights
  std::string weights{};                 // which those are
  std::map<std::string, double> also{};  // of other weights, by their names
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
  int runs = 7;                         // of a net in a round, more of fast ones and three of slow ones; the median counts
  std::vector<std::string> backends{};  // empty: all that are there
};
struct BoardTime {
  size_t net = 0;
  std::string backend{};
  std::string failure{};            // why this back end cannot run it; empty if it can
  double latency_ms = 0;            // median of the rounds
  Interval interval{};              // from the fastest round to the slowest
  std::vector<double> rounds_ms{};  // each round's
};
// The nets whose names start so, in the board's order. kNotFound names a family of which the board has none.
Result<Board> OnlyFamilies(const Board& board, const std::vector<std::string>& families);
// One a net and back end, in the board's order. A back end that takes over twice as long as another in a round is left out of those that
// follow. `told` hears what is being timed and how much is done; may be null.
Result<std::vector<BoardTime>> TimeBoard(const Board& board, const BoardOptions& options,
                                         const std::function<void(double share, const std::string& what)>& told);

// A net as it stands here: by its fastest back end.
struct TimedNet {
  std::string name{};
  int64_t resolution = 0;
  double top1 = 0;
  std::string weights{};
  std::string backend{};
  double latency_ms = 0;
  Interval interval{};
  std::string Title() const { return name + " at " + std::to_string(resolution); }
};
// Which of a net's weights it counts with: the most accurate of those whose names hold none of the words `without`, or, where it has
// weights that end in one of the tags ("aa_in1k"; the best first), with those. A net that has none left is left out.
struct WeightChoice {
  std::vector<std::string> tags{}, without{};
};
// Those that ran, in the board's order.
std::vector<TimedNet> FastestOf(const Board& board, const std::vector<BoardTime>& times, const WeightChoice& choice = {});

// What is trained of it, without building its weights.
Result<int64_t> ParametersOf(const BoardNet& net);

// The same as points on the axes top1 and latency_ms; `setting` has net, resolution and backend.
std::vector<Point> BoardPoints(std::span<const TimedNet> nets);
std::vector<Axis> BoardAxes();

}  // namespace tradewind
