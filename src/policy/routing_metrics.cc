// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/routing_metrics.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numeric>

#include "base/random.h"

namespace tradewind {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Numbers for groups in the order of their first sample; a sample without a group is one of its own.
struct Grouping {
  std::vector<size_t> of;
  std::vector<std::string> names;
  std::vector<double> count;
};
Grouping GroupsOf(std::span<const std::string> groups) {
  Grouping out;
  std::map<std::string, size_t> known;
  for (const std::string& group : groups) {
    size_t number = out.count.size();
    if (!group.empty()) number = known.try_emplace(group, number).first->second;
    if (number == out.count.size()) {
      out.count.push_back(0);
      out.names.push_back(group.empty() ? "#" + std::to_string(out.of.size()) : group);
    }
    out.count[number] += 1;
    out.of.push_back(number);
  }
  return out;
}

// A curve as mean numbers of one (re)sample of the groups.
struct Line {
  std::vector<double> share, score, cost;
};

double Weighted(std::span<const double> sums, std::span<const double> weight) {
  return std::inner_product(sums.begin(), sums.end(), weight.begin(), 0.0);
}

Line LineOf(const RoutingCurve& curve, std::span<const double> weight) {
  const double n = Weighted(curve.count, weight);
  Line line;
  for (const OperatingPoint& p : curve.points) {
    line.share.push_back(Weighted(p.strong_calls, weight) / n);
    line.score.push_back(Weighted(p.score, weight) / n);
    line.cost.push_back(Weighted(p.cost, weight) / n);
  }
  return line;
}

double Trapezoid(std::span<const double> x, std::span<const double> y) {
  double area = 0;
  for (size_t i = 1; i < x.size(); ++i) area += (x[i] - x[i - 1]) * (y[i] + y[i - 1]) / 2;
  return area;
}

double Pgr(const Line& line, double score) {
  return (score - line.score.front()) / (line.score.back() - line.score.front());
}

double Apgr(const Line& line) {
  if (!(line.score.back() > line.score.front())) return kNan;
  return Pgr(line, Trapezoid(line.share, line.score));
}

double ScoreAt(const Line& line, double share) {
  const auto above = std::lower_bound(line.share.begin(), line.share.end(), share);
  if (above == line.share.begin()) return line.score.front();
  if (above == line.share.end()) return line.score.back();
  const auto i = static_cast<size_t>(above - line.share.begin());
  const double t = (share - line.share[i - 1]) / (line.share[i] - line.share[i - 1]);
  return line.score[i - 1] + t * (line.score[i] - line.score[i - 1]);
}

// The least share of strong calls at which the score reaches `wanted`.
double ShareFor(const Line& line, double wanted) {
  if (line.score.front() >= wanted) return 0;
  for (size_t i = 1; i < line.share.size(); ++i) {
    if (line.score[i] < wanted) continue;
    const double t = (wanted - line.score[i - 1]) / (line.score[i] - line.score[i - 1]);
    return line.share[i - 1] + t * (line.share[i] - line.share[i - 1]);
  }
  return 1;
}

double Cpt(const Line& line, double pgr) {
  if (!(line.score.back() > line.score.front())) return kNan;
  return ShareFor(line, line.score.front() + pgr * (line.score.back() - line.score.front()));
}

// Best score within each cost: the running maximum, as a staircase that mixing two points by lot turns into straight lines.
double Area(const Line& line, double cheapest, double dearest) {
  std::vector<size_t> order(line.cost.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return line.cost[a] < line.cost[b]; });
  std::vector<double> cost, score;
  for (const size_t i : order) {
    if (!score.empty() && line.score[i] <= score.back()) continue;
    cost.push_back(line.cost[i]);
    score.push_back(line.score[i]);
  }
  if (cost.front() > cheapest) cost.insert(cost.begin(), cheapest), score.insert(score.begin(), 0.0);
  cost.push_back(std::max(dearest, cost.back()));
  score.push_back(score.back());
  return Trapezoid(cost, score) / (dearest - cheapest);
}

// Curves whose groups are drawn together, by their names.
class Draws {
 public:
  explicit Draws(std::span<const RoutingCurve> curves) { Add(curves); }
  Draws(std::span<const RoutingCurve> a, std::span<const RoutingCurve> b) {
    Add(a);
    Add(b);
  }
  size_t groups() const { return numbers_.size(); }
  // The mean over the curves, from the `first` on, of a function of their lines, for so many draws of each group.
  double Mean(size_t first, size_t count, std::span<const double> weight, const std::function<double(const Line&)>& f) const {
    double sum = 0;
    std::vector<double> own;
    for (size_t c = first; c < first + count; ++c) {
      own.clear();
      for (const size_t number : of_[c]) own.push_back(weight[number]);
      sum += f(LineOf(*curves_[c], own));
    }
    return sum / static_cast<double>(count);
  }

 private:
  void Add(std::span<const RoutingCurve> curves) {
    for (const RoutingCurve& curve : curves) {
      curves_.push_back(&curve);
      std::vector<size_t>& own = of_.emplace_back();
      for (const std::string& name : curve.groups) own.push_back(numbers_.try_emplace(name, numbers_.size()).first->second);
    }
  }
  std::vector<const RoutingCurve*> curves_;
  std::vector<std::vector<size_t>> of_;  // of each curve, the numbers of its groups
  std::map<std::string, size_t> numbers_;
};

