// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What the analyses over a board share: the nets that a claim names are timed here and now, round by round, all of them in each round, so
// that what the machine does meanwhile meets them alike. Nothing is taken from earlier runs.
//
//   TW_ASSIGN(const BoardTiming timing, ReadBoardTiming(with));
//   TW_ASSIGN(const std::vector<BoardTime> times, TimeFor(board, timing, context));
#pragma once

#include <string>
#include <vector>

#include "study/analysis.h"
#include "vision/board_contest.h"

namespace tradewind {

struct BoardTiming {
  Board board;
  BoardOptions options;
  WeightChoice weights;
};
// The parameters board [vision], threads [allowed CPUs], rounds [5], runs [5], backends [all that are there], weights and without
// [the most accurate weights].
Result<BoardTiming> ReadBoardTiming(Parameters& with);
// What those parameters are, for an analysis's summary.
extern const char* const kBoardTimingSummary;

Result<std::vector<BoardTime>> TimeFor(const Board& board, const BoardTiming& timing, const AnalysisContext& context);

// The same nets by their size in the place of their time: millions of parameters, without a back end.
Result<std::vector<TimedNet>> NetsBySize(const Board& board, const WeightChoice& weights);

// A line of detail: "lcnet_100 at 224 (lcnet_100.ra2_in1k, 72.13 %): 3.2 ms (3.1 to 3.4) by openvino".
std::string TimedNetText(const TimedNet& net);
// Lines for nets that no back end ran.
std::vector<std::string> FailureLines(const Board& board, const std::vector<BoardTime>& times);

}  // namespace tradewind
