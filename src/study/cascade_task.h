// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// CascadeTask: a light and a heavy classifier on the same pictures, for analyses: what each said and took, by each way in which the light
// one is asked how sure it is.
//
//   TW_ASSIGN(const CascadeTask task, RunCascade(light, heavy, "vision/cifar10/test.tar", options, context));
//   const CascadeShares shares = CrossJudged(task.by[0], 0.99);
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/random.h"
#include "base/status.h"
#include "graph/backend.h"
#include "policy/cascade_curve.h"
#include "study/analysis.h"
#include "vision/certainty.h"

namespace tradewind {

inline constexpr Certainty kAsked[] = {Certainty::kEnergy, Certainty::kConfidence, Certainty::kEntropy};

struct CascadeTask {
  std::vector<CascadeRecord> by[std::size(kAsked)];  // the same pictures in each
  std::vector<int64_t> labels{};
  size_t pictures = 0;

  CascadeTask Of(std::span<const size_t> places) const;
  CascadeTask DrawnAgain(Random& random) const;  // as many pictures, with replacement
};

// `threads` and `backend`.
Result<GraphOptions> CascadeOptions(Parameters& with);
// Nets and pictures as study_nets.h has them; both nets look at each picture, in turns. kUnsupported for a light net of probabilities,
// kInvalidInput for fewer than 20 pictures.
Result<CascadeTask> RunCascade(const std::string& light, const std::string& heavy, const std::string& pictures, const GraphOptions& options,
                               const AnalysisContext& context);

// Of the heavy net's; each half of the pictures is judged at the limit that is the cheapest on the other one which keeps `keep` of the
// heavy net's accuracy.
struct CascadeShares {
  double accuracy = 0, latency = 0, deferred = 0;
};
CascadeShares CrossJudged(const std::vector<CascadeRecord>& records, double keep);

}  // namespace tradewind
