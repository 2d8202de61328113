// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Router: predicts from a request's text what each arm would score, and picks one. Fitted to a RoutingTable; a dial trades quality for cost
// at run time, with no new training. A router is one file of src/policy/routers. Fitted, it may be read by many threads, unless Learn runs.
//
//   std::unique_ptr<Router> router = (*AllRouters().Find("classifier"))();
//   TW_RETURN_IF_ERROR(router->Fit(table, {.seed = 7}));
//   size_t arm = router->Choose("What is 2 + 2?", /*dial=*/0.9);   // index into router->arms()
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/interval.h"
#include "base/status.h"
#include "core/registry.h"
#include "policy/routing_table.h"

namespace tradewind {

// A number that a router can be told, in RouterOptions::parameters.
struct RouterParameter {
  std::string name;
  double fallback = 0;
  double low = 0, high = 1;
  std::string meaning;
};

struct RouterOptions {
  std::shared_ptr<const TextEmbedder> embedder{};  // none: HashedNgrams
  uint64_t seed = 1;
  std::map<std::string, double> parameters{};
};

// What an arm is predicted to score; in the unit of the table's scores up to a constant that all arms share.
struct ArmUtility {
  double score = 0;
  std::optional<Interval> interval;
};

class Router {
 public:
  virtual ~Router() = default;
  virtual std::string_view name() const = 0;
  virtual std::string_view source() const = 0;  // the method's paper and section, or what it is
  virtual std::vector<RouterParameter> parameters() const { return {}; }

  // Forgets what was fitted before. kInvalidInput for a bad table, features of another number of rows, or a parameter out of its range;
  // kNotFound for a parameter that the router does not have, naming those that it has.
  Result<void> Fit(const RoutingTable& table, const RouterOptions& options);
  Result<void> Fit(const RoutingTable& table, const FeatureMatrix& features, const RouterOptions& options);

  const std::vector<std::string>& arms() const { return arms_; }
  const std::vector<double>& arm_cost() const { return arm_cost_; }
  const TextEmbedder& embedder() const { return *embedder_; }

  // One for each arm. Before Fit there are no arms, and none is returned.
  std::vector<ArmUtility> Utility(std::string_view text) const;
  std::vector<ArmUtility> Utility(std::span<const float> features) const;

  // The arm of greatest dial * score - (1 - dial) * cost / dearest cost; of equals the cheaper. Dial 1: quality alone; 0: the cheapest.
  // Raising the dial never lowers the chosen arm's predicted score. There must be arms (asserted).
  size_t Choose(std::string_view text, double dial) const;
  size_t ChooseFrom(std::span<const ArmUtility> utility, double dial) const;

  // The dial at which the dearest of two arms gets `share` of the requests whose features are given (as the thresholds of
  // arXiv:2406.18665, section 3.1). kInvalidInput unless there are two arms of different cost, rows, and a share in [0, 1].
  Result<double> DialForShare(const FeatureMatrix& features, double share) const;

  // One outcome: the arm that answered, its score in [0, 1]. Only bandits learn from it.
  virtual void Learn(std::span<const float> /*features*/, size_t /*arm*/, double /*score*/) {}

  // A new arm, from its scores on samples whose other arms' scores are not needed, without training what is there.
  // kUnsupported where the method cannot.
  virtual Result<void> AddArm(const std::string& arm, double cost, const FeatureMatrix& features, std::span<const float> scores);

 protected:
  virtual Result<void> FitTo(const RoutingTable& table, const FeatureMatrix& features, uint64_t seed) = 0;
  virtual std::vector<ArmUtility> UtilityOf(std::span<const float> features) const = 0;
  // As told, or the fallback.
  double Parameter(std::string_view name) const;

  std::vector<std::string> arms_;
  std::vector<double> arm_cost_;

 private:
  Result<void> TakeParameters(const RouterOptions& options);
  std::shared_ptr<const TextEmbedder> embedder_;
  std::map<std::string, double, std::less<>> parameters_;
};

using RouterFactory = std::function<std::unique_ptr<Router>()>;

// Every file of src/policy/routers, by its name. Built once; thread-safe.
const Registry<RouterFactory>& AllRouters();

// What each arm is worth, in units of score, from how likely a beats b (win[a * arms + b], win[b * arms + a] its complement): `level` plus
// the mean over b of 2 P - 1, which is the expected difference of scores where P comes from labels 1/2 + (score_a - score_b) / 2.
std::vector<ArmUtility> UtilityFromWins(std::span<const double> win, size_t arms, double level);

}  // namespace tradewind
