// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Small problems whose frontiers are known by trying everything, and what the tests of all strategies ask about a run. A test's bound lies
// four standard errors of its own mean below what the strategy does, of which mean and deviation over other seeds stand beside it: what
// draws other random numbers passes, and what does worse does not.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "search/loop.h"
#include "search/strategies.h"

namespace tradewind {

struct SearchProblem {
  SearchSpace space;
  SearchGoal goal;
  std::function<std::vector<Measurement>(const Setting&)> measure;
  Result<std::optional<Point>> operator()(const Setting& setting) const { return std::optional<Point>(Point{setting, measure(setting)}); }
};

// A net of four parts, each of four sizes (256 settings): `accuracy` (higher is better) and `ms` rise with every size, at rates of their
// own a part, so that the frontier is neither along one part nor all of it. Every part is ordered.
SearchProblem NetProblem();
// The same with six parts of five unordered kinds (15,625 settings) and an interaction between neighbouring parts.
SearchProblem CellProblem();
// NetProblem with a knob `epochs` = 1, 4, 16: fewer make accuracy lower and noisier, and the trial cheaper.
SearchProblem EpochsProblem();
// A conditional knob, a range, an unordered choice and a combination that does not exist, over three axes; one axis is at times missing.
SearchProblem MixedProblem();
// ZDT1 (synthetic/closed_form.h) of so many knobs, all of them ranges, up to (1.1, 6). At its front the area is 1.1 * 6 - 1/3.
SearchProblem Zdt1Problem(int knobs);

std::vector<Point> RunProblem(const SearchProblem& problem, const std::string& strategy, const StrategyOptions& options);
// Texts of the settings on the frontier of all combinations, by brute force over core/frontier.h.
std::vector<std::string> TrueFront(const SearchProblem& problem);
// The share of TrueFront among the points.
double FrontShare(const SearchProblem& problem, const std::vector<Point>& points);
// Its mean over seeds 1..`seeds` of a strategy with its defaults.
double MeanFrontShare(const SearchProblem& problem, const std::string& strategy, size_t trials, int seeds);
// Area between the points and the goal's reference, of two axes: a sweep of its own, apart from the product's indicators.
double Area(const SearchProblem& problem, const std::vector<Point>& points);
// p of Wilcoxon's signed-rank test over seeds 1..`seeds` that the strategy's areas equal random's; positive `gain` is the mean of its ratio
// - 1.
struct Comparison {
  double gain = 0;
  double p = 1;
};
Comparison AgainstRandom(const SearchProblem& problem, const std::string& strategy, size_t trials, int seeds,
                         const std::map<std::string, std::string>& parameters = {});

}  // namespace tradewind
