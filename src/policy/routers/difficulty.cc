// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// How likely a cheaper arm is to do as well as the dearest one (arXiv:2404.14618, section 3.3): the label of a request is whether
// q(cheap) >= q(dearest) - t. The relaxation t is given, or chosen so that labels differ most between requests (section 3.3), which keeps
// them telling where the cheap arm is nearly always worse. Where scores are 0 or 1, every t below 1 gives the same labels.
#include <algorithm>
#include <cmath>

#include "policy/router.h"
#include "policy/score_net.h"

namespace tradewind {
namespace {

class DifficultyRouter final : public Router {
 public:
  std::string_view name() const override { return "difficulty"; }
  std::string_view source() const override { return "arXiv:2404.14618, section 3.3 (probabilistic router with data transformation)"; }
  std::vector<RouterParameter> parameters() const override {
    std::vector<RouterParameter> all = ScoreNetParameters();
    all.insert(all.begin(), {"relaxation", -1, -1, 1, "t: how much worse still counts as equal; -1: chosen from the table"});
    return all;
  }

 private:
  Result<void> FitTo(const RoutingTable& table, const FeatureMatrix& features, uint64_t seed) override {
    nets_.assign(table.arms.size(), std::nullopt);
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
      const auto t = static_cast<float>(given >= 0 ? given : BestRelaxation(gap));
      std::vector<double> labels;
      for (const float g : gap) labels.push_back(g >= -t ? 1 : 0);
      TW_ASSIGN(nets_[a], ScoreNet::Fit(features, rows, labels,
                                        {.hidden = static_cast<size_t>(Parameter("hidden")),
                                         .epochs = static_cast<int>(Parameter("epochs")),
                                         .rate = Parameter("rate"),
                                         .decay = Parameter("decay"),
                                         .seed = seed}));
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

  std::vector<ArmUtility> UtilityOf(std::span<const float> features) const override {
    std::vector<ArmUtility> out(arms_.size(), ArmUtility{.score = 1, .interval = std::nullopt});
    for (size_t a = 0; a < out.size(); ++a) {
      if (nets_[a]) out[a].score = nets_[a]->Probability(features);
    }
    return out;
  }

  std::vector<std::optional<ScoreNet>> nets_;  // of each arm but the dearest
};

}  // namespace

void RegisterDifficultyRouter(Registry<RouterFactory>& registry) {
  registry.Add("difficulty", [] { return std::make_unique<DifficultyRouter>(); });
}

}  // namespace tradewind
