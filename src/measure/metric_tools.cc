// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/metric_tools.h"

#include <cmath>

#include "stats/bootstrap.h"
#include "stats/grouped_bootstrap.h"
#include "stats/summary.h"

namespace tradewind {

std::optional<Measurement> MedianOf(const char* metric, const TimedValues& timed) {
  const std::vector<double>& values = timed.values;
  if (values.empty()) return std::nullopt;
  Measurement m{.metric = metric, .value = Median(values), .interval = {}, .count = static_cast<int64_t>(values.size())};
  m.interval = {m.value, m.value, 0};
  if (values.size() == 1) return m;
  m.interval = StratifiedInterval(values, timed.prompt_tokens, {.statistic = Statistic::kMedian});
  // A prompt that was asked once shows no spread of its own.
  if (!std::isfinite(m.interval.low) || !std::isfinite(m.interval.high)) m.interval = BootstrapInterval(values, {.statistic = Statistic::kMedian});
  return m;
}

std::optional<Measurement> RatioOverWindows(const char* metric, const std::vector<ScoredWindow>& windows,
                                            int64_t ScoredWindow::* denominator, const std::function<double(double)>& map) {
  std::vector<double> nats;
  std::vector<double> counts;
  for (const ScoredWindow& w : windows) {
    nats.push_back(w.nats);
    counts.push_back(static_cast<double>(w.*denominator));
  }
  const double total = Mean(counts);
  if (windows.empty() || total <= 0) return std::nullopt;
  const double ratio = Mean(nats) / total;
  Interval interval{ratio, ratio, 0};
  if (windows.size() > 1) interval = RatioInterval(nats, counts, Pairing::kPaired, {});
  return Measurement{.metric = metric,
                     .value = map(ratio),
                     .interval = {map(interval.low), map(interval.high), interval.confidence},
                     .count = static_cast<int64_t>(windows.size())};
}

TimedValues FromTimed(const Trial& trial, const std::function<std::optional<double>(const Outcome&)>& value) {
  TimedValues timed;
  for (const Outcome& outcome : trial.timed) {
    const std::optional<double> v = value(outcome);
    if (!v) continue;
    timed.values.push_back(*v);
    timed.prompt_tokens.push_back(outcome.prompt_tokens);
  }
  return timed;
}

}  // namespace tradewind
