// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/laws/reduced_search.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/random.h"
#include "search/indicators.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

struct Table {
  const BlockSamples& nets;
  std::span<const double> accuracy, latency;
  double worst_accuracy = 0, worst_latency = 0;
  std::span<const uint8_t> Row(size_t i) const { return std::span(nets.blocks).subspan(i * nets.positions, nets.positions); }
};

std::vector<size_t> Draw(Random& random, std::vector<size_t> from, size_t count) {
  count = std::min(count, from.size());
  for (size_t i = 0; i < count; ++i) std::swap(from[i], from[i + random.Below(from.size() - i)]);
  from.resize(count);
  return from;
}

double Dominated(const Table& table, const std::vector<size_t>& profiled, const std::vector<size_t>& searched) {
  std::vector<double> points;
  for (const auto* nets : {&profiled, &searched}) {
    for (const size_t i : *nets) {
      points.push_back(-table.accuracy[i]);
      points.push_back(table.latency[i]);
    }
  }
  const double reference[] = {-table.worst_accuracy, table.worst_latency};
  return Hypervolume(points, 2, reference);
}

Result<ReducedSpace> SpaceFrom(const Table& table, const std::vector<size_t>& profiled) {
  BlockSamples nets = {table.nets.positions, table.nets.choices, {}};
  std::vector<double> accuracy, latency;
  for (const size_t i : profiled) {
    const auto row = table.Row(i);
    nets.blocks.insert(nets.blocks.end(), row.begin(), row.end());
    accuracy.push_back(table.accuracy[i]);
    latency.push_back(table.latency[i]);
  }
  TW_ASSIGN(const BlockEffects of_accuracy, EstimateBlockEffects(nets, accuracy, 0.95));
  TW_ASSIGN(const BlockEffects of_latency, EstimateBlockEffects(nets, latency, 0.95));
  return ReduceSpace(of_accuracy, of_latency);
}

Result<void> CheckTable(const BlockSamples& nets, std::span<const double> accuracy, std::span<const double> latency,
                        const ReducedSearchOptions& options) {
  const auto finite = [](double x) { return std::isfinite(x); };
  const auto in_range = [&](uint8_t block) { return block < nets.choices; };
  if (nets.positions == 0 || nets.positions > 256 || nets.blocks.size() != accuracy.size() * nets.positions ||
      accuracy.size() != latency.size() || accuracy.size() > 1'000'000 || !std::all_of(accuracy.begin(), accuracy.end(), finite) ||
      !std::all_of(latency.begin(), latency.end(), finite) || !std::all_of(nets.blocks.begin(), nets.blocks.end(), in_range)) {
    return Fail(StatusCode::kInvalidInput, "a reduced search needs blocks, a finite accuracy and latency of each network, at most 1000000");
  }
  const auto rows = static_cast<int64_t>(accuracy.size());
  if (options.profiled < 1 || options.profiled > rows || options.searched < 1 || options.searched > rows || options.seeds < 2 ||
      options.seeds > 10'000 || !(options.confidence > 0 && options.confidence < 1)) {
    return Fail(
        StatusCode::kInvalidInput,
        "a reduced search profiles and tries at most as many networks as there are, with 2 to 10000 seeds and a confidence in (0, 1)");
  }
  return {};
}

}  // namespace

Result<ReducedSearch> CompareReducedSearch(const BlockSamples& nets, std::span<const double> accuracy, std::span<const double> latency,
                                           const ReducedSearchOptions& options) {
  TW_RETURN_IF_ERROR(CheckTable(nets, accuracy, latency, options));
  Table table = {nets, accuracy, latency};
  table.worst_accuracy = *std::min_element(accuracy.begin(), accuracy.end());
  table.worst_latency = *std::max_element(latency.begin(), latency.end());
  std::vector<size_t> all(accuracy.size()), left;
  std::iota(all.begin(), all.end(), size_t{0});
  ReducedSearch result;
  for (int seed = 0; seed < options.seeds; ++seed) {
    Random random(options.first_seed + static_cast<uint64_t>(seed));
    const std::vector<size_t> profiled = Draw(random, all, static_cast<size_t>(options.profiled));
    TW_ASSIGN(const ReducedSpace space, SpaceFrom(table, profiled));
    left.clear();
    for (const size_t i : all) {
      if (space.Contains(table.Row(i))) left.push_back(i);
    }
    const auto trials = static_cast<size_t>(options.searched);
    const double reduced = Dominated(table, profiled, Draw(random, left, trials));
    const double whole = Dominated(table, profiled, Draw(random, all, trials));
    if (!(whole > 0))
      return Fail(StatusCode::kInvalidInput, "no network tried is better than the table's worst in both accuracy and latency");
    result.ratios.push_back(reduced / whole);
    result.share += static_cast<double>(left.size()) / static_cast<double>(all.size()) / options.seeds;
  }
  result.ratio = Mean(result.ratios);
  result.interval = MeanInterval(result.ratios, options.confidence);
  return result;
}

}  // namespace tradewind
