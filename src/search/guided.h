// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// GuidedStrategy: what the strategies that learn from trials have in common: a queue of genomes to propose, filled again when it is empty;
// no setting twice; never more than the trials; the archive of what came. A strategy writes Plan() alone. Deterministic for the seed and
// the points observed, and therefore resumable by replay. Not thread-safe.
//
//   class Mine final : public GuidedStrategy {
//     std::vector<Genome> Plan() override { return {space().Mutate(BestSoFar(), 0.2, random())}; }
//   };
#pragma once

#include <deque>
#include <set>
#include <vector>

#include "search/archive.h"
#include "search/strategies.h"

namespace tradewind {

class GuidedStrategy : public Strategy {
 public:
  GuidedStrategy(Space space, const SearchGoal& goal, const StrategyOptions& options);
  std::vector<Setting> Propose(size_t count) final;
  void Observe(const Point& point) final;
  std::optional<size_t> TotalTrials() const override;

 protected:
  // What to try next, given all that came; called when everything planned was proposed. What was proposed before is dropped. Empty, or
  // nothing new in it: the search is done.
  virtual std::vector<Genome> Plan() = 0;
  // After a point went into the archive, with its trial.
  virtual void Learn(const ScoredTrial&) {}

  const Space& space() const { return space_; }
  const Archive& archive() const { return archive_; }
  Random& random() { return random_; }
  size_t trials() const { return trials_; }             // that may be proposed in all
  size_t proposed() const { return proposed_.size(); }  // so far
  bool Proposed(const Genome& genome) const { return proposed_.count(genome) != 0; }
  // Drawn uniformly among those not proposed and not in `taken`; absent when 1,000 draws find none, as in a space that is used up.
  std::optional<Genome> Fresh(const std::set<Genome>& taken);
  // `count` that were not proposed, at most: each listed value of a dimension comes about equally often, each part of a range too
  // (a Latin hypercube: McKay, Beckman and Conover 1979); combinations that do not exist are drawn anew.
  std::vector<Genome> SpreadDesign(size_t count);

 private:
  Space space_;
  Archive archive_;
  Random random_;
  size_t trials_;
  std::set<Genome> proposed_;
  std::deque<Genome> queue_;
};

}  // namespace tradewind
