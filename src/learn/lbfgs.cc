// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "learn/lbfgs.h"

#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>

namespace tradewind {
namespace {

using Vector = std::vector<double>;

double Dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

double Largest(const Vector& a) {
  double largest = 0;
  for (const double x : a) largest = std::max(largest, std::abs(x));
  return largest;
}

struct Pair {
  Vector step, change;  // of x and of the gradient
  double curvature = 0;
};

// Minus the approximate inverse Hessian times the gradient.
Vector Direction(const std::deque<Pair>& pairs, const Vector& gradient) {
  Vector q = gradient;
  Vector shares(pairs.size());
  for (size_t k = pairs.size(); k-- > 0;) {
    shares[k] = Dot(pairs[k].step, q) / pairs[k].curvature;
    for (size_t i = 0; i < q.size(); ++i) q[i] -= shares[k] * pairs[k].change[i];
  }
  const double scale = pairs.empty() ? 1 / std::max(1.0, std::sqrt(Dot(gradient, gradient)))
                                     : pairs.back().curvature / Dot(pairs.back().change, pairs.back().change);
  for (double& x : q) x *= scale;
  for (size_t k = 0; k < pairs.size(); ++k) {
    const double share = shares[k] - Dot(pairs[k].change, q) / pairs[k].curvature;
    for (size_t i = 0; i < q.size(); ++i) q[i] += share * pairs[k].step[i];
  }
  for (double& x : q) x = -x;
  return q;
}

// A point along `direction` that is lower by the weak Wolfe conditions; false where 60 tries find none.
bool Descend(const Objective& objective, const Minimum& from, const Vector& direction, Minimum& to) {
  constexpr double kEnough = 1e-4, kFlatter = 0.9;  // the usual constants of the two conditions
  constexpr double kRounding = 1e-13;
  const double slope = Dot(direction, from.gradient);
  double low = 0, high = std::numeric_limits<double>::infinity(), t = 1;
  to.x.resize(from.x.size());
  to.gradient.resize(from.x.size());
  for (int k = 0; k < 60; ++k) {
    for (size_t i = 0; i < from.x.size(); ++i) to.x[i] = from.x[i] + t * direction[i];
    to.value = objective(to.x, to.gradient);
    const double slope_there = Dot(direction, to.gradient);
    // Close to the minimum values differ by rounding alone: there the slope tells (Hager & Zhang, SIAM J. Optim. 16, 2005).
    const bool level = to.value <= from.value + kRounding * std::abs(from.value) && slope_there <= (2 * kEnough - 1) * slope;
    if (!std::isfinite(to.value) || (to.value > from.value + kEnough * t * slope && !level)) {
      high = t;
    } else if (slope_there < kFlatter * slope) {
      low = t;
    } else {
      return true;
    }
    t = std::isfinite(high) ? (low + high) / 2 : 2 * low;
  }
  return std::isfinite(to.value) && to.value < from.value;
}

}  // namespace

Minimum MinimiseLbfgs(const Objective& objective, std::vector<double> start, const LbfgsOptions& options) {
  Minimum at;
  at.x = std::move(start);
  at.gradient.resize(at.x.size());
  at.value = objective(at.x, at.gradient);
  std::deque<Pair> pairs;
  for (int step = 0; step < options.steps && std::isfinite(at.value); ++step) {
    at.converged = Largest(at.gradient) <= options.tolerance;
    if (at.converged) return at;
    Minimum next;
    if (!Descend(objective, at, Direction(pairs, at.gradient), next)) {
      if (pairs.empty()) return at;
      pairs.clear();  // the memory misled: once more down the gradient
      continue;
    }
    Pair pair{next.x, next.gradient, 0};
    for (size_t i = 0; i < at.x.size(); ++i) {
      pair.step[i] -= at.x[i];
      pair.change[i] -= at.gradient[i];
    }
    pair.curvature = Dot(pair.step, pair.change);
    if (pair.curvature > 0) pairs.push_back(std::move(pair));
    if (pairs.size() > static_cast<size_t>(options.memory)) pairs.pop_front();
    at = std::move(next);
  }
  at.converged = Largest(at.gradient) <= options.tolerance;
  return at;
}

}  // namespace tradewind
