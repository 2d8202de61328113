// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A search in the space that block profiling leaves of a device, beside one in the whole space.
#include <algorithm>
#include <cstdio>

#include "search/front_value.h"
#include "search/laws/block_friendliness.h"
#include "stats/bootstrap.h"
#include "stats/summary.h"
#include "study/analysis.h"
#include "study/table_search.h"

namespace tradewind {
namespace {

constexpr double kConfidence = 0.95;
constexpr uint64_t kOtherSeeds = 100'000;  // of the searches, so that they do not draw what was profiled

// Networks as blocks by position: every dimension must have as many values.
Result<BlockSamples> ToBlocks(const SearchSpace& space, const std::vector<Point>& points) {
  BlockSamples nets{.positions = space.dimensions.size(), .choices = space.dimensions[0].values.size(), .blocks = {}};
  for (const SearchDimension& d : space.dimensions) {
    if (d.values.size() != nets.choices) {
      return Fail(StatusCode::kUnsupported, "the knob " + d.knob + " has another number of values: blocks must be the same at each position");
    }
  }
  for (const Point& point : points) {
    for (const SearchDimension& d : space.dimensions) {
      const auto at = std::find(d.values.begin(), d.values.end(), *point.setting.Find(d.knob));
      nets.blocks.push_back(static_cast<uint8_t>(at - d.values.begin()));
    }
  }
  return nets;
}

std::vector<double> Column(const std::vector<Point>& points, const std::string& metric) {
  std::vector<double> values;
  for (const Point& point : points) values.push_back(point.Find(metric)->value);
  return values;
}

Result<SearchSpace> Reduced(const SearchSpace& space, const SearchGoal& goal, const std::vector<Point>& profiled) {
  TW_ASSIGN(const BlockSamples nets, ToBlocks(space, profiled));
  TW_ASSIGN(const BlockEffects accuracy, EstimateBlockEffects(nets, Column(profiled, goal.axes[0].metric), kConfidence));
  TW_ASSIGN(const BlockEffects latency, EstimateBlockEffects(nets, Column(profiled, goal.axes[1].metric), kConfidence));
  TW_ASSIGN(const ReducedSpace reduced, ReduceSpace(accuracy, latency));
  SearchSpace left = space;
  for (size_t p = 0; p < left.dimensions.size(); ++p) {
    std::vector<KnobValue> values;
    for (size_t c = 0; c < nets.choices; ++c) {
      if (reduced.keep[p * nets.choices + c]) values.push_back(space.dimensions[p].values[c]);
    }
    left.dimensions[p].values = std::move(values);
  }
  return left;
}

// Hypervolumes of one seed: the profiled networks count for both.
struct Pair {
  double reduced = 0;
  double full = 0;
};

Result<Pair> OneSeed(const TableSearch& search, const std::string& strategy, uint64_t seed, size_t profiled, size_t trials) {
  const SearchSpace space = search.space();
  TW_ASSIGN(const std::vector<Point> seen, search.Points("random", {.seed = seed, .trials = profiled}, space));
  TW_ASSIGN(SearchSpace left, Reduced(space, search.goal(), seen));
  const auto volume = [&](SearchSpace in) -> Result<double> {
    TW_ASSIGN(std::vector<Point> found, search.Points(strategy, {.seed = seed + kOtherSeeds, .trials = trials}, std::move(in)));
    found.insert(found.end(), seen.begin(), seen.end());
    return HypervolumeOf(found, search.goal(), MinimisedReference(search.goal(), found));
  };
  Pair pair;
  TW_ASSIGN(pair.reduced, volume(std::move(left)));
  TW_ASSIGN(pair.full, volume(space));
  return pair;
}

Result<Finding> AnalyseReducedSpace(Parameters& with, const AnalysisContext& context) {
  const std::string table = with.Text("table", "nasbench201");
  const std::string workload = with.Text("workload", "");
  const std::string strategy = with.Text("strategy", "random");
  const std::vector<std::string> devices = with.List("devices", "");
  TW_ASSIGN(const int64_t profiled, with.Integer("profiled", 100, 10, 100'000));
  TW_ASSIGN(const int64_t trials, with.Integer("trials", 100, 1, 100'000));
  TW_ASSIGN(const int64_t seeds, with.Integer("seeds", 20, 2, 1000));
  Finding finding;
  std::vector<double> reduced, full;
  int64_t above = 0;
  for (size_t d = 0; d < devices.size(); ++d) {
    TW_ASSIGN(const TableSearch search, TableSearch::Open(table, devices[d], workload, context.data_folder));
    std::vector<double> ours, theirs;
    for (int64_t seed = 1; seed <= seeds; ++seed) {
      context.Tell((static_cast<double>(d) + static_cast<double>(seed) / static_cast<double>(seeds)) / static_cast<double>(devices.size()), devices[d]);
      TW_ASSIGN(const Pair pair, OneSeed(search, strategy, static_cast<uint64_t>(seed), static_cast<size_t>(profiled), static_cast<size_t>(trials)));
      ours.push_back(pair.reduced);
      theirs.push_back(pair.full);
    }
    const Interval interval = RatioInterval(ours, theirs, Pairing::kPaired, {});
    above += interval.low > 1 ? 1 : 0;
    const double scale = 1 / Mean(theirs);
    for (size_t i = 0; i < ours.size(); ++i) {
      reduced.push_back(ours[i] * scale);
      full.push_back(theirs[i] * scale);
    }
    char line[120];
    std::snprintf(line, sizeof line, "%s: %.4f (%.4f to %.4f)", devices[d].c_str(), Mean(ours) * scale, interval.low, interval.high);
    finding.detail.emplace_back(line);
  }
  if (devices.empty()) return Fail(Status(StatusCode::kInvalidInput, "name the devices").At("devices"));
  const auto count = static_cast<double>(above);
  finding.numbers = {{"devices_above_1", count, {count, count, kConfidence}},
                     {"hypervolume_ratio", Mean(reduced) / Mean(full), RatioInterval(reduced, full, Pairing::kPaired, {})}};
  return finding;
}

}  // namespace

void RegisterReducedSpaceAnalysis(Registry<Analysis>& registry);
void RegisterReducedSpaceAnalysis(Registry<Analysis>& registry) {
  registry.Add("reduced_space",
               {.kind = ClaimKind::kCompare,
                .summary = "After profiling `profiled` random networks of `table` on each of `devices`: the hypervolume of `strategy` with `trials` in the "
                           "reduced space over the whole space's, over `seeds`. Numbers: devices_above_1, hypervolume_ratio.",
                .run = AnalyseReducedSpace});
}

}  // namespace tradewind
