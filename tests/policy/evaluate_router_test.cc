// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Routers on the public outcomes: trained on half of MMLU's subjects, judged on the other half.
#include "policy/evaluate_router.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unordered_set>

#include "policy/routing_data.h"
#include "shared_data.h"

namespace tradewind {
namespace {

TEST(PublicOutcomes, TablesAreWhatIsKnownOfThem) {
  TW_REQUIRE_DATA(root, SharedPath("assets/text"));
  // 14,042 questions of MMLU and 1,319 of GSM8K before those of the contaminated lists are dropped.
  const RoutingTable mmlu = LoadMmlu(root), gsm8k = LoadGsm8k(root), mt_bench = LoadMtBench(root);
  EXPECT_GT(mmlu.samples.size(), 14'000u);
  EXPECT_LT(mmlu.samples.size(), 14'042u);
  EXPECT_GT(gsm8k.samples.size(), 1'290u);
  EXPECT_LT(gsm8k.samples.size(), 1'319u);
  EXPECT_GE(mt_bench.samples.size(), 70u);
  for (const RoutingTable* table : {&mmlu, &gsm8k, &mt_bench}) EXPECT_TRUE(CheckRoutingTable(*table));
  double weak = 0, strong = 0;
  for (const RoutingSample& sample : mmlu.samples) weak += sample.score[0], strong += sample.score[1];
  // 68.1 % and 80.6 %, as pandas has it.
  EXPECT_NEAR(weak / static_cast<double>(mmlu.samples.size()), 0.681, 0.002);
  EXPECT_NEAR(strong / static_cast<double>(mmlu.samples.size()), 0.806, 0.002);
}

TEST(PublicOutcomes, NoTestedQuestionIsTrainedOn) {
  TW_REQUIRE_DATA(root, SharedPath("assets/text"));
  const RoutingTable gsm8k = LoadGsm8k(root), mt_bench = LoadMtBench(root);
  const MmluHalves halves = SplitMmlu(root, 1, {&gsm8k, &mt_bench});
  ASSERT_GT(halves.train.samples.size(), 4000u);
  std::unordered_set<std::string> trained, subjects;
  for (const RoutingSample& sample : halves.train.samples) trained.insert(QuestionKey(sample.text)), subjects.insert(sample.group);
  for (const RoutingTable* test : {&halves.test, &gsm8k, &mt_bench}) {
    EXPECT_TRUE(CheckNoSharedQuestion(halves.train, *test));
    for (const RoutingSample& sample : test->samples) ASSERT_FALSE(trained.contains(QuestionKey(sample.text))) << sample.text;
  }
  for (const RoutingSample& sample : halves.test.samples) ASSERT_FALSE(subjects.contains(sample.group));
  for (const std::string& key : ContaminatedKeys(root)) EXPECT_FALSE(trained.contains(key)) << key;
}

TEST(PublicOutcomes, SixArmsJoinOnTheQuestion) {
  TW_REQUIRE_DATA(root, SharedPath("assets/text"));
  const RoutingTable six = LoadGsm8kSix(root);
  ASSERT_TRUE(CheckRoutingTable(six)) << CheckRoutingTable(six).error().ToString();
  EXPECT_EQ(six.arms.size(), 6u);
  EXPECT_GT(six.samples.size(), 1'250u);  // apostrophes are written in two ways
}

TEST(PublicOutcomes, ARouterBeatsChanceOnUnseenSubjects) {
  TW_REQUIRE_DATA(root, SharedPath("assets/text"));
  const MmluHalves halves = SplitMmlu(root, 1, {});
  const auto results = EvaluateRouter("classifier", halves.train, {&halves.test}, {.curve = {.resamples = 100}});
  ASSERT_TRUE(results) << results.error().ToString();
  EXPECT_GT((*results)[0].metrics.apgr.value, 0.52);
}

}  // namespace
}  // namespace tradewind
