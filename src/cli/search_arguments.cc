// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/search_arguments.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "search/dimension.h"
#include "search/strategies.h"
#include "search/unseen_device.h"

namespace tradewind {
namespace {

constexpr int64_t kDefaultTrials = 100;
constexpr int64_t kMostTrials = 1'000'000;
constexpr int64_t kDefaultSamples = 10;
constexpr int64_t kMostSamples = 1000;

tl::unexpected<Status> Bad(const std::string& text, const char* form, const char* option) {
  return Fail(Status(StatusCode::kInvalidInput, "\"" + text + "\" is not of the form " + form).At(option));
}

Result<Constraint> ParseConstraint(const std::string& text, const Tunable& tunable) {
  const size_t at = text.find_first_of("<>");
  if (at == std::string::npos || at == 0 || at + 2 >= text.size() || text[at + 1] != '=')
    return Bad(text, "metric<=number or metric>=number", "--constraint");
  Constraint constraint{.metric = text.substr(0, at),
                        .direction = text[at] == '<' ? Direction::kLowerIsBetter : Direction::kHigherIsBetter};
  const auto [end, error] = std::from_chars(text.data() + at + 2, text.data() + text.size(), constraint.limit);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(constraint.limit)) {
    return Bad(text, "metric<=number or metric>=number", "--constraint");
  }
  if (FindMetricInfo(tunable, constraint.metric) == nullptr) {
    return Fail(Status(StatusCode::kNotFound, "there is no metric \"" + constraint.metric + "\"").At("--constraint"));
  }
  return constraint;
}

}  // namespace

void SearchArguments::Declare(Arguments& args) {
  args.List("--over", &over, "knob=a,b,c or knob=low..high ...: the values to try [of a table: all]");
  args.Option("--strategy", &strategy, "how to choose among them [exhaustive for up to 200 combinations, else nsga2]");
  args.Option("--strategy-set", &parameters, "parameter=value of the strategy; may be repeated");
  args.Option("--trials", &trials, "distinct settings to try at most [all for exhaustive, else 100]");
  args.Option(
      "--seed", &seeds,
      "of the strategy's choices; several, parted by commas, are searches apart, and what one measured the next takes from the store");
  args.Option("--constraint", &constraints, "metric<=number or metric>=number that the frontier must keep; may be repeated");
  args.Option("--fidelity", &fidelity, "a knob of --over whose first values are cheaper and less true [the table's]");
  args.Option("--parallel", &parallel, "trials side by side, where nothing is timed");
  args.Option("--from", &from,
              "a store of other devices: measure --samples settings, predict the rest from those devices, and search no more");
  args.Option("--samples", &samples, "with --from: settings to measure here [10]");
}

Result<SearchSpace> SearchArguments::ToSpace(const Subject& subject) const {
  if (over.empty()) {
    const StrategyInfo* named = Strategies().Find(strategy);
    const bool climbs = fidelity ? *fidelity == subject.fidelity : named != nullptr && named->climbs_fidelity;
    if (climbs && subject.climbing_space) return *subject.climbing_space;
    if (subject.space) return *subject.space;
    return Fail(
        Status(StatusCode::kInvalidInput, "nothing to search over; name knobs by --over knob=a,b,c (see `tradewind knobs`) or use --quick")
            .At("--over"));
  }
  SearchSpace space{.base = subject.base, .dimensions = {}};
  if (subject.space) space = {.base = subject.space->base, .dimensions = {}, .valid = subject.space->valid};
  for (const std::string& text : over) {
    TW_ASSIGN(SearchDimension dimension, ParseDimension(text, subject.tunable->knobs()));
    space.dimensions.push_back(std::move(dimension));
  }
  return space;
}

Result<SearchGoal> SearchArguments::ToGoal(const Subject& subject, const Workload& workload, const SearchSpace& space) const {
  SearchGoal goal{.axes = AxesOf(workload), .reference = workload.reference};
  for (const std::string& text : constraints) {
    TW_ASSIGN(Constraint constraint, ParseConstraint(text, *subject.tunable));
    goal.constraints.push_back(std::move(constraint));
  }
  const auto searched = [&](const std::string& knob) {
    return std::any_of(space.dimensions.begin(), space.dimensions.end(), [&](const SearchDimension& d) { return d.knob == knob; });
  };
  if (fidelity) goal.fidelity = *fidelity;
  if (!fidelity && searched(subject.fidelity)) goal.fidelity = subject.fidelity;
  return goal;
}

std::string SearchArguments::StrategyFor(const SearchSpace& space) const {
  return strategy.empty() ? DefaultStrategy(space) : strategy;
}

Result<StrategyOptions> SearchArguments::ToOptions(uint64_t seed) const {
  StrategyOptions options{.seed = seed, .trials = static_cast<size_t>(trials.value_or(kDefaultTrials))};
  if (trials && (*trials < 1 || *trials > kMostTrials)) {
    return Fail(Status(StatusCode::kInvalidInput, "the trials must be 1 to " + std::to_string(kMostTrials)).At("--trials"));
  }
  if (parallel < 1 || parallel > 256) return Fail(Status(StatusCode::kInvalidInput, "1 to 256 trials run side by side").At("--parallel"));
  for (const std::string& text : parameters) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos) return Bad(text, "parameter=value", "--strategy-set");
    options.parameters[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return options;
}

Result<size_t> SearchArguments::ToSamples() const {
  if (!from) {
    if (!samples) return size_t{0};
    return Fail(Status(StatusCode::kInvalidInput, "samples are taken to predict from other devices; name their store by --from STORE")
                    .At("--samples"));
  }
  if (!strategy.empty() || trials || !parameters.empty()) {
    const char* option = !strategy.empty() ? "--strategy" : trials ? "--trials" : "--strategy-set";
    return Fail(Status(StatusCode::kInvalidInput,
                       "with --from, what is measured is chosen by the other devices; leave it out, or say how many by --samples")
                    .At(option));
  }
  if (seeds.find(',') != std::string::npos) return Fail(Status(StatusCode::kInvalidInput, "with --from there is one seed").At("--seed"));
  const int64_t count = samples.value_or(kDefaultSamples);
  if (count < static_cast<int64_t>(kFewestSamples) || count > kMostSamples) {
    return Fail(Status(StatusCode::kInvalidInput, std::to_string(count) + " samples cannot be adapted to; ask for " +
                                                      std::to_string(kFewestSamples) + " to " + std::to_string(kMostSamples) +
                                                      " (10 serve well)")
                    .At("--samples"));
  }
  return static_cast<size_t>(count);
}

Result<std::vector<uint64_t>> SearchArguments::ToSeeds() const {
  std::vector<uint64_t> all;
  for (size_t begin = 0; begin <= seeds.size();) {
    const size_t comma = std::min(seeds.find(',', begin), seeds.size());
    uint64_t seed = 0;
    const auto [end, error] = std::from_chars(seeds.data() + begin, seeds.data() + comma, seed);
    if (error != std::errc() || end != seeds.data() + comma || all.size() >= 1000) return Bad(seeds, "1,2,3", "--seed");
    all.push_back(seed);
    begin = comma + 1;
  }
  return all;
}

}  // namespace tradewind
