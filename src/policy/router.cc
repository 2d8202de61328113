// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/router.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace tradewind {

void RegisterAllRouters(Registry<RouterFactory>& registry);  // generated: cmake/Folders.cmake

const Registry<RouterFactory>& AllRouters() {
  static const Registry<RouterFactory> registry = [] {
    Registry<RouterFactory> r;
    RegisterAllRouters(r);
    return r;
  }();
  return registry;
}

Result<void> Router::TakeParameters(const RouterOptions& options) {
  const std::vector<RouterParameter> known = parameters();
  parameters_.clear();
  for (const RouterParameter& p : known) parameters_[p.name] = p.fallback;
  for (const auto& [key, value] : options.parameters) {
    const auto found = std::find_if(known.begin(), known.end(), [&](const RouterParameter& p) { return p.name == key; });
    if (found == known.end()) {
      std::string names;
      for (const RouterParameter& p : known) names += (names.empty() ? "" : ", ") + p.name;
      return Fail(StatusCode::kNotFound,
                  "router " + std::string(name()) + " has no parameter " + key + "; it has " + (names.empty() ? "none" : names));
    }
    if (!(value >= found->low && value <= found->high)) {
      return Fail(StatusCode::kInvalidInput, "router " + std::string(name()) + ": " + key + " must lie between " +
                                                 std::to_string(found->low) + " and " + std::to_string(found->high));
    }
    parameters_[key] = value;
  }
  return {};
}

double Router::Parameter(std::string_view key) const {
  const auto found = parameters_.find(key);
  assert(found != parameters_.end());
  return found->second;
}

Result<void> Router::Fit(const RoutingTable& table, const RouterOptions& options) {
  TW_RETURN_IF_ERROR(CheckRoutingTable(table));
  RouterOptions own = options;
  if (!own.embedder) own.embedder = std::make_shared<HashedNgrams>();
  return Fit(table, EmbedTexts(table, *own.embedder), own);
}

Result<void> Router::Fit(const RoutingTable& table, const FeatureMatrix& features, const RouterOptions& options) {
  TW_RETURN_IF_ERROR(CheckRoutingTable(table));
  std::shared_ptr<const TextEmbedder> embedder = options.embedder;
  if (!embedder) embedder = std::make_shared<HashedNgrams>();
  if (features.embedder != embedder->name() || features.columns != embedder->dimensions()) {
    return Fail(StatusCode::kInvalidInput, "features made by " + features.embedder + " for a router that embeds by " + embedder->name() +
                                               "; give the router the same embedder");
  }
  if (features.rows() != table.samples.size()) {
    return Fail(StatusCode::kInvalidInput, std::to_string(features.rows()) + " rows of features for " +
                                               std::to_string(table.samples.size()) + " samples; embed this table");
  }
  TW_RETURN_IF_ERROR(TakeParameters(options));
  embedder_ = std::move(embedder);
  arms_ = table.arms;
  arm_cost_ = table.arm_cost;
  const Result<void> fitted = FitTo(table, features, options.seed);
  if (!fitted) {
    arms_.clear();
    arm_cost_.clear();
  }
  return fitted;
}

std::vector<ArmUtility> Router::Utility(std::string_view text) const {
  if (arms_.empty()) return {};
  return UtilityOf(embedder_->Embed(text));
}

std::vector<ArmUtility> Router::Utility(std::span<const float> features) const {
  if (arms_.empty()) return {};
  assert(features.size() == embedder_->dimensions());
  return UtilityOf(features);
}

size_t Router::ChooseFrom(std::span<const ArmUtility> utility, double dial) const {
  assert(!utility.empty() && utility.size() == arms_.size());
  const double dearest = *std::max_element(arm_cost_.begin(), arm_cost_.end());
  std::optional<size_t> best;
  double best_value = 0;
  for (const size_t arm : ArmsByCost(arm_cost_)) {
    const double cost = dearest > 0 ? arm_cost_[arm] / dearest : 0;
    const double value = dial * utility[arm].score - (1 - dial) * cost;
    if (!best || value > best_value) {
      best = arm;
      best_value = value;
    }
  }
  return *best;
}

size_t Router::Choose(std::string_view text, double dial) const {
  return ChooseFrom(Utility(text), dial);
}

Result<double> Router::DialForShare(const FeatureMatrix& features, double share) const {
  if (arms_.size() != 2 || arm_cost_[0] == arm_cost_[1]) {
    return Fail(StatusCode::kInvalidInput, "a share of calls to the dearer arm needs two arms of different cost");
  }
  if (features.rows() == 0 || !(share >= 0 && share <= 1)) {
    return Fail(StatusCode::kInvalidInput, "a dial for a share needs features and a share between 0 and 1");
  }
  const size_t cheap = ArmsByCost(arm_cost_)[0], dear = 1 - cheap;
  std::vector<double> gaps;
  for (size_t i = 0; i < features.rows(); ++i) {
    const auto u = Utility(features.Row(i));
    gaps.push_back(u[dear].score - u[cheap].score);
  }
  std::sort(gaps.begin(), gaps.end(), std::greater<>());
  // The dearer arm is chosen where dial * gap > (1 - dial) * step: the dial d puts the threshold at (1 - d) / d * step.
  const double step = (arm_cost_[dear] - arm_cost_[cheap]) / arm_cost_[dear];
  const auto calls = static_cast<size_t>(std::llround(share * static_cast<double>(gaps.size())));
  if (calls == 0) return 0.0;
  const double inside = gaps[calls - 1], outside = calls < gaps.size() ? gaps[calls] : inside - 1;
  const double threshold = (inside + outside) / 2;
  // A threshold of 0 or less asks for the dearer arm even where it is predicted to be no better, which no dial does.
  return threshold <= 0 ? 1.0 : step / (step + threshold);
}

Result<void> Router::AddArm(const std::string&, double, const FeatureMatrix&, std::span<const float>) {
  return Fail(StatusCode::kUnsupported,
              "router " + std::string(name()) + " cannot take a new arm without training; fit it to a table that has the arm");
}

std::vector<ArmUtility> UtilityFromWins(std::span<const double> win, size_t arms, double level) {
  assert(win.size() == arms * arms);
  std::vector<ArmUtility> out(arms);
  for (size_t a = 0; a < arms; ++a) {
    double sum = 0;
    for (size_t b = 0; b < arms; ++b) sum += a == b ? 0 : 2 * win[a * arms + b] - 1;
    out[a].score = level + sum / static_cast<double>(arms);
  }
  return out;
}

}  // namespace tradewind
