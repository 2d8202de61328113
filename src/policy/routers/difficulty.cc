// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// How likely a cheaper arm is to do as well as the dearest one (arXiv:2404.14618, section 3): the label of a request is whether
// q(cheap) >= q(dearest) - t. The relaxation t is given, or chosen so that labels differ most between requests (section 3.3), which keeps
// them telling where the cheap arm is nearly always worse. Where scores are 0 or 1, every t below 1 gives the same labels.
#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "policy/router.h"
#include "policy/training.h"

namespace tradewind {
namespace {

using Vector = Eigen::RowVectorXf;
using Index = Eigen::Index;

class DifficultyRouter final : public Router {
 public:
  std::string_view name() const override { return "difficulty"; }
  std::string_view source() const override { return "arXiv:2404.14618, section 3 (probabilistic router with relaxation)"; }
  std::vector<RouterParameter> parameters() const override {
    return {{"relaxation", -1, -1, 1, "t: how much worse still counts as equal; -1: chosen from the table"},
            {"epochs", 30, 1, 1000, "passes over the table"},
            {"rate", 0.005, 1e-6, 1, "Adam's step"},
            {"decay", 0.05, 0, 10, "weight decay"}};
  }

 private:
  Result<void> FitTo(const RoutingTable& table, const FeatureMatrix& features, uint64_t seed) override {
    columns_ = static_cast<Index>(features.columns);
    heads_.assign(table.arms.size(), {});
    const size_t dearest = ArmsByCost(table.arm_cost).back();
    for (size_t a = 0; a < table.arms.size(); ++a) {
      if (a == dearest) continue;
      std::vector<float> gap;
      std::vector<uint32_t> rows;
      for (size_t i = 0; i < table.samples.size(); ++i) {
        const float g = table.samples[i].score[a] - table.samples[i].score[dearest];
        if (std::isnan(g)) continue;
        gap.push_back(g);
        rows.push_back(static_cast<uint32_t>(i));
      }
      if (gap.empty()) {
        return Fail(StatusCode::kInvalidInput, "no sample has a score of both " + table.arms[a] + " and " + table.arms[dearest]);
      }
      const double given = Parameter("relaxation");
      FitHead(features, rows, gap, given >= 0 ? given : BestRelaxation(gap), seed + a, heads_[a]);
    }
    return {};
  }

  // The t that makes the mean of |label - label'| over pairs, 2 p (1 - p) for a share p of ones, largest: the p nearest 1/2.
  static double BestRelaxation(const std::vector<float>& gap) {
    double best = 0, best_distance = 2;
    for (int step = 0; step <= 100; ++step) {
      const double t = step / 100.0;
      const auto ones = std::count_if(gap.begin(), gap.end(), [&](float g) { return g >= -t; });
      const double distance = std::abs(static_cast<double>(ones) / static_cast<double>(gap.size()) - 0.5);
      if (distance < best_distance) best = t, best_distance = distance;
    }
    return best;
  }

  void FitHead(const FeatureMatrix& features, std::span<const uint32_t> rows, std::span<const float> gap, double t, uint64_t seed,
               std::vector<float>& head) const {
    head.assign(features.columns + 1, 0);
    Adam adam(head.size(), Parameter("rate"), Parameter("decay"));
    std::vector<float> gradient(head.size());
    const BatchOptions batches = {.epochs = static_cast<int>(Parameter("epochs")), .batch = 128, .seed = seed};
    ForEachBatch(rows.size(), batches, [&](std::span<const uint32_t> batch) {
      std::fill(gradient.begin(), gradient.end(), 0.0f);
      Eigen::Map<Vector> slope(gradient.data(), columns_);
      for (const uint32_t k : batch) {
        const Eigen::Map<const Vector> x(features.Row(rows[k]).data(), columns_);
        const float label = gap[k] >= -static_cast<float>(t) ? 1 : 0;
        const float error = (static_cast<float>(Sigmoid(x.dot(Eigen::Map<const Vector>(head.data(), columns_)) + head.back())) - label) /
                            static_cast<float>(batch.size());
        slope += error * x;
        gradient.back() += error;
      }
      adam.Step(head, gradient);
    });
  }

  std::vector<ArmUtility> UtilityOf(std::span<const float> features) const override {
    const Eigen::Map<const Vector> x(features.data(), columns_);
    std::vector<ArmUtility> out(arms_.size(), ArmUtility{.score = 1, .interval = std::nullopt});
    for (size_t a = 0; a < out.size(); ++a) {
      if (!heads_[a].empty()) out[a].score = Sigmoid(x.dot(Eigen::Map<const Vector>(heads_[a].data(), columns_)) + heads_[a].back());
    }
    return out;
  }

  Index columns_ = 0;
  std::vector<std::vector<float>> heads_;  // of each arm: slopes, then the constant; empty for the dearest
};

}  // namespace

void RegisterDifficultyRouter(Registry<RouterFactory>& registry) {
  registry.Add("difficulty", [] { return std::make_unique<DifficultyRouter>(); });
}

}  // namespace tradewind
