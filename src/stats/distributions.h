// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Quantiles and tails of the distributions that intervals and tests need. NaN for arguments outside the stated ranges. Thread-safe.
#pragma once

#include <cstdint>

namespace tradewind {

// The x with P(X <= x) = p of the standard normal, p in (0, 1).
double NormalQuantile(double p);
double NormalCdf(double x);
double NormalDensity(double x);

// The same of Student's t with `degrees` > 0 of freedom (not necessarily whole).
double StudentQuantile(double p, double degrees);

// P(X <= successes) of a binomial: `trials` > 0 with probability p in [0, 1] each, 0 <= successes <= trials.
double BinomialCdf(int64_t successes, int64_t trials, double p);

}  // namespace tradewind
