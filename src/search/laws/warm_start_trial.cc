// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/laws/warm_start_trial.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>
#include <vector>

#include "base/random.h"
#include "search/laws/leaderboard.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

Result<void> CheckOptions(const WarmStartTrialOptions& options) {
  if (options.searches >= 100 && options.searches <= 1'000'000 && options.confidence > 0 && options.confidence < 1) return {};
  return Fail(StatusCode::kInvalidInput, "a warm start is tried with 100 to 1000000 searches and a confidence in (0, 1)");
}

// The least correlation at which so many searches hit.
double Crossing(std::span<const double> sorted_needs, double hits) {
  const auto at = static_cast<size_t>(std::clamp(std::ceil(hits) - 1, 0.0, static_cast<double>(sorted_needs.size() - 1)));
  return sorted_needs[at];
}

}  // namespace

Result<WarmStartTrial> TryWarmStart(std::span<const double> truth, std::span<const double> predicted, const WarmStartQuestion& question,
                                    const WarmStartTrialOptions& options) {
  TW_RETURN_IF_ERROR(CheckOptions(options));
  const auto finite = [](double x) { return std::isfinite(x); };
  if (truth.size() != predicted.size() || !std::all_of(truth.begin(), truth.end(), finite) ||
      !std::all_of(predicted.begin(), predicted.end(), finite)) {
    return Fail(StatusCode::kInvalidInput, "a warm start is tried on a true and a predicted value of each row, all finite");
  }
  if (question.settings > static_cast<int64_t>(truth.size())) {
    return Fail(StatusCode::kInvalidInput, "searches of " + std::to_string(question.settings) + " settings need a table of as many rows");
  }
  const std::vector<double> columns[] = {{truth.begin(), truth.end()}, {predicted.begin(), predicted.end()}};
  TW_ASSIGN(const std::vector<double> matrix, RankCorrelations(columns));
  if (!std::isfinite(matrix[1])) return Fail(StatusCode::kInvalidInput, "true or predicted values are all equal: nothing to search by");
  WarmStartTrial trial;
  trial.spearman = matrix[1];
  WarmStartQuestion asked = question;
  asked.correlation = std::clamp(2 * std::sin(std::numbers::pi * trial.spearman / 6), -1.0, 1.0);
  TW_ASSIGN(trial.law, WarmStartPays(asked));
  trial.hit_cold = 1 - trial.law.miss_cold;
  Random random(options.seed);
  std::vector<size_t> rows(truth.size());
  std::iota(rows.begin(), rows.end(), size_t{0});
  int64_t hits = 0;
  const auto settings = static_cast<size_t>(question.settings);
  for (int search = 0; search < options.searches; ++search) {
    size_t best = 0;
    for (size_t k = 0; k < settings; ++k) {
      std::swap(rows[k], rows[k + random.Below(rows.size() - k)]);
      if (truth[rows[k]] > truth[rows[best]]) best = k;
    }
    int64_t ahead = 0;
    for (size_t k = 0; k < settings; ++k) {
      const double own = predicted[rows[k]], wanted = predicted[rows[best]];
      ahead += own > wanted || (own == wanted && k < best) ? 1 : 0;
    }
    hits += ahead < question.trials - question.price ? 1 : 0;
  }
  trial.hit = static_cast<double>(hits) / options.searches;
  trial.hit_interval = WilsonInterval(hits, options.searches, options.confidence);
  trial.right = trial.law.pays ? trial.hit_interval.high >= trial.hit_cold : trial.hit_interval.low <= trial.hit_cold;
  return trial;
}

// Each search hits from some correlation on: with the draws kept, the best row's rank in the predictions only improves on the way to 1, up
// to rare exceptions, so the least correlation that it needs is found by halving. The share of searches whose need is below c is the hit
// rate at c.
Result<ThresholdTrial> MeasureThreshold(const WarmStartQuestion& question, const WarmStartTrialOptions& options) {
  TW_RETURN_IF_ERROR(CheckOptions(options));
  TW_ASSIGN(const WarmStart law, WarmStartPays(question));
  if (question.price < 1 || question.price >= question.trials || question.settings > 100'000) {
    return Fail(StatusCode::kInvalidInput, "a threshold is measured for prices from 1 to trials - 1 and at most 100000 settings");
  }
  Random random(options.seed);
  const auto settings = static_cast<size_t>(question.settings);
  std::vector<double> truth(settings), noise(settings), needs;
  for (int search = 0; search < options.searches; ++search) {
    for (size_t k = 0; k < settings; ++k) {
      truth[k] = random.Normal();
      noise[k] = random.Normal();
    }
    const auto best = static_cast<size_t>(std::max_element(truth.begin(), truth.end()) - truth.begin());
    double low = 0, high = 1;
    for (int halving = 0; halving < 12; ++halving) {
      const double c = halving == 0 ? 0 : (low + high) / 2, rest = std::sqrt(1 - c * c);
      const double wanted = c * truth[best] + rest * noise[best];
      int64_t ahead = 0;
      for (size_t k = 0; k < settings; ++k) ahead += c * truth[k] + rest * noise[k] > wanted ? 1 : 0;
      const bool hit = ahead < question.trials - question.price;
      if (halving == 0 && hit) high = 0;
      if (halving > 0) (hit ? high : low) = c;
    }
    needs.push_back(high);
  }
  std::sort(needs.begin(), needs.end());
  const double cold = static_cast<double>(question.trials) / static_cast<double>(question.settings) * options.searches;
  const Interval share = WilsonInterval(static_cast<int64_t>(std::llround(cold)), options.searches, options.confidence);
  ThresholdTrial trial;
  trial.law = law.threshold;
  trial.measured = Crossing(needs, cold);
  trial.interval = {Crossing(needs, share.low * options.searches), Crossing(needs, share.high * options.searches), options.confidence};
  return trial;
}

}  // namespace tradewind
