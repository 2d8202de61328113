// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/table_search.h"

#include "recorded/library.h"
#include "search/front_value.h"
#include "search/loop.h"

namespace tradewind {
namespace {

constexpr size_t kMostSettings = 1'000'000;

}  // namespace

Result<TableSearch> TableSearch::Open(const std::string& name, const std::string& device, const std::string& workload,
                                      const std::string& data_folder) {
  TableSearch search;
  if (!IsRecorded(name)) {
    TW_ASSIGN(search.form_, FindClosedForm(name));
    const Workload formula = ClosedFormWorkload(*search.form_);
    search.goal_ = {.axes = formula.axes, .reference = formula.reference};
    return search;
  }
  TW_ASSIGN(search.table_, OpenRecorded(name, device, data_folder));
  const Workload* chosen = &search.table_->workloads().front();
  if (!workload.empty()) {
    TW_ASSIGN(chosen, search.table_->FindWorkload(workload));
  }
  search.goal_ = {.axes = chosen->axes, .reference = chosen->reference};
  return search;
}

SearchSpace TableSearch::space() const {
  if (table_) return table_->Space();
  SearchSpace space;
  for (size_t i = 0; i < form_->knobs.size(); ++i) {
    space.dimensions.push_back({.knob = "x" + std::to_string(i + 1), .values = {}, .range = form_->knobs[i]});
  }
  return space;
}

Result<std::optional<Point>> TableSearch::Evaluate(const Setting& setting) const {
  if (table_) {
    TW_ASSIGN(Point point, table_->Lookup(setting));
    return std::optional<Point>(std::move(point));
  }
  std::vector<double> x;
  for (size_t i = 0; i < form_->knobs.size(); ++i) x.push_back(std::get<double>(*setting.Find("x" + std::to_string(i + 1))));
  const std::vector<double> f = form_->evaluate(x);
  Point point{setting, {}};
  for (size_t i = 0; i < f.size(); ++i) {
    point.measurements.push_back(
        {.metric = "f" + std::to_string(i + 1), .value = f[i], .interval = {f[i], f[i], 0}, .count = 1, .origin = Origin::kModelled});
  }
  return std::optional<Point>(std::move(point));
}

Result<std::vector<Point>> TableSearch::Points(const std::string& strategy, const StrategyOptions& options, SearchSpace space) const {
  TW_ASSIGN(const auto made, MakeStrategy(strategy, std::move(space), goal_, options));
  TW_ASSIGN(LoopResult result, RunTrials(*made, {.trials = options.trials}, [this](const Setting& setting) { return Evaluate(setting); }));
  return std::move(result.points);
}

Result<double> TableSearch::Hypervolume(const std::string& strategy, const StrategyOptions& options) const {
  return Hypervolume(strategy, options, space());
}

Result<double> TableSearch::Hypervolume(const std::string& strategy, const StrategyOptions& options, SearchSpace space) const {
  TW_ASSIGN(const std::vector<Point> points, Points(strategy, options, std::move(space)));
  return HypervolumeOf(points, goal_, MinimisedReference(goal_, points));
}

Result<double> TableSearch::WholeHypervolume() const {
  if (!table_) return Fail(StatusCode::kUnsupported, "a closed form has no end of settings; compare strategies on it instead");
  TW_ASSIGN(const std::vector<Point> points, Points("exhaustive", {.trials = kMostSettings}, space()));
  return HypervolumeOf(points, goal_, MinimisedReference(goal_, points));
}

}  // namespace tradewind
