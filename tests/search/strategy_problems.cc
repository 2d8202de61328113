// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/strategy_problems.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "search/search.h"
#include "stats/rank_test.h"
#include "stats/summary.h"
#include "synthetic/closed_form.h"

namespace tradewind {
namespace {

Measurement Exact(const std::string& metric, double value) {
  return {.metric = metric, .value = value, .interval = {value, value}, .count = 1, .origin = Origin::kModelled};
}

SearchDimension Sizes(const std::string& knob, int64_t count) {
  SearchDimension d{.knob = knob, .values = {}, .ordered = true};
  for (int64_t i = 0; i < count; ++i) d.values.emplace_back(i);
  return d;
}

const SearchGoal kAccuracyAndTime{.axes = {{"accuracy", Direction::kHigherIsBetter}, {"ms", Direction::kLowerIsBetter}},
                                  .reference = {0, 60}};

// Of the parts' sizes 0 to 3.
std::vector<Measurement> MeasureNet(const Setting& s) {
  const double gain[] = {9, 6, 4, 2};
  const double cost[] = {4, 1.5, 3, 0.7};
  double accuracy = 40;
  double ms = 5;
  for (int i = 0; i < 4; ++i) {
    const double size = static_cast<double>(s.IntegerOr("part" + std::to_string(i), 0));
    accuracy += gain[i] * std::sqrt(size);
    ms += cost[i] * size * (1 + 0.1 * size);
  }
  return {Exact("accuracy", accuracy), Exact("ms", ms)};
}

// A fixed noise in [-1, 1) of a setting: the same on every machine.
double Jitter(const Setting& s) {
  uint64_t hash = 1469598103934665603u;
  for (const char c : s.Text()) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return 2 * Random(hash).Uniform() - 1;
}

}  // namespace

SearchProblem NetProblem() {
  SearchProblem p{.space = {}, .goal = kAccuracyAndTime, .measure = MeasureNet};
  for (int i = 0; i < 4; ++i) p.space.dimensions.push_back(Sizes("part" + std::to_string(i), 4));
  return p;
}

SearchProblem CellProblem() {
  SearchProblem p{.space = {}, .goal = kAccuracyAndTime, .measure = [](const Setting& s) {
                    // Kind by kind: what it adds and what it takes; the order of the kinds says nothing.
                    const std::map<std::string, std::pair<double, double>> kinds = {
                        {"a", {6, 3}}, {"b", {0, 0}}, {"c", {9, 7}}, {"d", {3, 0.5}}, {"e", {2, 2.5}}};
                    double accuracy = 20;
                    double ms = 2;
                    std::string before = "b";
                    for (int i = 0; i < 6; ++i) {
                      const std::string kind = s.TextOr("edge" + std::to_string(i), "");
                      const auto [gain, cost] = kinds.at(kind);
                      accuracy += gain * (1 + 0.2 * i) - (kind == before ? 2 : 0);
                      ms += cost * (1.3 - 0.1 * i);
                      before = kind;
                    }
                    return std::vector<Measurement>{Exact("accuracy", accuracy), Exact("ms", ms)};
                  }};
  for (int i = 0; i < 6; ++i) {
    SearchDimension d{.knob = "edge" + std::to_string(i), .values = {}};
    for (const char* kind : {"a", "b", "c", "d", "e"}) d.values.emplace_back(std::string(kind));
    p.space.dimensions.push_back(d);
  }
  return p;
}

SearchProblem EpochsProblem() {
  SearchProblem p = NetProblem();
  p.space.dimensions.push_back({.knob = "epochs", .values = {int64_t{1}, int64_t{4}, int64_t{16}}, .ordered = true});
  p.goal.fidelity = "epochs";
  p.measure = [](const Setting& s) {
    std::vector<Measurement> m = MeasureNet(s);
    const auto epochs = static_cast<double>(s.IntegerOr("epochs", 16));
    if (epochs < 16) m[0] = Exact("accuracy", m[0].value * (1 - 0.3 / epochs) + 2 * Jitter(s) / epochs);
    return m;
  };
  return p;
}

SearchProblem MixedProblem() {
  SearchProblem p;
  SearchDimension draft = Sizes("draft", 4);
  draft.when = KnobCondition{"mode", {std::string("fast"), std::string("odd")}};
  p.space.dimensions = {{.knob = "mode", .values = {std::string("plain"), std::string("fast"), std::string("odd")}},
                        draft,
                        {.knob = "share", .values = {}, .range = RealDomain{0, 1}},
                        Sizes("size", 5)};
  p.space.valid = [](const Setting& s) { return !(s.IntegerOr("draft", 0) == 3 && s.IntegerOr("size", 0) == 0); };
  p.goal = {.axes = {{"error", Direction::kLowerIsBetter}, {"ms", Direction::kLowerIsBetter}, {"mib", Direction::kLowerIsBetter}},
            .reference = {3, 30, 30}};
  p.measure = [](const Setting& s) {
    const double share = std::get<double>(*s.Find("share"));
    const auto size = static_cast<double>(s.IntegerOr("size", 0));
    const auto draft_size = static_cast<double>(s.IntegerOr("draft", 0));
    const std::string mode = s.TextOr("mode", "");
    std::vector<Measurement> m = {Exact("error", 2 - 0.3 * size - share + (mode == "odd" ? 0.5 : 0)),
                                  Exact("ms", 4 * size + 8 * share + 2 - (mode == "fast" ? draft_size : 0))};
    if (!(mode == "odd" && size == 2)) m.push_back(Exact("mib", 3 * size + 2 * draft_size + 1));
    return m;
  };
  return p;
}

SearchProblem Zdt1Problem(int knobs) {
  SearchProblem p;
  for (int i = 1; i <= knobs; ++i) p.space.dimensions.push_back({.knob = "x" + std::to_string(i), .values = {}, .range = RealDomain{0, 1}});
  p.goal = {.axes = {{"f1", Direction::kLowerIsBetter}, {"f2", Direction::kLowerIsBetter}}, .reference = {1.1, 6}};
  p.measure = [zdt1 = FindClosedForm("zdt1").value(), knobs](const Setting& s) {
    std::vector<double> x;
    for (int i = 1; i <= knobs; ++i) x.push_back(std::get<double>(*s.Find("x" + std::to_string(i))));
    const std::vector<double> f = zdt1.evaluate(x);
    return std::vector<Measurement>{{.metric = "f1", .value = f[0], .interval = {}}, {.metric = "f2", .value = f[1], .interval = {}}};
  };
  return p;
}

std::vector<Point> RunProblem(const SearchProblem& problem, const std::string& strategy, const StrategyOptions& options) {
  auto made = MakeStrategy(strategy, problem.space, problem.goal, options);
  EXPECT_TRUE(made) << made.error().ToString();
  if (!made) return {};
  return std::move(RunTrials(**made, {.trials = options.trials}, problem)->points);
}

std::vector<std::string> TrueFront(const SearchProblem& problem) {
  SearchSpace space = problem.space;
  for (SearchDimension& d : space.dimensions) {
    if (d.knob == problem.goal.fidelity) d.values = {d.values.back()};
  }
  const Space all = Space::Make(space).value();
  std::vector<Point> points;
  for (uint64_t i = 0; i < *all.Combinations(); ++i) points.push_back(**problem(all.Decode(all.At(i))));
  std::vector<std::string> front;
  for (const FrontierEntry& entry : FrontierOf(points, problem.goal)) {
    if (entry.OnFrontier()) front.push_back(points[entry.point].setting.Text());
  }
  return front;
}

double FrontShare(const SearchProblem& problem, const std::vector<Point>& points) {
  std::set<std::string> tried;
  for (const Point& p : points) tried.insert(p.setting.Text());
  const std::vector<std::string> front = TrueFront(problem);
  const auto found = std::count_if(front.begin(), front.end(), [&](const std::string& text) { return tried.count(text) != 0; });
  return static_cast<double>(found) / static_cast<double>(front.size());
}

double MeanFrontShare(const SearchProblem& problem, const std::string& strategy, size_t trials, int seeds) {
  double share = 0;
  for (int seed = 1; seed <= seeds; ++seed)
    share += FrontShare(problem, RunProblem(problem, strategy, {.seed = static_cast<uint64_t>(seed), .trials = trials})) / seeds;
  return share;
}

double Area(const SearchProblem& problem, const std::vector<Point>& points) {
  const auto worth = [&](const Point& p, size_t axis) {
    const Measurement* m = p.Find(problem.goal.axes[axis].metric);
    const double sign = problem.goal.axes[axis].direction == Direction::kHigherIsBetter ? 1 : -1;
    return m == nullptr ? 0.0 : std::max(0.0, sign * (m->value - problem.goal.reference[axis]));
  };
  std::vector<std::pair<double, double>> corners;
  for (const Point& p : points) {
    const KnobValue* fidelity = p.setting.Find(problem.goal.fidelity);
    if (fidelity == nullptr || *fidelity == KnobValue(int64_t{16})) corners.emplace_back(worth(p, 0), worth(p, 1));
  }
  std::sort(corners.rbegin(), corners.rend());
  double area = 0;
  double height = 0;
  for (const auto& [x, y] : corners) {
    if (y > height) area += x * (y - height);
    height = std::max(height, y);
  }
  return area;
}

Comparison AgainstRandom(const SearchProblem& problem, const std::string& strategy, size_t trials, int seeds,
                         const std::map<std::string, std::string>& parameters) {
  std::vector<double> ours;
  std::vector<double> random;
  Comparison result;
  for (int seed = 1; seed <= seeds; ++seed) {
    const auto options = StrategyOptions{.seed = static_cast<uint64_t>(seed), .trials = trials, .parameters = {}};
    StrategyOptions with = options;
    with.parameters = parameters;
    ours.push_back(Area(problem, RunProblem(problem, strategy, with)));
    random.push_back(Area(problem, RunProblem(problem, "random", options)));
    result.gain += (ours.back() / random.back() - 1) / seeds;
  }
  result.p = SignedRankPValue(ours, random);
  return result;
}

}  // namespace tradewind
