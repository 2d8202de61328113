// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/laws/program_trial.h"

#include <cmath>
#include <optional>
#include <vector>

#include "base/numbers.h"
#include "base/random.h"
#include "search/integer_program.h"

namespace tradewind {
namespace {

constexpr double kMostEnumerated = 1e6;
constexpr double kRounding = 1e-6;

struct ProgramDesign {
  int parts = 0, forms = 0;
  std::vector<double> cost;               // [part * forms + form]
  std::vector<std::vector<double>> uses;  // [resource], likewise
  std::vector<double> limits;             // of each resource
};

ProgramDesign DrawDesign(const ProgramTrialOptions& options, Random& random) {
  ProgramDesign design{.parts = options.parts, .forms = options.forms, .cost = {}, .uses = {}, .limits = {}};
  const auto variables = static_cast<size_t>(options.parts * options.forms);
  for (size_t v = 0; v < variables; ++v) design.cost.push_back(10 * random.Uniform() - 2);
  for (int r = 0; r < options.resources; ++r) {
    std::vector<double>& uses = design.uses.emplace_back();
    for (size_t v = 0; v < variables; ++v) uses.push_back(4 * random.Uniform());
    // From too little for anything to nearly enough for all.
    design.limits.push_back((0.3 + 2.2 * random.Uniform()) * options.parts);
  }
  return design;
}

std::optional<double> LeastByTrying(const ProgramDesign& design) {
  std::optional<double> least;
  std::vector<int> form(static_cast<size_t>(design.parts), 0);
  for (;;) {
    double cost = 0;
    std::vector<double> used(design.limits.size(), 0.0);
    for (size_t p = 0; p < form.size(); ++p) {
      const size_t v = p * static_cast<size_t>(design.forms) + static_cast<size_t>(form[p]);
      cost += design.cost[v];
      for (size_t r = 0; r < used.size(); ++r) used[r] += design.uses[r][v];
    }
    bool kept = true;
    for (size_t r = 0; r < used.size(); ++r) kept = kept && used[r] <= design.limits[r];
    if (kept && (!least || cost < *least)) least = cost;
    size_t p = 0;
    while (p < form.size() && ++form[p] == design.forms) form[p++] = 0;
    if (p == form.size()) return least;
  }
}

Result<std::optional<double>> LeastByProgram(const ProgramDesign& design) {
  IntegerProgram program{.cost = design.cost};
  for (int p = 0; p < design.parts; ++p) {
    IntegerRow one{.terms = {}, .low = 1, .high = 1};
    for (int f = 0; f < design.forms; ++f) one.terms.emplace_back(static_cast<size_t>(p * design.forms + f), 1);
    program.rows.push_back(std::move(one));
  }
  for (size_t r = 0; r < design.limits.size(); ++r) {
    IntegerRow row{.terms = {}, .low = -kInfinity, .high = design.limits[r]};
    for (size_t v = 0; v < design.cost.size(); ++v) row.terms.emplace_back(v, design.uses[r][v]);
    program.rows.push_back(std::move(row));
  }
  TW_ASSIGN(const auto solution, SolveIntegerProgram(program));
  if (!solution) return std::optional<double>();
  double cost = 0;
  for (size_t v = 0; v < design.cost.size(); ++v) cost += (*solution)[v] ? design.cost[v] : 0;
  return std::optional<double>(cost);
}

}  // namespace

Result<ProgramTrial> TryPrograms(const ProgramTrialOptions& options) {
  const bool known = options.cases >= 1 && options.cases <= 100'000 && options.parts >= 1 && options.parts <= 8 && options.forms >= 2 &&
                     options.forms <= 8 && options.resources >= 0 && options.resources <= 8;
  if (!known || std::pow(options.forms, options.parts) > kMostEnumerated) {
    return Fail(
        StatusCode::kInvalidInput,
        "programs are tried on 1 to 100000 cases of 1 to 8 parts, 2 to 8 forms, 0 to 8 resources, and at most 1000000 combinations");
  }
  Random random(options.seed);
  ProgramTrial trial;
  for (int i = 0; i < options.cases; ++i) {
    const ProgramDesign design = DrawDesign(options, random);
    const std::optional<double> least = LeastByTrying(design);
    TW_ASSIGN(const std::optional<double> found, LeastByProgram(design));
    ++trial.cases;
    trial.impossible += least ? 0 : 1;
    const double gap = least && found ? std::abs(*least - *found) : 0;
    trial.largest_gap = std::max(trial.largest_gap, gap);
    trial.equal += least.has_value() == found.has_value() && gap <= kRounding ? 1 : 0;
  }
  return trial;
}

}  // namespace tradewind
