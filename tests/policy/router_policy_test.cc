// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/router_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tradewind {
namespace {

// Says that what holds a digit is hard: the small arm scores 0.2 there, else 0.8; the large one always 0.9.
class DigitRouter final : public Router {
 public:
  std::string_view name() const override { return "digits"; }
  std::string_view source() const override { return "a test"; }
  void Learn(std::span<const float>, size_t arm, double score) override { learnt.emplace_back(arm, score); }
  std::vector<std::pair<size_t, double>> learnt;

 private:
  Result<void> FitTo(const RoutingTable&, const FeatureMatrix&, uint64_t) override { return {}; }
  std::vector<ArmUtility> UtilityOf(std::span<const float> x) const override {
    const bool digit = x[x.size() - HashedNgrams::kSurface + 2] > 0;
    return {{digit ? 0.2 : 0.8, std::nullopt}, {0.9, std::nullopt}};
  }
};

Candidate Made(const std::string& model, double bits, double tpot_ms) {
  Candidate c;
  c.point.setting.Set("model", model);
  c.point.measurements.push_back({.metric = "bits_per_byte", .value = bits});
  c.tpot_ms = Prediction{tpot_ms, {tpot_ms, tpot_ms, 0.9}};
  c.memory_bytes = 1;
  return c;
}

class RouterPolicyTest : public testing::Test {
 protected:
  void SetUp() override {
    RoutingTable table{.arms = {"small", "large"}, .arm_cost = {1, 10}, .samples = {{"x", "", {1, 1}}}};
    ASSERT_TRUE(router_->Fit(table, {}));
  }
  std::shared_ptr<DigitRouter> router_ = std::make_shared<DigitRouter>();
  std::vector<Candidate> candidates_ = {Made("small", 1.2, 10), Made("large", 0.9, 40), Made("small", 1.1, 15), Made("other", 0.5, 5)};
  Axis primary_{.metric = "bits_per_byte", .direction = Direction::kLowerIsBetter};
};

TEST_F(RouterPolicyTest, RoutesByTheRequest) {
  RouterPolicy policy(router_, {.arm_knob = "model", .dial = 0.7});
  EXPECT_EQ(policy.ChooseFor({.text = "what is 77 * 13?"}, candidates_, {}, primary_).chosen, 1u);
  const Decision easy = policy.ChooseFor({.text = "a short tale"}, candidates_, {}, primary_);
  EXPECT_EQ(easy.chosen, 2u);  // of the two small ones the better
  ASSERT_EQ(easy.rejected.size(), 3u);
  bool unknown = false;
  for (const RejectedCandidate& r : easy.rejected) unknown |= r.candidate == 3 && r.reason.find("knows no arm") != std::string::npos;
  EXPECT_TRUE(unknown);
  EXPECT_THAT(easy.reason, testing::HasSubstr("small"));
}

TEST_F(RouterPolicyTest, TheBudgetComesFirst) {
  RouterPolicy policy(router_, {.arm_knob = "model", .dial = 1});
  const Budget budget{.tpot = Duration::Millis(20)};
  const Decision d = policy.ChooseFor({.text = "what is 77 * 13?"}, candidates_, budget, primary_);
  ASSERT_TRUE(d.chosen);
  EXPECT_NE(*d.chosen, 1u);
  const Budget none{.tpot = Duration::Millis(1)};
  EXPECT_FALSE(policy.ChooseFor({.text = "x"}, candidates_, none, primary_).chosen);
}

TEST_F(RouterPolicyTest, TheQualityFloorHoldsForWhatWasMeasured) {
  candidates_.pop_back();
  RouterPolicy policy(router_, {.arm_knob = "model", .dial = 0.7});
  // 0.9 / 1.1 and 0.9 / 1.2 lie below 0.85: only the large one is left, though the router would send the tale to a small one.
  const Budget budget{.quality = 0.85};
  EXPECT_EQ(policy.ChooseFor({.text = "a short tale"}, candidates_, budget, primary_).chosen, 1u);
}

TEST_F(RouterPolicyTest, WithoutARequestItIsTheBestWithinTheBudget) {
  RouterPolicy policy(router_, {});
  BestWithinBudget best;
  EXPECT_EQ(policy.Choose(candidates_, {}, primary_).chosen, best.Choose(candidates_, {}, primary_).chosen);
  // And a policy that does not look at requests is the same with one.
  EXPECT_EQ(best.ChooseFor({.text = "x"}, candidates_, {}, primary_).chosen, best.Choose(candidates_, {}, primary_).chosen);
}

TEST_F(RouterPolicyTest, TellsTheRouterWhatWasScored) {
  RouterPolicy policy(router_, {});
  Outcome outcome;
  outcome.setting.Set("model", std::string("large"));
  policy.LearnFrom({.text = "x"}, outcome);
  EXPECT_TRUE(router_->learnt.empty());
  outcome.score = 0.25;
  policy.LearnFrom({.text = "x"}, outcome);
  EXPECT_THAT(router_->learnt, testing::ElementsAre(std::pair<size_t, double>(1, 0.25)));
  outcome.setting.Set("model", std::string("unheard of"));
  policy.LearnFrom({.text = "x"}, outcome);
  EXPECT_EQ(router_->learnt.size(), 1u);
}

}  // namespace
}  // namespace tradewind
