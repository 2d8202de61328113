// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Searches in memory, for studies: a recorded table on one device, or a closed form, and what a strategy finds there. Nothing is stored.
//
//   TW_ASSIGN(TableSearch search, TableSearch::Open("nasbench201", "pixel3", "cifar10", data_folder));
//   TW_ASSIGN(double found, search.Hypervolume("nsga2", {.seed = 1, .trials = 156}));
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "recorded/recorded_tunable.h"
#include "search/strategies.h"
#include "synthetic/closed_form.h"

namespace tradewind {

class TableSearch {
 public:
  // `device` and `workload` empty: the defaults; a closed form has neither.
  static Result<TableSearch> Open(const std::string& name, const std::string& device, const std::string& workload,
                                  const std::string& data_folder);

  // Of the points that the strategy tries, up to the workload's reference point.
  Result<double> Hypervolume(const std::string& strategy, const StrategyOptions& options) const;
  Result<double> Hypervolume(const std::string& strategy, const StrategyOptions& options, SearchSpace space) const;
  // Of all that the table has; kUnsupported for a closed form.
  Result<double> WholeHypervolume() const;
  // The points that a strategy tries, in order.
  Result<std::vector<Point>> Points(const std::string& strategy, const StrategyOptions& options, SearchSpace space) const;

  SearchSpace space() const;
  const SearchGoal& goal() const { return goal_; }
  const RecordedTunable* table() const { return table_.get(); }  // null for a closed form

 private:
  Result<std::optional<Point>> Evaluate(const Setting& setting) const;

  std::unique_ptr<RecordedTunable> table_;
  std::optional<ClosedForm> form_;
  SearchGoal goal_;
};

}  // namespace tradewind
