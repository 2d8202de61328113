// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind search: measures settings and prints the frontier among them.
#include "search/search.h"

#include <algorithm>
#include <cstdio>

#include "base/file.h"
#include "base/units.h"
#include "cli/command.h"
#include "cli/progress.h"
#include "cli/results.h"
#include "cli/search_arguments.h"
#include "cli/table.h"
#include "cli/unseen_device.h"
#include "search/front_value.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

constexpr double kSeedsConfidence = 0.95;  // of the mean over seeds

struct SearchCommand {
  ModelArguments model;
  MeasureArguments measure;
  SearchArguments search;
  std::string device;
  std::optional<std::string> total_time;
  std::optional<int64_t> in_turn;
  bool quick = false;

  void Declare(Arguments& args) {
    model.Declare(args);
    measure.Declare(args);
    search.Declare(args);
    args.Option("--device", &device, "of a table: where it was recorded [the table's default]");
    args.Option("--total-time", &total_time, "begin no trial that would end after this [no limit; with --quick 165s]");
    args.Option("--in-turn", &in_turn, "time so many settings of one loaded model in turn: noise meets them alike [1; with --quick 4]");
    args.Flag("--quick", &quick,
              "a small frontier of the model in under three minutes: its depth from all blocks to more than half of them");
  }
};

