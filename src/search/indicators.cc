// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/indicators.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <iterator>
#include <map>
#include <numeric>

#include "base/numbers.h"

namespace tradewind {
namespace {

constexpr size_t kMostObjectives = 16;

using Vertex = std::vector<double>;
using Set = std::vector<Vertex>;

size_t Count(std::span<const double> points, size_t objectives) {
  assert(objectives > 0 && objectives <= kMostObjectives && points.size() % objectives == 0);
  return points.size() / objectives;
}

// Those below the reference in every objective.
Set Below(std::span<const double> points, std::span<const double> reference) {
  Set set;
  for (size_t i = 0; i < points.size(); i += reference.size()) {
    bool below = true;
    for (size_t k = 0; k < reference.size(); ++k) below = below && points[i + k] < reference[k];
    if (below)
      set.emplace_back(points.begin() + static_cast<std::ptrdiff_t>(i), points.begin() + static_cast<std::ptrdiff_t>(i + reference.size()));
  }
  return set;
}

double Volume2(Set& set, std::span<const double> reference) {
  std::sort(set.begin(), set.end());
  double volume = 0, lowest = reference[1];
  for (const Vertex& p : set) {
    if (p[1] >= lowest) continue;
    volume += (reference[0] - p[0]) * (lowest - p[1]);
    lowest = p[1];
  }
  return volume;
}

// The points seen so far in the first two objectives: by rising x, falling y.
class Staircase {
 public:
  explicit Staircase(std::span<const double> reference) : right_(reference[0]), top_(reference[1]) {}

  // The area that (x, y) adds.
  double Insert(double x, double y) {
    auto next = steps_.upper_bound(x);
    double height = next == steps_.begin() ? top_ : std::prev(next)->second;
    if (height <= y) return 0;
    double area = 0, from = x;
    for (;;) {
      const double to = next == steps_.end() ? right_ : next->first;
      area += (to - from) * (height - y);
      if (next == steps_.end() || next->second <= y) break;
      from = next->first;
      height = next->second;
      next = steps_.erase(next);
    }
    steps_.insert_or_assign(x, y);
    return area;
  }

