// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Each arm's score by a net of its own on the features (arXiv:2406.18665, section 4.2, "classifier"; there a BERT encoder stands where here
// the features are). As no arm's net sees another arm, those trained once serve every selection of arms.
#include <cmath>

#include "policy/router.h"
#include "policy/score_net.h"

namespace tradewind {
namespace {

class ClassifierRouter final : public Router {
 public:
  std::string_view name() const override { return "classifier"; }
  std::string_view source() const override { return "arXiv:2406.18665, section 4.2 (classifier), on given features"; }
  std::vector<RouterParameter> parameters() const override { return ScoreNetParameters(); }

 private:
  Result<void> FitTo(const RoutingTable& table, const FeatureMatrix& features, uint64_t seed) override {
    nets_.clear();
    for (size_t a = 0; a < table.arms.size(); ++a) {
      std::vector<uint32_t> rows;
      std::vector<double> scores;
      for (size_t i = 0; i < table.samples.size(); ++i) {
        if (std::isnan(table.samples[i].score[a])) continue;
        rows.push_back(static_cast<uint32_t>(i));
        scores.push_back(table.samples[i].score[a]);
      }
      TW_ASSIGN(ScoreNet net, ScoreNet::Fit(features, rows, scores,
                                            {.hidden = static_cast<size_t>(Parameter("hidden")),
                                             .epochs = static_cast<int>(Parameter("epochs")),
                                             .rate = Parameter("rate"),
                                             .decay = Parameter("decay"),
                                             .seed = seed}));
      nets_.push_back(std::move(net));
    }
    return {};
  }

  std::vector<ArmUtility> UtilityOf(std::span<const float> features) const override {
    std::vector<ArmUtility> out;
    for (const ScoreNet& net : nets_) out.push_back({net.Probability(features), std::nullopt});
    return out;
  }

  std::vector<ScoreNet> nets_;  // of each arm
};

}  // namespace

void RegisterClassifierRouter(Registry<RouterFactory>& registry) {
  registry.Add("classifier", [] { return std::make_unique<ClassifierRouter>(); });
}

}  // namespace tradewind
