// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/laws/block_friendliness.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <string>

#include "search/laws/leaderboard.h"
#include "stats/distributions.h"

namespace tradewind {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr size_t kMostPositions = 256, kMostChoices = 64, kMostNets = 1'000'000;

Result<void> CheckSamples(const BlockSamples& nets, std::span<const double> values) {
  const auto bad = [](const std::string& message) { return Fail(StatusCode::kInvalidInput, message); };
  if (nets.positions == 0 || nets.positions > kMostPositions || nets.choices < 2 || nets.choices > kMostChoices) {
    return bad("block effects take 1 to 256 positions of 2 to 64 choices");
  }
  if (values.size() > kMostNets) return bad("block effects take at most 1000000 networks");
  if (nets.blocks.size() != values.size() * nets.positions) return bad("networks and their values differ in number");
  for (size_t i = 0; i < nets.blocks.size(); ++i) {
    if (nets.blocks[i] < nets.choices) continue;
    return bad("network " + std::to_string(i / nets.positions) + " has block " + std::to_string(nets.blocks[i]) + " at position " +
               std::to_string(i % nets.positions) + ", beyond the last");
  }
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) return bad("the value of network " + std::to_string(i) + " is not finite");
  }
  return {};
}

// Column 0 is the constant; the first block seen at each position is the one that the others are compared with, and has none.
struct Design {
  std::vector<int64_t> counts;
  std::vector<Eigen::Index> column;  // of a position and choice; 0 for the one compared with, -1 for one never seen
  Eigen::Index columns = 1;
};

Design DesignOf(const BlockSamples& nets) {
  Design design;
  design.counts.assign(nets.positions * nets.choices, 0);
  design.column.assign(design.counts.size(), -1);
  for (size_t i = 0; i < nets.blocks.size(); ++i) ++design.counts[i % nets.positions * nets.choices + nets.blocks[i]];
  for (size_t j = 0; j < nets.positions; ++j) {
    bool compared = false;
    for (size_t k = j * nets.choices; k < (j + 1) * nets.choices; ++k) {
      if (design.counts[k] == 0) continue;
      design.column[k] = compared ? design.columns++ : 0;
      compared = true;
    }
  }
  return design;
}

struct Solution {
  Eigen::VectorXd coefficients;
  Eigen::MatrixXd covariance;
  double explained = 0;
  double degrees = 0;
};

Result<Solution> Solve(const BlockSamples& nets, const Design& design, std::span<const double> values) {
  const auto n = static_cast<Eigen::Index>(values.size());
  if (n <= design.columns) {
    return Fail(StatusCode::kInvalidInput, std::to_string(design.columns) + " block effects need more networks than " + std::to_string(n));
  }
  Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(design.columns, design.columns);
  Eigen::VectorXd cross = Eigen::VectorXd::Zero(design.columns);
  const Eigen::Map<const Eigen::VectorXd> y(values.data(), n);
  const double mean = y.mean();
  std::vector<Eigen::Index> active;
  const auto activate = [&](size_t i) {
    active.assign(1, 0);
    for (size_t j = 0; j < nets.positions; ++j) {
      const Eigen::Index column = design.column[j * nets.choices + nets.blocks[i * nets.positions + j]];
      if (column > 0) active.push_back(column);
    }
  };
  for (size_t i = 0; i < values.size(); ++i) {
    activate(i);
    for (const Eigen::Index a : active) {
      cross[a] += values[i] - mean;
      for (const Eigen::Index b : active) gram(a, b) += 1;
    }
  }
  const Eigen::LDLT<Eigen::MatrixXd> factors(gram);
  const Eigen::VectorXd pivots = factors.vectorD();
  if (factors.info() != Eigen::Success || pivots.minCoeff() < 1e-9 * pivots.maxCoeff()) {
    return Fail(StatusCode::kInvalidInput,
                "two blocks always occur together in these networks, so that their effects cannot be told apart");
  }
  Solution solution;
  solution.coefficients = factors.solve(cross);
  double left = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    activate(i);
    double residual = values[i] - mean;
    for (const Eigen::Index a : active) residual -= solution.coefficients[a];
    left += residual * residual;
  }
  solution.coefficients[0] += mean;
  solution.degrees = static_cast<double>(n - design.columns);
  const double all = (y.array() - mean).square().sum();
  solution.explained = all > 0 ? 1 - left / all : 1;
  solution.covariance = factors.solve(Eigen::MatrixXd::Identity(design.columns, design.columns)) * (left / solution.degrees);
  return solution;
}

