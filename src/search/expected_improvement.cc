// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/expected_improvement.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <functional>

#include "base/numbers.h"
#include "search/indicators.h"
#include "stats/distributions.h"

namespace tradewind {
namespace {

// The integral of P(value <= u) over u up to `edge`, which is the expectation of max(edge - value, 0).
double ExpectedRoom(double edge, double mean, double deviation) {
  if (edge == -kInfinity) return 0;
  if (deviation <= 0) return std::max(edge - mean, 0.0);
  const double z = (edge - mean) / deviation;
  const double density = NormalDensity(z);
  return std::max(0.0, (edge - mean) * NormalCdf(z) + deviation * density);
}

}  // namespace

ExpectedImprovement::ExpectedImprovement(std::span<const double> points, size_t objectives, std::span<const double> reference)
    : objectives_(objectives), edges_(objectives) {
  assert(objectives > 0 && objectives <= 8 && reference.size() == objectives && points.size() % objectives == 0);
  std::vector<std::vector<double>> front;
  for (const size_t i : NonDominated(points, objectives)) {
    const std::span<const double> p = points.subspan(i * objectives, objectives);
    bool below = true;
    for (size_t k = 0; k < objectives; ++k) below = below && p[k] < reference[k];
    if (below) front.emplace_back(p.begin(), p.end());
  }
  for (size_t k = 0; k < objectives; ++k) {
    edges_[k] = {-kInfinity, reference[k]};
    for (const auto& p : front) edges_[k].push_back(p[k]);
    std::sort(edges_[k].begin(), edges_[k].end());
    edges_[k].erase(std::unique(edges_[k].begin(), edges_[k].end()), edges_[k].end());
  }
  std::vector<uint32_t> box(2 * objectives);
  Cut(objectives - 1, std::move(front), box);
}

uint32_t ExpectedImprovement::Edge(size_t objective, double value) const {
  const auto& edges = edges_[objective];
  return static_cast<uint32_t>(std::lower_bound(edges.begin(), edges.end(), value) - edges.begin());
}

// Slabs along the last objective: between two points' values, what counts is who is at or below the lower one, with an objective less. The
// depth of the recursion is the number of objectives.
void ExpectedImprovement::Cut(size_t objective, std::vector<std::vector<double>> front, std::vector<uint32_t>& box) {
  const auto last = static_cast<uint32_t>(edges_[objective].size() - 1);
  std::sort(front.begin(), front.end(), [&](const auto& a, const auto& b) { return a[objective] < b[objective]; });
  box[2 * objective] = 0;
  if (objective == 0) {
    box[1] = front.empty() ? last : Edge(0, front[0][0]);
    boxes_.insert(boxes_.end(), box.begin(), box.end());
    return;
  }
  const auto dominates = [&](const auto& a, const auto& b) {
    return std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(objective), b.begin(), std::less_equal<>());
  };
  std::vector<std::vector<double>> below;
  uint32_t lower = 0;
  for (const auto& p : front) {
    if (std::any_of(below.begin(), below.end(), [&](const auto& q) { return dominates(q, p); })) continue;  // the slab does not change
    const uint32_t upper = Edge(objective, p[objective]);
    if (upper > lower) {
      box[2 * objective] = lower;
      box[2 * objective + 1] = upper;
      Cut(objective - 1, below, box);
    }
    lower = upper;
    std::erase_if(below, [&](const auto& q) { return dominates(p, q); });
    below.push_back(p);
  }
  box[2 * objective] = lower;
  box[2 * objective + 1] = last;
  Cut(objective - 1, std::move(below), box);
}

double ExpectedImprovement::operator()(std::span<const double> means, std::span<const double> deviations) const {
  assert(means.size() == objectives_ && deviations.size() == objectives_);
  // The volume gained is the integral over what is not dominated of P(candidate <= u in all objectives): a product in each box.
  std::vector<std::vector<double>> room(objectives_);
  for (size_t k = 0; k < objectives_; ++k) {
    for (const double edge : edges_[k]) room[k].push_back(ExpectedRoom(edge, means[k], deviations[k]));
  }
  double gain = 0;
  for (size_t b = 0; b < boxes_.size(); b += 2 * objectives_) {
    double product = 1;
    for (size_t k = 0; k < objectives_; ++k) product *= room[k][boxes_[b + 2 * k + 1]] - room[k][boxes_[b + 2 * k]];
    gain += product;
  }
  return gain;
}

}  // namespace tradewind
