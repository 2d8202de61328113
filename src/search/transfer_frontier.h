// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What predicted costs are good for: the frontier of an unseen device, and a search under a bound, when quality is known and cost is
// measured for a few alone (arXiv:2106.08630, table 4). Truth is consulted only where a measurement is counted. Pure functions,
// thread-safe.
//
//   FrontierShare share = TransferFrontier(accuracy, predicted_ms, true_ms);            // share.share of the true frontier's hypervolume
//   BoundedChoice choice = SearchUnderBound(accuracy, predicted_ms, true_ms, 11.0, 5);  // at most 5 measurements to check
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace tradewind {

// The indices that no other dominates: higher quality, lower cost; sorted by rising cost. Of equal points the first stays.
std::vector<size_t> QualityCostFrontier(std::span<const double> quality, std::span<const double> cost);

// The area that points dominate within quality > worst_quality, cost < worst_cost.
double QualityCostVolume(std::span<const double> quality, std::span<const double> cost, double worst_quality, double worst_cost);

struct FrontierShare {
  std::vector<size_t> chosen;     // the predicted frontier
  size_t true_size = 0;           // points on the true one
  double share = 0;               // true hypervolume of what was chosen over that of the true frontier
  size_t measurements_saved = 0;  // of a search that measures every architecture, less those chosen (which a user measures in the end)
};
// The three have one value an architecture (asserted). The reference point is the worst quality and the worst true cost of all.
FrontierShare TransferFrontier(std::span<const double> quality, std::span<const double> predicted, std::span<const double> truth);

struct BoundedChoice {
  size_t chosen = 0;
  double cost = 0;  // true
  double quality = 0;
  double best_quality = 0;  // of all that truly keep the bound; -infinity where none does
  size_t checks = 0;        // measurements made here, beside those that the prediction was adapted to
  // Measurements of a search without predictions: by falling quality until one keeps the bound; all of them where none does.
  size_t unaided = 0;
  bool within = false;  // cost <= 1.05 bound
};
// Takes the best quality predicted to keep the bound and measures it; if it misses, scales the predictions by the ratio seen and takes the
// next, at most `checks` times; the first measured within 5 % is chosen, or else the least cost measured. With no checks it is the first
// choice.
BoundedChoice SearchUnderBound(std::span<const double> quality, std::span<const double> predicted, std::span<const double> truth,
                               double bound, size_t checks);

}  // namespace tradewind
