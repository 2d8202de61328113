// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Settings drawn uniformly, none twice.
#include <set>

#include "search/strategies.h"

namespace tradewind {
namespace {

constexpr int kRandomDraws = 1000;

class RandomSearch final : public Strategy {
 public:
  RandomSearch(Space space, const StrategyOptions& options) : space_(std::move(space)), random_(options.seed), trials_(options.trials) {}
  std::string_view name() const override { return "random"; }
  std::vector<Setting> Propose(size_t count) override {
    std::vector<Setting> settings;
    while (settings.size() < count && seen_.size() < trials_) {
      std::optional<Genome> fresh = Fresh();
      if (!fresh) break;
      settings.push_back(space_.Decode(*fresh));
    }
    return settings;
  }
  void Observe(const Point&) override {}
  std::optional<size_t> TotalTrials() const override { return trials_; }

 private:
  // One that did not come before; absent when the draws find none, as in a space that is used up.
  std::optional<Genome> Fresh() {
    for (int draw = 0; draw < kRandomDraws; ++draw) {
      Genome genome = space_.Sample(random_);
      if (seen_.insert(genome).second) return genome;
    }
    return std::nullopt;
  }

  Space space_;
  Random random_;
  size_t trials_;
  std::set<Genome> seen_;
};

Result<std::unique_ptr<Strategy>> MakeRandom(Space space, const SearchGoal&, const StrategyOptions& options) {
  return std::make_unique<RandomSearch>(std::move(space), options);
}

}  // namespace

void RegisterRandomStrategy(Registry<StrategyInfo>& registry);
void RegisterRandomStrategy(Registry<StrategyInfo>& registry) {
  registry.Add("random", {.name = "random", .summary = "Settings drawn uniformly, none twice: the baseline.", .make = MakeRandom});
}

}  // namespace tradewind
