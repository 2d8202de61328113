// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What the arms scored on the most similar requests. The baseline that learnt routers should beat (Hu et al., RouterBench,
// arXiv:2403.12031, section 4).
#include <algorithm>
#include <cmath>
#include <numeric>

#include "policy/router.h"
#include "policy/training.h"

namespace tradewind {
namespace {

constexpr double kNormal95 = 1.96;

class KnnRouter final : public Router {
 public:
  std::string_view name() const override { return "knn"; }
  std::string_view source() const override { return "baseline: mean score over the most similar requests (arXiv:2403.12031, section 4)"; }
  std::vector<RouterParameter> parameters() const override {
    return {{"neighbours", 100, 1, 100000, "requests that the mean is taken over"}};
  }

 private:
  Result<void> FitTo(const RoutingTable& table, const FeatureMatrix& features, uint64_t) override {
    index_ = CosineIndex(features);
    scores_.clear();
    for (const RoutingSample& sample : table.samples) scores_.insert(scores_.end(), sample.score.begin(), sample.score.end());
    return {};
  }

  std::vector<ArmUtility> UtilityOf(std::span<const float> features) const override {
    std::vector<float> similarity;
    index_.Similarities(features, similarity);
    std::vector<uint32_t> order(similarity.size());
    std::iota(order.begin(), order.end(), 0u);
    const size_t k = std::min(order.size(), static_cast<size_t>(Parameter("neighbours")));
    // Of equals the earlier, so that the same table gives the same answer everywhere.
    std::nth_element(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(k - 1), order.end(),
                     [&](uint32_t a, uint32_t b) { return similarity[a] != similarity[b] ? similarity[a] > similarity[b] : a < b; });
    order.resize(k);
    std::sort(order.begin(), order.end());
    std::vector<ArmUtility> out(arms_.size());
    for (size_t a = 0; a < arms_.size(); ++a) out[a] = OfNeighbours(order, a);
    return out;
  }

  // Mean of the scores there are, with Wilson's interval (scores in [0, 1] vary no more than a coin of their mean).
  ArmUtility OfNeighbours(std::span<const uint32_t> neighbours, size_t arm) const {
    double sum = 0, n = 0;
    for (const uint32_t i : neighbours) {
      const float score = scores_[i * arms_.size() + arm];
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

  CosineIndex index_;
  std::vector<float> scores_;  // [row][arm]
};

}  // namespace

void RegisterKnnRouter(Registry<RouterFactory>& registry) {
  registry.Add("knn", [] { return std::make_unique<KnnRouter>(); });
}

}  // namespace tradewind
