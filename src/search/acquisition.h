// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Picks what to try next by a surrogate: candidates around the front and at random, the most promising by expected improvement of the
// hypervolume, one after the other, each believed to come out as predicted before the next is picked. Pure functions of their arguments.
#pragma once

#include <functional>
#include <set>
#include <vector>

#include "search/archive.h"
#include "search/surrogate.h"

namespace tradewind {

// Up to about `count` distinct genomes for which `skip` is false: half by changing and crossing trials of the front (and of the best ranks
// where the front is small), the rest drawn uniformly.
std::vector<Genome> CandidatesAroundFront(const Space& space, const Archive& archive, size_t count,
                                          const std::function<bool(const Genome&)>& skip, Random& random);

// `count` of the candidates at most. While no trial is feasible, those with the least predicted violation.
std::vector<Genome> PickByImprovement(const Archive& archive, const Surrogate& surrogate, const std::vector<Genome>& candidates,
                                      size_t count);

}  // namespace tradewind
