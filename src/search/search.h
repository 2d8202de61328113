// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Search: runs what a strategy proposes, skips what the store already has, and gives all points with the frontier among them. Interrupted
// by kill -9, a second run measures only what is missing.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/frontier.h"
#include "core/strategy.h"
#include "measure/runner.h"

namespace tradewind {

struct SearchProgress {
  size_t done = 0;          // trials finished, also those found in the store
  size_t total = 0;         // 0 if unknown
  double trial = 0;         // share of the one that runs
  double seconds = 0;       // since the search began
  double seconds_left = 0;  // estimated from the trials measured so far; negative if unknown
  std::string what;         // the setting or stage
};

struct SearchOptions {
  MeasureOptions measure;
  std::optional<Duration> time;  // no trial is begun that would end after it
  std::function<void(const SearchProgress&)> progress;
};

struct SearchResult {
  std::vector<TrialRecord> trials;
  std::vector<Point> points;            // of the trials
  std::vector<FrontierEntry> frontier;  // of the points
  std::vector<Axis> axes;
  size_t measured = 0;  // in this run
  size_t reused = 0;
  size_t left_out = 0;  // for want of time
};

Result<SearchResult> RunSearch(Tunable& tunable, const Workload& workload, ProfileStore& store, Strategy& strategy,
                               const SearchOptions& options);

}  // namespace tradewind