// Depths from all blocks to half, far enough apart to tell from one another on a machine that drifts; with fewer, models tell words from
// noise no more.
Result<SearchDimension> QuickDepths(Tunable& tunable, const Setting& base) {
  TW_ASSIGN(const Setting resolved, tunable.Resolve(base));
  const int64_t all = resolved.IntegerOr("layers", 1);
  SearchDimension dimension{.knob = "layers", .values = {}};
  for (const int64_t share : {100, 81, 67, 55}) {  // even ratios: each step saves about as large a share of the time
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
  if (command.quick && !command.measure.time) options.measure.time = Duration::Seconds(30);
  if (command.total_time || command.quick) {
    TW_ASSIGN(options.time, ParseDuration(command.total_time.value_or("165s"), TimeUnit::kSeconds));
  }
  options.parallel = static_cast<size_t>(command.search.parallel);
  const int64_t in_turn = command.in_turn.value_or(command.quick ? 4 : 1);
  if (in_turn < 1 || in_turn > 64) return Fail(Status(StatusCode::kInvalidInput, "give 1 to 64 settings").At("--in-turn"));
  options.in_turn = static_cast<size_t>(in_turn);
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

// The values along the axes of each point on the frontier.
Json FrontierValues(const SearchResult& result) {
  Json rows = Json::array();
  for (size_t i = 0; i < result.points.size(); ++i) {
    if (!result.frontier[i].OnFrontier()) continue;
    Json row = Json::array();
    for (const Axis& axis : result.axes) row.push_back(result.points[i].Find(axis.metric)->value);
    rows.push_back(std::move(row));
  }
  return rows;
}

// What was searched: of each knob its values or its range.
Json SpaceJson(const SearchSpace& space) {
  Json dimensions = Json::array();
  for (const SearchDimension& d : space.dimensions) {
    Json dimension = {{"knob", d.knob}};
    for (const KnobValue& value : d.values) dimension["values"].push_back(ToJson(value));
    if (d.range) dimension["range"] = {d.range->min, d.range->max};
    dimensions.push_back(std::move(dimension));
  }
  return dimensions;
}

Json RunsJson(const std::vector<SeededRun>& runs, const std::string& strategy, const SearchGoal& goal, const SearchSpace& space) {
  Json json = ToJson(runs.front().result);
  json["space"] = SpaceJson(space);
  for (const Axis& axis : runs.front().result.axes) {
    json["directions"].push_back(axis.direction == Direction::kHigherIsBetter ? "higher" : "lower");
  }
  json["strategy"] = strategy;
  json["seed"] = runs.front().seed;
  json["hypervolume"] = runs.front().hypervolume;
  json["reference"] = goal.reference;
  if (runs.size() == 1) return json;
  std::vector<double> volumes;
  for (const SeededRun& run : runs) {
    volumes.push_back(run.hypervolume);
    json["seeds"].push_back({{"seed", run.seed},
                             {"trials", run.result.points.size()},
                             {"hypervolume", run.hypervolume},
                             {"frontier", FrontierValues(run.result)}});
    if (!run.result.remark.empty()) json["seeds"].back()["remark"] = run.result.remark;
  }
  const Interval interval = MeanInterval(volumes, kSeedsConfidence);
  json["mean_hypervolume"] = {{"value", Mean(volumes)}, {"interval", {interval.low, interval.high}}};
  return json;
}

void Print(const std::vector<SeededRun>& runs, const std::string& strategy, const Workload& workload) {
  const SearchResult& result = runs.front().result;
  std::printf("%s", FrontierTable(result).c_str());
  std::printf("workload %s; %s: %zu measured now, %zu known before%s; hypervolume %s\n", workload.name.c_str(), strategy.c_str(),
              result.measured, result.reused,
              result.left_out ? (", " + std::to_string(result.left_out) + " left out for want of time").c_str() : "",
              ShortNumber(runs.front().hypervolume).c_str());
  for (const SeededRun& run : runs) {
    const std::string of_seed = runs.size() == 1 ? "" : ", seed " + std::to_string(run.seed);
    if (!run.result.remark.empty()) std::printf("%s%s: %s\n", strategy.c_str(), of_seed.c_str(), run.result.remark.c_str());
  }
  if (runs.size() == 1) return;
  TextTable table({"seed", "trials", "hypervolume"});
  for (const SeededRun& run : runs) {
    table.Add({std::to_string(run.seed), std::to_string(run.result.points.size()), ShortNumber(run.hypervolume)});
  }
  std::vector<double> volumes;
  for (const SeededRun& run : runs) volumes.push_back(run.hypervolume);
  const Interval interval = MeanInterval(volumes, kSeedsConfidence);
  std::printf("\n%shypervolume over %zu seeds: %s\n", table.Text().c_str(), runs.size(),
              WithInterval(Mean(volumes), interval.low, interval.high).c_str());
}

// What is barred is no part of a frontier's worth.
std::vector<Point> Competing(const SearchResult& result) {
  std::vector<Point> points;
  for (size_t i = 0; i < result.points.size(); ++i) {
    if (result.frontier[i].barred.empty()) points.push_back(result.points[i]);
  }
  return points;
}

// 3 where constraints were given and nothing keeps them.
int ExitCode(const SearchResult& result, const SearchGoal& goal) {
  if (goal.constraints.empty() || !Competing(result).empty()) return 0;
  std::fprintf(stderr, "tradewind: nothing that was tried keeps the constraints; the table says what each breaks\n");
  return 3;
}

// What a frontier and its constraints are judged by is measured, too, whatever was named.
void AddNeeded(const Subject& subject, const SearchGoal& goal, std::vector<std::string>& metrics) {
  if (!subject.language_model()) return;
  const auto add = [&](const std::string& metric) {
    if (std::find(metrics.begin(), metrics.end(), metric) == metrics.end()) metrics.push_back(metric);
  };
  if (metrics.empty()) {
    if (std::none_of(goal.constraints.begin(), goal.constraints.end(), [](const Constraint& c) { return c.metric == "perplexity"; }))
      return;
    for (const auto& [name, unused] : Metrics().All()) add(name);
    return;
  }
  for (const Axis& axis : goal.axes) add(axis.metric);
  for (const Constraint& constraint : goal.constraints) add(constraint.metric);
}

// Settings of the space, whatever else the store has: other values of --over, lesser fidelities.
std::function<bool(const Setting&)> Within(Space space) {
  return [space = std::move(space)](const Setting& setting) {
    const auto& base = space.spec().base.values();
    const auto kept = [&](const auto& pair) { return setting.Find(pair.first) != nullptr && *setting.Find(pair.first) == pair.second; };
    return std::all_of(base.begin(), base.end(), kept) && space.Encode(setting).has_value();
  };
}

Result<int> RunFrom(const SearchCommand& command, size_t samples, Subject& subject, const Workload& workload, ProfileStore& store,
                    const SearchSpace& space, const SearchOptions& search, uint64_t seed) {
  TW_ASSIGN(const ProfileStore from, ProfileStore::Open(*command.search.from, {.read_only = true}));
  TW_ASSIGN(Space within, Space::Make(space));
  UnseenDeviceOptions options{.samples = samples, .search = search, .seed = seed, .wanted = Within(std::move(within))};
  ProgressLine line;
  options.search.progress = [&](const SearchProgress& p) { Show(line, p); };
  TW_ASSIGN(const UnseenDevice found, SearchUnseenDevice(*subject.tunable, workload, from, store, options));
  line.Finish();
  if (!command.measure.json) {
    std::printf("%s", UnseenDeviceText(found).c_str());
    return 0;
  }
  Json json = ToJson(found);
  json["seed"] = seed;
  json["workload"] = workload.name;
  json["device"] = subject.tunable->device().id;
  json["from"] = from.path();
  json["store"] = store.path();
  PrintJson(json);
  return 0;
}

Result<int> SearchMain(int argc, char** argv) {
  SearchCommand command;
  Arguments args("search", "Measures settings, skipping what the store has, and prints which of them nothing beats.");
  command.Declare(args);
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  TW_ASSIGN(const size_t samples, command.search.ToSamples());
  TW_ASSIGN(Subject subject, OpenSubject(command.model, command.device));
  TW_RETURN_IF_ERROR(CheckModelNamed(subject, command.model));
  if (subject.base.TextOr("model", "") == "auto") {
    TW_ASSIGN(const std::string fallback, DefaultModelName());
    subject.base.Set("model", fallback);
  }
  TW_ASSIGN(ProfileStore store, ProfileStore::Open(StorePath()));
  TW_ASSIGN(const Workload workload, JudgedWorkloadFor(subject, command.measure, store));
  TW_ASSIGN(SearchOptions options, OptionsOf(command));
  // What other devices tried is a space, too.
  const bool open = command.search.from && !subject.space && command.search.over.empty() && !command.quick;
  TW_ASSIGN(const SearchSpace space,
            open ? Result<SearchSpace>(SearchSpace{.base = subject.base, .dimensions = {}}) : SpaceOf(command, subject));
  TW_ASSIGN(options.goal, command.search.ToGoal(subject, workload, space));
  AddNeeded(subject, options.goal, options.measure.metrics);
  for (const SearchDimension& d : space.dimensions) {
    if (d.knob == options.goal.fidelity && !d.values.empty()) options.truest = d.values.back();
  }
  TW_ASSIGN(const std::vector<uint64_t> seeds, command.search.ToSeeds());
  if (command.search.from) return RunFrom(command, samples, subject, workload, store, space, options, seeds.front());
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
    const std::vector<Point> competing = Competing(result);
    if (reference.empty()) reference = MinimisedReference(options.goal, competing);
    const double volume = HypervolumeOf(competing, options.goal, reference);
    runs.push_back({seed, std::move(result), volume});
  }
  if (command.measure.json) {
    Json json = RunsJson(runs, name, options.goal, space);
    json["workload"] = workload.name;
    json["device"] = subject.tunable->device().id;
    json["store"] = store.path();
    PrintJson(json);
  } else {
    Print(runs, name, workload);
  }
  return ExitCode(runs.front().result, options.goal);
}

}  // namespace

void RegisterSearchCommand(Registry<Command>& registry) {
  registry.Add("search", {.summary = "measure many settings and print the frontier", .run = SearchMain});
}

}  // namespace tradewind
