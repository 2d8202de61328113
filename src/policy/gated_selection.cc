// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/gated_selection.h"

#include <algorithm>
#include <cmath>

#include "policy/router.h"

namespace tradewind {
namespace {

std::vector<size_t> Members(ExpertSet set, size_t arms) {
  std::vector<size_t> out;
  for (size_t a = 0; a < arms; ++a) {
    if ((set >> a & 1) != 0) out.push_back(a);
  }
  return out;
}

// The member of greatest utility; of equals the first.
size_t Preferred(const std::vector<ArmUtility>& utility, const std::vector<size_t>& members) {
  return *std::max_element(members.begin(), members.end(), [&](size_t a, size_t b) { return utility[a].score < utility[b].score; });
}

double MeanScore(const std::vector<std::vector<ArmUtility>>& utility, const RoutingTable& test, const std::vector<size_t>& members) {
  double sum = 0;
  for (size_t i = 0; i < test.samples.size() && !members.empty(); ++i) {
    const float score = test.samples[i].score[Preferred(utility[i], members)];
    sum += std::isnan(score) ? 0 : score;
  }
  return sum / static_cast<double>(test.samples.size());
}

Result<double> SameChoice(const RouterFactory& factory, const RoutingTable& train, const RoutingTable& test,
                          const std::vector<std::vector<ArmUtility>>& utility, const std::vector<size_t>& members) {
  if (members.empty()) return 1.0;
  const std::unique_ptr<Router> alone = factory();
  TW_RETURN_IF_ERROR(alone->Fit(WithArms(train, members), {}));
  double same = 0;
  for (size_t i = 0; i < test.samples.size(); ++i) {
    const std::vector<ArmUtility> of_alone = alone->Utility(test.samples[i].text);
    std::vector<size_t> places(members.size());
    for (size_t k = 0; k < places.size(); ++k) places[k] = k;
    same += members[Preferred(of_alone, places)] == Preferred(utility[i], members) ? 1 : 0;
  }
  return same / static_cast<double>(test.samples.size());
}

}  // namespace

Result<GatedSelection> SelectOnHalves(const std::string& router, const RoutingTable& table, uint64_t split, const SelectionLimits& limits) {
  const RouterFactory* factory = AllRouters().Find(router);
  if (factory == nullptr) return Fail(StatusCode::kNotFound, "no router is called " + router);
  const auto [train, test] = SplitInHalves(table, split);
  const std::unique_ptr<Router> gates = (*factory)();
  TW_RETURN_IF_ERROR(gates->Fit(train, {}));
  std::vector<double> predicted;
  for (const RoutingSample& sample : train.samples) {
    for (const ArmUtility& u : gates->Utility(sample.text)) predicted.push_back(std::max(0.0, u.score));
  }
  std::vector<ExpertCost> costs;
  for (const double cost : table.arm_cost) costs.push_back({.energy_j = cost, .latency_ms = 0});
  const GatedQuality gated(std::move(predicted), table.arms.size());
  const SetQuality quality = std::ref(gated);
  GatedSelection out;
  TW_ASSIGN(out.exact, SelectExact(costs, limits, quality, gated.Exactly()));
  TW_ASSIGN(out.greedy, SelectGreedy(costs, limits, quality));
  TW_ASSIGN(out.all, SelectByTryingAll(costs, limits, quality));
  std::vector<std::vector<ArmUtility>> utility;
  for (const RoutingSample& sample : test.samples) utility.push_back(gates->Utility(sample.text));
  const std::vector<size_t> members = Members(out.exact.experts, table.arms.size());
  out.exact_score = MeanScore(utility, test, members);
  out.greedy_score = MeanScore(utility, test, Members(out.greedy.experts, table.arms.size()));
  TW_ASSIGN(out.same_choice, SameChoice(*factory, train, test, utility, members));
  return out;
}

}  // namespace tradewind
