// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A bandit: a ridge regression for each arm that is told one outcome at a time, and believes in each arm up to the upper end of what it may
// be worth (LinUCB with disjoint models, Li et al., arXiv:1003.0146, algorithm 1). What it learns to predict is the score; cost enters by
// the dial, so that a new dial needs no new learning. Fitting tells it every score of the table.
#include <Eigen/Dense>
#include <cmath>

#include "policy/router.h"

namespace tradewind {
namespace {

class LinucbRouter final : public Router {
 public:
  std::string_view name() const override { return "linucb"; }
  std::string_view source() const override { return "arXiv:1003.0146, algorithm 1 (LinUCB, disjoint), cost by the dial"; }
  std::vector<RouterParameter> parameters() const override {
    return {{"alpha", 0.2, 0, 10, "standard deviations above the prediction that are believed; 0 never explores"},
            {"ridge", 3, 1e-6, 1e6, "strength of the prior that nothing in the text matters"}};
  }

  void Learn(std::span<const float> features, size_t arm, double score) override {
    if (arm >= models_.size() || !(score >= 0 && score <= 1)) return;
    Model& model = models_[arm];
    const Eigen::VectorXd x = Extended(features);
    const Eigen::VectorXd ax = model.inverse * x;
    // Sherman and Morrison: the inverse of A + x x^T from that of A.
    model.inverse -= ax * ax.transpose() / (1 + x.dot(ax));
    model.moments += (score - kMiddle) * x;
    model.weights = model.inverse * model.moments;
  }

 private:
  // Scores are learnt as differences from here, so that an arm that nobody tried is worth a half.
  static constexpr double kMiddle = 0.5;
  struct Model {
    Eigen::MatrixXd inverse;
    Eigen::VectorXd moments, weights;
  };

  static Eigen::VectorXd Extended(std::span<const float> features) {
    Eigen::VectorXd x(static_cast<Eigen::Index>(features.size()) + 1);
    for (size_t i = 0; i < features.size(); ++i) x(static_cast<Eigen::Index>(i)) = features[i];
    x(x.size() - 1) = 1;
    return x;
  }

  Result<void> FitTo(const RoutingTable& table, const FeatureMatrix& features, uint64_t) override {
    const Eigen::Index width = static_cast<Eigen::Index>(features.columns) + 1;
    models_.clear();
    for (size_t a = 0; a < table.arms.size(); ++a) {
      // All outcomes at once: the same as one after the other, and faster.
      Eigen::MatrixXd x(width, 0);
      std::vector<uint32_t> rows;
      for (size_t i = 0; i < table.samples.size(); ++i) {
        if (!std::isnan(table.samples[i].score[a])) rows.push_back(static_cast<uint32_t>(i));
      }
      x.resize(width, static_cast<Eigen::Index>(rows.size()));
      Eigen::VectorXd y(static_cast<Eigen::Index>(rows.size()));
      for (size_t k = 0; k < rows.size(); ++k) {
        x.col(static_cast<Eigen::Index>(k)) = Extended(features.Row(rows[k]));
        y(static_cast<Eigen::Index>(k)) = table.samples[rows[k]].score[a] - kMiddle;
      }
      Eigen::MatrixXd gram = Eigen::MatrixXd::Identity(width, width) * Parameter("ridge");
      gram.selfadjointView<Eigen::Lower>().rankUpdate(x);
      Model model;
      model.inverse = gram.selfadjointView<Eigen::Lower>().llt().solve(Eigen::MatrixXd::Identity(width, width));
      model.moments = x * y;
      model.weights = model.inverse * model.moments;
      models_.push_back(std::move(model));
    }
    return {};
  }

  std::vector<ArmUtility> UtilityOf(std::span<const float> features) const override {
    const Eigen::VectorXd x = Extended(features);
    const double alpha = Parameter("alpha");
    std::vector<ArmUtility> out;
    for (const Model& model : models_) {
      const double mean = kMiddle + x.dot(model.weights);
      const double deviation = std::sqrt(std::max(0.0, x.dot(model.inverse * x)));
      // The deviation of a score of variance 1/4, the most that one in [0, 1] can have.
      out.push_back({mean + alpha * deviation, Interval{mean - 1.96 * deviation / 2, mean + std::max(1.96 / 2, alpha) * deviation, 0.95}});
    }
    return out;
  }

  std::vector<Model> models_;
};

}  // namespace

void RegisterLinucbRouter(Registry<RouterFactory>& registry) {
  registry.Add("linucb", [] { return std::make_unique<LinucbRouter>(); });
}

}  // namespace tradewind
