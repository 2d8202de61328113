// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/readings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "measure/runner.h"
#include "store/store_testing.h"
#include "store/trial_notes.h"

namespace tradewind {
namespace {

// Answers a sample by the number in its id: right if it is even, taking that many milliseconds.
class TableSession final : public Session {
 public:
  explicit TableSession(bool silent) : silent_(silent) {}
  Result<void> Push(InputEvent event) override {
    id_ = std::get<SampleRef>(event.body).id;
    return {};
  }
  Result<OutputEvent> Next() override {
    if (silent_ || ended_) return OutputEvent{{}, End{}};
    ended_ = true;
    const double n = std::stod(id_);
    const double right = static_cast<int>(n) % 2 == 0 ? 1 : 0;
    return OutputEvent{{},
                       Reading{{{.metric = "right", .value = right, .interval = {right, right, 0}, .count = 1, .origin = Origin::kRecorded},
                                {.metric = "ms", .value = n, .interval = {n - 1, n + 1, 0.9}, .count = 5, .origin = Origin::kAssumed}}}};
  }
  void Cancel() override {}
  const Outcome& outcome() const override { return outcome_; }

 private:
  bool silent_;
  bool ended_ = false;
  std::string id_;
  Outcome outcome_;
};

class TableInstance final : public Instance {
 public:
  explicit TableInstance(bool silent) : silent_(silent) {}
  const Setting& setting() const override { return setting_; }
  std::span<const Knob> knobs() const override { return {}; }
  uint64_t memory_bytes() const override { return 0; }
  Result<std::vector<int32_t>> Tokenize(const Prompt&) const override { return Fail(StatusCode::kUnsupported, "no tokens"); }
  Result<std::unique_ptr<Session>> Start(const SessionOptions&) override { return std::make_unique<TableSession>(silent_); }

 private:
  bool silent_;
  Setting setting_;
};

class TableTunable final : public Tunable {
 public:
  std::string_view name() const override { return "table"; }
  std::span<const Knob> knobs() const override { return {}; }
  const Device& device() const override { return device_; }
  std::span<const MetricInfo> metrics() const override { return metrics_; }
  Result<Setting> Resolve(const Setting& setting) override { return setting; }
  Result<std::unique_ptr<Instance>> Open(const Setting&, const Budget&) override { return std::make_unique<TableInstance>(false); }

