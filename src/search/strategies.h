// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The search strategies by name: one file each in src/search/strategies, which registers a StrategyInfo. docs/extending.md adds one step by
// step.
//
//   TW_ASSIGN(auto strategy, MakeStrategy("nsga2", space, goal, {.seed = 1, .trials = 200}));
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/registry.h"
#include "core/strategy.h"
#include "search/space.h"

namespace tradewind {

struct StrategyOptions {
  uint64_t seed = 1;
  size_t trials = 100;                              // it may plan with: distinct settings that will be tried
  std::map<std::string, std::string> parameters{};  // of the strategy, by the names that it declares
};

struct StrategyParameter {
  std::string name;
  std::string default_text;
  std::string meaning;  // with its bounds
};

struct StrategyInfo {
  std::string name;
  std::string summary;  // one sentence, with the source of a published method
  std::vector<StrategyParameter> parameters{};
  bool climbs_fidelity = false;  // false: every trial is at the goal's full fidelity
  // kUnsupported says why a strategy does not apply to this space or goal; kInvalidInput names a parameter.
  Result<std::unique_ptr<Strategy>> (*make)(Space space, const SearchGoal& goal, const StrategyOptions& options) = nullptr;
};

const Registry<StrategyInfo>& Strategies();

// kNotFound lists the names; kInvalidInput a parameter that the strategy does not have, a goal without axes or with a wrong reference.
Result<std::unique_ptr<Strategy>> MakeStrategy(const std::string& name, SearchSpace space, const SearchGoal& goal,
                                               const StrategyOptions& options);

// Every combination where there are few (200 at most), else nsga2.
std::string DefaultStrategy(const SearchSpace& space);

// A parameter's value within [low, high], or its default; kInvalidInput names it.
Result<double> NumberParameter(const StrategyOptions& options, const std::string& name, double fallback, double low, double high);

// A parameter that is one of `words`, the first of them by default; kInvalidInput names it.
Result<std::string> WordParameter(const StrategyOptions& options, const std::string& name, const std::vector<std::string>& words);

}  // namespace tradewind
