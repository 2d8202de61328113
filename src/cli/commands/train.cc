// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind train: a small net, or a part of one, trained as a recipe says.
#include <cstdio>

#include "base/cpu.h"
#include "base/units.h"
#include "cli/arguments.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/progress.h"
#include "cli/stop_signals.h"
#include "cli/table.h"
#include "stats/summary.h"
#include "train/train_net.h"

namespace tradewind {
namespace {

constexpr int64_t kMostTrainThreads = 1024;
constexpr double kAccuracyConfidence = 0.95;

struct TrainCommand {
  std::string recipe;
  std::string data;
  std::vector<std::string> settings;
  std::optional<std::string> out;
  std::optional<int64_t> threads;
  bool json = false;

  void Declare(Arguments& args) {
    args.Positional("recipe", &recipe, "a recipe of data/recipes, or a .yaml file (docs/training.md); without one, what there is");
    args.Option("--data", &data, "the folder below which the recipe's pictures and weights lie [TRADEWIND_DATA]");
    args.Option("--set", &settings, "field=value of the recipe (epochs of the first phase: phases.0.epochs=3); may be repeated");
    args.Output("-o,--out", &out, "the .onnx file to write, with a card beside it [RECIPE.onnx]");
    args.Option("-t,--threads", &threads, "threads [allowed CPUs]");
    args.Flag("--json", &json, "print one JSON value");
  }
};

Json AccuracyJson(const std::vector<OutputAccuracy>& accuracies) {
  Json json = Json::object();
  for (const OutputAccuracy& a : accuracies) {
    const Interval interval = WilsonInterval(a.right, a.judged, kAccuracyConfidence);
    json[a.output] = {{"top1", a.share()}, {"interval", {interval.low, interval.high}}, {"pictures", a.judged}};
  }
  return json;
}

void PrintTrainJson(const TrainReport& report, const TrainRecipe& recipe, const std::string& path) {
  Json json = {{"recipe", recipe.name},
               {"recipe_hash", recipe.hash},
               {"seed", recipe.seed},
               {"file", path},
               {"parameters", report.parameters},
               {"steps", report.steps},
               {"stopped", report.stopped.empty() ? Json() : Json(report.stopped)},
               {"data", report.data},
               {"validation", report.validation},
               {"original", AccuracyJson(report.original)},
               {"before", AccuracyJson(report.before)},
               {"after", AccuracyJson(report.after)},
               {"seconds", report.spent.seconds()}};
  json["losses"] = Json::array();
  for (const TrainReport::Loss& loss : report.losses)
    json["losses"].push_back({{"loss", loss.text}, {"first", loss.first}, {"last", loss.last}});
  PrintJson(json);
}

std::string AccuracyText(const OutputAccuracy& a) {
  const Interval interval = WilsonInterval(a.right, a.judged, kAccuracyConfidence);
  return WithInterval(100 * a.share(), 100 * interval.low, 100 * interval.high) + " %";
}

void PrintTrained(const TrainReport& report, const std::string& path) {
  for (const OutputAccuracy& a : report.original)
    std::printf("%s of the net as it was: top-1 %s\n", a.output.c_str(), AccuracyText(a).c_str());
  TextTable table({"output", "top-1 before", "top-1 after"});
  for (size_t i = 0; i < report.after.size(); ++i)
    table.Add({report.after[i].output, AccuracyText(report.before.at(i)), AccuracyText(report.after[i])});
  std::printf("%s", table.Text().c_str());
  for (const TrainReport::Loss& loss : report.losses)
    std::printf("%s: %s, then %s\n", loss.text.c_str(), ShortNumber(loss.first).c_str(), ShortNumber(loss.last).c_str());
  std::printf("%lld steps over %lld numbers in %s%s\n  %s\n", static_cast<long long>(report.steps),
              static_cast<long long>(report.parameters), FormatDuration(report.spent).c_str(),
              report.stopped.empty() ? "" : (", then " + report.stopped).c_str(), path.c_str());
}

Result<int> TrainMain(int argc, char** argv) {
  TrainCommand given;
  Arguments args("train", "Trains a small net, or a part of one, as a recipe says.");
  given.Declare(args);
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  if (given.recipe.empty()) {
    Json json = Json::object();
    TextTable table({"recipe", "makes"});
    for (const auto& [name, summary] : TrainRecipes()) {
      json[name] = summary;
      table.Add({name, summary});
    }
    if (given.json) PrintJson(json);
    if (!given.json) std::printf("%s", table.Text().c_str());
    return 0;
  }
  TW_ASSIGN(const TrainRecipe recipe, FindTrainRecipe(given.recipe, given.settings));
  const int64_t threads = given.threads.value_or(DefaultThreads());
  if (threads < 1 || threads > kMostTrainThreads)
    return Fail(
        Status(StatusCode::kInvalidInput, "the number of threads must be 1 to " + std::to_string(kMostTrainThreads)).At("--threads"));
  const std::string path = given.out.value_or(recipe.name + ".onnx");
  const StopSignals signals;
  ProgressLine line;
  TrainOptions options{.data_folder = given.data, .threads = static_cast<int>(threads)};
  options.progress = [&](const std::string& what, double share) {
    line.Show(share, what);
    return !signals.stopped();
  };
  TW_ASSIGN(const TrainReport report, TrainNet(recipe, options));
  line.Finish();
  TW_RETURN_IF_ERROR(WriteTrained(report, recipe, path));
  if (given.json) {
    PrintTrainJson(report, recipe, path);
  } else {
    PrintTrained(report, path);
  }
  return 0;
}

}  // namespace

void RegisterTrainCommand(Registry<Command>& registry) {
  registry.Add("train", {.summary = "train a small net, or a part of one", .run = TrainMain});
}

}  // namespace tradewind
