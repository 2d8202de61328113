// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Reinforcement learning with a reward for quality at a target latency (MnasNet, arXiv:1807.11626, section 3): a policy that draws each
// knob's value from a categorical distribution of its own, moved by the policy gradient with a baseline (Williams 1992; the paper: PPO).
// One run for each of several targets gives a front. Costs enter as quality * (cost / target)^w.
#include <algorithm>
#include <cmath>
#include <limits>

#include "search/additive_model.h"
#include "search/guided.h"

namespace tradewind {
namespace {

constexpr int kDraws = 200;

struct ReinforceOptions {
  size_t initial = 0;
  size_t targets = 0;
  size_t batch = 0;
  double rate = 0;
  double exponent = 0;
  bool hard = false;
};

class Reinforce final : public GuidedStrategy {
 public:
  Reinforce(Space space, const SearchGoal& goal, const StrategyOptions& options, ReinforceOptions own)
      : GuidedStrategy(std::move(space), goal, options), own_(own) {}
  std::string_view name() const override { return "reinforce"; }

 private:
  using Policy = std::vector<std::vector<double>>;  // of each dimension, a logit a level

  std::vector<Genome> Plan() override {
    if (!begun_) {
      begun_ = true;
      return SpreadDesign(std::min(own_.initial, trials()));
    }
    if (episode_.empty()) StartTargets();
    Update();
    const size_t run = std::min(own_.targets, 1 + done_ * own_.targets / std::max<size_t>(1, trials() - std::min(trials(), own_.initial)));
    if (run > run_) {
      run_ = run;
      policy_ = Uniform();
    }
    return Episode();
  }

  // Between the cheapest and the dearest seen, by even steps of the quantile: where the settings are.
  void StartTargets() {
    policy_ = Uniform();
    run_ = 1;
    for (size_t axis = 0; axis < archive().goal().axes.size(); ++axis) {
      std::vector<double> seen;
      for (const Trial& trial : archive().trials()) {
        if (trial.complete) seen.push_back(trial.values[axis]);
      }
      if (seen.empty()) seen.push_back(1);
      std::sort(seen.begin(), seen.end());
      best_.push_back(seen.front());
      worst_.push_back(seen.back());
      std::vector<double> targets;
      for (size_t t = 0; t < own_.targets; ++t) {
        const double share = own_.targets == 1 ? 0.5 : static_cast<double>(t) / static_cast<double>(own_.targets - 1);
        targets.push_back(seen[static_cast<size_t>(share * static_cast<double>(seen.size() - 1))]);
      }
      targets_.push_back(std::move(targets));
    }
  }

  Policy Uniform() const {
    Policy policy;
    for (const SearchDimension& d : space().spec().dimensions) policy.emplace_back(LevelCount(d), 0.0);
    return policy;
  }

  static std::vector<double> Chances(const std::vector<double>& logits) {
    const double top = *std::max_element(logits.begin(), logits.end());
    std::vector<double> chances;
    double sum = 0;
    for (const double logit : logits) sum += chances.emplace_back(std::exp(logit - top));
    for (double& c : chances) c /= sum;
    return chances;
  }

  // Draws of the policy until enough of them are new; what is known already teaches without a trial.
  std::vector<Genome> Episode() {
    episode_.clear();
    std::vector<Genome> fresh;
    std::set<Genome> taken;
    for (int draw = 0; draw < kDraws && fresh.size() < own_.batch; ++draw) {
      const Genome genome = Draw();
      if (!space().Valid(genome)) continue;
      episode_.push_back(genome);
      if (!Proposed(genome) && taken.insert(genome).second) fresh.push_back(genome);
    }
    // A policy that draws what it knows over and over has come to its end: something else keeps it learning.
    for (size_t i = fresh.size(); i < std::max<size_t>(1, own_.batch / 4); ++i) {
      const std::optional<Genome> other = Fresh(taken);
      if (!other) break;
      taken.insert(*other);
      episode_.push_back(*other);
      fresh.push_back(*other);
    }
    done_ += fresh.size();
    return fresh;
  }

  Genome Draw() {
    Genome genome(space().size());
    for (size_t d = 0; d < genome.size(); ++d) {
      const SearchDimension& dimension = space().spec().dimensions[d];
      const std::vector<double> chances = Chances(policy_[d]);
      double u = random().Uniform();
      size_t level = 0;
      while (level + 1 < chances.size() && u >= chances[level]) u -= chances[level++];
      genome[d] = static_cast<double>(level);
      if (dimension.range) {
        const double part = (static_cast<double>(level) + random().Uniform()) / static_cast<double>(chances.size());
        genome[d] = dimension.range->min + part * (dimension.range->max - dimension.range->min);
      }
    }
    return space().Repaired(std::move(genome));
  }

