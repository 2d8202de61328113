// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The baseline: a share of the requests, drawn without looking at them, goes to the dearest arm. What was drawn for a text is a function of
// its features and the seed.
#define XXH_INLINE_ALL
#include <xxhash.h>

#include "policy/router.h"

namespace tradewind {
namespace {

class RandomRouter final : public Router {
 public:
  std::string_view name() const override { return "random"; }
  std::string_view source() const override { return "baseline: a given share of calls to the dearest arm, whatever the request"; }
  std::vector<RouterParameter> parameters() const override {
    return {{"strong_share", 0.5, 0, 1, "share of requests for which the dearest arm is said to be best"}};
  }

 private:
  Result<void> FitTo(const RoutingTable&, const FeatureMatrix&, uint64_t seed) override {
    seed_ = seed;
    return {};
  }

  std::vector<ArmUtility> UtilityOf(std::span<const float> features) const override {
    const uint64_t hash = XXH3_64bits_withSeed(features.data(), features.size_bytes(), seed_);
    const double drawn = static_cast<double>(hash >> 11) * 0x1p-53;
    std::vector<ArmUtility> out(arms_.size());
    // At dial 1 the dearest arm wins where drawn < strong_share.
    out[ArmsByCost(arm_cost_).back()].score = Parameter("strong_share") - drawn;
    return out;
  }

  uint64_t seed_ = 1;
};

}  // namespace

void RegisterRandomRouter(Registry<RouterFactory>& registry) {
  registry.Add("random", [] { return std::make_unique<RandomRouter>(); });
}

}  // namespace tradewind
