// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/readings.h"

#include <algorithm>

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
  std::vector<Column> columns;
  for (const Sample& sample : workload.recalled) {
    TW_ASSIGN(const Reading reading, Ask(instance, request, sample));
    for (const Measurement& m : reading.measurements) {
      auto column = std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.first.metric == m.metric; });
      if (column == columns.end()) column = columns.insert(columns.end(), Column{.first = m, .values = {}, .origin = m.origin});
      column->values.push_back(m.value);
      column->origin = std::max(column->origin, m.origin);
    }
  }
  std::vector<Measurement> means;
  for (const Column& column : columns) means.push_back(MeanOf(column));
  return means;
}

}  // namespace tradewind