 private:
  double right_, top_;
  std::map<double, double> steps_;
};

double Volume3(Set& set, std::span<const double> reference) {
  std::sort(set.begin(), set.end(), [](const Vertex& a, const Vertex& b) { return a[2] < b[2]; });
  Staircase stairs(reference);
  double volume = 0;
  for (const Vertex& p : set) volume += stairs.Insert(p[0], p[1]) * (reference[2] - p[2]);
  return volume;
}

bool WeaklyDominates(const Vertex& a, const Vertex& b) {
  for (size_t k = 0; k < a.size(); ++k) {
    if (a[k] > b[k]) return false;
  }
  return true;
}

// Drops points that others dominate, and all but one of equal ones.
void KeepNonDominated(Set& set) {
  std::sort(set.begin(), set.end());  // then a point is dominated by earlier ones only
  Set kept;
  for (Vertex& p : set) {
    const bool dominated = std::any_of(kept.begin(), kept.end(), [&](const Vertex& q) { return WeaklyDominates(q, p); });
    if (!dominated) kept.push_back(std::move(p));
  }
  set = std::move(kept);
}

double Volume(Set set, std::span<const double> reference);

// The volume of the box of `p` that none of `others` dominates, in the first `reference.size()` objectives.
double Exclusive(const Vertex& p, std::span<const Vertex> others, std::span<const double> reference) {
  double box = 1;
  for (size_t k = 0; k < reference.size(); ++k) box *= reference[k] - p[k];
  Set limited;
  limited.reserve(others.size());
  for (const Vertex& q : others) {
    Vertex& r = limited.emplace_back(reference.size());
    for (size_t k = 0; k < r.size(); ++k) r[k] = std::max(p[k], q[k]);
  }
  return box - Volume(std::move(limited), reference);
}

// The depth of this recursion is the number of objectives less three.
double Volume(Set set, std::span<const double> reference) {
  if (set.empty()) return 0;
  if (reference.size() == 1) return reference[0] - (*std::min_element(set.begin(), set.end()))[0];
  if (reference.size() == 2) return Volume2(set, reference);
  if (reference.size() == 3) return Volume3(set, reference);
  KeepNonDominated(set);
  // Worst in the last objective first: what a point adds to those after it is then as deep as itself in that objective, and the rest of its
  // shape has a dimension less.
  std::sort(set.begin(), set.end(), [](const Vertex& a, const Vertex& b) { return a.back() > b.back(); });
  const auto rest = reference.first(reference.size() - 1);
  double volume = 0;
  for (size_t i = 0; i < set.size(); ++i) {
    volume += (reference.back() - set[i].back()) * Exclusive(set[i], std::span<const Vertex>(set).subspan(i + 1), rest);
  }
  return volume;
}

// No worse anywhere and better somewhere.
bool Dominates(const double* a, const double* b, size_t objectives) {
  bool better = false;
  for (size_t k = 0; k < objectives; ++k) {
    if (a[k] > b[k]) return false;
    better = better || a[k] < b[k];
  }
  return better;
}

}  // namespace

double Hypervolume(std::span<const double> points, size_t objectives, std::span<const double> reference) {
  Count(points, objectives);
  assert(reference.size() == objectives);
  return Volume(Below(points, reference), reference);
}

std::vector<double> ExclusiveHypervolumes(std::span<const double> points, size_t objectives, std::span<const double> reference) {
  const size_t n = Count(points, objectives);
  assert(reference.size() == objectives);
  std::vector<double> volumes(n, 0);
  for (size_t i = 0; i < n; ++i) {
    const Set own = Below(points.subspan(i * objectives, objectives), reference);
    if (own.empty()) continue;
    Set others = Below(points.first(i * objectives), reference);
    Set after = Below(points.subspan((i + 1) * objectives), reference);
    std::move(after.begin(), after.end(), std::back_inserter(others));
    // A dominated point's box is filled by others: exactly zero, whatever the rounding.
    const bool covered = std::any_of(others.begin(), others.end(), [&](const Vertex& q) { return WeaklyDominates(q, own[0]); });
    if (!covered) volumes[i] = std::max(0.0, Exclusive(own[0], others, reference));
  }
  return volumes;
}

double IgdPlus(std::span<const double> points, size_t objectives, std::span<const double> front) {
  const size_t n = Count(points, objectives), m = Count(front, objectives);
  assert(n > 0 && m > 0);
  double sum = 0;
  for (size_t i = 0; i < m; ++i) {
    double nearest = kInfinity;
    for (size_t j = 0; j < n; ++j) {
      double squares = 0;
      for (size_t k = 0; k < objectives; ++k) {
        const double worse = std::max(points[j * objectives + k] - front[i * objectives + k], 0.0);
        squares += worse * worse;
      }
      nearest = std::min(nearest, squares);
    }
    sum += std::sqrt(nearest);
  }
  return sum / static_cast<double>(m);
}

double AdditiveEpsilon(std::span<const double> points, size_t objectives, std::span<const double> front) {
  const size_t n = Count(points, objectives), m = Count(front, objectives);
  assert(n > 0 && m > 0);
  double epsilon = -kInfinity;
  for (size_t i = 0; i < m; ++i) {
    double least = kInfinity;
    for (size_t j = 0; j < n; ++j) {
      double most = -kInfinity;
      for (size_t k = 0; k < objectives; ++k) most = std::max(most, points[j * objectives + k] - front[i * objectives + k]);
      least = std::min(least, most);
    }
    epsilon = std::max(epsilon, least);
  }
  return epsilon;
}

std::vector<uint32_t> NonDominatedRanks(std::span<const double> points, size_t objectives) {
  const size_t n = Count(points, objectives);
  const auto at = [&](size_t i) { return points.data() + i * objectives; };
  std::vector<size_t> order(n);
  std::iota(order.begin(), order.end(), size_t{0});
  // By the first objective, then the second, ...: a point is dominated by earlier ones only.
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return std::lexicographical_compare(at(a), at(a) + objectives, at(b), at(b) + objectives); });
  std::vector<std::vector<size_t>> fronts;
  const auto dominated_by = [&](const std::vector<size_t>& front, size_t i) {
    // With two objectives the latest member has the least y of its front, so it alone tells.
    if (objectives <= 2) return Dominates(at(front.back()), at(i), objectives);
    return std::any_of(front.rbegin(), front.rend(), [&](size_t j) { return Dominates(at(j), at(i), objectives); });
  };
  std::vector<uint32_t> ranks(n);
  for (const size_t i : order) {
    // Where a front dominates a point, so do all before it.
    const auto front = std::partition_point(fronts.begin(), fronts.end(), [&](const auto& f) { return dominated_by(f, i); });
    ranks[i] = static_cast<uint32_t>(front - fronts.begin());
    if (front == fronts.end()) {
      fronts.push_back({i});
    } else {
      front->push_back(i);
    }
  }
  return ranks;
}

std::vector<size_t> NonDominated(std::span<const double> points, size_t objectives) {
  const std::vector<uint32_t> ranks = NonDominatedRanks(points, objectives);
  std::vector<size_t> indices;
  for (size_t i = 0; i < ranks.size(); ++i) {
    if (ranks[i] == 0) indices.push_back(i);
  }
  return indices;
}

std::vector<double> CrowdingDistances(std::span<const double> points, size_t objectives) {
  const size_t n = Count(points, objectives);
  std::vector<double> distances(n, 0);
  std::vector<size_t> order(n);
  for (size_t k = 0; k < objectives && n > 0; ++k) {
    const auto value = [&](size_t i) { return points[i * objectives + k]; };
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return value(a) < value(b); });
    const double range = value(order.back()) - value(order.front());
    distances[order.front()] = distances[order.back()] = kInfinity;
    for (size_t i = 1; i + 1 < n && range > 0; ++i) distances[order[i]] += (value(order[i + 1]) - value(order[i - 1])) / range;
  }
  return distances;
}

}  // namespace tradewind
