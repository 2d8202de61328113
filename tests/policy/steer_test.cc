// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/steer.h"

#include <gtest/gtest.h>

#include "measure/fake_tunable.h"
#include "policy/best_within_budget.h"
#include "store/store_testing.h"

namespace tradewind {
namespace {

// A store filled by hand: size 3 is good and slow, size 1 poor and quick.
class SteerTest : public StoreTest {
 protected:
  SteerTest() : store_(std::move(*ProfileStore::Open(Path()))) {
    EXPECT_TRUE(store_.SaveDevice(ThisDevice()));
    EXPECT_TRUE(store_.SaveWorkload({"work", "text:book", "bits_per_byte"}));
    EXPECT_TRUE(store_.SaveWorkload({"other", "text:diary", "bits_per_byte"}));
    EXPECT_TRUE(store_.SetDefaultWorkload("work"));
    for (const int size : {2, 3, 4}) Add("work", size, 5.0 - size);
    Add("other", 5, 1);
  }

  // 10 ms and a millisecond a prompt token; `size` ms a step; 90 ms to load.
  void Add(const std::string& workload, int size, double quality) {
    TrialRecord record{.key = {"fake", workload, ThisDevice().id, "size=" + std::to_string(size)}, .build = "b", .started_at = "now"};
    record.measurements = {{"bits_per_byte", quality, {quality, quality, 0.95}, 4},
                           {"peak_memory_bytes", size * 1e8, {size * 1e8, size * 1e8, 0}, 1}};
    for (int round = 0; round < 4; ++round) {
      for (const double n : {10.0, 100.0, 400.0, 1000.0}) {
        const double wobble = 1 + 0.002 * (round % 2 ? 1 : -1);
        record.observations.push_back({"ttft_ms", {n}, (10 + n) * wobble});
        record.observations.push_back({"tpot_ms", {n}, size * wobble});
      }
    }
    record.observations.push_back({"load_ms", {}, 90});
    record.observations.push_back({"bytes_per_token", {}, 5});
    const auto added = store_.AddTrial(record);
    EXPECT_TRUE(added) << added.error().ToString();
  }

  Known Load(const std::string& workload = "") {
    auto known = LoadKnown(store_, tunable_, workload);
    EXPECT_TRUE(known) << known.error().ToString();
    return std::move(*known);
  }

