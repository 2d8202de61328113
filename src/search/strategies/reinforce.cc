// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Reinforcement learning with a reward for quality at a target cost (MnasNet, arXiv:1807.11626, section 3): quality * (cost / target)^w,
// climbed by the policy gradient. The paper learns one net by PPO over thousands of trials; here a policy is a categorical distribution a
// knob (Williams 1992), and every policy learns from all trials, whichever policy drew them, by truncated importance weights (Munos et al.,
// arXiv:1606.02647), so that hundreds suffice.
//
// A front comes of several targets. With one exponent on both sides of the target the reward's best setting does not depend on the target
// at all, as it is a factor of every reward; the exponent alone does. The paper sets it by what quality a doubling of the cost buys at its
// target; so do we, for each target anew, from the front found so far.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "search/additive_model.h"
#include "search/guided.h"

namespace tradewind {
namespace {

constexpr int kPolicyDraws = 200;                                       // of one policy for one new setting, ever more at random
constexpr double kTruncation = 20;                                      // of importance weights, in units of their mean
constexpr double kMeanDecay = 0.9, kSquareDecay = 0.999, kTiny = 1e-8;  // Adam's

struct ReinforceOptions {
  size_t initial = 0, targets = 0, batch = 0, steps = 0;
  double rate = 0, entropy = 0, exponent = 0;
  bool hard = false;
};

using PolicyTable = std::vector<std::vector<double>>;  // of each dimension, a value a level

// A categorical distribution a dimension, and the state of its gradient ascent.
struct Policy {
  PolicyTable logits, mean, square;
  int64_t steps = 0;
  std::vector<double> targets, exponents;  // of the cost axes
};

std::vector<double> Chances(const std::vector<double>& logits) {
  const double top = *std::max_element(logits.begin(), logits.end());
  std::vector<double> chances;
  double sum = 0;
  for (const double logit : logits) sum += chances.emplace_back(std::exp(logit - top));
  for (double& c : chances) c /= sum;
  return chances;
}

PolicyTable Chances(const Policy& policy) {
  PolicyTable chances;
  for (const auto& logits : policy.logits) chances.push_back(Chances(logits));
  return chances;
}

class Reinforce final : public GuidedStrategy {
 public:
  Reinforce(Space space, const SearchGoal& goal, const StrategyOptions& options, ReinforceOptions own)
      : GuidedStrategy(std::move(space), goal, options), own_(own), policies_(own.targets) {
    for (Policy& policy : policies_) {
      for (const SearchDimension& d : this->space().spec().dimensions) policy.logits.emplace_back(LevelCount(d), 0.0);
      policy.mean = policy.square = policy.logits;
      double sum = 0;
      for (size_t axis = 1; axis < goal.axes.size(); ++axis)
        sum += policy.exponents.emplace_back(goal.axes.size() == 2 ? 1 : -std::log(1 - random().Uniform()));
      for (double& share : policy.exponents) share /= sum;
      shares_.push_back(policy.exponents);
    }
  }
  std::string_view name() const override { return "reinforce"; }

 private:
  std::vector<Genome> Plan() override {
    if (!begun_) {
      begun_ = true;
      return SpreadDesign(std::min(own_.initial, trials()));
    }
    Measure();
    for (Policy& policy : policies_) Climb(policy);
    std::vector<Genome> planned;
    std::set<Genome> taken;
    for (size_t i = 0; i < own_.batch; ++i) {
      const std::optional<Genome> genome = DrawNew(policies_[(turn_ + i) % policies_.size()], taken);
      if (!genome) continue;
      taken.insert(*genome);
      planned.push_back(*genome);
    }
    turn_ += own_.batch;
    if (planned.empty()) {
      if (const auto fresh = Fresh(taken)) planned.push_back(*fresh);
    }
    for (const Genome& genome : planned) behaviour_[genome] = MixtureLogChance(genome);
    return planned;
  }

