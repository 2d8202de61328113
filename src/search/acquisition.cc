// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/acquisition.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "search/expected_improvement.h"
#include "search/indicators.h"

namespace tradewind {
namespace {

constexpr size_t kFewParents = 8;

std::vector<Genome> Parents(const Archive& archive) {
  std::vector<Genome> parents;
  for (const size_t i : archive.Front()) parents.push_back(archive.trials()[i].genome);
  if (parents.size() >= kFewParents || archive.trials().empty()) return parents;
  for (const size_t i : SelectBest(archive.trials(), kFewParents)) parents.push_back(archive.trials()[i].genome);
  return parents;
}

// The front in the surrogate's units; with three axes or more only so many points, the loneliest, that the boxes between them stay few.
std::vector<double> ThinFront(const Archive& archive, const Surrogate& surrogate, size_t axes) {
  std::vector<double> rows;
  for (const size_t i : archive.Front()) {
    const std::vector<double> values = surrogate.ToUnits(archive.trials()[i].values);
    rows.insert(rows.end(), values.begin(), values.end());
  }
  const size_t most = axes <= 2 ? archive.Front().size() : axes == 3 ? 24 : 10;
  if (archive.Front().size() <= most) return rows;
  const std::vector<double> room = CrowdingDistances(rows, axes);
  std::vector<size_t> order(room.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return room[a] > room[b]; });
  std::vector<double> thin;
  for (size_t i = 0; i < most; ++i) {
    const auto row = rows.begin() + static_cast<std::ptrdiff_t>(order[i] * axes);
    thin.insert(thin.end(), row, row + static_cast<std::ptrdiff_t>(axes));
  }
  return thin;
}

}  // namespace

std::vector<Genome> CandidatesAroundFront(const Space& space, const Archive& archive, size_t count,
                                          const std::function<bool(const Genome&)>& skip, Random& random) {
  std::set<Genome> seen;
  std::vector<Genome> candidates;
  const auto take = [&](Genome genome) {
    if (!skip(genome) && seen.insert(genome).second) candidates.push_back(std::move(genome));
  };
  const std::vector<Genome> parents = Parents(archive);
  const auto size = static_cast<double>(space.size());
  for (size_t tries = 0; !parents.empty() && candidates.size() < count / 2 && tries < 2 * count; ++tries) {
    const Genome& one = parents[random.Below(parents.size())];
    const Genome& other = parents[random.Below(parents.size())];
    const double kind = random.Uniform();
    if (kind < 0.4) {
      take(space.Mutate(one, 0, random));
    } else if (kind < 0.7) {
      take(space.Mutate(one, 1.5 / size, random));
    } else {
      take(space.Cross(one, other, random));
    }
  }
  for (size_t tries = 0; candidates.size() < count && tries < 2 * count; ++tries) {
    if (Genome drawn = space.Sample(random); space.Valid(drawn)) take(std::move(drawn));
  }
  return candidates;
}

std::vector<Genome> PickByImprovement(const Archive& archive, const Surrogate& surrogate, const std::vector<Genome>& candidates,
                                      size_t count) {
  std::vector<AxisPrediction> predictions;
  for (const Genome& genome : candidates) predictions.push_back(surrogate.Predict(genome));
  std::vector<size_t> order(candidates.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::vector<Genome> picked;
  if (archive.Front().empty()) {
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return predictions[a].violation < predictions[b].violation; });
    for (size_t i = 0; i < std::min(count, order.size()); ++i) picked.push_back(candidates[order[i]]);
    return picked;
  }
  const size_t axes = archive.goal().axes.size();
  std::vector<double> front = ThinFront(archive, surrogate, axes);
  const std::vector<double> reference = surrogate.ToUnits(archive.Reference());
  ExpectedImprovement improvement(front, axes, reference);
  // A pick makes every other gain smaller, never larger: a gain worked out earlier bounds what it is now, and few must be worked out anew.
  std::vector<double> bound(candidates.size());
  const auto gain = [&](size_t i) { return predictions[i].feasible * improvement(predictions[i].means, predictions[i].deviations); };
  for (size_t i = 0; i < bound.size(); ++i) bound[i] = gain(i);
  std::vector<bool> used(candidates.size(), false);
  while (picked.size() < std::min(count, candidates.size())) {
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return bound[a] > bound[b]; });
    size_t best = candidates.size();
    for (const size_t i : order) {
      if (used[i]) continue;
      if (best != candidates.size() && bound[i] <= bound[best]) break;
      bound[i] = gain(i);
      if (best == candidates.size() || bound[i] > bound[best]) best = i;
    }
    if (best == candidates.size()) break;
    used[best] = true;
    picked.push_back(candidates[best]);
    front.insert(front.end(), predictions[best].means.begin(), predictions[best].means.end());
    improvement = ExpectedImprovement(front, axes, reference);
  }
  return picked;
}

}  // namespace tradewind
