// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Bootstrap intervals of observations that belong together: several of one prompt, subject or seed. Two questions, two answers:
//   ClusterInterval: the groups are a sample; the claim is about prompts like these, also those not seen. Whole groups are drawn.
//   StratifiedInterval: the groups are fixed by design (these prompt lengths, each so often); the claim is about this very mix. Draws stay
//   within each stratum, so that the spread between strata, which no repetition would show, does not enter.
// Taking single observations from clusters gives intervals that are far too short. Seeded, pure functions, thread-safe.
//
//   Interval accuracy = ClusterInterval(correct, subject_ids, {.statistic = Statistic::kMean});
#pragma once

#include <cstdint>
#include <span>

#include "base/interval.h"
#include "stats/bootstrap.h"

namespace tradewind {

// The interval of the statistic of all values together. values[i] belongs to group group_ids[i] (sizes equal: asserted); ids are any
// numbers, groups may differ in size (a large one weighs more). (Davison & Hinkley, Bootstrap Methods and their Application, 1997, 3.8,
// whole groups drawn; BCa of bca.h with the groups as units.) NaN for no values, (-inf, inf) for one group. Means hold from some 8 groups,
// medians from some 12; an outer quantile wants some ten groups that reach beyond it.
Interval ClusterInterval(std::span<const double> values, std::span<const int64_t> group_ids, const BootstrapOptions& options);

// The interval of statistic(a) / statistic(b), where a[i] and b[i] both belong to group_ids[i] and are drawn with it. Values are positive
// (zeros are well where no drawn denominator gets zero; else (-inf, inf)).
Interval ClusterRatioInterval(std::span<const double> a, std::span<const double> b, std::span<const int64_t> group_ids,
                              const BootstrapOptions& options);

// The interval of the statistic of all values together when stratum_ids[i] is given and each stratum keeps its share. (Davison & Hinkley
// 1997.) A stratum of one observation shows no spread: (-inf, inf). Strata of three are enough for a mean. A median lies among the
// values of the strata around it, and some ten observations must be there: where strata do not overlap, ten in the middle one.
Interval StratifiedInterval(std::span<const double> values, std::span<const int64_t> stratum_ids, const BootstrapOptions& options);

// The interval of statistic(a) / statistic(b), each drawn on its own within its strata. Values are positive.
Interval StratifiedRatioInterval(std::span<const double> a, std::span<const int64_t> strata_a, std::span<const double> b,
                                 std::span<const int64_t> strata_b, const BootstrapOptions& options);

}  // namespace tradewind
