// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// AdditiveModel: a quantity as a sum of what each knob's value adds, whatever the others are: the operator table of latency of FBNet
// (arXiv:1812.03443) and OFA, fitted by least squares to trials of whole settings instead of measured operator by operator.
// A range is cut into eight parts. A plain value.
//
//   TW_ASSIGN(AdditiveModel table, AdditiveModel::Fit(space, genomes, latencies));
//   double ms = table.Predict(genome);
#pragma once

#include <span>
#include <vector>

#include "base/status.h"
#include "search/space.h"

namespace tradewind {

class AdditiveModel {
 public:
  // Ridge regression with a very small penalty: of values that were never tried, the effect is that of the mean of the others.
  // kInvalidInput with fewer than two trials or values that are not finite.
  static Result<AdditiveModel> Fit(const Space& space, std::span<const Genome> genomes, std::span<const double> y);

  double Predict(const Genome& genome) const;
  double base() const { return base_; }
  // What level `level` of a dimension adds: listed values in their order, or the parts of a range. 0 where the dimension is not active.
  double Effect(size_t dimension, size_t level) const { return effects_[dimension][level]; }
  size_t Levels(size_t dimension) const { return effects_[dimension].size(); }

 private:
  explicit AdditiveModel(const Space& space);

  std::vector<SearchDimension> dimensions_;
  double base_ = 0;
  std::vector<std::vector<double>> effects_;
};

// The level of a value in its dimension, and how many there are.
size_t LevelOf(const SearchDimension& dimension, double value);
size_t LevelCount(const SearchDimension& dimension);

}  // namespace tradewind
