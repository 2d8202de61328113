// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// When does a search gain from starting with a predictor's ranking (or another device's results) instead of cold? Decided by the
// prioritised risk (prior_risk.h) of a search: the loss is 1 if the best setting is never tried. Pure functions; thread-safe.
//
//   TW_ASSIGN(WarmStart answer, WarmStartPays({.settings = 15625, .trials = 200, .price = 50, .correlation = 0.6}));
//   if (answer.pays) ...                       // the correlation is above answer.threshold
#pragma once

#include <cstdint>
#include <span>

#include "base/status.h"

namespace tradewind {

// The prioritised risk of trying `trials` of the settings, where setting i being the best has priorities[i] > 0. Exact: a search tries
// setting i with some probability q_i, of sum at most `trials`, and misses with 1 - q_i; equalising priority * miss gives the r with
// sum of max(0, 1 - r / priority_i) = trials. Equal priorities p: p (1 - trials / settings). 0 where there are trials for all.
double SearchRisk(std::span<const double> priorities, double trials);

struct WarmStartQuestion {
  int64_t settings = 0;    // in the space searched, 2 to 1,000,000,000
  int64_t trials = 0;      // that the search may run, 1 to settings
  int64_t price = 0;       // trials' worth that the predictor costs (measuring here, fitting); 0 for one that lies there from elsewhere
  double correlation = 0;  // of predicted and true values, in [-1, 1], on normal scores; from Spearman's r it is 2 sin(pi r / 6)
};

struct WarmStart {
  double miss_cold = 0;  // no cold search misses the best less often than this, in the worst case (nor on average over all orders)
  double miss_warm = 0;  // trying the trials - price settings predicted best
  double threshold = 0;  // the least correlation with which the warm start wins; infinity where the price leaves no trial
  bool pays = false;
};

// Warm: predictions and truths are taken as correlated normals. The best of N has the true value z, its prediction is normal about
// correlation * z, and it is tried if fewer than trials - price of the others are predicted above: a binomial count. Cold: SearchRisk of
// equal priorities. A cold search that learns from its trials uses a predictor, too: its own; the law compares with one that does not.
// kInvalidInput for values outside the ranges above.
Result<WarmStart> WarmStartPays(const WarmStartQuestion& question);

}  // namespace tradewind