  double Reward(const Trial& trial) const {
    if (!trial.complete) return -1;
    const double range = worst_[0] - best_[0];
    double reward = range > 0 ? 0.05 + (worst_[0] - trial.values[0]) / range : 1;
    for (size_t axis = 1; axis < targets_.size(); ++axis) {
      // Costs that are not all positive have no ratio; they are moved so that the best is 1.
      const double shift = best_[axis] > 0 ? 0 : 1 - best_[axis];
      const double ratio = std::max(1e-9, trial.values[axis] + shift) / std::max(1e-9, targets_[axis][run_ - 1] + shift);
      if (!own_.hard) {
        reward *= std::pow(ratio, own_.exponent);
      } else if (ratio > 1) {
        reward /= ratio;
      }
    }
    return reward - trial.violation;
  }

  // One step along the policy gradient of what was drawn last: advantages in standard deviations, log-likelihoods' gradients.
  void Update() {
    std::vector<const Trial*> trials;
    std::vector<double> rewards;
    for (const Genome& genome : episode_) {
      if (const Trial* trial = archive().Find(genome)) {
        trials.push_back(trial);
        rewards.push_back(Reward(*trial));
      }
    }
    if (trials.size() < 2) return;
    const auto n = static_cast<double>(rewards.size());
    double mean = 0;
    double variance = 0;
    for (const double r : rewards) mean += r / n;
    for (const double r : rewards) variance += (r - mean) * (r - mean) / n;
    if (!(variance > 0)) return;
    for (size_t d = 0; d < policy_.size(); ++d) {
      const std::vector<double> chances = Chances(policy_[d]);
      for (size_t i = 0; i < trials.size(); ++i) {
        const double value = trials[i]->genome[d];
        if (value == kInactive) continue;
        const size_t drawn = LevelOf(space().spec().dimensions[d], value);
        const double step = own_.rate * (rewards[i] - mean) / std::sqrt(variance) / n;
        for (size_t level = 0; level < chances.size(); ++level) policy_[d][level] += step * ((level == drawn ? 1 : 0) - chances[level]);
      }
    }
  }

  ReinforceOptions own_;
  bool begun_ = false;
  size_t run_ = 0;   // from 1: the target that is trained for
  size_t done_ = 0;  // trials of all runs
  Policy policy_;
  std::vector<Genome> episode_;
  std::vector<double> best_;  // of each axis, before the first run
  std::vector<double> worst_;
  std::vector<std::vector<double>> targets_;  // of each axis and run
};

Result<std::unique_ptr<Strategy>> Make(Space space, const SearchGoal& goal, const StrategyOptions& options) {
  const auto trials = static_cast<double>(options.trials);
  ReinforceOptions own;
  TW_ASSIGN(const std::string reward, WordParameter(options, "reward", {"soft", "hard"}));
  TW_ASSIGN(const double targets,
            NumberParameter(options, "targets", goal.axes.size() == 1 ? 1 : std::clamp(std::round(trials / 60), 2.0, 6.0), 1, 100));
  TW_ASSIGN(const double batch, NumberParameter(options, "batch", std::clamp(std::round(trials / 60), 4.0, 16.0), 2, 10000));
  TW_ASSIGN(const double initial, NumberParameter(options, "initial", std::clamp(trials / 10, 8.0, 50.0), 2, 100000));
  TW_ASSIGN(own.rate, NumberParameter(options, "rate", 1.5, 1e-4, 100));
  TW_ASSIGN(own.exponent, NumberParameter(options, "exponent", -0.3, -10, 0));
  own.hard = reward == "hard";
  own.targets = static_cast<size_t>(targets);
  own.batch = static_cast<size_t>(batch);
  own.initial = static_cast<size_t>(initial);
  return std::make_unique<Reinforce>(std::move(space), goal, options, own);
}

}  // namespace

void RegisterReinforceStrategy(Registry<StrategyInfo>& registry);
void RegisterReinforceStrategy(Registry<StrategyInfo>& registry) {
  registry.Add(
      "reinforce",
      {.name = "reinforce",
       .summary = "Policy gradient with quality * (cost / target)^w as reward, for several targets (MnasNet, arXiv:1807.11626).",
       .parameters = {{"reward", "soft", "soft | hard: soft rewards cheaper than the target, too; hard takes quality alone below it"},
                      {"exponent", "-0.3", "w of the soft reward, -10 to 0; the paper has -0.07 for accuracies as they are"},
                      {"targets", "trials / 60, 2 to 6", "runs, each for a target of its own, 1 to 100"},
                      {"batch", "trials / 60, 4 to 16", "trials between two steps of the policy, 2 to 10000"},
                      {"initial", "trials / 10, 8 to 50", "settings spread over the space that place the targets, 2 to 100000"},
                      {"rate", "1.5", "length of a step, 0.0001 to 100"}},
       .make = Make});
}

}  // namespace tradewind