 private:
  Device device_{.id = "phone", .cpu_model = "recorded", .isa = "-", .origin = "recorded"};
  std::vector<MetricInfo> metrics_ = {
      {.name = "right", .unit = "share", .direction = Direction::kHigherIsBetter, .definition = "d"},
      {.name = "energy_j", .unit = "J", .direction = Direction::kLowerIsBetter, .definition = "Of a phone without a counter."}};
};

Workload Samples(const std::vector<std::string>& ids) {
  Workload workload{.name = "w", .id = "w", .primary_metric = "right"};
  for (const std::string& id : ids) workload.recalled.push_back({.id = id, .prompt = {}});
  return workload;
}

TEST(Recall, OneSampleStandsAsItWasRead) {
  TableInstance instance(false);
  const auto m = Recall(instance, {}, Samples({"4"}));
  ASSERT_TRUE(m) << m.error().ToString();
  ASSERT_EQ(m->size(), 2u);
  EXPECT_EQ((*m)[1].value, 4);
  EXPECT_EQ((*m)[1].interval.low, 3);
  EXPECT_EQ((*m)[1].count, 5);
}

TEST(Recall, SeveralAreAveraged) {
  TableInstance instance(false);
  const auto m = Recall(instance, {}, Samples({"1", "2", "4", "5", "8"}));
  ASSERT_EQ(m->size(), 2u);
  EXPECT_DOUBLE_EQ((*m)[0].value, 0.6);
  // Wilson's interval of 3 of 5, as in Brown, Cai and DasGupta (2001): centre (3 + z^2/2) / (5 + z^2).
  EXPECT_NEAR((*m)[0].interval.low, 0.2307, 1e-4);
  EXPECT_NEAR((*m)[0].interval.high, 0.8824, 1e-4);
  EXPECT_EQ((*m)[0].origin, Origin::kRecorded);
  EXPECT_DOUBLE_EQ((*m)[1].value, 4);
  // Student's: 4 +- 2.776 * 2.7386 / sqrt(5).
  EXPECT_NEAR((*m)[1].interval.low, 4 - 3.4004, 1e-3);
  EXPECT_EQ((*m)[1].count, 5);
  EXPECT_EQ((*m)[1].origin, Origin::kAssumed);
}

TEST(Recall, ATunableWithoutAReadingIsAnErrorAndNoSamplesAreNone) {
  TableInstance silent(true);
  EXPECT_EQ(Recall(silent, {}, Samples({"1"})).error().code(), StatusCode::kInternal);
  EXPECT_TRUE(Recall(silent, {}, Samples({}))->empty());
}

// Counts how many are asked at once; each waits a while for another to come.
class CrowdSession final : public Session {
 public:
  CrowdSession(std::atomic<int>& inside, std::atomic<int>& most) : inside_(inside), most_(most) {}
  Result<void> Push(InputEvent event) override {
    id_ = std::get<SampleRef>(event.body).id;
    return {};
  }
  Result<OutputEvent> Next() override {
    if (ended_) return OutputEvent{{}, End{}};
    ended_ = true;
    const int now = ++inside_;
    for (int seen = most_; seen < now && !most_.compare_exchange_weak(seen, now);) continue;
    for (int i = 0; i < 1000 && most_ < 3; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    --inside_;
    if (id_ == "7") return Fail(StatusCode::kInternal, "seven");
    const double n = std::stod(id_);
    return OutputEvent{{}, Reading{{{.metric = "n", .value = n, .interval = {n, n}, .count = 1, .origin = Origin::kMeasured}}}};
  }
  void Cancel() override {}
  const Outcome& outcome() const override { return outcome_; }

 private:
  std::atomic<int>&inside_, &most_;
  bool ended_ = false;
  std::string id_;
  Outcome outcome_;
};

class CrowdInstance final : public Instance {
 public:
  const Setting& setting() const override { return setting_; }
  std::span<const Knob> knobs() const override { return {}; }
  uint64_t memory_bytes() const override { return 0; }
  Result<std::vector<int32_t>> Tokenize(const Prompt&) const override { return Fail(StatusCode::kUnsupported, "no tokens"); }
  Result<std::unique_ptr<Session>> Start(const SessionOptions&) override { return std::make_unique<CrowdSession>(inside_, most); }
  int64_t sessions_at_once() const override { return 3; }
  std::string_view rate_metric() const override { return "answers_per_s"; }
  std::atomic<int> most = 0;

 private:
  std::atomic<int> inside_ = 0;
  Setting setting_;
};

TEST(Recall, AsManyAreAskedAtOnceAsKeepItBusy) {
  CrowdInstance instance;
  const auto m = Recall(instance, {}, Samples({"1", "2", "3", "4", "5"}));
  ASSERT_TRUE(m) << m.error().ToString();
  EXPECT_EQ(instance.most, 3);
  ASSERT_EQ(m->size(), 2u);
  EXPECT_DOUBLE_EQ((*m)[0].value, 3);
  EXPECT_EQ((*m)[1].metric, "answers_per_s");
  EXPECT_GT((*m)[1].value, 0);
  EXPECT_EQ(Recall(instance, {}, Samples({"1", "7", "3"})).error().message(), "seven");
}

class RecalledRunner : public StoreTest {};

TEST_F(RecalledRunner, FilesReadingsUnderTheDeviceTheyWereRecordedOn) {
  auto store = ProfileStore::Open(Path());
  TableTunable tunable;
  const Workload workload = Samples({"2", "3"});
  auto runner = Runner::Make(tunable, workload, *store);
  ASSERT_TRUE(runner) << runner.error().ToString();
  const auto record = runner->Measure({}, {});
  ASSERT_TRUE(record) << record.error().ToString();
  EXPECT_EQ(record->key.device_id, "phone");
  ASSERT_EQ(record->measurements.size(), 2u);
  EXPECT_EQ(record->measurements[0].metric, "right");
  EXPECT_EQ(record->measurements[0].value, 0.5);
  EXPECT_TRUE(record->observations.empty());
  EXPECT_THAT(ParseTrialNotes(record->notes_json).unmeasurable, testing::ElementsAre("energy_j"));
  EXPECT_FALSE(store->DefaultWorkload().value()) << "what auto stands for is measured on this machine";
  EXPECT_FALSE(runner->Measure({}, {.metrics = {"nosuch"}}));
  EXPECT_EQ(FindMetricInfo(tunable, "right")->direction, Direction::kHigherIsBetter);
  EXPECT_EQ(FindMetricInfo(tunable, "tpot_ms")->unit, "ms");
}

}  // namespace
}  // namespace tradewind
