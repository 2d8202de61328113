// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/latency_predictor.h"

#include <algorithm>
#include <set>

namespace tradewind {

std::vector<double> LatencyPredictor::Row(double tokens) const {
  std::vector<double> row(static_cast<size_t>(degree_) + 1, 1.0);
  for (size_t i = 1; i < row.size(); ++i) row[i] = row[i - 1] * tokens / largest_;
  return row;
}

Result<void> LatencyPredictor::Fit(std::span<const Observation> observations) {
  std::set<double> lengths;
  std::vector<double> values;
  for (const Observation& o : observations) {
    if (o.features.size() != 1)
      return Fail(StatusCode::kInvalidInput, "a latency was stored without its number of tokens; measure the setting again");
    lengths.insert(o.features[0]);
    values.push_back(o.value);
  }
  if (observations.size() < 2 || lengths.empty()) {
    return Fail(StatusCode::kInvalidInput, "a latency predictor needs two observations; measure the setting again");
  }
  largest_ = std::max(1.0, *lengths.rbegin());
  // A coefficient needs a length of its own and a length to spare.
  const int carried = std::clamp(static_cast<int>(lengths.size()) - 1, 0, max_degree_);
  for (degree_ = carried; degree_ >= 0; --degree_) {
    std::vector<double> rows;
    for (const Observation& o : observations) {
      const std::vector<double> row = Row(o.features[0]);
      rows.insert(rows.end(), row.begin(), row.end());
    }
    auto fit = FitRelative(rows, static_cast<size_t>(degree_) + 1, values);
    if (!fit) continue;
    fit_ = std::move(*fit);
    return {};
  }
  return Fail(StatusCode::kInvalidInput, "the observed latencies fit no line; measure the setting again");
}

Prediction LatencyPredictor::Predict(std::span<const double> features, double confidence) const {
  const LinePrediction p = fit_.Predict(Row(features[0]), confidence);
  return {std::max(0.0, p.value), {std::max(0.0, p.observation.low), std::max(0.0, p.observation.high), confidence}};
}

Prediction LatencyPredictor::PredictMean(double tokens, double confidence) const {
  const LinePrediction p = fit_.Predict(Row(tokens), confidence);
  return {std::max(0.0, p.value), {std::max(0.0, p.mean.low), std::max(0.0, p.mean.high), confidence}};
}

}  // namespace tradewind
