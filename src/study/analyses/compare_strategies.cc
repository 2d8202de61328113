// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// One strategy beside another, on tables and closed forms, at equal or unequal trials.
#include <cstdio>

#include "stats/bootstrap.h"
#include "stats/summary.h"
#include "study/analysis.h"
#include "study/table_search.h"

namespace tradewind {
namespace {

struct Pairs {
  std::vector<double> ours, theirs;  // hypervolumes, one a seed
};

Result<Pairs> Volumes(const TableSearch& search, Parameters& with, const AnalysisContext& context, const std::string& what) {
  const std::string strategy = with.Text("strategy", "nsga2");
  const std::string baseline = with.Text("baseline", "random");
  TW_ASSIGN(const int64_t trials, with.Integer("trials", 200, 1, 1'000'000));
  TW_ASSIGN(const int64_t baseline_trials, with.Integer("baseline_trials", trials, 1, 1'000'000));
  TW_ASSIGN(const int64_t seeds, with.Integer("seeds", 10, 2, 1000));
  Pairs pairs;
  for (int64_t seed = 1; seed <= seeds; ++seed) {
    context.Tell(static_cast<double>(seed) / static_cast<double>(seeds), what + ", seed " + std::to_string(seed));
    const auto s = static_cast<uint64_t>(seed);
    TW_ASSIGN(const double ours, search.Hypervolume(strategy, {.seed = s, .trials = static_cast<size_t>(trials)}));
    TW_ASSIGN(const double theirs, search.Hypervolume(baseline, {.seed = s, .trials = static_cast<size_t>(baseline_trials)}));
    pairs.ours.push_back(ours);
    pairs.theirs.push_back(theirs);
  }
  return pairs;
}

Result<Finding> AnalyseCompareStrategies(Parameters& with, const AnalysisContext& context) {
  const std::vector<std::string> tables = with.List("tables", "nasbench201");
  const std::vector<std::string> devices = with.List("devices", "");
  const std::string workload = with.Text("workload", "");
  Finding finding;
  std::vector<double> ours, theirs;
  for (const std::string& table : tables) {
    for (size_t d = 0; d < std::max<size_t>(1, devices.size()); ++d) {
      const std::string device = devices.empty() ? "" : devices[d];
      TW_ASSIGN(const TableSearch search, TableSearch::Open(table, device, workload, context.data_folder));
      TW_ASSIGN(const Pairs pairs, Volumes(search, with, context, table + " " + device));
      if (Mean(pairs.theirs) <= 0) {
        return Fail(Status(StatusCode::kInvalidInput, "the baseline finds nothing up to the reference point of " + table + "; give it more trials").At("baseline_trials"));
      }
      // Each table and device weighs alike, whatever its units.
      const double scale = 1 / Mean(pairs.theirs);
      for (const double v : pairs.ours) ours.push_back(v * scale);
      for (const double v : pairs.theirs) theirs.push_back(v * scale);
      const Interval interval = RatioInterval(pairs.ours, pairs.theirs, Pairing::kPaired, {});
      char line[160];
      std::snprintf(line, sizeof line, "%s %s: %.4f (%.4f to %.4f)", table.c_str(), device.c_str(), Mean(pairs.ours) * scale, interval.low, interval.high);
      finding.detail.emplace_back(line);
    }
  }
  finding.numbers = {{"hypervolume_ratio", Mean(ours) / Mean(theirs), RatioInterval(ours, theirs, Pairing::kPaired, {})}};
  return finding;
}

}  // namespace

void RegisterCompareStrategiesAnalysis(Registry<Analysis>& registry);
void RegisterCompareStrategiesAnalysis(Registry<Analysis>& registry) {
  registry.Add("compare_strategies",
               {.kind = ClaimKind::kCompare,
                .summary = "The hypervolume that `strategy` finds in `trials` over the one that `baseline` finds in `baseline_trials` (the same), on "
                           "`tables` (closed forms too) and `devices`, over `seeds`. Number: hypervolume_ratio.",
                .run = AnalyseCompareStrategies});
}

}  // namespace tradewind
