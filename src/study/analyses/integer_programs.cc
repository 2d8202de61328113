// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Integer programs beside trying everything.
#include <cstdio>

#include "search/laws/program_trial.h"
#include "stats/summary.h"
#include "study/analysis.h"

namespace tradewind {
namespace {

Result<Finding> AnalyseIntegerPrograms(Parameters& with, const AnalysisContext& context) {
  ProgramTrialOptions options;
  TW_ASSIGN(const int64_t cases, with.Integer("cases", 400, 10, 100'000));
  TW_ASSIGN(const int64_t parts, with.Integer("parts", 5, 1, 8));
  TW_ASSIGN(const int64_t forms, with.Integer("forms", 4, 2, 8));
  TW_ASSIGN(const int64_t resources, with.Integer("resources", 2, 0, 8));
  options.cases = static_cast<int>(cases);
  options.parts = static_cast<int>(parts);
  options.forms = static_cast<int>(forms);
  options.resources = static_cast<int>(resources);
  context.Tell(0, std::to_string(cases) + " integer programs");
  TW_ASSIGN(const ProgramTrial trial, TryPrograms(options));
  const double share = static_cast<double>(trial.equal) / static_cast<double>(trial.cases);
  Finding finding;
  finding.numbers = {{"equal_share", share, WilsonInterval(trial.equal, trial.cases, kStudyConfidence)}};
  char line[160];
  std::snprintf(line, sizeof line, "%lld of %lld cases equal, %lld of them impossible; the costs differ by at most %.2g",
                static_cast<long long>(trial.equal), static_cast<long long>(trial.cases), static_cast<long long>(trial.impossible),
                trial.largest_gap);
  finding.detail.emplace_back(line);
  return finding;
}

}  // namespace

void RegisterIntegerProgramsAnalysis(Registry<Analysis>& registry);
void RegisterIntegerProgramsAnalysis(Registry<Analysis>& registry) {
  registry.Add("integer_programs", {.kind = ClaimKind::kCompare,
                                    .summary = "The share of `cases` drawn at random, of `parts` with `forms` each under `resources`, in "
                                               "which the integer program's least cost is that of trying everything. Number: equal_share.",
                                    .run = AnalyseIntegerPrograms});
}

}  // namespace tradewind
