// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/pooling.h"

#include <algorithm>
#include <cmath>

namespace tradewind {

std::optional<Pooling> PoolingFromName(std::string_view name) {
  if (name == "none") return Pooling::kNone;
  if (name == "mean") return Pooling::kMean;
  if (name == "cls") return Pooling::kFirst;
  if (name == "last") return Pooling::kLast;
  return std::nullopt;
}

void Pooler::Add(std::span<const float> rows) {
  const auto width = static_cast<size_t>(width_);
  for (size_t at = 0; at < rows.size(); at += width, ++rows_) {
    const auto row = rows.subspan(at, width);
    if (pooling_ == Pooling::kMean) {
      sum_.resize(width);
      for (size_t i = 0; i < width; ++i) sum_[i] += static_cast<double>(row[i]);
    } else if (pooling_ == Pooling::kNone || rows_ == 0) {
      kept_.emplace_back(row.begin(), row.end());
    } else if (pooling_ == Pooling::kLast) {
      kept_[0].assign(row.begin(), row.end());
    }
  }
}

std::vector<std::vector<float>> Pooler::Finish() const {
  if (pooling_ != Pooling::kMean || rows_ == 0) return kept_;
  std::vector<float> mean;
  for (const double sum : sum_) mean.push_back(static_cast<float>(sum / static_cast<double>(rows_)));
  return {mean};
}

void Normalise(int64_t kind, std::vector<float>& vector) {
  constexpr double kLargest = 32760;
  if (kind < 0) return;
  double norm = 0;
  for (const float value : vector) {
    const double magnitude = std::fabs(static_cast<double>(value));
    if (kind == 0) {
      norm = std::max(norm, magnitude / kLargest);
    } else {
      norm += kind == 1 ? magnitude : kind == 2 ? magnitude * magnitude : std::pow(magnitude, static_cast<double>(kind));
    }
  }
  if (kind >= 2) norm = kind == 2 ? std::sqrt(norm) : std::pow(norm, 1 / static_cast<double>(kind));
  if (!(norm > 0)) return;
  for (float& value : vector) value = static_cast<float>(static_cast<double>(value) / norm);
}

}  // namespace tradewind
