// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "stats/calibration.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <string>

#include "stats/summary.h"

namespace tradewind {
namespace {

Result<void> CheckSizes(size_t predicted, size_t observed) {
  if (predicted == observed && observed > 0) return {};
  return Fail(StatusCode::kInvalidInput, std::to_string(predicted) + " predictions and " + std::to_string(observed) +
                                             " observations; a check wants one of each, and at least one");
}

Result<void> CheckPrediction(const Interval& predicted, double observed, double claimed, size_t i) {
  const auto fail = [&](const std::string& complaint) {
    return Fail(StatusCode::kInvalidInput, "prediction " + std::to_string(i) + " of a coverage check " + complaint);
  };
  if (!(predicted.low <= predicted.high)) return fail("has no order in its ends; leave it out, or mend the predictor");
  if (predicted.confidence != claimed) return fail("states another confidence than the first; check each confidence by itself");
  if (!std::isfinite(observed) || observed == 0) return fail("meets an observation that is zero or not finite; leave it out");
  return {};
}

}  // namespace

Result<CoverageCheck> CheckCoverage(std::span<const Interval> predicted, std::span<const double> observed, double confidence) {
  assert(confidence > 0 && confidence < 1);
  TW_RETURN_IF_ERROR(CheckSizes(predicted.size(), observed.size()));
  CoverageCheck check;
  check.claimed = predicted[0].confidence;
  check.total = static_cast<int64_t>(observed.size());
  for (size_t i = 0; i < observed.size(); ++i) {
    TW_RETURN_IF_ERROR(CheckPrediction(predicted[i], observed[i], check.claimed, i));
    check.inside += predicted[i].Contains(observed[i]) ? 1 : 0;
    check.mean_relative_half_width += predicted[i].half_width() / std::abs(observed[i]) / static_cast<double>(check.total);
  }
  check.share = static_cast<double>(check.inside) / static_cast<double>(check.total);
  check.share_interval = WilsonInterval(check.inside, check.total, confidence);
  return check;
}

Result<Calibration> CheckCalibration(const std::function<Interval(size_t, double)>& predict, std::span<const double> observed,
                                     std::span<const double> levels, double confidence) {
  assert(confidence > 0 && confidence < 1);
  if (levels.empty() || levels.size() > 100) {
    return Fail(StatusCode::kInvalidInput, std::to_string(levels.size()) + " confidence levels to check; give 1 to 100");
  }
  Calibration calibration;
  calibration.calibrated = true;
  const double of_each = 1 - (1 - confidence) / static_cast<double>(levels.size());
  for (const double level : levels) {
    if (!(level > 0 && level < 1)) {
      return Fail(StatusCode::kInvalidInput, "a confidence level of " + std::to_string(level) + "; levels lie between 0 and 1");
    }
    std::vector<Interval> predicted;
    for (size_t i = 0; i < observed.size(); ++i) predicted.push_back(predict(i, level));
    for (Interval& interval : predicted) interval.confidence = level;
    TW_ASSIGN(CoverageCheck check, CheckCoverage(predicted, observed, of_each));
    calibration.worst_gap = std::max(calibration.worst_gap, std::abs(check.share - level));
    calibration.calibrated = calibration.calibrated && !check.TooNarrow() && !check.TooWide();
    calibration.levels.push_back(check);
  }
  return calibration;
}

Interval ConformalBand::Around(double predicted) const {
  const double half = scale == ResidualScale::kRelative ? reach * std::abs(predicted) : reach;
  return {predicted - half, predicted + half, confidence};
}

Result<ConformalBand> FitConformal(std::span<const double> predicted, std::span<const double> observed, ResidualScale scale,
                                   double confidence) {
  assert(confidence > 0 && confidence < 1);
  TW_RETURN_IF_ERROR(CheckSizes(predicted.size(), observed.size()));
  std::vector<double> residuals;
  for (size_t i = 0; i < observed.size(); ++i) {
    const double residual = std::abs(observed[i] - predicted[i]);
    residuals.push_back(scale == ResidualScale::kRelative ? residual / std::abs(predicted[i]) : residual);
    if (std::isfinite(residuals.back())) continue;
    return Fail(StatusCode::kInvalidInput, "residual " + std::to_string(i) +
                                               " of a conformal fit is not finite (a prediction of 0, an infinity or a NaN); leave it out");
  }
  ConformalBand band{std::numeric_limits<double>::infinity(), scale, confidence};
  // (n + 1) * confidence in binary may lie a hair above a whole number that it is in decimals: 20 * 0.95.
  const double rank = std::ceil((static_cast<double>(residuals.size()) + 1) * confidence - 1e-9);
  const auto k = static_cast<size_t>(std::max(rank, 1.0));
  if (k > residuals.size()) return band;
  std::nth_element(residuals.begin(), residuals.begin() + static_cast<std::ptrdiff_t>(k) - 1, residuals.end());
  band.reach = residuals[k - 1];
  return band;
}

}  // namespace tradewind
