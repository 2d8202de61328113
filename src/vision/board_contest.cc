// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/board_contest.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

namespace tradewind {
namespace {

using Fits = std::function<bool(const TimedNet&)>;

std::optional<size_t> MostAccurate(std::span<const TimedNet> nets, const Fits& fits) {
  std::optional<size_t> best;
  for (size_t i = 0; i < nets.size(); ++i) {
    if (fits(nets[i]) && (!best || nets[i].top1 > nets[*best].top1)) best = i;
  }
  return best;
}

BoardBout BoutOf(std::span<const TimedNet> nets, size_t n, std::span<const TimedNet> rivals, double within) {
  const TimedNet& net = nets[n];
  const double more = 1 + within;
  BoardBout bout{.net = n, .rival = MostAccurate(rivals, [&](const TimedNet& r) { return r.latency_ms <= net.latency_ms * more; })};
  if (!bout.rival) return bout;
  const auto above = [&](std::optional<size_t> rival) { return net.top1 - rivals[*rival].top1; };
  bout.difference = above(bout.rival);
  // As if the net had been slow and the rivals fast: more of them compete.
  const auto most = MostAccurate(rivals, [&](const TimedNet& r) { return r.interval.low <= net.interval.high * more; });
  const auto fewest = MostAccurate(rivals, [&](const TimedNet& r) { return r.interval.high <= net.interval.low * more; });
  bout.interval = {above(most), fewest ? above(fewest) : bout.difference, net.interval.confidence};
  return bout;
}

BoardRace RaceOf(std::span<const TimedNet> nets, std::span<const TimedNet> rivals, size_t r) {
  const TimedNet& rival = rivals[r];
  BoardRace race{.rival = r};
  double low = std::numeric_limits<double>::infinity(), high = low;
  for (size_t n = 0; n < nets.size(); ++n) {
    if (nets[n].top1 < rival.top1) continue;
    if (!race.net || nets[n].latency_ms < nets[*race.net].latency_ms) race.net = n;
    low = std::min(low, nets[n].interval.low);
    high = std::min(high, nets[n].interval.high);
  }
  if (!race.net) return race;
  race.speedup = rival.latency_ms / nets[*race.net].latency_ms;
  race.interval = {rival.interval.low / high, rival.interval.high / low, rival.interval.confidence};
  return race;
}

}  // namespace

BoardContest ContestAtEqualTime(std::span<const TimedNet> nets, std::span<const TimedNet> rivals, double within) {
  BoardContest contest;
  for (size_t n = 0; n < nets.size(); ++n) contest.bouts.push_back(BoutOf(nets, n, rivals, within));
  for (size_t r = 0; r < rivals.size(); ++r) contest.races.push_back(RaceOf(nets, rivals, r));
  return contest;
}

Result<BoutSummary> SummaryOf(std::span<const BoardBout> bouts, double margin) {
  constexpr double kMost = std::numeric_limits<double>::infinity();
  BoutSummary s{.least_difference = {kMost, {kMost, kMost}}};
  const auto mean = [&](BoardNumber& number, double value, double low, double high) {
    number.value += value;
    number.interval.low += low;
    number.interval.high += high;
  };
  for (const BoardBout& bout : bouts) {
    if (!bout.rival) continue;
    ++s.bouts;
    const Interval& i = bout.interval;
    mean(s.share_won, bout.difference > margin, i.low > margin, i.high > margin);
    mean(s.mean_difference, bout.difference, i.low, i.high);
    BoardNumber& least = s.least_difference;
    least = {std::min(least.value, bout.difference), {std::min(least.interval.low, i.low), std::min(least.interval.high, i.high)}};
    least.interval.confidence = s.share_won.interval.confidence = s.mean_difference.interval.confidence = i.confidence;
  }
  if (s.bouts == 0)
    return Fail(StatusCode::kNotFound, "every rival takes longer than every net: there is nothing to compare in equal time");
  for (BoardNumber* number : {&s.share_won, &s.mean_difference}) {
    for (double* part : {&number->value, &number->interval.low, &number->interval.high}) *part /= static_cast<double>(s.bouts);
  }
  return s;
}

std::optional<BoardNumber> MeanSpeedup(std::span<const BoardRace> races) {
  BoardNumber sum;
  double count = 0;
  for (const BoardRace& race : races) {
    if (!race.net) continue;
    ++count;
    sum.value += std::log(race.speedup);
    sum.interval = {sum.interval.low + std::log(race.interval.low), sum.interval.high + std::log(race.interval.high),
                    race.interval.confidence};
  }
  if (count == 0) return std::nullopt;
  return BoardNumber{std::exp(sum.value / count),
                     {std::exp(sum.interval.low / count), std::exp(sum.interval.high / count), sum.interval.confidence}};
}

std::vector<BoardTier> TiersOf(std::span<const TimedNet> nets) {
  std::vector<BoardTier> tiers;
  if (nets.empty()) return tiers;
  const auto [fastest, slowest] =
      std::minmax_element(nets.begin(), nets.end(), [](const TimedNet& a, const TimedNet& b) { return a.latency_ms < b.latency_ms; });
  const double last = std::ceil(std::log2(slowest->latency_ms));
  for (double power = std::ceil(std::log2(fastest->latency_ms)); power <= last; ++power) {
    const double at_most_ms = std::exp2(power);
    const auto best = MostAccurate(nets, [&](const TimedNet& n) { return n.latency_ms <= at_most_ms; });
    if (!best || (!tiers.empty() && nets[*best].top1 <= nets[tiers.back().net].top1)) continue;
    tiers.push_back({.at_most_ms = at_most_ms, .net = *best});
  }
  return tiers;
}

}  // namespace tradewind
