// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// RaceCuts: which of several plans is the fastest under the net's present conditions, by running them all in turns on the same pictures.
// Those that are far behind run no further than `least_rounds`, hopeless ones no further at all. What a chooser's pick is held against.
//
//   TW_ASSIGN(const std::vector<PlanTimes> times, RaceCuts(*net, plans, pictures, {}));
#pragma once

#include <span>
#include <vector>

#include "collab/split_net.h"

namespace tradewind {

struct PlanTimes {
  std::vector<double> latency_ms{};  // of each round that it ran in
  double sent_bytes = 0;             // the mean
};
struct RaceOptions {
  int rounds = 6;        // each on the next of the pictures
  int least_rounds = 3;  // of those that are far behind
  double far = 1.3;      // times the fastest's median, in the best of two rounds or more
  double hopeless = 2;   // times the fastest's median, in the best round: no noise explains it
};
// One a plan. Both parts of each are opened before the first round.
Result<std::vector<PlanTimes>> RaceCuts(SplitNet& net, std::span<const SplitPlan> plans, std::span<const Image> pictures,
                                        const RaceOptions& options);
// The plan of the least median among those that ran every round.
size_t FastestPlan(std::span<const PlanTimes> times);

}  // namespace tradewind
