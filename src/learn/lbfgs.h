// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Minimises a smooth function of a few to some thousand numbers by its gradient: limited-memory BFGS (Nocedal & Wright, Numerical
// Optimization, 2006, algorithm 7.5) with a line search by bisection that keeps the weak Wolfe conditions. Deterministic; no state.
//
//   Minimum m = MinimiseLbfgs([](std::span<const double> x, std::span<double> g) { g[0] = 2 * x[0]; return x[0] * x[0]; }, {3}, {});
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace tradewind {

// The value at x; fills in the gradient. Infinity or NaN says that x is out of bounds: the search then takes shorter steps.
using Objective = std::function<double(std::span<const double> x, std::span<double> gradient)>;

struct LbfgsOptions {
  int steps = 200;
  int memory = 10;          // pairs of steps and gradient changes that are remembered
  double tolerance = 1e-8;  // done when no component of the gradient is larger
};

struct Minimum {
  std::vector<double> x;
  double value = 0;
  std::vector<double> gradient;
  bool converged = false;  // whether the tolerance was met, rather than the steps used up or no lower value found
};

// `start` must be within bounds: a value there that is not finite is returned as it is.
Minimum MinimiseLbfgs(const Objective& objective, std::vector<double> start, const LbfgsOptions& options);

}  // namespace tradewind
