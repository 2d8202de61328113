// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What each choice in a net's design costs in time on this device: the net as it is beside the net without.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "stats/summary.h"
#include "study/board_timing.h"
#include "study/choice_costs.h"

namespace tradewind {
namespace {

// In per cent of what the net takes without the choice, round by round.
Number CostOfChoice(const std::string& name, const std::vector<double>& with_ms, const std::vector<double>& without_ms) {
  std::vector<double> costs;
  for (size_t r = 0; r < with_ms.size(); ++r) costs.push_back(100 * (with_ms[r] / without_ms[r] - 1));
  const auto [low, high] = std::minmax_element(costs.begin(), costs.end());
  return {name, Median(costs), {*low, *high, 1 - std::exp2(1 - static_cast<double>(costs.size()))}};
}

// The back end that is fastest for the whole net, which then runs all of them.
Result<std::string> BackendOf(const Board& board, const std::vector<BoardTime>& times) {
  const std::vector<TimedNet> fastest = FastestOf({.name = board.name, .nets = {board.nets[0]}}, times);
  if (fastest.empty()) return Fail(Status(StatusCode::kUnsupported, FailureLines(board, times)[0]).At("net"));
  return fastest[0].backend;
}

// "act=0 width=0.5".
Result<ChoiceCosts> ParameterNumbers(Parameters& with, const std::string& name) {
  auto numbers = ParseChoiceCosts(with.List(name, ""));
  if (!numbers) return Fail(Status(StatusCode::kInvalidInput, numbers.error().message()).At(name));
  return numbers;
}

Result<Finding> AnalyseBoardAblation(Parameters& with, const AnalysisContext& context) {
  TW_ASSIGN(const BoardTiming timing, ReadBoardTiming(with));
  const std::string net = with.Text("net", "");
  TW_ASSIGN(const ChoiceCosts set, ParameterNumbers(with, "set"));
  TW_ASSIGN(const ChoiceCosts choices, ParameterNumbers(with, "choices"));
  TW_ASSIGN(const int64_t resolution, with.Integer("resolution", 224, 16, 2048));
  if (net.empty() || choices.empty())
    return Fail(Status(StatusCode::kInvalidInput, "name a net, and its choices with what leaves each out: act=0").At("choices"));
  Board board{.name = net, .nets = {{.name = net, .net = net, .parameters = set, .resolution = resolution}}};
  const auto add = [&](const std::string& name, const ChoiceCosts& changed) {
    BoardNet& one = board.nets.emplace_back(board.nets[0]);
    one.name = net + " without " + name;
    for (const auto& [parameter, value] : changed) one.parameters[parameter] = value;
  };
  for (const auto& [choice, value] : choices) add(choice, {{choice, value}});
  add("all of them", choices);
  TW_ASSIGN(const std::vector<BoardTime> times, TimeFor(board, timing, context));
  TW_ASSIGN(const std::string backend, BackendOf(board, times));
  const auto rounds_of = [&](size_t n) -> const BoardTime& {
    return *std::find_if(times.begin(), times.end(), [&](const BoardTime& t) { return t.net == n && t.backend == backend; });
  };
  Finding finding;
  for (size_t n = 0; n < board.nets.size(); ++n) {
    const BoardTime& time = rounds_of(n);
    if (!time.failure.empty()) return Fail(Status(StatusCode::kUnsupported, time.failure).At("choices"));
    char line[192];
    std::snprintf(line, sizeof line, "%s: %.3g ms (%.3g to %.3g) by %s", board.nets[n].name.c_str(), time.latency_ms, time.interval.low,
                  time.interval.high, backend.c_str());
    finding.detail.emplace_back(line);
  }
  size_t n = 1;
  for (const auto& [choice, value] : choices)
    finding.numbers.push_back(CostOfChoice("cost." + choice, rounds_of(0).rounds_ms, rounds_of(n++).rounds_ms));
  const auto most =
      std::max_element(finding.numbers.begin(), finding.numbers.end(), [](const Number& a, const Number& b) { return a.value < b.value; });
  Number dearest = *most;
  dearest.name = "most_cost";
  finding.numbers.push_back(CostOfChoice("cost_of_all", rounds_of(0).rounds_ms, rounds_of(n).rounds_ms));
  finding.numbers.insert(finding.numbers.begin(), dearest);
  for (const Number& number : finding.numbers) finding.detail.push_back(NumberText(number));
  return finding;
}

}  // namespace

void RegisterBoardAblationAnalysis(Registry<Analysis>& registry) {
  registry.Add("board_ablation",
               {.kind = ClaimKind::kCompare,
                .summary = "what each choice in a net's design costs in time on this device. net (of data/nets, or a .lua file), set (its "
                           "parameters), choices (parameters, each with the value that leaves it out: act=0), resolution [224]; " +
                           std::string(kBoardTimingSummary) +
                           ". Gives most_cost, cost.CHOICE for each, cost_of_all (per cent of what the net takes without)",
                .run = AnalyseBoardAblation});
}

}  // namespace tradewind