  ProfileStore store_;
  FakeTunable tunable_;
};

TEST_F(SteerTest, KnowsTheDefaultWorkloadOrTheOneNamed) {
  EXPECT_EQ(Load().points.size(), 3u);
  EXPECT_EQ(Load().workload.name, "text:book");
  EXPECT_EQ(Load("text:diary").points.size(), 1u);
  EXPECT_EQ(Load("other").points.size(), 1u);
  const auto unknown = LoadKnown(store_, tunable_, "text:novel");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code(), StatusCode::kNotFound);
  EXPECT_NE(unknown.error().message().find("search"), std::string::npos) << "says what to do";
}

TEST_F(SteerTest, AnEmptyStoreSaysWhatToDo) {
  const auto empty = ProfileStore::Open(Path("empty.db"));
  const auto known = LoadKnown(*empty, tunable_, "");
  ASSERT_FALSE(known);
  EXPECT_NE(known.error().message().find("./quickstart"), std::string::npos);
}

TEST_F(SteerTest, PredictsByTheLengthOfThePrompt) {
  const Known known = Load();
  SteerRequest request{.prompt_tokens = 300, .max_tokens = 65, .budget = {}, .count_load = false, .spent = {}};
  const Candidate c = Predict(known.points[0], request);
  EXPECT_NEAR(c.ttft_ms->value, 310, 5);
  EXPECT_NEAR(c.tpot_ms->value, 2, 0.05);
  // A deadline asks for 64 tokens: 63 steps after the first.
  EXPECT_NEAR(c.total_ms->value, 310 + 63 * 2, 6);
  EXPECT_LT(c.ttft_ms->interval.low, c.ttft_ms->value);
  EXPECT_GT(c.ttft_ms->interval.high, c.ttft_ms->value);
  EXPECT_EQ(c.memory_bytes, 2e8);
  request.max_tokens = 1;
  EXPECT_NEAR(Predict(known.points[0], request).total_ms->value, 310, 5);
}

TEST_F(SteerTest, LoadingAndWhatIsSpentCount) {
  const Known known = Load();
  const SteerRequest bare{.prompt_tokens = 100, .budget = {}, .count_load = false, .spent = {}};
  SteerRequest whole = bare;
  whole.count_load = true;
  whole.spent = Duration::Millis(40);
  EXPECT_NEAR(Predict(known.points[0], whole).ttft_ms->value, Predict(known.points[0], bare).ttft_ms->value + 130, 1e-9);
}

// 10 ms and a millisecond a prompt token, `size` ms a step.
TEST_F(SteerTest, WhatASessionHoldsNeedNotBeRead) {
  const Known known = Load();
  SteerRequest request{.prompt_tokens = 300, .held_tokens = 180, .max_tokens = 65, .budget = {}, .count_load = false, .spent = {}};
  const Candidate c = Predict(known.points[0], request);
  EXPECT_NEAR(c.ttft_ms->value, 120, 5);
  EXPECT_LT(c.ttft_ms->interval.low, c.ttft_ms->value);
  EXPECT_NEAR(c.total_ms->value, 120 + 63 * 2, 6);
  request.held_tokens = 300;
  EXPECT_NEAR(Predict(known.points[0], request).ttft_ms->value, 2, 0.1) << "one step at least";
  EXPECT_NEAR(Predict(known.points[2], request).ttft_ms->value, 4, 0.1);
}

TEST_F(SteerTest, BytesStandForTokensWhereThoseAreNotKnown) {
  const Known known = Load();
  const SteerRequest bytes{.prompt_bytes = 1350, .prompt_tokens = {}, .budget = {}, .count_load = false, .spent = {}};
  const SteerRequest tokens{.prompt_tokens = 300, .budget = {}, .count_load = false, .spent = {}};
  EXPECT_NEAR(Predict(known.points[0], bytes).ttft_ms->value, Predict(known.points[0], tokens).ttft_ms->value, 1e-9)
      << "five bytes a token and thirty tokens of a template";
}

TEST_F(SteerTest, DifferentBudgetsTakeDifferentSettings) {
  const Known known = Load();
  BestWithinBudget policy;
  const auto chosen = [&](const Budget& budget) -> std::string {
    const Steering s = Steer(known, {.prompt_tokens = 100, .budget = budget, .count_load = false, .spent = {}}, policy);
    return s.decision.chosen ? s.candidates[*s.decision.chosen].point.setting.Text() : "none";
  };
  Budget tpot, memory, quality, never;
  tpot.tpot = Duration::Millis(4.3);  // 3 ms may become 3.9 on a machine in use (90 %)
  memory.memory_bytes = 250'000'000;
  quality.quality = 0.9;
  never.ttft = Duration::Millis(5);
  EXPECT_EQ(chosen({}), "size=4");
  EXPECT_EQ(chosen(tpot), "size=3");
  EXPECT_EQ(chosen(memory), "size=2");
  EXPECT_EQ(chosen(quality), "size=4");
  EXPECT_EQ(chosen(never), "none");
}

TEST_F(SteerTest, ASlowMachineTakesAQuickerSetting) {
  Known known = Load();
  BestWithinBudget policy;
  Budget budget;
  budget.tpot = Duration::Millis(4.9);
  const SteerRequest request{.prompt_tokens = 100, .budget = budget, .count_load = false, .spent = {}};
  for (KnownPoint& point : known.points) point.drift = {{1, 0.01}, {1, 0.01}};
  const Steering before = Steer(known, request, policy);
  EXPECT_EQ(before.candidates[*before.decision.chosen].point.setting.Text(), "size=4");
  for (KnownPoint& point : known.points) point.drift = {{3, 0.01}, {1.5, 0.01}};
  const Steering after = Steer(known, request, policy);
  EXPECT_EQ(after.candidates[*after.decision.chosen].point.setting.Text(), "size=3");
  EXPECT_NEAR(after.candidates[0].ttft_ms->value, 3 * before.candidates[0].ttft_ms->value, 1e-9);
  EXPECT_NEAR(after.candidates[0].tpot_ms->value, 1.5 * before.candidates[0].tpot_ms->value, 1e-9);
}

TEST_F(SteerTest, ATrialWithoutTheMetricOrOfAnotherKnobIsPassedOver) {
  TrialRecord partial{.key = {"fake", "work", ThisDevice().id, "size=6"}, .build = "b", .started_at = "now"};
  partial.measurements = {{"tpot_ms", 1, {1, 1, 0.95}, 1}};
  ASSERT_TRUE(store_.AddTrial(partial));
  partial.key.setting = "gone=6";
  partial.measurements = {{"bits_per_byte", 1, {1, 1, 0.95}, 1}};
  ASSERT_TRUE(store_.AddTrial(partial));
  EXPECT_EQ(Load().points.size(), 3u);
}

// `measure --metrics tpot_ms` adds to what is known of a setting; it takes nothing away.
TEST_F(SteerTest, APartialTrialDoesNotHideTheFullOneBefore) {
  TrialRecord partial{.key = {"fake", "work", ThisDevice().id, "size=3"}, .build = "b", .started_at = "now"};
  partial.measurements = {{"tpot_ms", 1, {1, 1, 0.95}, 1}};
  ASSERT_TRUE(store_.AddTrial(partial));
  EXPECT_EQ(Load().points.size(), 3u);
  Add("work", 3, 7.5);
  const Known known = Load();
  EXPECT_EQ(known.points.size(), 3u);
  const auto best = std::max_element(known.points.begin(), known.points.end(), [](const KnownPoint& a, const KnownPoint& b) {
    return a.point.Find("bits_per_byte")->value < b.point.Find("bits_per_byte")->value;
  });
  EXPECT_EQ(best->point.Find("bits_per_byte")->value, 7.5) << "the newest full one counts";
}

}  // namespace
}  // namespace tradewind
