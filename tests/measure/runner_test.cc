// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "measure/fake_tunable.h"
#include "measure/text_workload.h"
#include "measure/trial.h"
#include "store/store_testing.h"
#include "store/trial_notes.h"

namespace tradewind {
namespace {

class RunnerTest : public StoreTest {
 protected:
  RunnerTest() : store_(std::move(*ProfileStore::Open(Path()))), workload_(MakeTextWorkload(std::string(6000, 'a'), "text:a")) {}
  Runner Make() { return std::move(*Runner::Make(tunable_, workload_, store_)); }
  static Setting Of(const char* name, int64_t value) {
    Setting s;
    s.Set(name, value);
    return s;
  }
  FakeTunable tunable_;
  ProfileStore store_;
  Workload workload_;
  const MeasureOptions quick_{.time = Duration::Millis(1), .metrics = {}, .progress = {}};
};

TEST_F(RunnerTest, StoresWhatItMeasuresAndFindsIt) {
  Runner runner = Make();
  EXPECT_FALSE(*runner.Find({}));
  const auto record = runner.Measure({}, quick_);
  ASSERT_TRUE(record) << record.error().ToString();
  const auto found = Make().Find({});
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->id, record->id);
  const auto point = ToPoint(**found, tunable_.knobs());
  EXPECT_NEAR(point->Find("bits_per_byte")->value, 6, 1e-5);
  EXPECT_EQ(point->Find("tpot_ms")->value, 2);
  EXPECT_EQ(point->Find("perplexity"), nullptr) << "not asked for";
  EXPECT_EQ(store_.DefaultWorkload().value()->id, workload_.id) << "the first workload is the default";
}

TEST_F(RunnerTest, OfALongTextWindowsSpreadOverItAreScored) {
  std::string text;
  for (int line = 0; line < 100; ++line) text += std::string(2047, static_cast<char>('\x14' + line)) + '\n';
  workload_ = MakeTextWorkload(text, "text:long");
  MeasureOptions options = quick_;
  options.metrics = {"bits_per_byte"};
  ASSERT_TRUE(Make().Measure({}, options));
  ASSERT_EQ(tunable_.log.scored.size(), kMostByteWindows);
  for (size_t i = 0; i < kMostByteWindows; ++i) {
    EXPECT_EQ(tunable_.log.scored[i].size(), 2048u);
    EXPECT_EQ(tunable_.log.scored[i].front(), static_cast<int>('\x14' + 100 * i / 32)) << i;
  }
}

TEST_F(RunnerTest, FilesUnderTheResolvedSettingWithoutTheAnswersLength) {
  Runner runner = Make();
  EXPECT_EQ(runner.KeyOf({})->setting, "");
  EXPECT_EQ(*runner.KeyOf(Of("size", 1)), *runner.KeyOf({}));
  EXPECT_EQ(*runner.KeyOf(Of("max_tokens", 9)), *runner.KeyOf({}));
  EXPECT_EQ(runner.KeyOf(Of("size", 3))->setting, "size=3");
}

TEST_F(RunnerTest, KeepsAnInstanceOpenWhileOnlyTheRequestChanges) {
  Runner runner = Make();
  ASSERT_TRUE(runner.Measure(Of("spoil", 1), quick_));
  const int opened = tunable_.log.opened;
  const auto spoilt = runner.Measure(Of("spoil", 2), quick_);
  EXPECT_EQ(tunable_.log.opened, opened);
  EXPECT_NEAR(ToPoint(*spoilt, tunable_.knobs())->Find("bits_per_byte")->value, 3, 1e-5) << "the request's knob is turned";
  ASSERT_TRUE(runner.Measure(Of("size", 2), quick_));
  EXPECT_GT(tunable_.log.opened, opened);
}

TEST_F(RunnerTest, ObservationsFeedThePredictors) {
  const auto record = Make().Measure({}, quick_);
  std::set<std::string> kinds;
  for (const NamedObservation& o : record->observations) {
    kinds.insert(o.kind);
    EXPECT_TRUE(o.kind != "ttft_ms" || o.value == o.features.at(0)) << "a millisecond a token";
    EXPECT_TRUE(o.kind != "bytes_per_token" || o.value == 1);
  }
  EXPECT_THAT(kinds, testing::ElementsAre("bytes_per_token", "load_ms", "tpot_ms", "ttft_ms"));
}

TEST_F(RunnerTest, MeasuresTheMetricsAskedForAlone) {
  Runner runner = Make();
  MeasureOptions options = quick_;
  options.metrics = {"perplexity"};
  const auto record = runner.Measure({}, options);
  ASSERT_EQ(record->measurements.size(), 1u);
  EXPECT_NEAR(record->measurements[0].value, 64, 1e-3);
  options.metrics = {"charm"};
  EXPECT_EQ(runner.Measure({}, options).error().code(), StatusCode::kNotFound);
}

TEST_F(RunnerTest, NotesWhatItWasAskedForAndCannotBeHad) {
  Runner runner = Make();
  EXPECT_EQ(runner.Measure({}, quick_)->notes_json, "") << "perplexity was not asked for";
  workload_.timing.clear();
  MeasureOptions options = quick_;
  options.metrics = {"bits_per_byte", "ttft_ms"};
  EXPECT_THAT(ParseTrialNotes(runner.Measure({}, options)->notes_json).unmeasurable, testing::ElementsAre("ttft_ms"));
}

TEST_F(RunnerTest, AFailureStoresNothingAndTheNextOneWorks) {
  Runner runner = Make();
  EXPECT_EQ(runner.Measure(Of("size", 9), quick_).error().code(), StatusCode::kResourceExhausted);
  EXPECT_TRUE(store_.Trials()->empty());
  EXPECT_TRUE(runner.Measure(Of("size", 8), quick_));
  EXPECT_EQ(runner.Measure(Of("size", 9), quick_).error().code(), StatusCode::kResourceExhausted);
  EXPECT_TRUE(runner.Measure(Of("size", 8), quick_));
}

TEST_F(RunnerTest, InTurnEachSettingIsAskedAlikeAndStored) {
  Runner runner = Make();
  const std::vector<Setting> settings = {Of("spoil", 1), Of("spoil", 2), Of("spoil", 3)};
  const auto records = runner.MeasureInTurn(settings, quick_);
  ASSERT_TRUE(records) << records.error().ToString();
  ASSERT_EQ(records->size(), 3u);
  EXPECT_EQ(tunable_.log.opened, 3) << "one instance, opened three times to time it";
  int64_t asked = 0;
  for (size_t i = 0; i < 3; ++i) {
    const auto point = ToPoint((*records)[i], tunable_.knobs());
    ASSERT_TRUE(point);
    EXPECT_NEAR(point->Find("bits_per_byte")->value, 6.0 / static_cast<double>(i + 1), 1e-5) << "each with its own request";
    if (i == 0) asked = point->Find("tpot_ms")->count;
    EXPECT_EQ(point->Find("tpot_ms")->count, asked);
    EXPECT_TRUE(*Make().Find(settings[i]));
  }
  EXPECT_GT(asked, 1);
}

// Who is asked first has the caches of whoever was last, so each is first, second and last equally often.
TEST_F(RunnerTest, InTurnEachSettingHasEachPlaceEquallyOften) {
  Runner runner = Make();
  ASSERT_TRUE(runner.MeasureInTurn(std::vector<Setting>{Of("spoil", 1), Of("spoil", 2), Of("spoil", 3)}, quick_));
  const std::vector<int64_t> answered(tunable_.log.answered.begin() + 3, tunable_.log.answered.end());  // after one of each to warm up
  ASSERT_EQ(answered.size() % 3, 0u);
  const size_t turns = answered.size() / 3;
  ASSERT_GE(turns, 6u);
  std::map<std::pair<size_t, int64_t>, size_t> times;  // by place and setting
  for (size_t i = 0; i < answered.size(); ++i) ++times[{i % 3, answered[i]}];
  for (size_t place = 0; place < 3; ++place) {
    for (int64_t spoil = 1; spoil <= 3; ++spoil) EXPECT_NEAR(times[std::pair(place, spoil)], turns / 3.0, 1) << spoil << " at " << place;
  }
}

// A median over prompts of many lengths means something else if some are asked more often.
TEST_F(RunnerTest, EveryPromptIsAskedEquallyOften) {
  for (const double millis : {0.001, 1.0, 20.0}) {
    MeasureOptions options = quick_;
    options.time = Duration::Millis(millis);
    const auto record = Make().Measure({}, options);
    ASSERT_TRUE(record) << record.error().ToString();
    std::map<double, int> asked;  // by prompt length
    for (const NamedObservation& o : record->observations) {
      if (o.kind == "ttft_ms") ++asked[o.features.at(0)];
    }
    std::map<double, int> in_workload;
    for (const Sample& sample : workload_.timing) ++in_workload[static_cast<double>(sample.prompt.raw->size())];
    ASSERT_EQ(asked.size(), in_workload.size());
    const int rounds = asked.begin()->second / in_workload.begin()->second;
    EXPECT_GE(rounds, 1);
    for (const auto& [length, times] : in_workload) EXPECT_EQ(asked[length], rounds * times) << length << " in " << millis << " ms";
  }
}

TEST_F(RunnerTest, InTurnGoWhatOneInstanceAnswersAlone) {
  Runner runner = Make();
  EXPECT_TRUE(*runner.ShareInstance(Of("spoil", 1), Of("spoil", 2)));
  EXPECT_FALSE(*runner.ShareInstance(Of("size", 1), Of("size", 2)));
  const std::vector<Setting> settings = {Of("size", 1), Of("size", 2)};
  EXPECT_EQ(runner.MeasureInTurn(settings, quick_).error().code(), StatusCode::kInvalidInput);
  EXPECT_TRUE(store_.Trials()->empty());
}

TEST_F(RunnerTest, TellsItsProgress) {
  double last = -1;
  MeasureOptions options = quick_;
  options.progress = [&](const std::string&, double share) {
    EXPECT_GE(share, last);
    EXPECT_LE(share, 1);
    last = share;
  };
  ASSERT_TRUE(Make().Measure({}, options));
  EXPECT_GT(last, 0.4);
}

TEST(AxesOf, AreThePrimaryMetricAndTheCosts) {
  std::vector<std::string> names;
  for (const Axis& axis : AxesOf({.primary_metric = "bits_per_byte"})) names.push_back(axis.metric);
  EXPECT_THAT(names, testing::ElementsAre("bits_per_byte", "ttft_ms", "tpot_ms", "peak_memory_bytes"));
}

}  // namespace
}  // namespace tradewind
