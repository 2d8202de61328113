// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Archive: the trials that a strategy was told of, in the form that strategies compute with: every axis is minimised, constraints are one
// number that is 0 when all are kept. A plain container, not thread-safe.
//
//   Archive archive(goal);
//   archive.Add(genome, point);
//   for (size_t i : archive.Front()) Use(archive.trials()[i]);
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "core/strategy.h"
#include "search/space.h"

namespace tradewind {

struct ScoredTrial {
  Genome genome;
  std::vector<double> values;  // one an axis, lower is better; +inf where nothing was measured
  double violation = 0;        // by how much constraints are broken, each relative to its limit and summed; 0: all are kept
  bool complete = true;        // something was measured on each axis
  bool Feasible() const { return violation == 0 && complete; }
};

// Constraint domination (Deb et al. 2002, section VI): a feasible trial beats one that is not, of two that are not the one that breaks less
// wins, and of two feasible ones the one that is nowhere worse and somewhere better.
bool Beats(const ScoredTrial& a, const ScoredTrial& b);

struct Ranking {
  std::vector<size_t> rank;      // 0: no other trial beats it; r: only trials of ranks below r do
  std::vector<double> crowding;  // Deb's crowding distance within the rank, larger is lonelier; infinite at the ends; 0 unless feasible

  // Whether trial `a` is the better one: of a lower rank, or lonelier within it.
  bool Before(size_t a, size_t b) const { return rank[a] != rank[b] ? rank[a] < rank[b] : crowding[a] > crowding[b]; }
};
// By constraint domination. One entry a trial.
Ranking RankTrials(std::span<const ScoredTrial> trials);

// The indices of the `keep` best, by rank and then by crowding; in the order of `trials`.
std::vector<size_t> SelectBest(std::span<const ScoredTrial> trials, size_t keep);

class Archive {
 public:
  explicit Archive(SearchGoal goal) : goal_(std::move(goal)) {}

  // Scores and keeps the point; a genome that came before keeps its first values. Returns its index.
  size_t Add(const Genome& genome, const Point& point);
  ScoredTrial Score(const Genome& genome, const Point& point) const;

  const SearchGoal& goal() const { return goal_; }
  const std::vector<ScoredTrial>& trials() const { return trials_; }
  const ScoredTrial* Find(const Genome& genome) const;
  // Feasible trials that no other feasible one beats, one of each equal pair, by rising first axis. Kept up to date by Add.
  const std::vector<size_t>& Front() const { return front_; }
  // The goal's reference point, minimised; where it has none, the worst feasible value on each axis (all trials' where none is
  // feasible), moved out by a tenth of the range.
  std::vector<double> Reference() const;

 private:
  void UpdateFront(size_t added);

  SearchGoal goal_;
  std::vector<ScoredTrial> trials_;
  std::map<Genome, size_t> index_;
  std::vector<size_t> front_;
};

}  // namespace tradewind
