// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/board_timing.h"

#include <cstdio>

#include "base/cpu.h"

namespace tradewind {

const char* const kBoardTimingSummary =
    "board [vision], threads [allowed CPUs], rounds [5], runs of a net in each (more of fast ones, three of slow ones) [5], backends [all "
    "that are there], weights (tags as "
    "ra_in1k, the best first; else the most accurate), without (words that weights' names must not hold)";

Result<BoardTiming> ReadBoardTiming(Parameters& with) {
  BoardTiming timing;
  TW_ASSIGN(timing.board, ReadBoard(with.Text("board", "vision")));
  TW_ASSIGN(const int64_t threads, with.Integer("threads", DefaultThreads(), 1, 1024));
  TW_ASSIGN(const int64_t rounds, with.Integer("rounds", 5, 3, 1000));
  TW_ASSIGN(const int64_t runs, with.Integer("runs", 5, 1, 10'000));
  timing.options = {.threads = static_cast<int>(threads),
                    .rounds = static_cast<int>(rounds),
                    .runs = static_cast<int>(runs),
                    .backends = with.List("backends", "")};
  timing.weights = {.tags = with.List("weights", ""), .without = with.List("without", "")};
  return timing;
}

Result<std::vector<BoardTime>> TimeFor(const Board& board, const BoardTiming& timing, const AnalysisContext& context) {
  return TimeBoard(board, timing.options, [&](double share, const std::string& what) { context.Tell(share, what); });
}

Result<std::vector<TimedNet>> NetsBySize(const Board& board, const WeightChoice& weights) {
  std::vector<BoardTime> sizes;
  for (size_t n = 0; n < board.nets.size(); ++n) {
    TW_ASSIGN(const int64_t parameters, ParametersOf(board.nets[n]));
    const double millions = static_cast<double>(parameters) / 1e6;
    sizes.push_back({.net = n, .latency_ms = millions, .interval = {millions, millions, 1}});
  }
  return FastestOf(board, sizes, weights);
}

std::string TimedNetText(const TimedNet& net) {
  char text[256];
  if (net.backend.empty()) {
    std::snprintf(text, sizeof text, "%s (%s, %.4g %%): %.2f million parameters", net.Title().c_str(), net.weights.c_str(), net.top1,
                  net.latency_ms);
    return text;
  }
  std::snprintf(text, sizeof text, "%s (%s, %.4g %%): %.3g ms (%.3g to %.3g) by %s", net.Title().c_str(), net.weights.c_str(), net.top1,
                net.latency_ms, net.interval.low, net.interval.high, net.backend.c_str());
  return text;
}

std::vector<std::string> FailureLines(const Board& board, const std::vector<BoardTime>& times) {
  std::vector<std::string> lines;
  for (size_t n = 0; n < board.nets.size(); ++n) {
    bool ran = false;
    std::string why;
    for (const BoardTime& time : times) {
      if (time.net != n) continue;
      ran = ran || time.failure.empty();
      why += (why.empty() ? "" : "; ") + time.backend + ": " + time.failure;
    }
    if (!ran) lines.push_back("not run: " + board.nets[n].name + " at " + std::to_string(board.nets[n].resolution) + " (" + why + ")");
  }
  return lines;
}

}  // namespace tradewind