  // Of each trial the logarithms of quality and costs, made positive; then the targets along the front and their exponents.
  void Measure() {
    const size_t axes = archive().goal().axes.size();
    logs_.assign(axes, {});
    for (size_t axis = 0; axis < axes; ++axis) {
      double low = INFINITY, high = -INFINITY;
      for (const ScoredTrial& trial : archive().trials()) {
        if (!trial.complete) continue;
        low = std::min(low, trial.values[axis]);
        high = std::max(high, trial.values[axis]);
      }
      // Values are minimised: of a quality that rises they are negative, and as it is if it is positive throughout.
      const bool rises = archive().goal().axes[axis].direction == Direction::kHigherIsBetter;
      const double shift = 0.05 * (high - low) + 1e-12;
      for (const ScoredTrial& trial : archive().trials()) {
        const double v = trial.values[axis];
        double log = 0;
        if (!trial.complete)
          log = 0;
        else if (axis == 0)
          log = rises && high < 0 ? std::log(-v) : std::log(high - v + shift);
        else
          log = std::log(low > 0 ? v : v - low + shift);
        logs_[axis].push_back(log);
      }
    }
    if (axes > 1) PlaceTargets();
  }

  // Evenly along the logarithm of each cost, from the front's cheapest to its dearest; the exponent is the slope there of the front's
  // concave envelope, in logarithms: what quality a factor of the cost buys.
  void PlaceTargets() {
    const std::vector<size_t>& front = archive().Front();
    for (size_t axis = 1; axis < logs_.size(); ++axis) {
      std::vector<std::pair<double, double>> hull;  // (log cost, log quality)
      std::vector<std::pair<double, double>> points;
      for (const size_t i : front) points.emplace_back(logs_[axis][i], logs_[0][i]);
      std::sort(points.begin(), points.end());
      for (const auto& p : points) {
        if (!hull.empty() && p.second <= hull.back().second) continue;
        while (hull.size() > 1 && Slope(hull[hull.size() - 2], hull.back()) <= Slope(hull.back(), p)) hull.pop_back();
        hull.push_back(p);
      }
      for (size_t k = 0; k < policies_.size(); ++k) {
        Policy& policy = policies_[k];
        policy.targets.resize(logs_.size() - 1);
        double slope = 0.07;
        double target = hull.empty() ? 0 : hull.back().first;
        if (hull.size() > 1) {
          const double share = (static_cast<double>(k) + 0.5) / static_cast<double>(policies_.size());
          target = hull.front().first + share * (hull.back().first - hull.front().first);
          size_t edge = 1;
          while (edge + 1 < hull.size() && hull[edge].first < target) ++edge;
          slope = Slope(hull[edge - 1], hull[edge]);
        }
        policy.targets[axis - 1] = target;
        policy.exponents[axis - 1] = own_.exponent < 0 ? own_.exponent : -slope * shares_[k][axis - 1];
      }
    }
  }
  static double Slope(const std::pair<double, double>& a, const std::pair<double, double>& b) {
    return (b.second - a.second) / std::max(1e-12, b.first - a.first);
  }

  double LogReward(const Policy& policy, size_t i) const {
    double log = logs_[0][i];
    for (size_t axis = 1; axis < logs_.size(); ++axis) {
      const double over = logs_[axis][i] - policy.targets[axis - 1];
      log += own_.hard ? -std::max(0.0, over) : policy.exponents[axis - 1] * over;
    }
    const double violation = archive().trials()[i].violation;
    return violation > 0 ? log - 1 - 4 * violation : log;
  }

  double LogChance(const PolicyTable& chances, const Genome& genome) const {
    double sum = 0;
    for (size_t d = 0; d < genome.size(); ++d) {
      if (genome[d] != kInactive) sum += std::log(std::max(1e-300, chances[d][LevelOf(space().spec().dimensions[d], genome[d])]));
    }
    return sum;
  }

  double MixtureLogChance(const Genome& genome) const {
    double sum = 0;
    for (const Policy& policy : policies_) sum += std::exp(LogChance(Chances(policy), genome)) / static_cast<double>(policies_.size());
    return std::log(std::max(1e-300, sum));
  }

  // Of a setting that no policy drew: uniform.
  double UniformLogChance(const Genome& genome) const {
    double sum = 0;
    for (size_t d = 0; d < genome.size(); ++d)
      sum -= genome[d] == kInactive ? 0 : std::log(static_cast<double>(LevelCount(space().spec().dimensions[d])));
    return sum;
  }

