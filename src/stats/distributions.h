// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Quantiles and tails of the two distributions that intervals need. NaN for arguments outside the stated ranges. Thread-safe.
#pragma once

namespace tradewind {

// The x with P(X <= x) = p of the standard normal, p in (0, 1).
double NormalQuantile(double p);
double NormalCdf(double x);

// The same of Student's t with `degrees` > 0 of freedom (not necessarily whole).
double StudentQuantile(double p, double degrees);

}  // namespace tradewind
