// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How much hypervolume a setting that has not been tried is expected to add, when each objective is predicted as an independent normal:
// what Bayesian search maximises (Emmerich, Giannakoglou & Naujoks, IEEE TEVC 10, 2006). Built once for the points so far, asked for many
// candidates; exact for any number of objectives, less is better in each. A plain value; asking is thread-safe.
//
//   const ExpectedImprovement improvement(points, 2, reference);
//   double gain = improvement(std::vector{1.5, 0.9}, std::vector{0.2, 0.1});   // means, standard deviations
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tradewind {

class ExpectedImprovement {
 public:
  // `points` as for Hypervolume (search/indicators.h). At most 8 objectives. What is not dominated is cut into boxes: one a point of the
  // frontier and one more with two objectives, up to the square of that with three, and so on.
  ExpectedImprovement(std::span<const double> points, size_t objectives, std::span<const double> reference);

  // In the units of the hypervolume; deviations are 0 (then it is the plain improvement) or more.
  double operator()(std::span<const double> means, std::span<const double> deviations) const;

  size_t boxes() const { return boxes_.size() / objectives_ / 2; }

 private:
  void Cut(size_t objective, std::vector<std::vector<double>> front, std::vector<uint32_t>& box);
  uint32_t Edge(size_t objective, double value) const;

  size_t objectives_;
  std::vector<std::vector<double>> edges_;  // of each objective: -infinity, the values of the points, the reference, rising
  std::vector<uint32_t> boxes_;             // of each box and objective, the lower and the upper edge as indices
};

}  // namespace tradewind
