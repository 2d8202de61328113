// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/metric_tools.h"

#include "stats/bootstrap.h"
#include "stats/summary.h"

namespace tradewind {

std::optional<Measurement> MedianOf(const char* metric, const std::vector<double>& samples) {
  if (samples.empty()) return std::nullopt;
  Measurement m{.metric = metric, .value = Median(samples), .interval = {}, .count = static_cast<int64_t>(samples.size())};
  m.interval = samples.size() > 1 ? BootstrapInterval(samples, {.statistic = Statistic::kMedian}) : Interval{m.value, m.value, 0};
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

std::vector<double> FromTimed(const Trial& trial, const std::function<std::optional<double>(const Outcome&)>& value) {
  std::vector<double> values;
  for (const Outcome& outcome : trial.timed) {
    if (const std::optional<double> v = value(outcome)) values.push_back(*v);
  }
  return values;
}

}  // namespace tradewind
