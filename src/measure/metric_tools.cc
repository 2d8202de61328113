// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/metric_tools.h"

#include <cmath>
#include <map>
#include <set>

#include "stats/block_design.h"
#include "stats/bootstrap.h"
#include "stats/grouped_bootstrap.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

// Prompts of about one length (within half as much again of the shortest) are one class: the workload asks for each length at two places.
// An answer alone in its class shows no spread: it joins the class next to it in length.
std::vector<int64_t> LengthClasses(const std::vector<int64_t>& prompt_tokens) {
  const std::multiset<int64_t> lengths(prompt_tokens.begin(), prompt_tokens.end());
  std::vector<std::vector<int64_t>> classes;  // their lengths, ascending
  for (const int64_t length : lengths) {
    if (classes.empty() || 2 * length > 3 * classes.back().front()) classes.emplace_back();
    classes.back().push_back(length);
  }
  for (size_t i = 0; i < classes.size() && classes.size() > 1;) {
    if (classes[i].size() > 1) {
      ++i;
      continue;
    }
    const auto length = static_cast<double>(classes[i][0]);
    const bool down = i > 0 && (i + 1 == classes.size() || length / static_cast<double>(classes[i - 1].back()) <=
                                                               static_cast<double>(classes[i + 1].front()) / length);
    std::vector<int64_t>& joined = classes[down ? i - 1 : i + 1];
    joined.insert(down ? joined.end() : joined.begin(), classes[i][0]);
    classes.erase(classes.begin() + static_cast<std::ptrdiff_t>(i));
  }
  std::map<int64_t, int64_t> class_of;
  for (const std::vector<int64_t>& members : classes) {
    for (const int64_t length : members) class_of[length] = members.front();
  }
  std::vector<int64_t> out;
  for (const int64_t length : prompt_tokens) out.push_back(class_of[length]);
  return out;
}

}  // namespace

std::optional<Measurement> MedianOf(const char* metric, const TimedValues& timed) {
  const std::vector<double>& values = timed.values;
  if (values.empty()) return std::nullopt;
  Measurement m{.metric = metric, .value = Median(values), .interval = {}, .count = static_cast<int64_t>(values.size())};
  m.interval = {m.value, m.value, 0};
  if (values.size() == 1) return m;
  m.interval = StratifiedInterval(values, LengthClasses(timed.prompt_tokens), {.statistic = Statistic::kMedian});
  // A prompt that was asked once shows no spread of its own.
  if (!std::isfinite(m.interval.low) || !std::isfinite(m.interval.high))
    m.interval = BootstrapInterval(values, {.statistic = Statistic::kMedian});
  return m;
}

std::optional<Measurement> MedianOf(const char* metric, const Trial& trial, const TimedValue& value) {
  TimedValues timed = FromTimed(trial, value);
  std::vector<std::vector<double>> in_turn;
  size_t own = 0;
  for (const Trial* other : trial.in_turn) {
    if (other == &trial) own = in_turn.size();
    const TimedValues others = FromTimed(*other, value);
    if (others.prompt_tokens != timed.prompt_tokens) return MedianOf(metric, timed);  // an answer without the value breaks its turn
    in_turn.push_back(others.values);
  }
  if (in_turn.size() < 2 || timed.values.empty()) return MedianOf(metric, timed);
  BlockedValues blocked = WithoutBlockEffects(in_turn, own, LengthClasses(timed.prompt_tokens));
  std::optional<Measurement> m = MedianOf(metric, {blocked.values, timed.prompt_tokens});
  m->interval = blocked.Widen(m->interval, m->value);
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

TimedValues FromTimed(const Trial& trial, const TimedValue& value) {
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
