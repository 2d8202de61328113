// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Search: runs a strategy's trials, those that the store has taken from it, and gives the frontier. Killed and begun again, it goes on.
//
//   TW_ASSIGN(auto strategy, MakeStrategy("exhaustive", space, goal, {}));
//   TW_ASSIGN(SearchResult result, RunSearch(tunable, workload, store, *strategy, {.goal = goal}));
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/frontier.h"
#include "core/strategy.h"
#include "measure/runner.h"

namespace tradewind {

struct SearchProgress {
  size_t done = 0;          // trials finished, also those found in the store
  size_t total = 0;         // 0 if unknown
  double trial = 0;         // share of the one that runs, or sum of the shares of those timed in turn
  double seconds = 0;       // since the search began
  double seconds_left = 0;  // estimated from the trials measured so far; negative if unknown
  std::string what;         // the setting or stage
};

struct SearchOptions {
  MeasureOptions measure;
  SearchGoal goal{};             // without axes: the workload's (AxesOf)
  size_t trials = 0;             // distinct settings at most; 0: until the strategy is done
  size_t parallel = 1;           // trials side by side; more than 1 only where the tunable allows it
  size_t in_turn = 1;            // trials of one instance that are timed in turn (Runner::MeasureInTurn)
  std::optional<Duration> time;  // no trial is begun that would end after it
  // Told of the settings of a batch that will be measured, before the first of them is: a tunable that can answer several side by side may
  // begin with all. Called for every batch; an error ends the search. May be null.
  std::function<Result<void>(const std::vector<Setting>& open)> begin{};
  std::function<void(const SearchProgress&)> progress;
  std::optional<KnobValue> truest{};  // the last value of the goal's fidelity
};

struct SearchResult {
  std::vector<TrialRecord> trials;
  std::vector<Point> points;            // of the trials
  std::vector<FrontierEntry> frontier;  // of the points, in their order
  std::vector<Axis> axes;
  size_t measured = 0;  // in this run
  size_t reused = 0;
  size_t left_out = 0;                 // for want of time
  std::vector<std::string> refused{};  // "SETTING: why", of those that this machine or model cannot have
  std::string remark{};                // the strategy's (Strategy::Remark)
};

// One entry a point: those that keep the goal's constraints, at the last value of its fidelity (`truest`), compete along its axes.
std::vector<FrontierEntry> FrontierOf(std::span<const Point> points, const SearchGoal& goal, const std::optional<KnobValue>& truest = {});

// kUnsupported if `parallel` is more than 1 for a tunable that times this machine.
Result<SearchResult> RunSearch(Tunable& tunable, const Workload& workload, ProfileStore& store, Strategy& strategy,
                               const SearchOptions& options);

}  // namespace tradewind
