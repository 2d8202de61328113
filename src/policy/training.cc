// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/training.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "base/random.h"

namespace tradewind {
namespace {

using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Index Signed(size_t n) {
  return static_cast<Eigen::Index>(n);
}

}  // namespace

void Adam::Step(std::span<float> values, std::span<const float> gradient) {
  assert(values.size() == first_.size() && gradient.size() == first_.size());
  constexpr float kFirst = 0.9f, kSecond = 0.999f, kEpsilon = 1e-8f;
  ++steps_;
  const auto n = static_cast<double>(steps_);
  const auto rate = static_cast<float>(rate_ / (1 - std::pow(0.9, n)));
  const auto scale = static_cast<float>(1 / std::sqrt(1 - std::pow(0.999, n)));
  const auto keep = static_cast<float>(1 - rate_ * decay_);
  for (size_t i = 0; i < values.size(); ++i) {
    first_[i] = kFirst * first_[i] + (1 - kFirst) * gradient[i];
    second_[i] = kSecond * second_[i] + (1 - kSecond) * gradient[i] * gradient[i];
    values[i] = keep * values[i] - rate * first_[i] / (std::sqrt(second_[i]) * scale + kEpsilon);
  }
}

void ForEachBatch(size_t rows, const BatchOptions& options, const std::function<void(std::span<const uint32_t>)>& f) {
  std::vector<uint32_t> order(rows);
  std::iota(order.begin(), order.end(), 0u);
  Random random(options.seed);
  for (int epoch = 0; epoch < options.epochs; ++epoch) {
    for (size_t i = rows; i > 1; --i) std::swap(order[i - 1], order[random.Below(i)]);
    for (size_t at = 0; at < rows; at += options.batch) f(std::span(order).subspan(at, std::min(options.batch, rows - at)));
  }
}

CosineIndex::CosineIndex(const FeatureMatrix& features) : rows_(features.rows()), columns_(features.columns), values_(features.values) {
  for (size_t i = 0; i < rows_; ++i) {
    Eigen::Map<Eigen::VectorXf> row(values_.data() + i * columns_, Signed(columns_));
    const float norm = row.norm();
    if (norm > 0) row /= norm;
  }
}

void CosineIndex::Similarities(std::span<const float> query, std::vector<float>& out) const {
  assert(query.size() == columns_);
  out.resize(rows_);
  const Eigen::Map<const Eigen::VectorXf> q(query.data(), Signed(columns_));
  const float norm = q.norm();
  const Eigen::Map<const Rows> rows(values_.data(), Signed(rows_), Signed(columns_));
  Eigen::Map<Eigen::VectorXf> result(out.data(), Signed(rows_));
  result.noalias() = rows * (norm > 0 ? (q / norm).eval() : q.eval());
}

}  // namespace tradewind
