// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What a board says of claims: whether some nets are more accurate than others in the same time here, and what each deadline buys. All
// intervals come from those of the latencies: what would be said if each net had been as slow, or as fast, as its interval allows. Pure
// functions, thread-safe.
//
//   TW_ASSIGN(const BoardContest contest, ContestAtEqualTime(lcnets, ghostnets, 0));
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/interval.h"
#include "base/status.h"
#include "vision/board.h"

namespace tradewind {

// One net and the most accurate of the rivals that take no longer.
struct BoardBout {
  size_t net = 0;               // of the nets
  std::optional<size_t> rival;  // absent: all take longer, and there is nothing to compare
  double difference = 0;        // points of top-1 by which the net is above
  Interval interval{};
};
// One rival and the fastest of the nets that are at least as accurate.
struct BoardRace {
  size_t rival = 0;
  std::optional<size_t> net;  // absent: none is
  double speedup = 0;         // the rival's time over the net's
  Interval interval{};
};
struct BoardContest {
  std::vector<BoardBout> bouts{};  // one a net
  std::vector<BoardRace> races{};  // one a rival
};
// `within`: by which share rivals may take longer (0.1: a tenth).
BoardContest ContestAtEqualTime(std::span<const TimedNet> nets, std::span<const TimedNet> rivals, double within);

struct BoardNumber {
  double value = 0;
  Interval interval{};
};
// Of two accuracies on 50,000 pictures, 75 % each: they differ by more in one case of twenty, if the nets are equally good.
inline constexpr double kChancePoints = 0.54;
// Of the bouts that have a rival: the share won by more than `margin` points, the mean difference, and the least. Without one: kNotFound.
struct BoutSummary {
  size_t bouts = 0;
  BoardNumber share_won{}, mean_difference{}, least_difference{};
};
Result<BoutSummary> SummaryOf(std::span<const BoardBout> bouts, double margin);
// The geometric mean of the races that have a net; absent if none has.
std::optional<BoardNumber> MeanSpeedup(std::span<const BoardRace> races);

// A deadline that is a power of two milliseconds, and the most accurate net that keeps it.
struct BoardTier {
  double at_most_ms = 0;
  size_t net = 0;
};
// From the fastest net's deadline to the first that buys the most accurate; a deadline that buys no more than the one before is left out.
std::vector<BoardTier> TiersOf(std::span<const TimedNet> nets);

}  // namespace tradewind