  void Climb(Policy& policy) {
    const std::vector<ScoredTrial>& trials = archive().trials();
    std::vector<double> rewards(trials.size(), 0.0), behaviour(trials.size());
    double top = -INFINITY;
    for (size_t i = 0; i < trials.size(); ++i) {
      if (trials[i].complete) top = std::max(top, LogReward(policy, i));
      const auto found = behaviour_.find(trials[i].genome);
      behaviour[i] = found == behaviour_.end() ? UniformLogChance(trials[i].genome) : found->second;
    }
    if (!std::isfinite(top)) return;
    for (size_t i = 0; i < trials.size(); ++i) rewards[i] = trials[i].complete ? std::exp(LogReward(policy, i) - top) : 0;
    for (size_t step = 0; step < own_.steps; ++step) Step(policy, trials, rewards, behaviour);
  }

  // One step of Adam along the gradient of the expected reward, in standard deviations, and of the entropy.
  void Step(Policy& policy, const std::vector<ScoredTrial>& trials, const std::vector<double>& rewards,
            const std::vector<double>& behaviour) const {
    const PolicyTable chances = Chances(policy);
    std::vector<double> weights(trials.size());
    for (size_t i = 0; i < trials.size(); ++i) weights[i] = std::exp(std::min(50.0, LogChance(chances, trials[i].genome) - behaviour[i]));
    Truncate(weights);
    double baseline = 0, variance = 0;
    for (size_t i = 0; i < trials.size(); ++i) baseline += weights[i] * rewards[i];
    for (size_t i = 0; i < trials.size(); ++i) variance += weights[i] * (rewards[i] - baseline) * (rewards[i] - baseline);
    const double deviation = std::sqrt(variance) + kTiny;
    PolicyTable gradient = chances;
    for (size_t d = 0; d < gradient.size(); ++d) {
      const std::vector<double>& p = chances[d];
      double entropy = 0;
      for (const double c : p) entropy -= c * std::log(std::max(1e-300, c));
      for (size_t l = 0; l < p.size(); ++l) gradient[d][l] = -own_.entropy * p[l] * (std::log(std::max(1e-300, p[l])) + entropy);
      for (size_t i = 0; i < trials.size(); ++i) {
        if (trials[i].genome[d] == kInactive) continue;
        const double advantage = weights[i] * (rewards[i] - baseline) / deviation;
        for (size_t l = 0; l < p.size(); ++l) gradient[d][l] -= advantage * p[l];
        gradient[d][LevelOf(space().spec().dimensions[d], trials[i].genome[d])] += advantage;
      }
    }
    Ascend(policy, gradient);
  }

  // To a sum of 1, none more than kTruncation times the mean of all.
  static void Truncate(std::vector<double>& weights) {
    double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    const double most = kTruncation * sum / static_cast<double>(weights.size());
    for (double& w : weights) w = std::min(w, most);
    sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (double& w : weights) w /= std::max(1e-300, sum);
  }

  void Ascend(Policy& policy, const PolicyTable& gradient) const {
    ++policy.steps;
    const double first = 1 - std::pow(kMeanDecay, static_cast<double>(policy.steps));
    const double second = 1 - std::pow(kSquareDecay, static_cast<double>(policy.steps));
    for (size_t d = 0; d < gradient.size(); ++d) {
      for (size_t l = 0; l < gradient[d].size(); ++l) {
        const double g = gradient[d][l];
        policy.mean[d][l] = kMeanDecay * policy.mean[d][l] + (1 - kMeanDecay) * g;
        policy.square[d][l] = kSquareDecay * policy.square[d][l] + (1 - kSquareDecay) * g * g;
        policy.logits[d][l] += own_.rate * (policy.mean[d][l] / first) / (std::sqrt(policy.square[d][l] / second) + kTiny);
      }
    }
  }

  // A policy that is sure of itself draws what is known over and over: it is flattened until something new comes.
  std::optional<Genome> DrawNew(const Policy& policy, const std::set<Genome>& taken) {
    for (int draw = 0; draw < kPolicyDraws; ++draw) {
      const double sharpness = 1 - static_cast<double>(draw) / kPolicyDraws;
      PolicyTable chances;
      for (std::vector<double> logits : policy.logits) {
        for (double& logit : logits) logit *= sharpness;
        chances.push_back(Chances(logits));
      }
      const Genome genome = Draw(chances);
      if (space().Valid(genome) && !Proposed(genome) && taken.count(genome) == 0) return genome;
    }
    return Fresh(taken);
  }

