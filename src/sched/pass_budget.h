// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// PassBudget: how many tokens more a pass may hold: of all sequences together, of those that are read while others decode, and by the time
// that the pass may take (the gap that decoding sequences see between two tokens). Not thread-safe; the cost outlives it.
//
//   PassBudget budget(512, cost);
//   budget.AddDecode(700);
//   budget.LimitReading(256);
//   budget.LimitTime(tpot, 16);
//   const int64_t count = budget.Allow(begin, unread);
//   budget.AddRead(begin, count);
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "sched/step_cost.h"

namespace tradewind {

class PassBudget {
 public:
  PassBudget(int64_t tokens, const StepCost& cost) : cost_(cost), left_(tokens), reading_left_(tokens) {}

  void LimitReading(int64_t tokens);
  // Of the whole pass, as far as the cost is known; `least` tokens are read all the same.
  void LimitTime(Duration most, int64_t least);
  // A token of a sequence at this position.
  void AddDecode(int64_t begin);
  void AddRead(int64_t begin, int64_t count);

  // Of `wanted` tokens from `begin` on, how many may be read; 0: none any more.
  int64_t Allow(int64_t begin, int64_t wanted) const;
  int64_t left() const { return left_; }

 private:
  bool InTime(int64_t begin, int64_t count) const;

  const StepCost& cost_;
  StepShape shape_;
  int64_t left_;
  int64_t reading_left_;
  int64_t least_left_ = 0;
  std::optional<Duration> most_;
};

}  // namespace tradewind
