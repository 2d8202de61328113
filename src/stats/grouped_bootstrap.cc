// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/grouped_bootstrap.h"

#include <algorithm>
#include <cassert>
#include <unordered_map>
#include <vector>

#include "base/numbers.h"
#include "base/random.h"
#include "stats/bca.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

using Groups = std::vector<std::vector<double>>;

// The values of each group; groups in the order in which they first appear, so that the ids themselves play no part.
Groups Split(std::span<const double> values, std::span<const int64_t> ids) {
  assert(values.size() == ids.size());
  std::unordered_map<int64_t, size_t> places;
  Groups groups;
  for (size_t i = 0; i < values.size(); ++i) {
    const auto [place, is_new] = places.emplace(ids[i], groups.size());
    if (is_new) groups.emplace_back();
    groups[place->second].push_back(values[i]);
  }
  return groups;
}

// The values of the groups `chosen`, one after the other.
void Gather(const Groups& groups, std::span<const size_t> chosen, std::vector<double>& out) {
  out.clear();
  for (const size_t group : chosen) out.insert(out.end(), groups[group].begin(), groups[group].end());
}

// The mean of all values but one group's, for each group; by sums, as gathering the rest of each would take steps in the square.
std::vector<double> MeansWithout(const Groups& groups) {
  std::vector<double> sums;
  size_t size = 0;
  double total = 0;
  for (const auto& group : groups) {
    sums.push_back(Mean(group) * static_cast<double>(group.size()));
    total += sums.back();
    size += group.size();
  }
  for (size_t i = 0; i < groups.size(); ++i) sums[i] = (total - sums[i]) / static_cast<double>(size - groups[i].size());
  return sums;
}

// The interval from evaluate(chosen groups) of all groups and of the resamples; `without` has, for a mean, the value without each group.
template <typename Evaluate>
Interval DrawGroups(size_t count, const BootstrapOptions& options, std::vector<double> without, const Evaluate& evaluate) {
  std::vector<size_t> chosen(count);
  for (size_t i = 0; i < count; ++i) chosen[i] = i;
  const double estimate = evaluate(chosen);
  const double mean = Mean(without);
  for (double& x : without) x = mean - x;  // influences, but for a factor that BCa's skewness does not see
  Random random(options.seed);
  std::vector<double> replicates;
  for (int i = 0; i < options.resamples; ++i) {
    for (size_t& group : chosen) group = random.Below(count);
    replicates.push_back(evaluate(chosen));
  }
  const DrawnUnits units = {.size = static_cast<double>(count), .degrees = static_cast<double>(count) - 1};
  return BcaInterval(estimate, std::move(replicates), without, units, options.confidence);
}

// A sample in strata: draws of it, and what its size and its mean's influences are.
class Strata {
 public:
  Strata(std::span<const double> values, std::span<const int64_t> ids) : groups_(Split(values, ids)), size_(values.size()) {}

  bool ShowSpread() const {
    return std::all_of(groups_.begin(), groups_.end(), [](const auto& group) { return group.size() > 1; });
  }
  DrawnUnits Units() const { return {.size = static_cast<double>(size_), .degrees = static_cast<double>(size_ - groups_.size())}; }

  void Draw(Random& random, std::vector<double>& out) const {
    out.clear();
    for (const auto& group : groups_) {
      for (size_t i = 0; i < group.size(); ++i) out.push_back(group[random.Below(group.size())]);
    }
  }

  // By how much each observation moves the mean of all, times `scale`.
  void AddInfluences(double scale, std::vector<double>& influence) const {
    for (const auto& group : groups_) {
      const double mean = Mean(group);
      for (const double x : group) influence.push_back(scale * (x - mean) / static_cast<double>(size_));
    }
  }

 private:
  Groups groups_;
  size_t size_;
};

}  // namespace

