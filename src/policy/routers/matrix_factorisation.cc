// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A vector for each arm, one map for the requests; the arm of greater product is likelier to win (arXiv:2406.18665, section 4.2, "matrix
// factorization"; learn/matrix_factorisation.h). Trained by the Bradley-Terry loss on every pair of arms that answered a request.
#include "learn/matrix_factorisation.h"

#include <cmath>

#include "policy/router.h"

namespace tradewind {
namespace {

class MatrixFactorisationRouter final : public Router {
 public:
  std::string_view name() const override { return "matrix_factorisation"; }
  std::string_view source() const override { return "arXiv:2406.18665, section 4.2 (matrix factorization)"; }
  std::vector<RouterParameter> parameters() const override {
    return {{"rank", 16, 1, 512, "length of the arms' vectors"},
            {"epochs", 20, 1, 1000, "passes over the table"},
            {"rate", 0.003, 1e-6, 1, "Adam's step"},
            {"decay", 0.1, 0, 10, "weight decay"}};
  }

 private:
  Result<void> FitTo(const RoutingTable& table, const FeatureMatrix& features, uint64_t seed) override {
    std::vector<ArmOutcome> outcomes;
    double sum = 0, n = 0;
    for (size_t i = 0; i < table.samples.size(); ++i) {
      const std::vector<float>& score = table.samples[i].score;
      for (size_t a = 0; a < score.size(); ++a) {
        if (std::isnan(score[a])) continue;
        sum += score[a], n += 1;
        for (size_t b = a + 1; b < score.size(); ++b) {
          if (!std::isnan(score[b])) outcomes.push_back({.item = i, .arm = a, .rival = b, .outcome = 0.5 + (score[a] - score[b]) / 2});
        }
      }
    }
    level_ = n > 0 ? sum / n : 0;
    model_.reset();
    if (outcomes.empty()) return {};  // nothing to compare: all arms are worth the same
    const std::vector<double> items(features.values.begin(), features.values.end());
    TW_ASSIGN(model_, FitBilinear(items, features.columns, table.arms.size(), outcomes,
                                  {.rank = static_cast<size_t>(Parameter("rank")),
                                   .l2 = 0,
                                   .adam = {.rate = Parameter("rate"), .weight_decay = Parameter("decay")},
                                   .epochs = static_cast<int>(Parameter("epochs")),
                                   .batch = 128,
                                   .seed = seed}));
    return {};
  }

  std::vector<ArmUtility> UtilityOf(std::span<const float> features) const override {
    const size_t arms = arms_.size();
    std::vector<double> win(arms * arms, 0.5);
    if (model_) {
      const std::vector<double> x(features.begin(), features.end());
      for (size_t a = 0; a < arms; ++a) {
        for (size_t b = 0; b < a; ++b) {
          win[a * arms + b] = model_->WinProbability(x, a, b);
          win[b * arms + a] = 1 - win[a * arms + b];
        }
      }
    }
    return UtilityFromWins(win, arms, level_);
  }

  std::optional<BilinearModel> model_;
  double level_ = 0;
};

}  // namespace

void RegisterMatrixFactorisationRouter(Registry<RouterFactory>& registry) {
  registry.Add("matrix_factorisation", [] { return std::make_unique<MatrixFactorisationRouter>(); });
}

}  // namespace tradewind