  Genome Draw(const PolicyTable& chances) {
    Genome genome(space().size());
    for (size_t d = 0; d < genome.size(); ++d) {
      const SearchDimension& dimension = space().spec().dimensions[d];
      double u = random().Uniform();
      size_t level = 0;
      while (level + 1 < chances[d].size() && u >= chances[d][level]) u -= chances[d][level++];
      genome[d] = static_cast<double>(level);
      if (dimension.range) {
        const double part = (static_cast<double>(level) + random().Uniform()) / static_cast<double>(chances[d].size());
        genome[d] = RangeAxis(dimension).ValueOfShare(part);
      }
    }
    return space().Repaired(std::move(genome));
  }

  ReinforceOptions own_;
  bool begun_ = false;
  size_t turn_ = 0;  // whose policy draws next
  std::vector<Policy> policies_;
  PolicyTable shares_;                  // of each policy, how much each cost counts
  PolicyTable logs_;                    // [axis][trial]
  std::map<Genome, double> behaviour_;  // the log chance with which each setting was drawn
};

Result<std::unique_ptr<Strategy>> MakeReinforce(Space space, const SearchGoal& goal, const StrategyOptions& options) {
  const auto trials = static_cast<double>(options.trials);
  ReinforceOptions own;
  TW_ASSIGN(const std::string reward, WordParameter(options, "reward", {"soft", "hard"}));
  TW_ASSIGN(const double targets, NumberParameter(options, "targets", goal.axes.size() == 1 ? 1 : 8, 1, 100));
  TW_ASSIGN(const double batch, NumberParameter(options, "batch", std::clamp(std::round(trials / 25), 4.0, 32.0), 1, 10000));
  TW_ASSIGN(const double initial, NumberParameter(options, "initial", std::clamp(std::round(trials / 4), 8.0, 100.0), 2, 100000));
  TW_ASSIGN(const double steps, NumberParameter(options, "steps", 10, 1, 1000));
  TW_ASSIGN(own.rate, NumberParameter(options, "rate", 0.25, 1e-4, 100));
  TW_ASSIGN(own.entropy, NumberParameter(options, "entropy", 0.05, 0, 100));
  TW_ASSIGN(own.exponent, NumberParameter(options, "exponent", 0, -10, 0));
  own.hard = reward == "hard";
  own.targets = static_cast<size_t>(targets);
  own.batch = static_cast<size_t>(batch);
  own.initial = static_cast<size_t>(initial);
  own.steps = static_cast<size_t>(steps);
  return std::make_unique<Reinforce>(std::move(space), goal, options, own);
}

}  // namespace

void RegisterReinforceStrategy(Registry<StrategyInfo>& registry);
void RegisterReinforceStrategy(Registry<StrategyInfo>& registry) {
  registry.Add(
      "reinforce",
      {.name = "reinforce",
       .summary = "Policy gradient with quality * (cost / target)^w as reward, for several targets at once (MnasNet, arXiv:1807.11626).",
       .parameters = {{"reward", "soft", "soft | hard: soft rewards cheaper than the target, too; hard takes quality alone below it"},
                      {"exponent", "0", "w of the soft reward, -10 to 0; 0: the slope of the front at each target; the paper has -0.07"},
                      {"targets", "8", "policies, each for a target of its own, 1 to 100"},
                      {"batch", "trials / 25, 4 to 32", "trials between two updates of the policies, 1 to 10000"},
                      {"initial", "trials / 4, 8 to 100", "settings spread over the space that place the first targets, 2 to 100000"},
                      {"steps", "10", "of gradient ascent an update, 1 to 1000"},
                      {"rate", "0.25", "length of a step, 0.0001 to 100"},
                      {"entropy", "0.05", "weight of the policies' entropy, against settling too early, 0 to 100"}},
       .make = MakeReinforce});
}

}  // namespace tradewind
