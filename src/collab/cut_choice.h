// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Which cut of a net is fastest on a link: the sum of what the device, the link and the worker take, for each, and the least of them (Kang
// et al., "Neurosurgeon", ASPLOS 2017, section 4.3). Costs come from measurements of this net on both sides, without load and link. Pure
// functions.
//
//   const size_t best = PickCut(costs, {.bytes_per_s = 625'000, .round_trip_ms = 20, .worker_load = 2});
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace tradewind {

struct CutCost {
  std::string cut{};      // of SplitPlan
  double device_ms = 0;   // from the picture to coded bytes, or to the answer
  double worker_ms = 0;   // from coded bytes to the answer
  double sent_bytes = 0;  // 0 where nothing is sent
  double received_bytes = 0;
  double overhead_ms = 0;  // of the exchange itself, on a link that takes no time
};

// What a link and loads are found to be.
struct PathState {
  double bytes_per_s = 0;  // each way; 0: without limit
  double round_trip_ms = 0;
  double device_load = 1;  // how many times as long as measured it takes
  double worker_load = 1;
};

double PredictLatency_ms(const CutCost& cost, const PathState& state);
// The first of the fastest; `costs` must not be empty.
size_t PickCut(std::span<const CutCost> costs, const PathState& state);

// Of edges in their order, with what each sends: those that send less than the input and every edge before them. Behind any other there is
// an earlier one that sends no more, so where the worker is faster than the device it cannot be the best; where the worker is slower, none
// is. Then, up to `most`, others at even distances.
std::vector<size_t> WorthwhileCuts(std::span<const double> bytes, double input_bytes, size_t most);

}  // namespace tradewind
