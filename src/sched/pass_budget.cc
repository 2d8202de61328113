// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/pass_budget.h"

#include <algorithm>

namespace tradewind {

void PassBudget::LimitReading(int64_t tokens) {
  reading_left_ = std::min(reading_left_, tokens);
}

void PassBudget::LimitTime(Duration most, int64_t least) {
  if (!cost_.known()) return;
  most_ = most_ ? std::min(*most_, most) : most;
  least_left_ = least;
}

void PassBudget::AddDecode(int64_t begin) {
  shape_.Add(begin, 1);
  --left_;
}

void PassBudget::AddRead(int64_t begin, int64_t count) {
  shape_.Add(begin, count);
  left_ -= count;
  reading_left_ -= count;
  least_left_ = std::max<int64_t>(0, least_left_ - count);
}

bool PassBudget::InTime(int64_t begin, int64_t count) const {
  StepShape shape = shape_;
  shape.Add(begin, count);
  return cost_.Predict(shape) <= *most_;
}

int64_t PassBudget::Allow(int64_t begin, int64_t wanted) const {
  const int64_t most = std::max<int64_t>(0, std::min({wanted, left_, reading_left_}));
  if (!most_ || most == 0 || InTime(begin, most)) return most;
  int64_t fits = 0, too_many = most;
  while (too_many - fits > 1) {
    const int64_t middle = fits + (too_many - fits) / 2;
    (InTime(begin, middle) ? fits : too_many) = middle;
  }
  return std::max(fits, std::min(most, least_left_));
}

}  // namespace tradewind
