// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Random-forest regression (Breiman, Machine Learning 45, 2001): trees of the CART kind, each grown on a bootstrap sample with a random
// share of the columns at every split. A forest is a plain value: copy it, read it from any thread. The same seed gives the same forest.
//
//   TW_ASSIGN(Forest forest, FitForest(rows, columns, latency_ms, {.trees = 100, .seed = 7}));
//   ForestPrediction p = forest.Predict(x);                        // p.mean, p.variance
//   std::vector<double> q = forest.Quantiles(x, std::vector{0.05, 0.95});
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/status.h"

namespace tradewind {

struct ForestOptions {
  int trees = 100;               // 1 to 10,000
  int min_leaf = 1;              // drawn rows (repeated ones count) in a leaf; larger smooths and gives leaves a variance of their own
  int max_depth = 64;            // splits from root to leaf, at most 64
  double column_share = 1. / 3;  // of the columns that each split looks at, (0, 1]; at least one
  bool bootstrap = true;         // false: every tree sees each row once, and only the columns differ
  uint64_t seed = 1;
};

struct ForestPrediction {
  double mean = 0;
  // Of one new observation: the variance of the trees' means plus the mean of the variances in their leaves (the law of total variance;
  // Hutter et al., arXiv:1211.0906, section 4.3.2).
  double variance = 0;
};

struct ForestNode {
  int32_t column = -1;  // -1: a leaf
  int32_t left = 0;     // x[column] <= threshold goes left; the right child is left + 1. Of a leaf: its number in the tree
  double threshold = 0;
  double mean = 0;  // of the drawn rows that reach it, and their variance (divided by their number)
  double variance = 0;
};

struct ForestTree {
  std::vector<ForestNode> nodes;  // the root first
  // All training rows, drawn or not, by the leaf that they fall into: those of leaf k are rows[starts[k]] to rows[starts[k + 1] - 1].
  std::vector<uint32_t> starts, rows;
  const ForestNode& Leaf(std::span<const double> x) const;
};

struct Forest {
  size_t columns = 0;
  std::vector<ForestTree> trees;
  std::vector<double> y;            // as trained on
  std::vector<uint32_t> ascending;  // the rows by rising y

  // `x` has `columns` values (asserted).
  ForestPrediction Predict(std::span<const double> x) const;
  // How much each training row counts at x: the weights sum to 1 (Meinshausen, Quantile Regression Forests, JMLR 7, 2006).
  std::vector<double> Weights(std::span<const double> x) const;
  // The quantiles `p` in [0, 1] (asserted) of the distribution of y given x by these weights: the least y whose share reaches p. Best with
  // min_leaf of 5 or more.
  std::vector<double> Quantiles(std::span<const double> x, std::span<const double> p) const;
};

// kInvalidInput for a bad table (learn/table.h) and options outside their ranges.
Result<Forest> FitForest(std::span<const double> rows, size_t columns, std::span<const double> y, const ForestOptions& options);

}  // namespace tradewind
