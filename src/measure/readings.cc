// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/readings.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>

#include "base/clock.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

constexpr double kConfidence = 0.95;

struct Column {
  Measurement first;
  std::vector<double> values;
  Origin origin = Origin::kMeasured;
};

Result<Reading> Ask(Instance& instance, const Setting& request, const Sample& sample) {
  TW_ASSIGN(auto session, instance.Start({.setting = request}));
  TW_RETURN_IF_ERROR(session->Push({TimePoint{}, SampleRef{sample.id}}));
  Reading reading;
  bool read = false;
  while (true) {
    TW_ASSIGN(OutputEvent event, session->Next());
    if (auto* given = std::get_if<Reading>(&event.body)) {
      reading = std::move(*given);
      read = true;
    }
    if (std::holds_alternative<End>(event.body)) break;
  }
  if (!read) return Fail(StatusCode::kInternal, "the tunable gave no reading for the sample \"" + sample.id + "\"; please report it");
  return reading;
}

// In the order of the samples, by as many sessions at once as the instance takes. The first sample that fails ends it.
Result<std::vector<Reading>> AskAll(Instance& instance, const Setting& request, const std::vector<Sample>& samples) {
  std::vector<Reading> readings(samples.size());
  std::atomic<size_t> next = 0;
  std::mutex lock;
  std::optional<Status> failed;
  const auto work = [&] {
    for (size_t i = next++; i < samples.size(); i = next++) {
      Result<Reading> reading = Ask(instance, request, samples[i]);
      if (reading) {
        readings[i] = *std::move(reading);
        continue;
      }
      const std::lock_guard guard(lock);
      if (!failed) failed = reading.error();
      next = samples.size();
    }
  };
  const auto others = std::min<int64_t>(instance.sessions_at_once(), static_cast<int64_t>(samples.size())) - 1;
  std::vector<std::jthread> threads;
  for (int64_t i = 0; i < others; ++i) threads.emplace_back(work);
  work();
  threads.clear();  // joins
  if (failed) return tl::unexpected<Status>(*failed);
  return readings;
}

Measurement MeanOf(const Column& column) {
  if (column.values.size() == 1) return column.first;
  const std::vector<double>& values = column.values;
  const double mean = Mean(values);
  const bool binary = std::all_of(values.begin(), values.end(), [](double v) { return v == 0 || v == 1; });
  const auto count = static_cast<int64_t>(values.size());
  return {.metric = column.first.metric,
          .value = mean,
          .interval = binary ? WilsonInterval(std::count(values.begin(), values.end(), 1.0), count, kConfidence)
                             : MeanInterval(values, kConfidence),
          .count = count,
          .origin = column.origin};
}

}  // namespace

Result<std::vector<Measurement>> Recall(Instance& instance, const Setting& request, const Workload& workload) {
  const TimePoint start = RealClock().Now();
  TW_ASSIGN(const std::vector<Reading> readings, AskAll(instance, request, workload.recalled));
  const Duration spent = RealClock().Now() - start;
  std::vector<Column> columns;
  for (const Reading& reading : readings) {
    for (const Measurement& m : reading.measurements) {
      auto column = std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.first.metric == m.metric; });
      if (column == columns.end()) column = columns.insert(columns.end(), Column{.first = m, .values = {}, .origin = m.origin});
      column->values.push_back(m.value);
      column->origin = std::max(column->origin, m.origin);
    }
  }
  std::vector<Measurement> means;
  for (const Column& column : columns) means.push_back(MeanOf(column));
  if (!instance.rate_metric().empty() && !readings.empty()) {
    const double rate = static_cast<double>(readings.size()) / spent.seconds();
    means.push_back({.metric = std::string(instance.rate_metric()),
                     .value = rate,
                     .interval = {rate, rate},
                     .count = static_cast<int64_t>(readings.size()),
                     .origin = Origin::kMeasured});
  }
  return means;
}

}  // namespace tradewind
