// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/laws/saturation.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <string>

#include "base/random.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

constexpr int64_t kFarthest = 1'000'000'000;
constexpr int kMostBudget = 1024;

// The share of solvable questions that n tries all miss.
double Miss(double rate, double spread, int64_t n) {
  const auto tries = static_cast<double>(n);
  if (n == 0) return 1;
  if (rate >= 1) return 0;
  if (rate <= 0) return 1;
  if (spread <= 0) return std::exp(tries * std::log1p(-rate));
  const double a = rate / spread, b = (1 - rate) / spread;
  return std::exp(std::lgamma(b + tries) - std::lgamma(b) + std::lgamma(a + b) - std::lgamma(a + b + tries));
}

// The mean p of the solvable questions that n tries have missed.
double RateAfter(double rate, double spread, int64_t n) {
  return rate / (1 + spread * static_cast<double>(n));
}

struct Candidate {
  SaturationCurve curve;
  double squares = std::numeric_limits<double>::infinity();
};

// The best ceiling for this shape has a closed form.
Candidate WithBestCeiling(std::span<const double> accuracies, double rate, double spread) {
  double cross = 0, own = 0, all = 0, miss = 1;
  for (size_t i = 0; i < accuracies.size(); ++i) {
    miss *= 1 - RateAfter(rate, spread, static_cast<int64_t>(i));
    cross += accuracies[i] * (1 - miss);
    own += (1 - miss) * (1 - miss);
    all += accuracies[i] * accuracies[i];
  }
  const double ceiling = own > 0 ? std::clamp(cross / own, 0.0, 1.0) : 0;
  return {{ceiling, rate, spread}, all - 2 * ceiling * cross + ceiling * ceiling * own};
}

// The least of f over [low, high]: a grid finds the valley, golden sections its bottom.
template <typename F>
Candidate Minimize(double low, double high, int grid, const F& f) {
  const double step = (high - low) / grid;
  int best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i <= grid; ++i) {
    const double squares = f(low + i * step).squares;
    if (squares < least) {
      least = squares;
      best = i;
    }
  }
  constexpr double kGolden = 0.6180339887498949;
  double a = std::max(low, low + (best - 1) * step), b = std::min(high, low + (best + 1) * step);
  for (int i = 0; i < 30; ++i) {
    const double left = b - kGolden * (b - a), right = a + kGolden * (b - a);
    if (f(left).squares <= f(right).squares) {
      b = right;
    } else {
      a = left;
    }
  }
  const Candidate inner = f((a + b) / 2), on_grid = f(low + best * step);
  return inner.squares <= on_grid.squares ? inner : on_grid;
}

Candidate BestRate(std::span<const double> accuracies, double spread) {
  return Minimize(std::log(1e-5), 0, 40, [&](double log_rate) { return WithBestCeiling(accuracies, std::exp(log_rate), spread); });
}

// A question's own curve, for each outcome that is possible.
std::vector<std::vector<double>> CurveOfEachOutcome(Paradigm paradigm, int budget) {
  std::vector<std::vector<double>> curves(static_cast<size_t>(budget) + 1);
  for (int outcome = 0; outcome <= budget; ++outcome) {
    double miss = 1;  // that none of n samples drawn without replacement is correct
    for (int n = 1; n <= budget; ++n) {
      miss *= std::max(0.0, 1 - static_cast<double>(outcome) / (budget - n + 1));
      const bool solved = outcome != 0 && outcome <= n;
      curves[static_cast<size_t>(outcome)].push_back(paradigm == Paradigm::kParallel ? 1 - miss : static_cast<double>(solved));
    }
  }
  return curves;
}

std::vector<double> Weighted(const std::vector<std::vector<double>>& curves, std::span<const int64_t> counts, size_t questions) {
  std::vector<double> mean(curves[0].size(), 0);
  for (size_t outcome = 0; outcome < curves.size(); ++outcome) {
    if (counts[outcome] == 0) continue;
    const double weight = static_cast<double>(counts[outcome]) / static_cast<double>(questions);
    for (size_t n = 0; n < mean.size(); ++n) mean[n] += weight * curves[outcome][n];
  }
  // Rounding must not put it above 1.
  for (double& x : mean) x = std::min(x, 1.0);
  return mean;
}

Result<void> CheckOutcomes(const Outcomes& outcomes) {
  const auto bad = [](const std::string& message) { return Fail(StatusCode::kInvalidInput, message); };
  if (outcomes.budget < 2 || outcomes.budget > kMostBudget) return bad("a saturation curve takes budgets of 2 to 1024 samples or rounds");
  if (outcomes.questions.empty()) return bad("a saturation curve needs outcomes of at least one question");
  for (size_t i = 0; i < outcomes.questions.size(); ++i) {
    if (outcomes.questions[i] >= 0 && outcomes.questions[i] <= outcomes.budget) continue;
    return bad("the outcome of question " + std::to_string(i) + " is outside 0 to " + std::to_string(outcomes.budget));
  }
  return {};
}

}  // namespace

