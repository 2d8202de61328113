// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// How much of a table's whole front a strategy finds in so many trials.
#include <algorithm>
#include <cstdio>

#include "stats/summary.h"
#include "study/analysis.h"
#include "study/table_search.h"

namespace tradewind {
namespace {

constexpr double kShareConfidence = 0.95;

Result<Finding> AnalyseHypervolumeShare(Parameters& with, const AnalysisContext& context) {
  const std::string table = with.Text("table", "nasbench201");
  const std::string workload = with.Text("workload", "");
  const std::string strategy = with.Text("strategy", "nsga2");
  const std::vector<std::string> devices = with.List("devices", "");
  TW_ASSIGN(const int64_t trials, with.Integer("trials", 1000, 1, 1'000'000));
  TW_ASSIGN(const int64_t seeds, with.Integer("seeds", 10, 2, 1000));
  Finding finding;
  std::vector<double> all;
  std::optional<Number> worst;
  for (size_t d = 0; d < std::max<size_t>(1, devices.size()); ++d) {
    const std::string device = devices.empty() ? "" : devices[d];
    TW_ASSIGN(const TableSearch search, TableSearch::Open(table, device, workload, context.data_folder));
    TW_ASSIGN(const double whole, search.WholeHypervolume());
    std::vector<double> shares;
    for (int64_t seed = 1; seed <= seeds; ++seed) {
      context.Tell((static_cast<double>(d) + static_cast<double>(seed) / static_cast<double>(seeds)) / static_cast<double>(std::max<size_t>(1, devices.size())),
                   table + " " + device + ", seed " + std::to_string(seed));
      TW_ASSIGN(const double found, search.Hypervolume(strategy, {.seed = static_cast<uint64_t>(seed), .trials = static_cast<size_t>(trials)}));
      shares.push_back(found / whole);
    }
    all.insert(all.end(), shares.begin(), shares.end());
    const Number here{"worst_device_share", Mean(shares), MeanInterval(shares, kShareConfidence)};
    if (!worst || here.value < worst->value) worst = here;
    char line[160];
    std::snprintf(line, sizeof line, "%s: %.4f (%.4f to %.4f) of the whole front's hypervolume, %lld seeds", device.c_str(), here.value,
                  here.interval.low, here.interval.high, static_cast<long long>(seeds));
    finding.detail.emplace_back(line);
  }
  finding.numbers = {{"share", Mean(all), MeanInterval(all, kShareConfidence)}, *worst};
  return finding;
}

}  // namespace

void RegisterHypervolumeShareAnalysis(Registry<Analysis>& registry);
void RegisterHypervolumeShareAnalysis(Registry<Analysis>& registry) {
  registry.Add("hypervolume_share",
               {.kind = ClaimKind::kFrontier,
                .summary = "The share of the exhaustive front's hypervolume that `strategy` finds in `trials` trials on `table` (with `workload`, "
                           "`devices`, `seeds`). Numbers: share, worst_device_share.",
                .run = AnalyseHypervolumeShare});
}

}  // namespace tradewind
