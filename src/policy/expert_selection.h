// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Which experts to keep ready under limits of energy and latency, where more experts never hurt (arXiv:2501.09410). A set of experts is a
// word of bits. Quality is a set function that never falls when an expert is added; GatedQuality is one: gates trained once on all experts
// serve every selection. Pure functions, thread-safe if the quality is.
//
//   GatedQuality quality(utility, experts);                    // utility[sample * experts + expert], as a router predicts it
//   TW_ASSIGN(Selection best, SelectExact(costs, {.energy_j = 20, .latency_ms = 300}, std::ref(quality), quality.Exactly()));
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <vector>

#include "base/status.h"

namespace tradewind {

using ExpertSet = uint64_t;
inline constexpr size_t kMostExperts = 64;

struct ExpertCost {
  double energy_j = 0;    // of keeping the expert among the selected; those of a set add up
  double latency_ms = 0;  // of its answer; a set is as slow as its slowest
};

struct SelectionLimits {
  double energy_j = std::numeric_limits<double>::infinity();
  double latency_ms = std::numeric_limits<double>::infinity();
};

// Quality of a set; of the empty one, too. Must be monotone: f(S) <= f(S with one more).
using SetQuality = std::function<double(ExpertSet)>;

struct Selection {
  ExpertSet experts = 0;
  double quality = 0;
  double energy_j = 0;
  double latency_ms = 0;
  int64_t evaluations = 0;  // of the quality: what the search cost; gains that were had together count as one
};

// What each of these experts would add to a set.
using SetGains = std::function<std::vector<double>(ExpertSet to, std::span<const size_t> experts)>;

struct ExactOptions {
  // Each expert adds less to a larger set (as GatedQuality has it): allows a tighter bound. A lie may lose the optimum.
  bool submodular = false;
  // Of the same quality, where all of a set's gains cost about as much as one evaluation; none: each is asked for by itself.
  SetGains gains{};
};

// All give kInvalidInput unless there are 1 to kMostExperts experts with finite costs >= 0. The empty set always fits.

// The better of two greedy ways: by gain, and by gain for energy.
Result<Selection> SelectGreedy(std::span<const ExpertCost> costs, const SelectionLimits& limits, const SetQuality& quality);

// The best set that fits (of equals, one of them): branch and bound. Between a set and its union with all that could still join, a monotone
// quality is largest at the upper corner, as in discrete monotonic optimisation (arXiv:2501.09410); what cannot beat the best
// found so far is cut; where the quality is submodular, also what the gains of those that could join cannot reach. Worst case 2^experts.
Result<Selection> SelectExact(std::span<const ExpertCost> costs, const SelectionLimits& limits, const SetQuality& quality,
                              const ExactOptions& options = {});

// Every set; at most 20 experts (else kUnsupported). The yardstick of the above.
Result<Selection> SelectByTryingAll(std::span<const ExpertCost> costs, const SelectionLimits& limits, const SetQuality& quality);

// The mean over samples of the greatest utility among the selected: monotone and submodular. A gate that predicts each expert's utility by
// itself need not be trained again for a selection: the best expert of a set, by the gates of all, is the best by gates of that set alone.
class GatedQuality {
 public:
  // utility[sample * experts + expert], >= 0 (asserted: a sample that no expert serves is worth 0).
  GatedQuality(std::vector<double> utility, size_t experts);
  double operator()(ExpertSet set) const;
  std::vector<double> Gains(ExpertSet to, std::span<const size_t> experts) const;
  // How SelectExact is told that it is submodular, and of its gains. Refers to this object.
  ExactOptions Exactly() const;

 private:
  // Of each sample, the greatest utility among the set.
  std::vector<double> Most(ExpertSet set) const;
  std::vector<double> by_expert_;  // [expert][sample]
  size_t experts_, samples_;
};

}  // namespace tradewind
