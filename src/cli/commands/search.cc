// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind search: measures settings and prints the frontier among them.
#include <cstdio>

#include "base/file.h"
#include "base/units.h"
#include "cli/command.h"
#include "cli/measure_arguments.h"
#include "cli/model_arguments.h"
#include "cli/progress.h"
#include "cli/results.h"
#include "search/dimension.h"
#include "search/search.h"
#include "search/strategies.h"

namespace tradewind {
namespace {

struct SearchCommand {
  ModelArguments model;
  MeasureArguments measure;
  std::vector<std::string> over;
  std::optional<std::string> total_time;
  bool quick = false;

  void Declare(Arguments& args) {
    model.Declare(args);
    measure.Declare(args);
    args.List("--over", &over, "knob=a,b,c ...: the values to combine");
    args.Option("--total-time", &total_time, "begin no trial that would end after this [no limit; with --quick 150s]");
    args.Flag("--quick", &quick, "a small frontier of the model in under three minutes: its depth from all blocks to half of them");
  }
};

// Depths from all blocks to about half, far enough apart to tell from one another.
Result<SearchDimension> QuickDepths(LanguageModel& tunable, const Setting& base) {
  TW_ASSIGN(const Setting resolved, tunable.Resolve(base));
  const int64_t all = resolved.IntegerOr("layers", 1);
  SearchDimension dimension{.knob = "layers", .values = {}};
  for (const int64_t share : {100, 87, 74, 60, 47}) {
    const int64_t layers = std::max<int64_t>(1, all * share / 100);
    if (dimension.values.empty() || std::get<int64_t>(dimension.values.back()) != layers) dimension.values.emplace_back(layers);
  }
  return dimension;
}

Result<std::vector<SearchDimension>> Dimensions(const SearchCommand& command, LanguageModel& tunable, const Setting& base) {
  std::vector<SearchDimension> dimensions;
  for (const std::string& text : command.over) {
    TW_ASSIGN(SearchDimension dimension, ParseDimension(text, tunable.knobs()));
    dimensions.push_back(std::move(dimension));
  }
  if (command.quick) {
    TW_ASSIGN(SearchDimension depths, QuickDepths(tunable, base));
    dimensions.push_back(std::move(depths));
  }
  if (dimensions.empty()) {
    return Fail(
        Status(StatusCode::kInvalidInput, "nothing to search over; name knobs by --over knob=a,b,c (see `tradewind knobs`) or use --quick")
            .At("--over"));
  }
  return dimensions;
}

void Show(ProgressLine& line, const SearchProgress& p) {
  const double share = p.total == 0 ? 0 : (static_cast<double>(p.done) + p.trial) / static_cast<double>(p.total);
  std::string text = std::to_string(p.done) + "/" + std::to_string(p.total) + "  " + FormatDuration(Duration::Seconds(p.seconds));
  if (p.seconds_left >= 0) text += ", " + FormatDuration(Duration::Seconds(p.seconds_left)) + " left";
  line.Show(share, text + "  " + p.what);
}

Result<int> Run(int argc, char** argv) {
  SearchCommand command;
  Arguments args("search", "Measures settings, skipping what the store has, and prints which of them nothing beats.");
  command.Declare(args);
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  TW_ASSIGN(ProfileStore store, ProfileStore::Open(StorePath()));
  TW_ASSIGN(const Workload workload, command.measure.ToWorkload(store));
  SearchOptions options;
  TW_ASSIGN(options.measure, command.measure.ToOptions(false));
  if (command.quick && !command.measure.time) options.measure.time = Duration::Seconds(8);
  if (command.total_time || command.quick) {
    TW_ASSIGN(options.time, ParseDuration(command.total_time.value_or("150s"), TimeUnit::kSeconds));
  }
  TW_ASSIGN(const std::string fallback, DefaultModelName());
  TW_ASSIGN(Setting base, command.model.ToSetting(fallback));
  if (base.TextOr("model", "") == "auto") base.Set("model", fallback);

  LanguageModel tunable(FindModelFile);
  TW_ASSIGN(std::vector<SearchDimension> dimensions, Dimensions(command, tunable, base));
  options.goal.axes = AxesOf(workload);
  TW_ASSIGN(const std::unique_ptr<Strategy> strategy,
            MakeStrategy("exhaustive", {.base = std::move(base), .dimensions = std::move(dimensions)}, options.goal, {}));
  ProgressLine line;
  options.progress = [&](const SearchProgress& p) { Show(line, p); };
  TW_ASSIGN(const SearchResult result, RunSearch(tunable, workload, store, *strategy, options));
  line.Finish();
  if (command.measure.json) {
    Json json = ToJson(result);
    json["workload"] = workload.name;
    json["store"] = store.path();
    PrintJson(json);
    return 0;
  }
  std::printf("%s", FrontierTable(result).c_str());
  std::printf("workload %s; %zu measured now, %zu known before%s\n", workload.name.c_str(), result.measured, result.reused,
              result.left_out ? (", " + std::to_string(result.left_out) + " left out for want of time").c_str() : "");
  return 0;
}

}  // namespace

void RegisterSearchCommand(Registry<Command>& registry) {
  registry.Add("search", {.summary = "measure many settings and print the frontier", .run = Run});
}

}  // namespace tradewind
