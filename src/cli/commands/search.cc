// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind search: measures settings and prints the frontier among them.
#include <cstdio>

#include "base/file.h"
#include "base/units.h"
#include "cli/command.h"
#include "cli/progress.h"
#include "cli/results.h"
#include "cli/search_arguments.h"
#include "cli/table.h"
#include "search/front_value.h"
#include "search/search.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

struct SearchCommand {
  ModelArguments model;
  MeasureArguments measure;
  SearchArguments search;
  std::string device;
  std::optional<std::string> total_time;
  bool quick = false;

  void Declare(Arguments& args) {
    model.Declare(args);
    measure.Declare(args);
    search.Declare(args);
    args.Option("--device", &device, "of a table: where it was recorded [the table's default]");
    args.Option("--total-time", &total_time, "begin no trial that would end after this [no limit; with --quick 150s]");
    args.Flag("--quick", &quick, "a small frontier of the model in under three minutes: its depth from all blocks to half of them");
  }
};

// Depths from all blocks to about half, far enough apart to tell from one another.
Result<SearchDimension> QuickDepths(Tunable& tunable, const Setting& base) {
  TW_ASSIGN(const Setting resolved, tunable.Resolve(base));
  const int64_t all = resolved.IntegerOr("layers", 1);
  SearchDimension dimension{.knob = "layers", .values = {}};
  for (const int64_t share : {100, 87, 74, 60, 47}) {
    const int64_t layers = std::max<int64_t>(1, all * share / 100);
    if (dimension.values.empty() || std::get<int64_t>(dimension.values.back()) != layers) dimension.values.emplace_back(layers);
  }
  return dimension;
}

Result<SearchSpace> SpaceOf(const SearchCommand& command, Subject& subject) {
  if (!command.quick || !command.search.over.empty()) {
    TW_ASSIGN(SearchSpace space, command.search.ToSpace(subject));
    if (!command.quick) return space;
    TW_ASSIGN(SearchDimension depths, QuickDepths(*subject.tunable, subject.base));
    space.dimensions.push_back(std::move(depths));
    return space;
  }
  if (!subject.language_model()) return command.search.ToSpace(subject);
  TW_ASSIGN(SearchDimension depths, QuickDepths(*subject.tunable, subject.base));
  return SearchSpace{.base = subject.base, .dimensions = {std::move(depths)}};
}

Result<SearchOptions> OptionsOf(const SearchCommand& command) {
  SearchOptions options;
  TW_ASSIGN(options.measure, command.measure.ToOptions(false));
  if (command.quick && !command.measure.time) options.measure.time = Duration::Seconds(8);
  if (command.total_time || command.quick) {
    TW_ASSIGN(options.time, ParseDuration(command.total_time.value_or("150s"), TimeUnit::kSeconds));
  }
  options.parallel = static_cast<size_t>(command.search.parallel);
  return options;
}

void Show(ProgressLine& line, const SearchProgress& p) {
  const double share = p.total == 0 ? 0 : (static_cast<double>(p.done) + p.trial) / static_cast<double>(p.total);
  std::string text = std::to_string(p.done) + "/" + std::to_string(p.total) + "  " + FormatDuration(Duration::Seconds(p.seconds));
  if (p.seconds_left >= 0) text += ", " + FormatDuration(Duration::Seconds(p.seconds_left)) + " left";
  line.Show(share, text + "  " + p.what);
}

// One seed's search.
struct SeededRun {
  uint64_t seed = 0;
  SearchResult result;
  double hypervolume = 0;
};