Interval ClusterInterval(std::span<const double> values, std::span<const int64_t> group_ids, const BootstrapOptions& options) {
  CheckBootstrapOptions(options);
  const Groups groups = Split(values, group_ids);
  if (groups.empty()) return {kNan, kNan, options.confidence};
  if (groups.size() == 1) return {-kInfinity, kInfinity, options.confidence};
  std::vector<double> drawn, without;
  if (options.statistic == Statistic::kMean) without = MeansWithout(groups);
  return DrawGroups(groups.size(), options, std::move(without), [&](std::span<const size_t> chosen) {
    Gather(groups, chosen, drawn);
    return EvaluateStatistic(drawn, options);
  });
}

Interval ClusterRatioInterval(std::span<const double> a, std::span<const double> b, std::span<const int64_t> group_ids,
                              const BootstrapOptions& options) {
  CheckBootstrapOptions(options);
  const Groups of_a = Split(a, group_ids), of_b = Split(b, group_ids);
  if (of_a.empty()) return {kNan, kNan, options.confidence};
  if (of_a.size() == 1) return {-kInfinity, kInfinity, options.confidence};
  std::vector<double> drawn_a, drawn_b, without;
  if (options.statistic == Statistic::kMean) {
    without = MeansWithout(of_a);
    const std::vector<double> of_bottom = MeansWithout(of_b);
    for (size_t i = 0; i < without.size(); ++i) without[i] /= of_bottom[i];
  }
  return DrawGroups(of_a.size(), options, std::move(without), [&](std::span<const size_t> chosen) {
    Gather(of_a, chosen, drawn_a);
    Gather(of_b, chosen, drawn_b);
    return EvaluateStatistic(drawn_a, options) / EvaluateStatistic(drawn_b, options);
  });
}

Interval StratifiedInterval(std::span<const double> values, std::span<const int64_t> stratum_ids, const BootstrapOptions& options) {
  CheckBootstrapOptions(options);
  if (values.empty()) return {kNan, kNan, options.confidence};
  const Strata strata(values, stratum_ids);
  if (!strata.ShowSpread()) return {-kInfinity, kInfinity, options.confidence};
  Random random(options.seed);
  std::vector<double> drawn, replicates, influence;
  for (int i = 0; i < options.resamples; ++i) {
    strata.Draw(random, drawn);
    replicates.push_back(EvaluateStatistic(drawn, options));
  }
  if (options.statistic == Statistic::kMean) strata.AddInfluences(1, influence);
  return BcaInterval(EvaluateStatistic(values, options), std::move(replicates), influence, strata.Units(), options.confidence);
}

Interval StratifiedRatioInterval(std::span<const double> a, std::span<const int64_t> strata_a, std::span<const double> b,
                                 std::span<const int64_t> strata_b, const BootstrapOptions& options) {
  CheckBootstrapOptions(options);
  if (a.empty() || b.empty()) return {kNan, kNan, options.confidence};
  const Strata top(a, strata_a), bottom(b, strata_b);
  if (!top.ShowSpread() || !bottom.ShowSpread()) return {-kInfinity, kInfinity, options.confidence};
  Random random(options.seed);
  std::vector<double> drawn_a, drawn_b, replicates, influence;
  for (int i = 0; i < options.resamples; ++i) {
    top.Draw(random, drawn_a);
    bottom.Draw(random, drawn_b);
    replicates.push_back(EvaluateStatistic(drawn_a, options) / EvaluateStatistic(drawn_b, options));
  }
  const double of_a = EvaluateStatistic(a, options), of_b = EvaluateStatistic(b, options);
  if (options.statistic == Statistic::kMean) {
    top.AddInfluences(1 / of_b, influence);
    bottom.AddInfluences(-of_a / (of_b * of_b), influence);
  }
  const DrawnUnits units = top.Units().degrees < bottom.Units().degrees ? top.Units() : bottom.Units();
  return BcaInterval(of_a / of_b, std::move(replicates), influence, units, options.confidence);
}

}  // namespace tradewind
