// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A search that is rewarded for measured latency beside the same search rewarded for arithmetic, at equal accuracy.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "recorded/library.h"
#include "search/loop.h"
#include "search/strategies.h"
#include "stats/summary.h"
#include "study/analysis.h"
#include "study/choice_costs.h"

namespace tradewind {
namespace {

constexpr const char* kArithmetic = "arithmetic";

// What a search tried, of one setting each.
struct Tried {
  double accuracy = 0, latency = 0, rewarded = 0;  // the last: the cost that the search saw
};

struct Bench {
  const RecordedTunable& table;
  std::string accuracy, latency;
  ChoiceCosts costs;
  std::string strategy;
  std::map<std::string, std::string> parameters;
  size_t trials = 0;

  Result<std::vector<Tried>> Search(const std::string& cost, uint64_t seed) const {
    const SearchGoal goal{.axes = {{accuracy, Direction::kHigherIsBetter}, {cost, Direction::kLowerIsBetter}}};
    TW_ASSIGN(const auto made, MakeStrategy(strategy, table.Space(), goal, {.seed = seed, .trials = trials, .parameters = parameters}));
    const auto evaluate = [&](const Setting& setting) -> Result<std::optional<Point>> {
      TW_ASSIGN(Point point, table.Lookup(setting));
      const double arithmetic = CostOf(setting, costs);
      point.measurements.push_back(
          {.metric = kArithmetic, .value = arithmetic, .interval = {arithmetic, arithmetic}, .count = 1, .origin = Origin::kModelled});
      return std::optional<Point>(std::move(point));
    };
    TW_ASSIGN(const LoopResult result, RunTrials(*made, {.trials = trials}, evaluate));
    std::vector<Tried> tried;
    for (const Point& p : result.points) tried.push_back({p.Find(accuracy)->value, p.Find(latency)->value, p.Find(cost)->value});
    return tried;
  }
};

double BestAccuracy(const std::vector<Tried>& tried) {
  double best = -INFINITY;
  for (const Tried& t : tried) best = std::max(best, t.accuracy);
  return best;
}

// The latency of what this search would choose: the cheapest by its own cost that is accurate enough, of equals the more accurate.
double ChosenLatency(const std::vector<Tried>& tried, double accuracy) {
  const Tried* chosen = nullptr;
  for (const Tried& t : tried) {
    if (t.accuracy < accuracy) continue;
    const bool better =
        chosen == nullptr || t.rewarded < chosen->rewarded || (t.rewarded == chosen->rewarded && t.accuracy > chosen->accuracy);
    if (better) chosen = &t;
  }
  return chosen == nullptr ? NAN : chosen->latency;
}

Result<std::vector<double>> ParseLevels(const std::vector<std::string>& words) {
  std::vector<double> levels;
  for (const std::string& word : words) {
    double& level = levels.emplace_back();
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), level);
    if (error != std::errc() || end != word.data() + word.size() || !(level > 0 && level <= 1)) {
      return Fail(
          Status(StatusCode::kInvalidInput, "\"" + word + "\" is no share of the best accuracy, above 0 and at most 1").At("levels"));
    }
  }
  return levels;
}

// The mean over levels of log(latency of the arithmetic's choice / of the latency's choice), one a seed.
Result<std::vector<double>> LogSpeedups(const Bench& bench, const std::vector<double>& levels, int64_t seeds) {
  std::vector<double> logs;
  for (int64_t seed = 1; seed <= seeds; ++seed) {
    TW_ASSIGN(const std::vector<Tried> by_latency, bench.Search(bench.latency, static_cast<uint64_t>(seed)));
    TW_ASSIGN(const std::vector<Tried> by_arithmetic, bench.Search(kArithmetic, static_cast<uint64_t>(seed)));
    const double best = std::min(BestAccuracy(by_latency), BestAccuracy(by_arithmetic));
    double sum = 0;
    for (const double level : levels) sum += std::log(ChosenLatency(by_arithmetic, level * best) / ChosenLatency(by_latency, level * best));
    logs.push_back(sum / static_cast<double>(levels.size()));
  }
  return logs;
}

Number Speedup(const std::string& name, const std::vector<double>& logs) {
  const Interval interval = MeanInterval(logs, kStudyConfidence);
  return {name, std::exp(Mean(logs)), {std::exp(interval.low), std::exp(interval.high), interval.confidence}};
}

Result<Finding> AnalyseLatencyReward(Parameters& with, const AnalysisContext& context) {
  const std::string name = with.Text("table", "nasbench201");
  const std::string workload = with.Text("workload", "");
  const std::vector<std::string> devices = with.List("devices", "");
  if (devices.empty()) return Fail(Status(StatusCode::kInvalidInput, "name the devices to search on").At("devices"));
  TW_ASSIGN(const int64_t seeds, with.Integer("seeds", 10, 2, 1000));
  TW_ASSIGN(const int64_t trials, with.Integer("trials", 300, 1, 1'000'000));
  TW_ASSIGN(const ChoiceCosts costs, ParseChoiceCosts(with.List("cost", "")));
  TW_ASSIGN(const std::vector<double> levels, ParseLevels(with.List("levels", "0.9 0.925 0.95 0.975 1")));
  const std::string strategy = with.Text("strategy", "reinforce");
  const std::string reward = with.Text("reward", "");
  Finding finding;
  std::vector<double> all(static_cast<size_t>(seeds), 0.0);  // by seed, over devices
  for (size_t d = 0; d < devices.size(); ++d) {
    context.Tell(static_cast<double>(d) / static_cast<double>(devices.size()), name + " " + devices[d]);
    TW_ASSIGN(const auto table, OpenRecorded(name, devices[d], context.data_folder));
    TW_ASSIGN(const Workload* chosen, table->FindWorkload(workload));
    Bench bench{.table = *table,
                .accuracy = chosen->axes[0].metric,
                .latency = chosen->axes[1].metric,
                .costs = costs,
                .strategy = strategy,
                .parameters = {},
                .trials = static_cast<size_t>(trials)};
    if (!reward.empty()) bench.parameters["reward"] = reward;
    TW_ASSIGN(const std::vector<double> logs, LogSpeedups(bench, levels, seeds));
    for (size_t s = 0; s < logs.size(); ++s) all[s] += logs[s] / static_cast<double>(devices.size());
    const Number here = Speedup("speedup", logs);
    char line[160];
    std::snprintf(line, sizeof line, "%s: %.3f (%.3f to %.3f) times faster at equal accuracy", devices[d].c_str(), here.value,
                  here.interval.low, here.interval.high);
    finding.detail.emplace_back(line);
    finding.numbers.push_back(here);
  }
  const auto most =
      std::max_element(finding.numbers.begin(), finding.numbers.end(), [](const Number& a, const Number& b) { return a.value < b.value; });
  Number best = *most;
  best.name = "best_device_speedup";
  finding.numbers = {Speedup("speedup", all), best};
  return finding;
}

}  // namespace

void RegisterLatencyRewardAnalysis(Registry<Analysis>& registry);
void RegisterLatencyRewardAnalysis(Registry<Analysis>& registry) {
  registry.Add(
      "latency_reward",
      {.kind = ClaimKind::kCompare,
       .summary =
           "How much faster, at equal accuracy, what a `strategy` (`reward`) chooses on `devices` of `table` is if it sees the latency "
           "than if it sees the arithmetic (`cost`, a weight a choice): the geometric mean over `levels`, shares of the best accuracy "
           "that both found in `trials`; over `seeds`. Numbers: speedup (over devices), best_device_speedup.",
       .run = AnalyseLatencyReward});
}

}  // namespace tradewind
