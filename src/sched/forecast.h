// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// When a request would get its first and its last token, by what is before it and what passes cost. A pass reads so many tokens while
// others decode; a place among the running ones comes free as often as answers end. Pure functions, thread-safe.
//
//   Forecast forecast = PredictTimes({.ahead_tokens = 9000, .ahead_sequences = 12, .tokens = 700, .output = 200}, options, load, cost);
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "sched/scheduler.h"
#include "sched/step_cost.h"

namespace tradewind {

struct ForecastQuestion {
  double ahead_tokens = 0;      // that are read before its own
  int64_t ahead_sequences = 0;  // that start before it, and do not run yet
  int64_t tokens = 0;           // of its prompt
  double output = 0;            // tokens that it will draw, as expected
  double usual_output = 0;      // that the others draw
};

struct Forecast {
  Duration first_token;  // from now on
  Duration last_token;
  Duration per_token;  // of reading, of whatever stands before it: how fast what is ahead goes away
  Duration per_start;  // between two sequences that start
};

Forecast PredictTimes(const ForecastQuestion& question, const SchedulerOptions& options, const SchedulerLoad& load, const StepCost& cost);

}  // namespace tradewind
