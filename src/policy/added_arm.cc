// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/added_arm.h"

namespace tradewind {
namespace {

constexpr double kNever = -1e9;  // a utility that no price makes up for

struct Curves {
  std::vector<RoutingCurve> with, without, trained;
};

Result<void> AddSplit(const RouterFactory& factory, const RoutingTable& train, const RoutingTable& test, size_t arm,
                      const RouterOptions& options, Curves& curves) {
  std::vector<size_t> others;
  for (size_t a = 0; a < train.arms.size(); ++a) {
    if (a != arm) others.push_back(a);
  }
  const FeatureMatrix features = EmbedTexts(train, *options.embedder), tested = EmbedTexts(test, *options.embedder);
  const std::unique_ptr<Router> router = factory(), whole = factory();
  TW_RETURN_IF_ERROR(router->Fit(WithArms(train, others), features, options));
  TW_RETURN_IF_ERROR(whole->Fit(train, features, options));
  std::vector<float> scores;
  for (const RoutingSample& sample : train.samples) scores.push_back(sample.score[arm]);
  TW_RETURN_IF_ERROR(router->AddArm(train.arms[arm], train.arm_cost[arm], features, scores));
  std::vector<double> with, without, trained;
  for (size_t i = 0; i < test.samples.size(); ++i) {
    const std::vector<ArmUtility> added = router->Utility(tested.Row(i)), all = whole->Utility(tested.Row(i));
    for (size_t a = 0; a < train.arms.size(); ++a) {
      const size_t place = a == arm ? others.size() : a - (a > arm ? 1 : 0);  // the added one stands last
      with.push_back(added[place].score);
      without.push_back(a == arm ? kNever : added[place].score);
      trained.push_back(all[a].score);
    }
  }
  for (const auto& [utility, into] :
       {std::pair{&with, &curves.with}, std::pair{&without, &curves.without}, std::pair{&trained, &curves.trained}}) {
    TW_ASSIGN(RoutingCurve curve, ManyArmCurve(test, *utility));
    into->push_back(std::move(curve));
  }
  return {};
}

}  // namespace

Result<AddedArm> EvaluateAddedArm(const std::string& router, const RoutingTable& table, size_t arm, const HalvesOptions& halves,
                                  const EvaluateOptions& options) {
  TW_RETURN_IF_ERROR(CheckRoutingTable(table));
  const RouterFactory* factory = AllRouters().Find(router);
  if (factory == nullptr) return Fail(StatusCode::kNotFound, "no router is called " + router);
  const std::vector<size_t> by_cost = ArmsByCost(table.arm_cost);
  if (arm >= table.arms.size() || arm == by_cost.front() || arm == by_cost.back()) {
    return Fail(StatusCode::kInvalidInput, "the added arm must be one of the table's, and neither its cheapest nor its dearest");
  }
  std::shared_ptr<const TextEmbedder> embedder = options.embedder;
  if (!embedder) embedder = std::make_shared<HashedNgrams>();
  Curves curves;
  for (const uint64_t split : halves.splits) {
    auto [train, test] = SplitInHalves(table, split);
    std::vector<std::string> dropped = halves.not_trained_on;
    for (const RoutingSample& sample : test.samples) dropped.push_back(QuestionKey(sample.text));
    DropQuestions(train, dropped);
    for (const uint64_t seed : options.seeds) {
      TW_RETURN_IF_ERROR(
          AddSplit(*factory, train, test, arm, {.embedder = embedder, .seed = seed, .parameters = options.parameters}, curves));
    }
  }
  if (curves.with.empty()) return Fail(StatusCode::kInvalidInput, "give at least one split and one seed");
  return AddedArm{.over_without = AreaRatio(curves.with, curves.without, options.curve),
                  .over_trained = AreaRatio(curves.with, curves.trained, options.curve)};
}

}  // namespace tradewind
