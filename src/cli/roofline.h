// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The roofline of a run (Williams, Waterman, Patterson: doi 10.1145/1498765.1498785): for each kind of operation the time that it took
// beside the least that the machine could need, which is the longer of its bytes at the measured read bandwidth and its operations at the
// measured peaks. As a table, as JSON and as a picture.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "cli/json.h"
#include "llm/language_model.h"
#include "llm/op_times.h"

namespace tradewind {

// Of the machine at a number of threads; measured.
struct MachineLimits {
  int threads = 0;
  double bytes_per_s = 0;  // read, at the working set's size
  double int8_ops_per_s = 0;
  double float_ops_per_s = 0;
};
// Takes about a second.
MachineLimits MeasureLimits(const KernelTable& kernels, int threads, uint64_t working_set_bytes);

// The least time for this work.
double LimitSeconds(const OpWork& work, const MachineLimits& limits);

struct Roofline {
  std::string test;  // "pp512"
  MachineLimits limits;
  OpTimes times;
  Duration whole;  // by a clock around the passes
};

std::string RooflineText(const Roofline& roofline);
Json RooflineJson(const Roofline& roofline);
// Bars of the kinds' shares of the time, the part that the machine could not do without filled; one panel for each.
std::string RooflineSvg(const std::string& title, const std::vector<Roofline>& rooflines);

}  // namespace tradewind
