// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/guided.h"

#include <algorithm>

#include "base/shuffle.h"

namespace tradewind {
namespace {

constexpr int kFreshDraws = 1000;

}  // namespace

GuidedStrategy::GuidedStrategy(Space space, const SearchGoal& goal, const StrategyOptions& options)
    : space_(std::move(space)), archive_(goal), random_(options.seed), trials_(options.trials) {}

std::vector<Setting> GuidedStrategy::Propose(size_t count) {
  std::vector<Setting> settings;
  while (settings.size() < count && proposed_.size() < trials_) {
    if (queue_.empty()) {
      // What this batch will bring is not known yet: rather a smaller batch than a plan without it.
      if (!settings.empty()) break;
      for (Genome& genome : Plan()) {
        if (!Proposed(genome)) queue_.push_back(std::move(genome));
      }
      if (queue_.empty()) break;
    }
    if (proposed_.insert(queue_.front()).second) settings.push_back(space_.Decode(queue_.front()));
    queue_.pop_front();
  }
  return settings;
}

void GuidedStrategy::Observe(const Point& point) {
  const std::optional<Genome> genome = space_.Encode(point.setting);
  if (!genome || archive_.Find(*genome) != nullptr) return;
  // Told of settings that it did not propose, as on a warm start, it does not propose them any more.
  if (proposed_.insert(*genome).second) ++trials_;
  Learn(archive_.trials()[archive_.Add(*genome, point)]);
}

std::optional<size_t> GuidedStrategy::TotalTrials() const {
  const std::optional<uint64_t> all = space_.Combinations();
  return all && *all < trials_ ? static_cast<size_t>(*all) : trials_;
}

std::optional<Genome> GuidedStrategy::Fresh(const std::set<Genome>& taken) {
  for (int draw = 0; draw < kFreshDraws; ++draw) {
    Genome genome = space_.Sample(random_);
    if (!space_.Valid(genome)) return std::nullopt;  // so few exist that a thousand draws met none
    if (!Proposed(genome) && taken.count(genome) == 0) return genome;
  }
  return std::nullopt;
}

std::vector<Genome> GuidedStrategy::SpreadDesign(size_t count) {
  // Of each dimension a shuffled list of levels; the i-th genome takes the i-th of each.
  std::vector<std::vector<size_t>> levels(space_.size(), std::vector<size_t>(count));
  for (std::vector<size_t>& list : levels) {
    for (size_t i = 0; i < count; ++i) list[i] = i;
    Shuffle(list, random_);
  }
  std::set<Genome> taken;
  std::vector<Genome> design;
  for (size_t i = 0; i < count; ++i) {
    Genome genome = space_.Sample(random_);
    const Genome drawn = genome;
    for (size_t d = 0; d < space_.size(); ++d) {
      const SearchDimension& dimension = space_.spec().dimensions[d];
      if (genome[d] == kInactive) continue;
      if (dimension.range) {
        const double share = (static_cast<double>(levels[d][i]) + random_.Uniform()) / static_cast<double>(count);
        genome[d] = RangeAxis(dimension).ValueOfShare(share);
      } else {
        genome[d] = static_cast<double>(levels[d][i] * dimension.values.size() / count);
      }
    }
    // Changing a value may change which dimensions exist.
    const std::optional<Genome> whole = space_.Encode(space_.Decode(genome));
    if (!whole || *whole != genome || !space_.Valid(genome)) genome = drawn;
    if (!space_.Valid(genome) || Proposed(genome) || !taken.insert(genome).second) {
      const std::optional<Genome> fresh = Fresh(taken);
      if (!fresh) break;
      genome = *fresh;
      taken.insert(genome);
    }
    design.push_back(std::move(genome));
  }
  return design;
}

}  // namespace tradewind