using OfWeights = std::function<std::vector<double>(std::span<const double>)>;

// Percentile bootstrap over groups of several statistics at once. Resamples in which one is not defined are left out of it.
std::vector<Estimate> Resampled(size_t groups, const OfWeights& statistics, const CurveOptions& options) {
  std::vector<double> weight(groups, 1);
  const std::vector<double> values = statistics(weight);
  std::vector<std::vector<double>> drawn(values.size());
  Random random(options.seed);
  for (int r = 0; r < options.resamples; ++r) {
    std::fill(weight.begin(), weight.end(), 0.0);
    for (size_t k = 0; k < groups; ++k) weight[random.Below(groups)] += 1;
    const std::vector<double> again = statistics(weight);
    for (size_t s = 0; s < again.size(); ++s) {
      if (!std::isnan(again[s])) drawn[s].push_back(again[s]);
    }
  }
  std::vector<Estimate> out;
  const double tail = (1 - options.confidence) / 2;
  for (size_t s = 0; s < values.size(); ++s) {
    std::sort(drawn[s].begin(), drawn[s].end());
    const auto at = [&](double p) {
      return drawn[s].empty() ? kNan : drawn[s][static_cast<size_t>(std::llround(p * static_cast<double>(drawn[s].size() - 1)))];
    };
    out.push_back({values[s], {at(tail), at(1 - tail), options.confidence}});
  }
  return out;
}

// APGR, CPT(50), CPT(80), calls saved, cost saving, and the ends of the line.
constexpr size_t kStatistics = 7;
std::array<double, kStatistics> StatisticsOf(const Line& line, double weak_cost, double strong_cost, double drop) {
  const auto cost_of = [&](double share) { return weak_cost + share * (strong_cost - weak_cost); };
  const double half = Cpt(line, 0.5), saved = 1 - ShareFor(line, line.score.back() * (1 - drop));
  return {Apgr(line), half, Cpt(line, 0.8), saved, cost_of(0.5) / cost_of(half), line.score.front(), line.score.back()};
}

Status Bad(std::string message) {
  return {StatusCode::kInvalidInput, "routing curve: " + std::move(message)};
}

bool AllFinite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(), [](float v) { return std::isfinite(v); });
}

}  // namespace

Result<RoutingCurve> TwoArmCurve(std::span<const float> weak, std::span<const float> strong, std::span<const double> gap,
                                 std::span<const std::string> groups, PairCost cost, size_t most_points) {
  const size_t n = weak.size();
  if (n == 0 || strong.size() != n || gap.size() != n || groups.size() != n)
    return Fail(Bad("scores, gaps and groups differ in number, or are none"));
  const bool finite =
      AllFinite(weak) && AllFinite(strong) && std::all_of(gap.begin(), gap.end(), [](double g) { return std::isfinite(g); });
  if (!finite || !(cost.strong > cost.weak))
    return Fail(Bad("scores and gaps must be finite, and the strong arm dearer than the weak one"));
  const Grouping grouping = GroupsOf(groups);
  RoutingCurve curve{.points = {}, .groups = grouping.names, .count = grouping.count, .weak_cost = cost.weak, .strong_cost = cost.strong};
  const size_t k = grouping.count.size();
  OperatingPoint now{.score = std::vector<double>(k, 0), .cost = std::vector<double>(k, 0), .strong_calls = std::vector<double>(k, 0)};
  for (size_t i = 0; i < n; ++i) {
    now.score[grouping.of[i]] += weak[i];
    now.cost[grouping.of[i]] += cost.weak;
  }
  curve.points.push_back(now);
  std::vector<size_t> order(n);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return gap[a] > gap[b]; });
  size_t written = 0;
  for (size_t i = 0; i < n; ++i) {
    const size_t at = order[i], g = grouping.of[at];
    now.score[g] += static_cast<double>(strong[at]) - weak[at];
    now.cost[g] += cost.strong - cost.weak;
    now.strong_calls[g] += 1;
    if (i + 1 < n && gap[order[i + 1]] == gap[at]) continue;
    const size_t due = (i + 1) * most_points / n;
    if (i + 1 < n && due == written) continue;
    written = due;
    curve.points.push_back(now);
  }
  return curve;
}

