// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/strategies.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace tradewind {
namespace {

Result<void> CheckParameters(const StrategyInfo& info, const StrategyOptions& options) {
  for (const auto& [name, value] : options.parameters) {
    const auto is = [&name = name](const StrategyParameter& p) { return p.name == name; };
    if (std::any_of(info.parameters.begin(), info.parameters.end(), is)) continue;
    std::string known;
    for (const StrategyParameter& p : info.parameters) known += (known.empty() ? "" : ", ") + p.name;
    return Fail(Status(StatusCode::kInvalidInput,
                       "the strategy " + info.name + " has no parameter \"" + name + "\"; it has " + (known.empty() ? "none" : known))
                    .At("--strategy"));
  }
  return {};
}

constexpr uint64_t kFewCombinations = 200;
constexpr size_t kMostAxes = 8;  // exact hypervolumes of more take for ever

Result<void> CheckGoal(const SearchGoal& goal, const Space& space) {
  if (goal.axes.empty()) return Fail(StatusCode::kInvalidInput, "a search needs an axis to search along");
  if (goal.axes.size() > kMostAxes) {
    return Fail(StatusCode::kUnsupported, "a search goes along at most 8 axes, and here are " + std::to_string(goal.axes.size()) +
                                              "; take a workload with fewer, or name fewer metrics");
  }
  if (!goal.reference.empty() && goal.reference.size() != goal.axes.size()) {
    return Fail(StatusCode::kInvalidInput, "the reference point has " + std::to_string(goal.reference.size()) + " values for " +
                                               std::to_string(goal.axes.size()) + " axes; give one for each");
  }
  if (goal.fidelity.empty()) return {};
  for (const SearchDimension& d : space.spec().dimensions) {
    if (d.knob == goal.fidelity && !d.range && !d.when) return {};
  }
  return Fail(Status(StatusCode::kInvalidInput, "the fidelity \"" + goal.fidelity + "\" is no dimension with listed values; add --over " +
                                                    goal.fidelity + "=cheap,...,true")
                  .At("--fidelity"));
}

}  // namespace

void RegisterAllStrategys(Registry<StrategyInfo>& registry);

const Registry<StrategyInfo>& Strategies() {
  static const Registry<StrategyInfo> registry = [] {
    Registry<StrategyInfo> r;
    RegisterAllStrategys(r);
    return r;
  }();
  return registry;
}

Result<std::unique_ptr<Strategy>> MakeStrategy(const std::string& name, SearchSpace space, const SearchGoal& goal,
                                               const StrategyOptions& options) {
  const StrategyInfo* info = Strategies().Find(name);
  if (info == nullptr) {
    std::string known;
    for (const auto& [other, unused] : Strategies().All()) known += (known.empty() ? "" : ", ") + other;
    return Fail(Status(StatusCode::kNotFound, "there is no strategy \"" + name + "\"; there are " + known).At("--strategy"));
  }
  TW_RETURN_IF_ERROR(CheckParameters(*info, options));
  TW_ASSIGN(Space made, Space::Make(space));
  TW_RETURN_IF_ERROR(CheckGoal(goal, made));
  if (!goal.fidelity.empty() && !info->climbs_fidelity) {
    for (SearchDimension& d : space.dimensions) {
      if (d.knob == goal.fidelity) d.values = {d.values.back()};
    }
    TW_ASSIGN(made, Space::Make(std::move(space)));
  }
  return info->make(std::move(made), goal, options);
}

std::string DefaultStrategy(const SearchSpace& space) {
  uint64_t combinations = 1;
  for (const SearchDimension& d : space.dimensions) {
    if (d.range || combinations > kFewCombinations) return "nsga2";
    combinations *= std::max<size_t>(1, d.values.size());
  }
  return combinations <= kFewCombinations ? "exhaustive" : "nsga2";
}

Result<double> NumberParameter(const StrategyOptions& options, const std::string& name, double fallback, double low, double high) {
  const auto found = options.parameters.find(name);
  if (found == options.parameters.end()) return fallback;
  const std::string& text = found->second;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(value >= low && value <= high)) {
    char bounds[64];
    std::snprintf(bounds, sizeof bounds, "%g to %g", low, high);
    return Fail(Status(StatusCode::kInvalidInput, "\"" + text + "\" is no value for " + name + ", which takes " + bounds).At("--strategy"));
  }
  return value;
}

Result<std::string> WordParameter(const StrategyOptions& options, const std::string& name, const std::vector<std::string>& words) {
  const auto found = options.parameters.find(name);
  if (found == options.parameters.end()) return words.front();
  if (std::find(words.begin(), words.end(), found->second) != words.end()) return found->second;
  std::string known;
  for (const std::string& word : words) known += (known.empty() ? "" : " | ") + word;
  return Fail(Status(StatusCode::kInvalidInput, "\"" + found->second + "\" is no value for " + name + ", which is one of " + known)
                  .At("--strategy"));
}

}  // namespace tradewind
