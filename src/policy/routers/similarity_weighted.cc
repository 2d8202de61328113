// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Bradley-Terry strengths of the arms, fitted anew for each request to the games that the training requests were, each weighted by how
// similar it is to this one (arXiv:2406.18665, section 4.2, "similarity-weighted ranking").
#include <algorithm>
#include <cmath>

#include "learn/byte_rows.h"
#include "policy/router.h"

namespace tradewind {
namespace {

constexpr int kSteps = 30;
constexpr double kPriorGames = 1;  // of each pair, drawn: keeps strengths finite where one arm always wins

class SimilarityWeightedRouter final : public Router {
 public:
  std::string_view name() const override { return "similarity_weighted"; }
  std::string_view source() const override { return "arXiv:2406.18665, section 4.2 (similarity-weighted ranking)"; }
  std::vector<RouterParameter> parameters() const override {
    return {{"gamma", 1000, 1, 1e9, "weight of the most similar request beside one that has nothing in common; the paper's is 10"}};
  }

 private:
  Result<void> FitTo(const RoutingTable& table, const FeatureMatrix& features, uint64_t) override {
    index_ = ByteRows(features.columns);
    for (size_t i = 0; i < features.rows(); ++i) index_.Add(features.Row(i));
    const size_t arms = table.arms.size();
    points_.assign(table.samples.size() * arms * arms, 0);
    double sum = 0, n = 0;
    for (size_t i = 0; i < table.samples.size(); ++i) {
      const std::vector<float>& score = table.samples[i].score;
      for (size_t a = 0; a < arms; ++a) {
        if (!std::isnan(score[a])) sum += score[a], n += 1;
        for (size_t b = 0; b < arms; ++b) {
          if (a != b && !std::isnan(score[a]) && !std::isnan(score[b]))
            points_[(i * arms + a) * arms + b] = 0.5f + (score[a] - score[b]) / 2;
        }
      }
    }
    level_ = n > 0 ? sum / n : 0;
    return {};
  }

  std::vector<ArmUtility> UtilityOf(std::span<const float> features) const override {
    std::vector<float> weight = index_.Cosines(features);
    const float most = *std::max_element(weight.begin(), weight.end());
    const auto log_gamma = static_cast<float>(std::log(Parameter("gamma")));
    for (float& w : weight) w = std::exp(log_gamma * (most > 0 ? w / most : 0) - log_gamma);
    const size_t arms = arms_.size();
    std::vector<double> points(arms * arms, kPriorGames / 2);
    for (size_t i = 0; i < weight.size(); ++i) {
      const float* own = points_.data() + i * arms * arms;
      for (size_t k = 0; k < arms * arms; ++k) points[k] += static_cast<double>(weight[i]) * own[k];
    }
    return UtilityFromWins(WinRates(points, arms), arms, level_);
  }

  // Hunter, MM algorithms for generalized Bradley-Terry models, Annals of Statistics 32, 2004, equation 3. Two arms need no steps.
  static std::vector<double> WinRates(const std::vector<double>& points, size_t arms) {
    std::vector<double> strength(arms, 1), win(arms * arms, 0.5);
    if (arms == 2) {
      win[1] = points[1] / (points[1] + points[2]);
      win[2] = 1 - win[1];
      return win;
    }
    for (int step = 0; step < kSteps; ++step) {
      const std::vector<double> before = strength;
      for (size_t a = 0; a < arms; ++a) {
        double wins = 0, expected = 0;
        for (size_t b = 0; b < arms; ++b) {
          if (a == b) continue;
          wins += points[a * arms + b];
          expected += (points[a * arms + b] + points[b * arms + a]) / (before[a] + before[b]);
        }
        strength[a] = wins / expected;
      }
      double total = 0;
      for (const double s : strength) total += s;
      for (double& s : strength) s *= static_cast<double>(arms) / total;
    }
    for (size_t a = 0; a < arms; ++a) {
      for (size_t b = 0; b < arms; ++b) win[a * arms + b] = strength[a] / (strength[a] + strength[b]);
    }
    return win;
  }

  ByteRows index_{1};
  std::vector<float> points_;  // [row][a][b]: what a won from b; 0 both ways where one was not asked
  double level_ = 0;
};

}  // namespace

void RegisterSimilarityWeightedRouter(Registry<RouterFactory>& registry) {
  registry.Add("similarity_weighted", [] { return std::make_unique<SimilarityWeightedRouter>(); });
}

}  // namespace tradewind
