// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/guide.h"

#include <gmock/gmock.h>

#include "cli/cli_test_util.h"
#include "llm/language_model.h"

namespace tradewind {
namespace {

using GuideTest = CliTest;
using testing::HasSubstr;

Outcome Came(std::optional<double> ttft_ms, std::optional<double> tpot_ms) {
  Outcome o;
  if (ttft_ms) o.ttft = Duration::Millis(*ttft_ms);
  if (tpot_ms) o.tpot = Duration::Millis(*tpot_ms);
  return o;
}

TEST_F(GuideTest, NothingAskedIsNothingMissed) {
  EXPECT_TRUE(MissedBudget({}, Came(1e6, 1e6), {int64_t{1} << 60}, ~uint64_t{0}).empty());
}

TEST_F(GuideTest, EachMissIsNamedWithBothNumbers) {
  Budget budget;
  budget.accepted_at = {1'000'000};
  budget.deadline = Duration::Millis(100);
  budget.ttft = Duration::Millis(10);
  budget.tpot = Duration::Millis(5);
  budget.memory_bytes = 100u << 20;
  const TimePoint in_time = budget.accepted_at + Duration::Millis(100);
  EXPECT_TRUE(MissedBudget(budget, Came(10, 5), in_time, 100u << 20).empty()) << "just kept is kept";
  const auto missed = MissedBudget(budget, Came(20, 6), in_time + Duration::Millis(50), 200u << 20);
  ASSERT_EQ(missed.size(), 4u);
  EXPECT_THAT(missed[0], testing::AllOf(HasSubstr("deadline"), HasSubstr("150 ms"), HasSubstr("100 ms")));
  EXPECT_THAT(missed[1], testing::AllOf(HasSubstr("TTFT"), HasSubstr("20.0 ms"), HasSubstr("10.0 ms")));
  EXPECT_THAT(missed[2], HasSubstr("TPOT"));
  EXPECT_THAT(missed[3], testing::AllOf(HasSubstr("memory"), HasSubstr("200 MiB"), HasSubstr("100 MiB")));
}

TEST_F(GuideTest, AFirstTokenThatNeverCameIsMissed) {
  Budget budget;
  budget.ttft = Duration::Seconds(100);
  EXPECT_THAT(MissedBudget(budget, Came({}, {}), {}, 0), testing::ElementsAre(HasSubstr("no token came")));
}

// What came is compared with the measurements alone: 200 ms were expected of a machine half as fast as then, and 300 ms came.
TEST_F(GuideTest, LearnsHowFarAnswersAreFromTheMeasurements) {
  const KnownPoint point{.trial = 7, .drift = {{2, 0.1}, {4, 0.1}}};
  const Candidate expected{.ttft_ms = Prediction{250, {}}, .tpot_ms = Prediction{40, {}}};
  const auto learnt = [&](double ttft_ms, double tpot_ms, int64_t tokens) {
    std::filesystem::remove(Path("profile.db"));
    Outcome outcome = Came(ttft_ms, tpot_ms);
    outcome.output_tokens = tokens;
    Guide().Learn(point, expected, Duration::Millis(50), outcome);
    const auto profile = DeviceProfile::Open(Path("profile.db"));
    EXPECT_TRUE(profile);
    return RecentAnswers::Load(*profile, "")->answers();
  };
  const std::vector<RecentAnswer> one = learnt(350, 30, 12);
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].trial, 7);
  EXPECT_NEAR(one[0].prefill.value_or(0), 2 * 300.0 / 200, 1e-9);
  EXPECT_NEAR(one[0].step.value_or(0), 4 * 30.0 / 40, 1e-9);
  EXPECT_NEAR(one[0].unix_seconds, UnixSeconds(), 60);
  EXPECT_EQ(learnt(350, 30, 3)[0].step, std::nullopt) << "three tokens tell too little";
  EXPECT_TRUE(learnt(3.6e6, 3.6e6, 12).empty()) << "the machine was suspended for an hour";
}

TEST_F(GuideTest, WithoutMeasurementsOnlyAutoFails) {
  const LanguageModel tunable([](const Setting& setting) -> Result<std::string> { return setting.TextOr("model", ""); });
  const auto guide = Guide::Open(tunable, "", false);
  ASSERT_TRUE(guide) << guide.error().ToString();
  EXPECT_EQ(guide->Find({}), nullptr);
  const auto required = Guide::Open(tunable, "", true);
  ASSERT_FALSE(required);
  EXPECT_EQ(required.error().code(), StatusCode::kNotFound);
  EXPECT_THAT(required.error().message(), HasSubstr("./quickstart"));
  EXPECT_FALSE(std::filesystem::exists(Path("profile.db"))) << "looking makes no store";
}

}  // namespace
}  // namespace tradewind