Result<RoutingCurve> ManyArmCurve(const RoutingTable& table, std::span<const double> utility, size_t prices) {
  TW_RETURN_IF_ERROR(CheckRoutingTable(table));
  const size_t arms = table.arms.size();
  if (utility.size() != arms * table.samples.size()) return Fail(Bad("each sample needs a utility of each arm"));
  std::vector<size_t> rows;
  std::vector<std::string> groups;
  for (size_t i = 0; i < table.samples.size(); ++i) {
    if (!AllFinite(table.samples[i].score)) continue;
    rows.push_back(i);
    groups.push_back(table.samples[i].group);
  }
  const std::vector<size_t> by_cost = ArmsByCost(table.arm_cost);
  const double cheapest = table.arm_cost[by_cost.front()], dearest = table.arm_cost[by_cost.back()];
  if (rows.empty() || !(dearest > cheapest)) return Fail(Bad("no sample has all scores, or all arms cost the same"));
  const Grouping grouping = GroupsOf(groups);
  RoutingCurve curve{.points = {}, .groups = grouping.names, .count = grouping.count, .weak_cost = cheapest, .strong_cost = dearest};
  const size_t k = grouping.count.size();
  // From a price at which no difference of utilities pays for the least difference of costs, to none.
  for (size_t step = 0; step <= prices + 1; ++step) {
    const double price = step == 0       ? std::numeric_limits<double>::infinity()
                         : step > prices ? 0.0
                                         : std::pow(10, 2 - 6 * static_cast<double>(step - 1) / static_cast<double>(prices));
    OperatingPoint point{.score = std::vector<double>(k, 0), .cost = std::vector<double>(k, 0), .strong_calls = std::vector<double>(k, 0)};
    for (size_t r = 0; r < rows.size(); ++r) {
      size_t best = by_cost.front();
      double best_value = -std::numeric_limits<double>::infinity();
      for (const size_t a : by_cost) {
        const double share = (table.arm_cost[a] - cheapest) / (dearest - cheapest);
        const double value = share == 0 ? utility[rows[r] * arms + a] : utility[rows[r] * arms + a] - price * share;
        if (value > best_value) best = a, best_value = value;
      }
      point.score[grouping.of[r]] += table.samples[rows[r]].score[best];
      point.cost[grouping.of[r]] += table.arm_cost[best];
      point.strong_calls[grouping.of[r]] += best == by_cost.back() ? 1 : 0;
    }
    curve.points.push_back(std::move(point));
  }
  return curve;
}

TwoArmMetrics MeasureCurve(const RoutingCurve& curve, const CurveOptions& options) {
  return MeasureCurves({&curve, 1}, options);
}

TwoArmMetrics MeasureCurves(std::span<const RoutingCurve> curves, const CurveOptions& options) {
  assert(!curves.empty());
  const Draws draws(curves);
  const double weak_cost = curves[0].weak_cost, strong_cost = curves[0].strong_cost;
  const auto statistics = [&](std::span<const double> weight) {
    std::vector<double> sums(kStatistics, 0);
    const auto add = [&](const Line& line) {
      const auto own = StatisticsOf(line, weak_cost, strong_cost, options.drop);
      for (size_t s = 0; s < own.size(); ++s) sums[s] += own[s];
      return 0.0;
    };
    draws.Mean(0, curves.size(), weight, add);
    for (double& sum : sums) sum /= static_cast<double>(curves.size());
    return sums;
  };
  const std::vector<Estimate> estimates = Resampled(draws.groups(), statistics, options);
  TwoArmMetrics out{.weak_score = estimates[5].value,
                    .strong_score = estimates[6].value,
                    .apgr = estimates[0],
                    .cpt50 = estimates[1],
                    .cpt80 = estimates[2],
                    .pgr = {},
                    .calls_saved = estimates[3],
                    .cost_saving = estimates[4]};
  const std::vector<double> once(draws.groups(), 1);
  for (int tenth = 0; tenth <= 10; ++tenth) {
    out.pgr.push_back(draws.Mean(0, curves.size(), once, [&](const Line& l) { return Pgr(l, ScoreAt(l, tenth / 10.0)); }));
  }
  return out;
}

Estimate QualityCostArea(std::span<const RoutingCurve> curves, const CurveOptions& options) {
  assert(!curves.empty());
  const Draws draws(curves);
  const auto area_of = [&](const Line& line) { return Area(line, curves[0].weak_cost, curves[0].strong_cost); };
  const auto area = [&](std::span<const double> w) { return std::vector{draws.Mean(0, curves.size(), w, area_of)}; };
  return Resampled(draws.groups(), area, options)[0];
}

Estimate AreaRatio(std::span<const RoutingCurve> a, std::span<const RoutingCurve> b, const CurveOptions& options) {
  assert(!a.empty() && !b.empty() && a[0].weak_cost == b[0].weak_cost && a[0].strong_cost == b[0].strong_cost);
  const Draws draws(a, b);
  const auto area_of = [&](const Line& line) { return Area(line, a[0].weak_cost, a[0].strong_cost); };
  const auto ratio = [&](std::span<const double> w) {
    return std::vector{draws.Mean(0, a.size(), w, area_of) / draws.Mean(a.size(), b.size(), w, area_of)};
  };
  return Resampled(draws.groups(), ratio, options)[0];
}

Estimate ApgrDifference(std::span<const RoutingCurve> a, std::span<const RoutingCurve> b, const CurveOptions& options) {
  assert(!a.empty() && !b.empty());
  const Draws draws(a, b);
  const auto difference = [&](std::span<const double> w) {
    return std::vector{draws.Mean(0, a.size(), w, Apgr) - draws.Mean(a.size(), b.size(), w, Apgr)};
  };
  return Resampled(draws.groups(), difference, options)[0];
}

}  // namespace tradewind
