// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/additive_model.h"

#include <algorithm>

#include "learn/linear.h"

namespace tradewind {
namespace {

constexpr size_t kParts = 8;
constexpr double kPenalty = 1e-3;

}  // namespace

size_t LevelCount(const SearchDimension& dimension) {
  return dimension.range ? kParts : dimension.values.size();
}

size_t LevelOf(const SearchDimension& dimension, double value) {
  if (!dimension.range) return static_cast<size_t>(value);
  const double share = RangeAxis(dimension).ShareOf(value);
  return std::min(kParts - 1, static_cast<size_t>(std::max(0.0, share) * static_cast<double>(kParts)));
}

AdditiveModel::AdditiveModel(const Space& space) : dimensions_(space.spec().dimensions) {
  for (const SearchDimension& d : dimensions_) effects_.emplace_back(LevelCount(d), 0.0);
}

Result<AdditiveModel> AdditiveModel::Fit(const Space& space, std::span<const Genome> genomes, std::span<const double> y) {
  if (genomes.size() < 2) return Fail(StatusCode::kInvalidInput, "an additive model needs two trials");
  AdditiveModel model(space);
  std::vector<size_t> first;
  size_t columns = 0;
  for (const auto& effects : model.effects_) {
    first.push_back(columns);
    columns += effects.size();
  }
  std::vector<double> rows(genomes.size() * columns, 0);
  for (size_t i = 0; i < genomes.size(); ++i) {
    for (size_t d = 0; d < first.size(); ++d) {
      const double value = genomes[i][d];
      if (value != kInactive) rows[i * columns + first[d] + LevelOf(model.dimensions_[d], value)] = 1;
    }
  }
  TW_ASSIGN(const LinearModel fit, FitRidge(rows, columns, y, {.l2 = kPenalty, .example_weights = {}}));
  model.base_ = fit.intercept;
  for (size_t d = 0; d < first.size(); ++d) {
    for (size_t level = 0; level < model.effects_[d].size(); ++level) model.effects_[d][level] = fit.weights[first[d] + level];
  }
  return model;
}

double AdditiveModel::Predict(const Genome& genome) const {
  double sum = base_;
  for (size_t d = 0; d < genome.size(); ++d) {
    if (genome[d] != kInactive) sum += effects_[d][LevelOf(dimensions_[d], genome[d])];
  }
  return sum;
}

}  // namespace tradewind
