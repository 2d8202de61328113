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
  Result<SearchResult> Run(FakeTunable& tunable, const SearchOptions& options) {
    TW_ASSIGN(ProfileStore store, ProfileStore::Open(Path()));
    std::vector<SearchDimension> dimensions;
    for (const char* text : {"size=1,2,3", "spoil=1,2,3"}) {
      TW_ASSIGN(SearchDimension dimension, ParseDimension(text, tunable.knobs()));
      dimensions.push_back(std::move(dimension));
    }
    TW_ASSIGN(auto strategy, MakeStrategy("exhaustive", {.base = {}, .dimensions = std::move(dimensions)}, {.axes = AxesOf(workload_)}, {}));
    return RunSearch(tunable, workload_, store, *strategy, options);
  }
  static SearchOptions Quick() { return {.measure = {.time = Duration::Millis(1), .metrics = {}, .progress = {}}, .time = {}, .progress = {}}; }
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