// The effects at one position: each coefficient less the mean of the position, and the interval of that difference.
void Centre(const Design& design, const Solution& solution, size_t position, double confidence, BlockEffects& effects) {
  const size_t first = position * effects.choices;
  Eigen::VectorXd average = Eigen::VectorXd::Zero(design.columns);
  double seen = 0;
  for (size_t k = first; k < first + effects.choices; ++k) seen += design.column[k] >= 0 ? 1 : 0;
  for (size_t k = first; k < first + effects.choices; ++k) {
    if (design.column[k] > 0) average[design.column[k]] = 1 / seen;
  }
  effects.mean += average.dot(solution.coefficients);
  const double t = StudentQuantile(0.5 + confidence / 2, solution.degrees);
  for (size_t k = first; k < first + effects.choices; ++k) {
    BlockEffect& effect = effects.effects[k];
    effect.count = design.counts[k];
    effect.value = kNan;
    effect.interval = {-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity(), confidence};
    if (design.column[k] < 0) continue;
    Eigen::VectorXd contrast = -average;
    if (design.column[k] > 0) contrast[design.column[k]] += 1;
    effect.value = contrast.dot(solution.coefficients);
    const double reach = t * std::sqrt(std::max(0.0, contrast.dot(solution.covariance * contrast)));
    effect.interval = {effect.value - reach, effect.value + reach, confidence};
  }
}

}  // namespace

Result<BlockEffects> EstimateBlockEffects(const BlockSamples& nets, std::span<const double> values, double confidence) {
  assert(confidence > 0 && confidence < 1);
  TW_RETURN_IF_ERROR(CheckSamples(nets, values));
  const Design design = DesignOf(nets);
  TW_ASSIGN(const Solution solution, Solve(nets, design, values));
  BlockEffects effects = {nets.positions, nets.choices, solution.coefficients[0], solution.explained, {}};
  effects.effects.resize(nets.positions * nets.choices);
  for (size_t j = 0; j < nets.positions; ++j) Centre(design, solution, j, confidence, effects);
  return effects;
}

std::vector<double> MeanOfPositions(const BlockEffects& effects) {
  std::vector<double> means(effects.choices, 0);
  for (size_t j = 0; j < effects.positions; ++j) {
    for (size_t k = 0; k < effects.choices; ++k) means[k] += effects.At(j, k).value / static_cast<double>(effects.positions);
  }
  return means;
}

std::vector<double> Friendliness(const BlockEffects& accuracy, const BlockEffects& latency, double rate) {
  assert(accuracy.effects.size() == latency.effects.size() && accuracy.choices == latency.choices);
  std::vector<double> scores;
  for (size_t i = 0; i < accuracy.effects.size(); ++i) scores.push_back(accuracy.effects[i].value - rate * latency.effects[i].value);
  return scores;
}

double FrontSlope(std::span<const double> accuracy, std::span<const double> latency) {
  const auto members = ParetoMembers(accuracy, latency, AccuracyTies::kDrop);
  assert(members);
  if (members->empty()) return 0;
  const size_t fast = members->front(), best = members->back();
  return latency[best] > latency[fast] ? (accuracy[best] - accuracy[fast]) / (latency[best] - latency[fast]) : 0;
}

bool ReducedSpace::Contains(std::span<const uint8_t> row) const {
  assert(row.size() == positions);
  for (size_t j = 0; j < positions; ++j) {
    if (row[j] >= choices || !keep[j * choices + row[j]]) return false;
  }
  return true;
}

double ReducedSpace::Share() const {
  double share = 1;
  for (size_t j = 0; j < positions; ++j) {
    const auto first = keep.begin() + static_cast<std::ptrdiff_t>(j * choices);
    share *= static_cast<double>(std::count(first, first + static_cast<std::ptrdiff_t>(choices), true)) / static_cast<double>(choices);
  }
  return share;
}

Result<ReducedSpace> ReduceSpace(const BlockEffects& accuracy, const BlockEffects& latency) {
  if (accuracy.positions != latency.positions || accuracy.choices != latency.choices) {
    return Fail(StatusCode::kInvalidInput, "accuracy and latency effects are of different families of networks");
  }
  ReducedSpace space = {accuracy.positions, accuracy.choices, std::vector<bool>(accuracy.effects.size(), false)};
  for (size_t j = 0; j < space.positions; ++j) {
    bool any = false;
    for (size_t k = 0; k < space.choices; ++k) {
      const double gain = accuracy.At(j, k).value, cost = latency.At(j, k).value;
      bool keep = accuracy.At(j, k).count > 0 && latency.At(j, k).count > 0;
      for (size_t other = 0; other < space.choices && keep; ++other) {
        keep = !(accuracy.At(j, other).value > gain && latency.At(j, other).value < cost);
      }
      space.keep[j * space.choices + k] = keep;
      any = any || keep;
    }
    if (!any) return Fail(StatusCode::kInvalidInput, "no block was seen at position " + std::to_string(j));
  }
  return space;
}

}  // namespace tradewind
