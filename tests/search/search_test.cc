// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <set>

#include "measure/fake_tunable.h"
#include "measure/text_workload.h"
#include "search/dimension.h"
#include "search/strategies.h"
#include "store/store_testing.h"

namespace tradewind {
namespace {

class SearchTest : public StoreTest {
 protected:
  // Over sizes and spoilers: 3 x 3 settings.
  Result<SearchResult> Run(FakeTunable& tunable, const SearchOptions& options, const char* sizes = "size=1,2,3") {
    TW_ASSIGN(SearchDimension dimension, ParseDimension(sizes, tunable.knobs()));
    return Run(tunable, options, std::move(dimension));
  }
  Result<SearchResult> Run(FakeTunable& tunable, const SearchOptions& options, SearchDimension sizes) {
    TW_ASSIGN(ProfileStore store, ProfileStore::Open(Path()));
    TW_ASSIGN(SearchDimension spoilers, ParseDimension("spoil=1,2,3", tunable.knobs()));
    std::vector<SearchDimension> dimensions = {std::move(sizes), std::move(spoilers)};
    TW_ASSIGN(auto strategy,
              MakeStrategy("exhaustive", {.base = {}, .dimensions = std::move(dimensions)}, {.axes = AxesOf(workload_)}, {}));
    return RunSearch(tunable, workload_, store, *strategy, options);
  }
  static SearchOptions Quick() {
    return {.measure = {.time = Duration::Millis(1), .metrics = {}, .progress = {}}, .time = {}, .progress = {}};
  }
  const Workload workload_ = MakeTextWorkload(std::string(4000, 'a'), "text:a");
};

TEST_F(SearchTest, MeasuresEverySettingOnceAndFindsTheFrontier) {
  FakeTunable tunable;
  const auto result = Run(tunable, Quick());
  ASSERT_TRUE(result) << result.error().ToString();
  EXPECT_EQ(result->measured, 9u);
  EXPECT_EQ(result->reused, 0u);
  ASSERT_EQ(result->points.size(), 9u);
  ASSERT_EQ(result->frontier.size(), 9u);
  EXPECT_EQ(tunable.log.opened, 9) << "each size is opened three times, the spoilers share it";
  for (size_t i = 0; i < 9; ++i) {
    const double spoil = static_cast<double>(result->points[i].setting.IntegerOr("spoil", 1));
    EXPECT_NEAR(result->points[i].Find("bits_per_byte")->value, 6 / spoil, 1e-5);
  }
}

TEST_F(SearchTest, ASecondRunMeasuresNothing) {
  FakeTunable tunable;
  const auto first = Run(tunable, Quick());
  FakeTunable other;
  const auto second = Run(other, Quick());
  ASSERT_TRUE(first && second);
  EXPECT_EQ(second->measured, 0u);
  EXPECT_EQ(second->reused, 9u);
  EXPECT_EQ(other.log.started, 0);
  for (size_t i = 0; i < 9; ++i) EXPECT_EQ(second->trials[i].id, first->trials[i].id);
}

// Each round a child is killed in its second trial, so that a trial is finished and one is in flight.
TEST_F(SearchTest, KilledAndBegunAgainItMeasuresEachSettingOnce) {
  for (int round = 0; round < 4; ++round) {
    const pid_t child = Spawn([&] {
      FakeTunable tunable;
      SearchOptions options = Quick();
      std::set<std::string> measured;
      options.progress = [&](const SearchProgress& p) {
        if (p.trial > 0.4) measured.insert(p.what);
        if (measured.size() == 2) raise(SIGKILL);
      };
      return Run(tunable, options) ? 0 : 1;
    });
    ASSERT_EQ(WaitFor(child), 128 + SIGKILL) << "round " << round << ": it should have been killed half way";
    const auto store = ProfileStore::Open(Path());
    ASSERT_TRUE(store) << store.error().ToString();
    ASSERT_LT(store->Trials()->size(), 9u);
  }
  FakeTunable tunable;
  const auto result = Run(tunable, Quick());
  ASSERT_TRUE(result) << result.error().ToString();
  EXPECT_GT(result->reused, 0u) << "what was finished before is used";
  EXPECT_EQ(result->reused + result->measured, 9u);
  const auto store = ProfileStore::Open(Path());
  EXPECT_EQ(store->Trials({.history = true})->size(), 9u) << "none was measured twice";
}

TEST_F(SearchTest, InTurnItMeasuresTheSameOnce) {
  FakeTunable tunable;
  SearchOptions options = Quick();
  options.in_turn = 4;
  const auto result = Run(tunable, options, "size=1,2,9");
  ASSERT_TRUE(result) << result.error().ToString();
  EXPECT_EQ(result->measured, 6u);
  EXPECT_EQ(result->refused.size(), 3u);
  ASSERT_EQ(result->points.size(), 6u);
  for (const Point& point : result->points) {
    EXPECT_NEAR(point.Find("bits_per_byte")->value, 6.0 / static_cast<double>(point.setting.IntegerOr("spoil", 1)), 1e-5);
  }
  const auto again = Run(tunable, options, "size=1,2,9");
  EXPECT_EQ(again->reused, 6u);
  EXPECT_EQ(again->measured, 0u);
}

// Depths that only the deeper of two models has are no error of the search.
TEST_F(SearchTest, WhatIsOutOfRangeIsLeftOutAndNamed) {
  FakeTunable tunable;
  const auto result = Run(tunable, Quick(), SearchDimension{.knob = "size", .values = {int64_t{1}, int64_t{99}}});
  ASSERT_TRUE(result) << result.error().ToString();
  EXPECT_EQ(result->measured, 3u);
  ASSERT_EQ(result->refused.size(), 3u);
  EXPECT_NE(result->refused[0].find("size=99"), std::string::npos);
  EXPECT_NE(result->refused[0].find("out of range"), std::string::npos);
  const auto none = Run(tunable, Quick(), SearchDimension{.knob = "size", .values = {int64_t{99}}});
  ASSERT_FALSE(none);
  EXPECT_NE(none.error().message().find("out of range"), std::string::npos) << none.error().ToString();
}

TEST_F(SearchTest, TellsOfABatchBeforeItMeasuresIt) {
  FakeTunable tunable;
  SearchOptions options = Quick();
  options.in_turn = 4;
  std::vector<size_t> told;
  std::vector<int> started;
  options.begin = [&](const std::vector<Setting>& open) -> Result<void> {
    told.push_back(open.size());
    started.push_back(tunable.log.started);
    return {};
  };
  ASSERT_TRUE(Run(tunable, options));
  EXPECT_THAT(told, testing::ElementsAre(4u, 4u, 1u));
  EXPECT_EQ(started[0], 0);
  told.clear();
  ASSERT_TRUE(Run(tunable, options));
  EXPECT_THAT(told, testing::ElementsAre(0u, 0u, 0u)) << "the store has all";
}

TEST_F(SearchTest, AnErrorBeforeABatchEndsTheSearch) {
  FakeTunable tunable;
  SearchOptions options = Quick();
  int batches = 0;
  options.begin = [&](const std::vector<Setting>&) -> Result<void> {
    if (++batches < 3) return {};
    return Fail(StatusCode::kCancelled, "enough");
  };
  const auto result = Run(tunable, options);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message(), "enough");
  EXPECT_EQ(ProfileStore::Open(Path())->Trials()->size(), 2u);
}

TEST_F(SearchTest, WhatCannotBeOpenedIsSaidAndTheRestMeasured) {
  FakeTunable tunable;
  for (int run = 0; run < 2; ++run) {
    const auto result = Run(tunable, Quick(), "size=1,9");
    ASSERT_TRUE(result) << result.error().ToString();
    EXPECT_EQ(result->points.size(), 3u);
    EXPECT_EQ(result->left_out, 0u);
    ASSERT_EQ(result->refused.size(), 3u) << "each spoiler of size 9";
    EXPECT_NE(result->refused[0].find("size=9"), std::string::npos);
    EXPECT_NE(result->refused[0].find("does not fit"), std::string::npos);
  }
}

// `measure --metrics load_ms` leaves a trial that is newer and says less.
TEST_F(SearchTest, ATrialWithoutTheAxesIsNoAnswer) {
  FakeTunable tunable;
  ASSERT_TRUE(Run(tunable, Quick()));
  auto store = ProfileStore::Open(Path());
  TrialRecord partial = store->Trials()->front();
  partial.measurements = {{"load_ms", 1, {1, 1, 0.95}, 1}};
  ASSERT_TRUE(store->AddTrial(partial));
  const auto again = Run(tunable, Quick());
  ASSERT_TRUE(again) << again.error().ToString();
  EXPECT_EQ(again->measured, 1u);
  EXPECT_EQ(again->reused, 8u);
  for (const Point& point : again->points) EXPECT_NE(point.Find("bits_per_byte"), nullptr);
}

TEST_F(SearchTest, WithoutTimeItLeavesOutWhatIsNotKnown) {
  FakeTunable tunable;
  SearchOptions options = Quick();
  options.time = Duration{-1};
  const auto none = Run(tunable, options);
  EXPECT_EQ(none->left_out, 9u);
  EXPECT_TRUE(none->points.empty());
  ASSERT_TRUE(Run(tunable, Quick()));
  EXPECT_EQ(Run(tunable, options)->reused, 9u) << "what is known takes no time";
}

TEST_F(SearchTest, TellsItsProgress) {
  FakeTunable tunable;
  SearchOptions options = Quick();
  size_t last = 0;
  std::set<std::string> settings;
  options.progress = [&](const SearchProgress& p) {
    EXPECT_GE(p.done, last);
    EXPECT_EQ(p.total, 9u);
    EXPECT_GE(p.trial, 0);
    EXPECT_LE(p.trial, 1);
    EXPECT_EQ(p.seconds_left >= 0, p.done > 0) << "unknown before the first trial";
    last = p.done;
    settings.insert(p.what);
  };
  ASSERT_TRUE(Run(tunable, options));
  EXPECT_EQ(last, 9u);
  EXPECT_EQ(settings.size(), 10u) << "nine and the end";
}

}  // namespace
}  // namespace tradewind
