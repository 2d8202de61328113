// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Every combination of the dimensions' values, the last dimension turning fastest.
#include "search/strategies.h"

namespace tradewind {
namespace {

constexpr uint64_t kMost = 1'000'000;

class Exhaustive final : public Strategy {
 public:
  Exhaustive(Space space, uint64_t total) : space_(std::move(space)), total_(total) {}
  std::string_view name() const override { return "exhaustive"; }
  std::vector<Setting> Propose(size_t count) override {
    std::vector<Setting> settings;
    for (; settings.size() < count && next_ < total_; ++next_) {
      const Genome genome = space_.At(next_);
      if (space_.Valid(genome)) settings.push_back(space_.Decode(genome));
    }
    return settings;
  }
  void Observe(const Point&) override {}
  std::optional<size_t> TotalTrials() const override { return total_; }

 private:
  Space space_;
  uint64_t total_;
  uint64_t next_ = 0;
};

Result<std::unique_ptr<Strategy>> MakeExhaustive(Space space, const SearchGoal&, const StrategyOptions&) {
  const std::optional<uint64_t> total = space.Combinations();
  if (!total || *total > kMost) {
    return Fail(Status(StatusCode::kUnsupported, total ? "the knobs have " + std::to_string(*total) + " combinations, over " + std::to_string(kMost) +
                                                             ": give fewer values, or another --strategy"
                                                       : "a knob takes any number of a range, so that not all can be tried: list values, or give "
                                                         "another --strategy")
                    .At("--strategy exhaustive"));
  }
  return std::make_unique<Exhaustive>(std::move(space), *total);
}

}  // namespace

void RegisterExhaustiveStrategy(Registry<StrategyInfo>& registry);
void RegisterExhaustiveStrategy(Registry<StrategyInfo>& registry) {
  registry.Add("exhaustive", {.name = "exhaustive", .summary = "Every combination of the listed values.", .make = MakeExhaustive});
}

}  // namespace tradewind
