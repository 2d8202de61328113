// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "learn/matrix_factorisation.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "base/random.h"
#include "base/shuffle.h"
#include "learn/sigmoid.h"
#include "learn/table.h"

namespace tradewind {
namespace {

// Where each part begins in the flat vector.
struct Parts {
  size_t shift, vectors, offsets, end;
  explicit Parts(const BilinearModel& m)
      : shift(m.rank * m.columns), vectors(shift + m.rank), offsets(vectors + m.arms * m.rank), end(offsets + m.arms) {}
};

// P x + b.
std::vector<double> Project(const BilinearModel& m, std::span<const double> x) {
  const Parts parts(m);
  std::vector<double> z(m.rank);
  for (size_t r = 0; r < m.rank; ++r) {
    z[r] = m.parameters[parts.shift + r];
    for (size_t j = 0; j < m.columns; ++j) z[r] += m.parameters[r * m.columns + j] * x[j];
  }
  return z;
}

double ScoreOf(const BilinearModel& m, std::span<const double> z, size_t arm) {
  const Parts parts(m);
  double score = m.parameters[parts.offsets + arm];
  for (size_t r = 0; r < m.rank; ++r) score += m.parameters[parts.vectors + arm * m.rank + r] * z[r];
  return score;
}

Result<void> Check(std::span<const double> items, size_t columns, size_t arms, std::span<const ArmOutcome> outcomes,
                   const BilinearOptions& options) {
  const auto bad = [](std::string message) { return Fail(StatusCode::kInvalidInput, std::move(message)); };
  TW_RETURN_IF_ERROR(CheckRows("a bilinear model", items, columns));
  if (arms < 1 || arms > 4096) return bad("a bilinear model has 1 to 4096 arms");
  if (options.rank < 1 || options.rank > 1024) return bad("the rank of a bilinear model is 1 to 1024");
  if (!(options.l2 >= 0) || options.epochs < 0 || options.batch < 1 || !(options.adam.rate > 0)) {
    return bad("l2, epochs, batch and rate of a bilinear model are positive");
  }
  if (outcomes.empty()) return bad("a bilinear model needs at least one outcome");
  for (size_t i = 0; i < outcomes.size(); ++i) {
    const ArmOutcome& o = outcomes[i];
    if (o.item >= items.size() / columns || o.arm >= arms || (o.rival && (*o.rival >= arms || *o.rival == o.arm))) {
      return bad("outcome " + std::to_string(i) + " names an item or arm that there is not, or an arm as its own rival");
    }
    if (!(o.outcome >= 0 && o.outcome <= 1)) return bad("outcome " + std::to_string(i) + " lies outside [0, 1]");
  }
  return {};
}

}  // namespace

double BilinearModel::Score(std::span<const double> x, size_t arm) const {
  assert(x.size() == columns && arm < arms);
  return ScoreOf(*this, Project(*this, x), arm);
}

double BilinearModel::Probability(std::span<const double> x, size_t arm) const {
  return Sigmoid(Score(x, arm));
}

double BilinearModel::WinProbability(std::span<const double> x, size_t arm, size_t rival) const {
  assert(x.size() == columns && arm < arms && rival < arms);
  const std::vector<double> z = Project(*this, x);
  return Sigmoid(ScoreOf(*this, z, arm) - ScoreOf(*this, z, rival));
}

double BilinearGradient(const BilinearModel& model, std::span<const double> items, std::span<const ArmOutcome> outcomes, double l2,
                        std::span<double> gradient) {
  const Parts parts(model);
  assert(gradient.size() == parts.end && model.parameters.size() == parts.end && !outcomes.empty());
  std::fill(gradient.begin(), gradient.end(), 0.0);
  double loss = 0;
  const double share = 1 / static_cast<double>(outcomes.size());
  std::vector<double> by_z(model.rank);
  for (const ArmOutcome& o : outcomes) {
    assert((o.item + 1) * model.columns <= items.size() && o.arm < model.arms);
    const auto x = items.subspan(o.item * model.columns, model.columns);
    const std::vector<double> z = Project(model, x);
    double score = ScoreOf(model, z, o.arm);
    if (o.rival) score -= ScoreOf(model, z, *o.rival);
    loss += share * LogisticLoss(score, o.outcome);
    const double slope = share * (Sigmoid(score) - o.outcome);
    std::fill(by_z.begin(), by_z.end(), 0.0);
    const auto add = [&](size_t arm, double sign) {
      const size_t vector = parts.vectors + arm * model.rank;
      gradient[parts.offsets + arm] += sign * slope;
      for (size_t r = 0; r < model.rank; ++r) {
        gradient[vector + r] += sign * slope * z[r];
        by_z[r] += sign * slope * model.parameters[vector + r];
      }
    };
    add(o.arm, 1);
    if (o.rival) add(*o.rival, -1);
    for (size_t r = 0; r < model.rank; ++r) {
      gradient[parts.shift + r] += by_z[r];
      for (size_t j = 0; j < model.columns; ++j) gradient[r * model.columns + j] += by_z[r] * x[j];
    }
  }
  const auto decay = [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      loss += l2 / 2 * model.parameters[i] * model.parameters[i];
      gradient[i] += l2 * model.parameters[i];
    }
  };
  decay(0, parts.shift);
  decay(parts.vectors, parts.offsets);
  return loss;
}

Result<BilinearModel> FitBilinear(std::span<const double> items, size_t columns, size_t arms, std::span<const ArmOutcome> outcomes,
                                  const BilinearOptions& options) {
  TW_RETURN_IF_ERROR(Check(items, columns, arms, outcomes, options));
  BilinearModel model{columns, arms, options.rank, {}};
  const Parts parts(model);
  model.parameters.assign(parts.end, 0);
  Random random(options.seed);
  // Products P v of variance about 1 / columns: neither factor may start at 0, where the other's gradient vanishes.
  for (size_t i = 0; i < parts.shift; ++i) model.parameters[i] = random.Normal() / std::sqrt(static_cast<double>(columns));
  for (size_t i = parts.vectors; i < parts.offsets; ++i) model.parameters[i] = random.Normal() / std::sqrt(static_cast<double>(model.rank));
  std::vector<ArmOutcome> order(outcomes.begin(), outcomes.end());
  std::vector<double> gradient(parts.end);
  Adam adam(parts.end, options.adam);
  for (int epoch = 0; epoch < options.epochs; ++epoch) {
    Shuffle(order, random);
    for (size_t begin = 0; begin < order.size(); begin += options.batch) {
      const auto batch = std::span<const ArmOutcome>(order).subspan(begin, std::min(options.batch, order.size() - begin));
      BilinearGradient(model, items, batch, options.l2, gradient);
      adam.Step(gradient, model.parameters);
    }
  }
  for (const double p : model.parameters) {
    if (!std::isfinite(p)) return Fail(StatusCode::kUnsupported, "the training of a bilinear model diverged: lower its rate");
  }
  return model;
}

}  // namespace tradewind
