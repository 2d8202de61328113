// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// `tradewind bench` on a graph: how long a run takes on numbers drawn at random, by settings that take turns.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"

namespace tradewind {

struct GraphBench {
  std::string path;
  std::vector<std::string> set;  // knob=value,value: each combination is timed
  std::string threads;           // likewise, of the knob threads; empty: all that are allowed
  int64_t repetitions = 0;       // rounds; 0: as many as two seconds hold
  bool json = false;
};
Result<int> RunGraphBench(const GraphBench& bench);

}  // namespace tradewind
