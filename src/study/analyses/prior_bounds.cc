// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Lower bounds of the prioritised risk beside what rules risk in simulation.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "search/laws/prior_trials.h"
#include "study/analysis.h"

namespace tradewind {
namespace {

Number Exactly(const std::string& name, double value) {
  return {name, value, {value, value, 0}};
}

// A size, and how large it may be by the interval of the signed value.
Number LargestOf(const std::string& name, double value, const Interval& interval) {
  return {name,
          value,
          {interval.Contains(0) ? 0 : std::min(std::abs(interval.low), std::abs(interval.high)),
           std::max(std::abs(interval.low), std::abs(interval.high)), interval.confidence}};
}

Result<Finding> AnalysePriorBounds(Parameters& with, const AnalysisContext& context) {
  TW_ASSIGN(const int64_t draws, with.Integer("draws", 20'000, 100, 10'000'000));
  TW_ASSIGN(const double confidence, with.Number("confidence", 0.9995, 0.5, 0.999999));
  TW_ASSIGN(const double within, with.Number("factor", 2, 1, 1000));
  const BoundTrialOptions options{.draws = static_cast<int>(draws), .confidence = confidence};
  context.Tell(0, "rules simulated over a grid of problems");
  TW_ASSIGN(const std::vector<BoundTrial> trials, TryBounds(options));
  const BoundSummary summary = Summarize(trials);
  TW_ASSIGN(const LimitTrial limits, TryLimits(options));
  Finding finding;
  int64_t problems = 0;
  char line[200];
  for (const auto& [problem, factor] : summary.factors) {
    problems += factor <= within ? 1 : 0;
    std::snprintf(line, sizeof line, "%s: a rule's risk is at most %.3f times the bound, at the upper end of its interval", problem.c_str(),
                  factor);
    finding.detail.emplace_back(line);
  }
  std::snprintf(line, sizeof line,
                "%lld rules on problems, each interval at %.4f; %lld bounds broken, the nearest by a factor of %.3f; %lld rules never lost",
                static_cast<long long>(summary.trials), confidence, static_cast<long long>(summary.broken), 1 + summary.largest_excess,
                static_cast<long long>(summary.silent));
  finding.detail.emplace_back(line);
  finding.numbers = {Exactly("broken", static_cast<double>(summary.broken)), Exactly("problems_within", static_cast<double>(problems)),
                     Exactly("minimax_gap", limits.minimax_gap), LargestOf("bayes_gap", limits.bayes_gap, limits.bayes_interval)};
  return finding;
}

}  // namespace

void RegisterPriorBoundsAnalysis(Registry<Analysis>& registry);
void RegisterPriorBoundsAnalysis(Registry<Analysis>& registry) {
  registry.Add(
      "prior_bounds",
      {.kind = ClaimKind::kLaw,
       .summary =
           "Lower bounds of the prioritised risk against rules simulated in `draws` data sets at each truth (intervals at `confidence`). "
           "Numbers: broken (bounds above a rule's whole interval), problems_within (kinds of problems where a rule is within `factor` "
           "of the bound), minimax_gap and bayes_gap (from the risks that it must equal at the limits).",
       .run = AnalysePriorBounds});
}

}  // namespace tradewind
