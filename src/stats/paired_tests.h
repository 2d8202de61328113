// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Tests of two settings tried on the same things: of means by flipping signs, of proportions by McNemar's. rank_test.h has the one that
// outliers do not touch. Pure functions, thread-safe.
//
//   double p = SignFlipPValue(ours_nats, theirs_nats, {});
//   double q = McNemarPValue(/*only_a=*/31, /*only_b=*/14);
#pragma once

#include <cstdint>
#include <span>

namespace tradewind {

struct SignFlipOptions {
  int draws = 20000;  // beyond the exact range; p values below 1 / draws do not come out. 100 to 10,000,000 (asserted)
  uint64_t seed = 1;
};

// Two-sided p value of "a[i] - b[i] is symmetric about zero", by the mean: the share of sign assignments whose mean difference is as large
// as the one seen (Fisher 1935, The Design of Experiments, chapter III). Exact up to 20 pairs that differ; beyond it by drawing, where the
// sample itself counts as one draw, so that the test keeps its level (Phipson & Smyth 2010, arXiv:1603.05766). 1 where no pair differs.
// Values are finite, a.size() == b.size() (asserted).
double SignFlipPValue(std::span<const double> a, std::span<const double> b, const SignFlipOptions& options);

// McNemar's test (1947), exact: of the things on which two classifiers disagree, `only_a` were right with a alone and `only_b` with b
// alone. Two-sided p value of "either is as likely", binomial. 1 where they never disagree. Counts are not negative (asserted).
double McNemarPValue(int64_t only_a, int64_t only_b);

}  // namespace tradewind
