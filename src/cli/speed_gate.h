// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The gates of `tradewind bench --gate`: what must never be slower than what, claim by claim, and whether a build has become slower than
// the one that wrote a baseline. Here is how measured times are judged; gate_work.h measures them. Pure functions.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/interval.h"
#include "base/status.h"
#include "cli/json.h"

namespace tradewind {

// "Q4_0 decode, 1 thread: not slower than BF16". Times of both were taken side by side.
struct GateClaim {
  std::string what;
  std::string than;
  double ratio = 0;  // of median times: below 1 is faster
  Interval interval;
  bool holds = false;
};
// Broken where the ratio of the times is beyond doubt above 1 by more than kGateTolerance.
inline constexpr double kGateTolerance = 0.03;
GateClaim JudgeClaim(std::string what, std::string than, std::span<const double> seconds, std::span<const double> other_seconds);

// How much of the machine's limit a piece of work reaches: that, unlike a time, can be compared from day to day.
struct GateShare {
  std::string what;
  double share = 0;
  Interval interval;
};
GateShare ShareOfLimit(std::string what, double limit_seconds, std::span<const double> seconds);

// Runs apart in time as one, since a machine's speed wanders between two by more than the intervals of either: of each work the median of
// the shares, and as interval what the intervals of all span. The works are those of the first run.
std::vector<GateShare> SpanOfRuns(std::span<const std::vector<GateShare>> runs);

// Of claims measured again, those that hold now take the place of the broken ones: what the code makes slow is slow each time, what a
// neighbour makes slow is not.
void TakeWhatHolds(std::vector<GateClaim>& claims, std::span<const GateClaim> again);

// Shares by processor and instruction set, as a file keeps them. kBaselineTolerance is for what a day does to a machine beyond the span.
inline constexpr double kBaselineTolerance = 0.15;
class GateBaseline {
 public:
  // An empty text is a baseline of no machine. kInvalidInput names the field.
  static Result<GateBaseline> Parse(const std::string& text, const std::string& path);
  std::string Text() const;

  // Replaces what is there of this machine.
  void Set(const std::string& machine, std::span<const GateShare> shares);
  bool Has(const std::string& machine) const { return machines_.contains(machine); }
  // A claim for each share that the baseline has too.
  std::vector<GateClaim> Judge(const std::string& machine, std::span<const GateShare> shares) const;

 private:
  Json machines_ = Json::object();  // {machine: {what: [share, low, high]}}
};

// "AMD EPYC, avx2".
std::string GateMachine();

}  // namespace tradewind
