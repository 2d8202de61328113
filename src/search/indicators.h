// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How good a set of points is when several objectives are to be small at once. `points` holds n rows of `objectives` finite values each,
// one after the other; less is better in each (negate those of which more is better). At most 16 objectives. Exact, pure functions,
// thread-safe.
//
//   std::vector<double> points = {1, 3,  2, 2,  3, 1};
//   double volume = Hypervolume(points, 2, std::vector{4.0, 4.0});   // 6
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tradewind {

// The volume that the points dominate up to `reference`. Points not below it in every objective count nothing. Sweeps in two and three
// dimensions (n log n); beyond, slices of exclusive volumes (While, Bradstreet & Barone, A Fast Way of Calculating Exact Hypervolumes, IEEE
// TEVC 16, 2012).
double Hypervolume(std::span<const double> points, size_t objectives, std::span<const double> reference);

// Of each point, the volume that it alone dominates: what would be lost without it. Zero for dominated points and for equal ones.
std::vector<double> ExclusiveHypervolumes(std::span<const double> points, size_t objectives, std::span<const double> reference);

// The mean over the points of `front` of the distance to the nearest of `points`, counting only where a point is worse: IGD+ (Ishibuchi et
// al., Modified Distance Calculation in Generational Distance and Inverted Generational Distance, EMO 2015). Neither may be empty
// (asserted).
double IgdPlus(std::span<const double> points, size_t objectives, std::span<const double> front);

// The least amount to take off every value of `points` so that each of `front` is weakly dominated (Zitzler et al., Performance Assessment
// of Multiobjective Optimizers, IEEE TEVC 7, 2003). Negative where all of `front` is beaten by far. Neither may be empty (asserted).
double AdditiveEpsilon(std::span<const double> points, size_t objectives, std::span<const double> front);

// Of each point 0 if none dominates it, 1 if only points of rank 0 do, and so on; equal points share a rank (Zhang et al., An Efficient
// Approach to Nondominated Sorting, IEEE TEVC 19, 2015). n log n with two objectives.
std::vector<uint32_t> NonDominatedRanks(std::span<const double> points, size_t objectives);

// The indices of the points of rank 0, rising.
std::vector<size_t> NonDominated(std::span<const double> points, size_t objectives);

// How much room each of the points has, for one rank of NSGA-II (Deb et al., IEEE TEVC 6, 2002, section III-B): the sum over the objectives
// of the gap between its neighbours as a share of the range; infinite at the ends.
std::vector<double> CrowdingDistances(std::span<const double> points, size_t objectives);

}  // namespace tradewind
