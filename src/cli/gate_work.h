// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What `tradewind bench --gate` times: products of each weight type at one row of activations and at many, and attention over a long past
// and over a prompt, on random numbers; by one thread, by all, and by each instruction set. What is compared runs in turns.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/status.h"
#include "cli/speed_gate.h"

namespace tradewind {

struct GateResult {
  std::vector<GateClaim> claims;
  std::vector<GateShare> shares;
};

// Takes about half a minute. A claim that does not hold is measured once more, for longer, before it counts. `told` hears what is being
// timed and how much is done. kResourceExhausted if there is no room for the matrices.
Result<GateResult> MeasureGates(int threads, const std::function<void(double share, const std::string& what)>& told);

// Runs each in turn `rounds` times, first a different one each round, as often in a row as makes a round last; seconds of one,
// [run][round].
std::vector<std::vector<double>> TimeInTurns(const std::vector<std::function<void()>>& runs, int rounds);

}  // namespace tradewind
