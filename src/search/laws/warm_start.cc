// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/laws/warm_start.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "stats/distributions.h"

namespace tradewind {
namespace {

// P(another setting, whose true value is below z, is predicted above m).
double PredictedAbove(double m, double z, double correlation, double rest) {
  const int steps = std::clamp(static_cast<int>(std::ceil(8 / rest)), 24, 400);  // what is integrated turns within `rest`
  const double width = 4.0 / steps;
  double beyond = 0;  // predicted above m and truly above z: not among the others
  for (int i = 0; i < steps; ++i) {
    const double theta = z + (i + 0.5) * width;
    beyond += NormalDensity(theta) * NormalCdf((correlation * theta - m) / rest) * width;
  }
  return std::clamp((NormalCdf(-m) - beyond) / NormalCdf(z), 0.0, 1.0);
}

// P(the best of `settings` is among the `tried` that are predicted best).
double HitProbability(int64_t settings, int64_t tried, double correlation) {
  if (tried <= 0) return 0;
  if (tried >= settings) return 1;
  if (correlation >= 1 - 1e-9) return 1;
  if (correlation <= -1 + 1e-9) return 0;
  constexpr int kBest = 32, kNoise = 64;
  constexpr double kReach = 5;
  const double rest = std::sqrt(1 - correlation * correlation);
  const auto n = static_cast<double>(settings);
  double hit = 0, mass = 0;
  for (int i = 0; i < kBest; ++i) {
    // The (i + 1/2)th of 32 quantiles of the largest of n normals; its complement keeps digits for large n.
    const double z = -NormalQuantile(-std::expm1(std::log((i + 0.5) / kBest) / n));
    for (int k = 0; k < kNoise; ++k) {
      const double noise = -kReach + (k + 0.5) * 2 * kReach / kNoise;
      const double above = PredictedAbove(correlation * z + rest * noise, z, correlation, rest);
      hit += NormalDensity(noise) * BinomialCdf(tried - 1, settings - 1, above);
      mass += NormalDensity(noise);
    }
  }
  return hit / mass;
}

}  // namespace

double SearchRisk(std::span<const double> priorities, double trials) {
  if (priorities.empty() || trials >= static_cast<double>(priorities.size())) return 0;
  double low = 0, high = *std::max_element(priorities.begin(), priorities.end());
  for (int i = 0; i < 100; ++i) {
    const double r = (low + high) / 2;
    double needed = 0;
    for (const double priority : priorities) needed += priority > r ? 1 - r / priority : 0;
    (needed > trials ? low : high) = r;
  }
  return high;
}

Result<WarmStart> WarmStartPays(const WarmStartQuestion& question) {
  if (question.settings < 2 || question.settings > 1'000'000'000 || question.trials < 1 || question.trials > question.settings ||
      question.price < 0 || !(std::abs(question.correlation) <= 1)) {
    return Fail(
        StatusCode::kInvalidInput,
        "a warm start is judged for 2 to 1000000000 settings, 1 to as many trials, a price of 0 or more and a correlation in [-1, 1]");
  }
  WarmStart answer;
  // Equal priorities of 1, in closed form.
  answer.miss_cold = 1 - static_cast<double>(question.trials) / static_cast<double>(question.settings);
  const int64_t tried = question.trials - question.price;
  answer.miss_warm = 1 - HitProbability(question.settings, tried, question.correlation);
  if (tried <= 0) {
    answer.threshold = std::numeric_limits<double>::infinity();
    return answer;
  }
  double low = 0, high = 1;
  for (int i = 0; question.price > 0 && i < 16; ++i) {
    const double middle = (low + high) / 2;
    (1 - HitProbability(question.settings, tried, middle) < answer.miss_cold ? high : low) = middle;
  }
  // A free predictor wins with any positive correlation.
  answer.threshold = question.price > 0 ? high : 0;
  answer.pays = question.correlation > answer.threshold;
  return answer;
}

}  // namespace tradewind