double SaturationCurve::At(int64_t n) const {
  return ceiling * (1 - Miss(rate, spread, n));
}

double SaturationCurve::Gain(int64_t n) const {
  return ceiling * Miss(rate, spread, n) * RateAfter(rate, spread, n);
}

int64_t SaturationCurve::SaturationPoint(double epsilon) const {
  assert(epsilon > 0);
  if (Gain(0) <= epsilon) return 0;
  int64_t low = 0, high = 1;
  while (Gain(high) > epsilon) {
    low = high;
    if (high >= kFarthest) return kFarthest;
    high = std::min(2 * high, kFarthest);
  }
  while (high - low > 1) {
    const int64_t middle = low + (high - low) / 2;
    (Gain(middle) > epsilon ? low : high) = middle;
  }
  return high;
}

int64_t SaturationCurve::StopWithin(int64_t budget, double loss) const {
  assert(budget >= 1 && loss >= 0);
  const double least = At(budget) - loss;
  int64_t low = 0, high = budget;  // At never falls
  while (high - low > 1) {
    const int64_t middle = low + (high - low) / 2;
    (At(middle) < least ? low : high) = middle;
  }
  return high;
}

Result<std::vector<double>> AccuracyCurve(const Outcomes& outcomes) {
  TW_RETURN_IF_ERROR(CheckOutcomes(outcomes));
  std::vector<int64_t> counts(static_cast<size_t>(outcomes.budget) + 1, 0);
  for (const int outcome : outcomes.questions) ++counts[static_cast<size_t>(outcome)];
  return Weighted(CurveOfEachOutcome(outcomes.paradigm, outcomes.budget), counts, outcomes.questions.size());
}

Result<SaturationCurve> FitCurve(std::span<const double> accuracies, Difficulty difficulty) {
  if (accuracies.size() < (difficulty == Difficulty::kSame ? 2U : 3U)) {
    return Fail(StatusCode::kInvalidInput, "a saturation curve needs accuracies after at least 2 samples, 3 where questions may differ");
  }
  for (size_t i = 0; i < accuracies.size(); ++i) {
    if (accuracies[i] >= 0 && accuracies[i] <= 1) continue;
    return Fail(StatusCode::kInvalidInput, "the accuracy after " + std::to_string(i + 1) + " samples is outside [0, 1]");
  }
  const Candidate same = BestRate(accuracies, 0);
  if (difficulty == Difficulty::kSame) return same.curve;
  const Candidate spread =
      Minimize(std::log(1e-3), std::log(50.0), 16, [&](double log_spread) { return BestRate(accuracies, std::exp(log_spread)); });
  return spread.squares < same.squares ? spread.curve : same.curve;
}

Result<SaturationFit> FitSaturation(const Outcomes& outcomes, const SaturationOptions& options) {
  if (!(options.epsilon > 0) || !(options.confidence > 0 && options.confidence < 1) || options.resamples < 10 ||
      options.resamples > 10'000) {
    return Fail(StatusCode::kInvalidInput, "a saturation fit needs epsilon > 0, a confidence in (0, 1) and 10 to 10000 resamples");
  }
  TW_ASSIGN(const std::vector<double> accuracies, AccuracyCurve(outcomes));
  SaturationFit fit;
  TW_ASSIGN(fit.curve, FitCurve(accuracies, options.difficulty));
  fit.saturation_point = fit.curve.SaturationPoint(options.epsilon);
  const auto curves = CurveOfEachOutcome(outcomes.paradigm, outcomes.budget);
  Random random(options.seed);
  std::vector<double> ceilings, rates, points;
  for (int i = 0; i < options.resamples; ++i) {
    std::vector<int64_t> counts(curves.size(), 0);
    for (size_t q = 0; q < outcomes.questions.size(); ++q) {
      ++counts[static_cast<size_t>(outcomes.questions[random.Below(outcomes.questions.size())])];
    }
    TW_ASSIGN(const SaturationCurve curve, FitCurve(Weighted(curves, counts, outcomes.questions.size()), options.difficulty));
    ceilings.push_back(curve.ceiling);
    rates.push_back(curve.rate);
    points.push_back(static_cast<double>(curve.SaturationPoint(options.epsilon)));
  }
  fit.ceiling = PercentileInterval(ceilings, options.confidence);
  fit.rate = PercentileInterval(rates, options.confidence);
  fit.point = PercentileInterval(points, options.confidence);
  return fit;
}

StopSaving SavingOfStopping(std::span<const double> accuracies, int64_t stop) {
  assert(!accuracies.empty() && stop >= 1);
  const auto last = static_cast<int64_t>(accuracies.size());
  const int64_t at = std::min(stop, last);
  return {1 - static_cast<double>(at) / static_cast<double>(last), accuracies.back() - accuracies[static_cast<size_t>(at) - 1]};
}

}  // namespace tradewind
