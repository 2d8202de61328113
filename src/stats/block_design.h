// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What was measured in turn: each block holds one observation of every treatment (setting), taken one after the other, so that a machine
// that slows down slows a whole block. Compared within their blocks, treatments can be told apart however the machine drifts. (Randomised
// blocks: Fisher, The Design of Experiments, 1935; effects here multiply, as slowness does.) Pure functions, thread-safe.
//
//   const std::vector<std::vector<double>> ms = {of_all_layers, of_fewer_layers};   // ms[treatment][block]
//   BlockedValues fewer = WithoutBlockEffects(ms, 1, prompt_length_classes);
//   Interval interval = fewer.Widen(StratifiedInterval(fewer.values, prompt_length_classes, {.statistic = Statistic::kMedian}), median);
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/interval.h"

namespace tradewind {

struct BlockedValues {
  std::vector<double> values;  // the treatment's, each divided by its block's effect
  double widening = 1;         // a block's effect is made of these very values, too, which hides that much of their own spread

  // An interval (> 0) of a statistic of `values`, for telling treatments apart: not for what a block to come will bring, whose effect is
  // unknown.
  Interval Widen(const Interval& interval, double statistic) const;
};

// The values of treatment `own`. values[t][b] > 0, of at least two treatments, equal in length; stratum_ids[b] says which blocks are of one
// kind (all asserted): a block's effect is the geometric mean of its values over that of all blocks of its stratum.
BlockedValues WithoutBlockEffects(std::span<const std::vector<double>> values, size_t own, std::span<const int64_t> stratum_ids);

}  // namespace tradewind
