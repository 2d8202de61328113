// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What the arms scored on the most similar requests. The baseline that learnt routers should beat (Hu et al., RouterBench,
// arXiv:2403.12031).
#include <algorithm>
#include <cmath>

#include "learn/nearest.h"
#include "policy/router.h"

namespace tradewind {
namespace {

constexpr double kNormal95 = 1.96;

class KnnRouter final : public Router {
 public:
  std::string_view name() const override { return "knn"; }
  std::string_view source() const override { return "baseline: mean score over the most similar requests (arXiv:2403.12031)"; }
  std::vector<RouterParameter> parameters() const override {
    return {{"neighbours", 100, 1, 100000, "requests that the mean is taken over"}};
  }

 private:
  Result<void> FitTo(const RoutingTable& table, const FeatureMatrix& features, uint64_t) override {
    index_ = NearestNeighbours(features.columns, Similarity::kCosine);
    for (size_t i = 0; i < features.rows(); ++i) index_.Add(features.Row(i));
    scores_.clear();
    for (const RoutingSample& sample : table.samples) scores_.insert(scores_.end(), sample.score.begin(), sample.score.end());
    return {};
  }

  std::vector<ArmUtility> UtilityOf(std::span<const float> features) const override {
    const std::vector<Neighbour> nearest = index_.Find(features, static_cast<size_t>(Parameter("neighbours")));
    std::vector<ArmUtility> out(arms_.size());
    for (size_t a = 0; a < arms_.size(); ++a) out[a] = OfNeighbours(nearest, a);
    return out;
  }

  // Mean of the scores there are, with Wilson's interval (scores in [0, 1] vary no more than a coin of their mean).
  ArmUtility OfNeighbours(std::span<const Neighbour> neighbours, size_t arm) const {
    double sum = 0, n = 0;
    for (const Neighbour& neighbour : neighbours) {
      const float score = scores_[neighbour.index * arms_.size() + arm];
      if (std::isnan(score)) continue;
      sum += score;
      n += 1;
    }
    if (n == 0) return {0, Interval{0, 1, 0.95}};
    const double p = sum / n, z2 = kNormal95 * kNormal95;
    const double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
    const double half = kNormal95 / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    return {p, Interval{std::min(p, std::max(0.0, middle - half)), std::max(p, std::min(1.0, middle + half)), 0.95}};
  }

  NearestNeighbours index_{1, Similarity::kCosine};
  std::vector<float> scores_;  // [row][arm]
};

}  // namespace

void RegisterKnnRouter(Registry<RouterFactory>& registry) {
  registry.Add("knn", [] { return std::make_unique<KnnRouter>(); });
}

}  // namespace tradewind