Json RunsJson(const std::vector<SeededRun>& runs, const std::string& strategy, const SearchGoal& goal) {
  Json json = ToJson(runs.front().result);
  json["strategy"] = strategy;
  json["seed"] = runs.front().seed;
  json["hypervolume"] = runs.front().hypervolume;
  json["reference"] = goal.reference;
  if (runs.size() == 1) return json;
  std::vector<double> volumes;
  for (const SeededRun& run : runs) {
    volumes.push_back(run.hypervolume);
    json["seeds"].push_back({{"seed", run.seed}, {"trials", run.result.points.size()}, {"hypervolume", run.hypervolume}});
  }
  const Interval interval = MeanInterval(volumes, 0.95);
  json["mean_hypervolume"] = {{"value", Mean(volumes)}, {"interval", {interval.low, interval.high}}};
  return json;
}

void Print(const std::vector<SeededRun>& runs, const std::string& strategy, const Workload& workload) {
  const SearchResult& result = runs.front().result;
  std::printf("%s", FrontierTable(result).c_str());
  std::printf("workload %s; %s: %zu measured now, %zu known before%s; hypervolume %s\n", workload.name.c_str(), strategy.c_str(), result.measured,
              result.reused, result.left_out ? (", " + std::to_string(result.left_out) + " left out for want of time").c_str() : "",
              ShortNumber(runs.front().hypervolume).c_str());
  if (runs.size() == 1) return;
  TextTable table({"seed", "trials", "hypervolume"});
  for (const SeededRun& run : runs) {
    table.Add({std::to_string(run.seed), std::to_string(run.result.points.size()), ShortNumber(run.hypervolume)});
  }
  std::printf("\n%s", table.Text().c_str());
}

Result<int> SearchMain(int argc, char** argv) {
  SearchCommand command;
  Arguments args("search", "Measures settings, skipping what the store has, and prints which of them nothing beats.");
  command.Declare(args);
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  TW_ASSIGN(Subject subject, OpenSubject(command.model, command.device));
  if (subject.base.TextOr("model", "") == "auto") {
    TW_ASSIGN(const std::string fallback, DefaultModelName());
    subject.base.Set("model", fallback);
  }
  TW_ASSIGN(ProfileStore store, ProfileStore::Open(StorePath()));
  TW_ASSIGN(const Workload workload, WorkloadFor(subject, command.measure, store));
  TW_ASSIGN(SearchOptions options, OptionsOf(command));
  TW_ASSIGN(const SearchSpace space, SpaceOf(command, subject));
  TW_ASSIGN(options.goal, command.search.ToGoal(subject, workload, space));
  for (const SearchDimension& d : space.dimensions) {
    if (d.knob == options.goal.fidelity && !d.values.empty()) options.truest = d.values.back();
  }
  TW_ASSIGN(const std::vector<uint64_t> seeds, command.search.ToSeeds());
  const std::string name = command.search.StrategyFor(space);
  std::vector<SeededRun> runs;
  std::vector<double> reference;
  for (const uint64_t seed : seeds) {
    TW_ASSIGN(const StrategyOptions strategy_options, command.search.ToOptions(seed));
    if (name != "exhaustive" || command.search.trials) options.trials = strategy_options.trials;
    TW_ASSIGN(const std::unique_ptr<Strategy> strategy, MakeStrategy(name, space, options.goal, strategy_options));
    ProgressLine line;
    options.progress = [&](const SearchProgress& p) { Show(line, p); };
    TW_ASSIGN(SearchResult result, RunSearch(*subject.tunable, workload, store, *strategy, options));
    line.Finish();
    if (reference.empty()) reference = MinimisedReference(options.goal, result.points);
    const double volume = HypervolumeOf(result.points, options.goal, reference);
    runs.push_back({seed, std::move(result), volume});
  }
  if (command.measure.json) {
    Json json = RunsJson(runs, name, options.goal);
    json["workload"] = workload.name;
    json["device"] = subject.tunable->device().id;
    json["store"] = store.path();
    PrintJson(json);
  } else {
    Print(runs, name, workload);
  }
  return 0;
}

}  // namespace

void RegisterSearchCommand(Registry<Command>& registry) {
  registry.Add("search", {.summary = "measure many settings and print the frontier", .run = SearchMain});
}

}  // namespace tradewind
