// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/recorded_routing.h"

#include <algorithm>
#include <cstdio>

#include "formats/table.h"
#include "recorded/library.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

Status NoRoutingTable(const std::string& table, const std::string& message) {
  return Status(StatusCode::kInvalidInput, "the table " + table + " " + message).At("table");
}

// Prompts in every column of texts.
Result<std::vector<std::string>> KeysIn(const std::string& file, const std::string& table, const AnalysisContext& context) {
  TW_ASSIGN(const Table prompts, ReadTable(RecordedFile(table, file, context.data_folder)));
  std::vector<std::string> keys;
  for (const TableColumn& column : prompts.columns) {
    for (size_t i = 0; !column.is_number && i < column.texts.size(); ++i) keys.push_back(QuestionKey(column.texts[i]));
  }
  return keys;
}

Result<ArmColumn> ReadArm(const RecordedTable& table, const std::string& name, size_t setting, size_t score, size_t cost) {
  ArmColumn arm{.name = name, .cost = table.Value(cost, 0, setting, 0), .scores = {}};
  for (size_t i = 0; i < table.samples()->ids.size(); ++i) {
    arm.scores.push_back(table.Value(score, 0, setting, i));
    if (table.Value(cost, 0, setting, i) != arm.cost)
      return Fail(NoRoutingTable(table.spec().name, "has a cost that differs between samples; give another"));
  }
  return arm;
}

}  // namespace

Result<RoutingTable> ReadRoutingTable(const RoutingSource& source, const AnalysisContext& context) {
  TW_ASSIGN(const auto loaded, LoadRecorded(source.table, context.data_folder));
  const RecordedTable& table = *loaded;
  if (!table.samples() || table.knobs().size() != 1)
    return Fail(NoRoutingTable(source.table, "must have samples and one knob, whose values are the arms"));
  const std::vector<std::string>& axes = table.spec().workloads[0].axes;
  if (source.cost.empty() && axes.size() < 2) return Fail(NoRoutingTable(source.table, "names no cost; give one"));
  TW_ASSIGN(const size_t score, table.Metric(axes[0]));
  TW_ASSIGN(const size_t cost, table.Metric(source.cost.empty() ? axes[1] : source.cost));
  std::vector<ArmColumn> arms;
  std::string known;
  for (size_t s = 0; s < table.settings(); ++s) {
    const std::string name = ToText(*table.SettingAt(s).Find(table.knobs()[0].name));
    known += (known.empty() ? "" : ", ") + name;
    if (!source.arms.empty() && std::find(source.arms.begin(), source.arms.end(), name) == source.arms.end()) continue;
    TW_ASSIGN(ArmColumn arm, ReadArm(table, name, s, score, cost));
    arms.push_back(std::move(arm));
  }
  if (!source.arms.empty() && arms.size() != source.arms.size()) {
    return Fail(Status(StatusCode::kNotFound, "not every arm is in the table " + source.table + "; there are " + known).At("arms"));
  }
  return RoutingTableOf(table.samples()->texts, table.samples()->groups, arms);
}

Result<RoutingTask> ReadRoutingTask(Parameters& with, const AnalysisContext& context) {
  RoutingTask task;
  task.name = with.Text("table", "routellm_mmlu");
  task.carried_names = with.List("carried", "");
  const std::vector<std::string> arms = with.List("arms", ""), left_out = with.List("leave_out", "");
  const std::string cost = with.Text("cost", "");
  TW_ASSIGN(const int64_t splits, with.Integer("splits", 10, 1, 1000));
  TW_ASSIGN(const int64_t first, with.Integer("first_split", 1, 1, 1'000'000));
  TW_ASSIGN(const int64_t seeds, with.Integer("seeds", 1, 1, 100));
  TW_ASSIGN(const int64_t resamples, with.Integer("resamples", 1000, 10, 100'000));
  for (const std::string& file : left_out) {
    TW_ASSIGN(const std::vector<std::string> keys, KeysIn(file, task.name, context));
    task.halves.not_trained_on.insert(task.halves.not_trained_on.end(), keys.begin(), keys.end());
  }
  TW_ASSIGN(task.table, ReadRoutingTable({task.name, arms, cost}, context));
  DropQuestions(task.table, task.halves.not_trained_on);
  for (const std::string& name : task.carried_names) {
    TW_ASSIGN(RoutingTable table, ReadRoutingTable({name, arms, cost}, context));
    DropQuestions(table, task.halves.not_trained_on);
    task.carried.push_back(std::move(table));
  }
  task.halves.splits.clear();
  for (int64_t i = 0; i < splits; ++i) task.halves.splits.push_back(static_cast<uint64_t>(first + i));
  task.evaluate.seeds.clear();
  for (int64_t i = 1; i <= seeds; ++i) task.evaluate.seeds.push_back(static_cast<uint64_t>(i));
  task.evaluate.curve.resamples = static_cast<int>(resamples);
  return task;
}

Number ShareOf(const std::string& name, int64_t count, int64_t tried) {
  constexpr double kLevel = 0.95;
  const double share = static_cast<double>(count) / static_cast<double>(tried);
  return {name, share, count == tried ? Interval{1, 1, kLevel} : WilsonInterval(count, tried, kLevel)};
}

std::string NumberText(const Number& number) {
  char text[128];
  std::snprintf(text, sizeof text, "%s %.4g (%.4g to %.4g)", number.name.c_str(), number.value, number.interval.low, number.interval.high);
  return text;
}

}  // namespace tradewind
