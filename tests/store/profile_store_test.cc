// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Through the public interface this covers schema.cc (versions), sqlite.cc (statements, errors) and trial_rows.cc (rows of a trial) too.
#include "store/profile_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex.h>

#include <bit>
#include <cmath>
#include <limits>
#include <thread>

#include "store_testing.h"

namespace tradewind {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

void ExpectSame(const TrialRecord& a, const TrialRecord& b) {
  const auto bits = [](double x) { return std::bit_cast<uint64_t>(x); };
  EXPECT_EQ(a.key, b.key);
  EXPECT_EQ(a.build, b.build);
  EXPECT_EQ(a.started_at, b.started_at);
  EXPECT_EQ(bits(a.seconds), bits(b.seconds));
  EXPECT_EQ(a.notes_json, b.notes_json);
  ASSERT_EQ(a.measurements.size(), b.measurements.size());
  for (size_t i = 0; i < a.measurements.size(); ++i) {
    const Measurement& x = a.measurements[i];
    const Measurement& y = b.measurements[i];
    EXPECT_EQ(x.metric, y.metric);
    EXPECT_EQ(bits(x.value), bits(y.value)) << x.value;
    EXPECT_EQ(bits(x.interval.low), bits(y.interval.low)) << x.interval.low;
    EXPECT_EQ(bits(x.interval.high), bits(y.interval.high)) << x.interval.high;
    EXPECT_EQ(bits(x.interval.confidence), bits(y.interval.confidence));
    EXPECT_EQ(x.count, y.count);
    EXPECT_EQ(x.origin, y.origin);
  }
  ASSERT_EQ(a.observations.size(), b.observations.size());
  for (size_t i = 0; i < a.observations.size(); ++i) {
    EXPECT_EQ(a.observations[i].kind, b.observations[i].kind);
    EXPECT_EQ(bits(a.observations[i].value), bits(b.observations[i].value));
    ASSERT_EQ(a.observations[i].features.size(), b.observations[i].features.size());
    for (size_t j = 0; j < a.observations[i].features.size(); ++j) {
      EXPECT_EQ(bits(a.observations[i].features[j]), bits(b.observations[i].features[j])) << a.observations[i].features[j];
    }
  }
}

using ProfileStoreTest = StoreTest;

TEST_F(ProfileStoreTest, MakesFoldersAndFile) {
  const std::string path = Path("a/b/ü c%?#.db");
  ASSERT_TRUE(ProfileStore::Open(path));
  EXPECT_TRUE(std::filesystem::is_regular_file(path));
}

TEST_F(ProfileStoreTest, KeepsWhatItWasGivenAfterReopening) {
  const TrialRecord trial = SomeTrial("layers=20 threads=2");
  int64_t id = 0;
  {
    auto store = OpenWithNames(Path());
    ASSERT_TRUE(store) << store.error().ToString();
    id = store->AddTrial(trial).value();
    EXPECT_GT(id, 0);
  }
  const auto store = ProfileStore::Open(Path(), {.read_only = true});
  ASSERT_TRUE(store) << store.error().ToString();
  const auto found = store->FindTrial(trial.key).value();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->id, id);
  ExpectSame(*found, trial);
  EXPECT_EQ(store->FindTrial({"model", "work", "dev", "layers=21"}).value(), std::nullopt);
  EXPECT_TRUE(store->Check());
}

TEST_F(ProfileStoreTest, NumbersAndTextComeBackBitForBit) {
  auto store = OpenWithNames(Path());
  ASSERT_TRUE(store);
  const double inf = std::numeric_limits<double>::infinity();
  TrialRecord trial = SomeTrial("model=a%20b \xc3\xbc\xf0\x9f\x9a\x80 'q\"; DROP TABLE trial;--");
  trial.build = std::string("nul\0inside", 10);
  trial.seconds = -0.0;
  trial.notes_json = "{\"text\": \"\xe2\x82\xac\"}";
  trial.measurements.clear();
  trial.observations.clear();
  const double values[] = {1e-310, -0.0, 0.0, 5e-324, 1.7976931348623157e308, 0.1, 1.0, -3.0, 9007199254740993.0, 1e22, 1.0 / 3};
  for (const double value : values) {
    const std::string name = "metric_" + std::to_string(trial.measurements.size());
    trial.measurements.push_back({name, value, {value, -value, 0.9}, std::numeric_limits<int64_t>::max(), Origin::kAssumed});
    trial.observations.push_back({"kind", {value, -value, 1}, value});
  }
  trial.measurements.push_back({"one sample", 3, {-inf, inf}, 1, Origin::kRecorded});
  trial.observations.push_back({"no features", {}, 1});
  std::vector<double> random_features;
  uint64_t state = 1;
  for (int i = 0; i < 2000; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    const double value = std::bit_cast<double>(state ^ (state >> 31));
    if (std::isfinite(value)) random_features.push_back(value);
  }
  trial.observations.push_back({"random", random_features, 1});
  ASSERT_TRUE(store->AddTrial(trial));
  ExpectSame(store->FindTrial(trial.key).value().value(), trial);
}

TEST_F(ProfileStoreTest, RefusesWhatIsNotANumber) {
  auto store = OpenWithNames(Path());
  ASSERT_TRUE(store);
  for (const double bad : {HUGE_VAL, -HUGE_VAL, std::nan("")}) {
    TrialRecord trial = SomeTrial("s");
    trial.measurements[1].value = bad;
    EXPECT_THAT(store->AddTrial(trial).error().message(), HasSubstr("tpot_ms"));
    trial = SomeTrial("s");
    trial.observations[0].value = bad;
    EXPECT_FALSE(store->AddTrial(trial));
    trial = SomeTrial("s");
    trial.observations[0].features[1] = bad;
    EXPECT_FALSE(store->AddTrial(trial));
    trial = SomeTrial("s");
    trial.seconds = bad;
    EXPECT_FALSE(store->AddTrial(trial));
  }
  TrialRecord trial = SomeTrial("s");
  trial.measurements[0].interval.low = std::nan("");
  EXPECT_FALSE(store->AddTrial(trial));
  trial = SomeTrial("s");
  trial.measurements[1].metric = trial.measurements[0].metric;
  EXPECT_THAT(store->AddTrial(trial).error().message(), AllOf(HasSubstr("bits_per_byte"), HasSubstr("twice")));
  trial = SomeTrial("s");
  trial.notes_json = "{";
  EXPECT_FALSE(store->AddTrial(trial));
  trial = SomeTrial(std::string((size_t{1} << 20) + 1, 's'));
  EXPECT_FALSE(store->AddTrial(trial));
  EXPECT_TRUE(store->Trials()->empty());
}

TEST_F(ProfileStoreTest, TheNewestTrialOfAKeyWinsAndAllAreKept) {
  auto store = OpenWithNames(Path());
  ASSERT_TRUE(store);
  const int64_t first = store->AddTrial(SomeTrial("a", 1)).value();
  const int64_t other = store->AddTrial(SomeTrial("b", 2)).value();
  const int64_t second = store->AddTrial(SomeTrial("a", 3)).value();
  EXPECT_LT(first, other);
  EXPECT_LT(other, second);
  EXPECT_EQ(store->FindTrial(SomeTrial("a").key).value()->id, second);
  EXPECT_EQ(store->FindTrial(SomeTrial("a").key).value()->measurements[0].value, 3);
  const auto ids = [&](const TrialFilter& filter) {
    std::vector<int64_t> found;
    const auto trials = store->Trials(filter).value();
    for (const TrialRecord& trial : trials) found.push_back(trial.id);
    return found;
  };
  EXPECT_THAT(ids({}), ElementsAre(other, second));
  EXPECT_THAT(ids({.history = true}), ElementsAre(first, other, second));
  EXPECT_THAT(ids({.setting = "a", .history = true}), ElementsAre(first, second));
}

TEST_F(ProfileStoreTest, FiltersByEachField) {
  auto store = OpenWithNames(Path());
  ASSERT_TRUE(store);
  ASSERT_TRUE(store->SaveDevice({"dev2", "cpu", 4, "avx512", 1, "modelled"}));
  ASSERT_TRUE(store->SaveWorkload({"work2", "text:other", "accuracy"}));
  for (const char* tunable : {"m1", "m2"}) {
    for (const char* workload : {"work", "work2"}) {
      for (const char* device : {"dev", "dev2"}) {
        TrialRecord trial = SomeTrial("s");
        trial.key = {tunable, workload, device, "s"};
        ASSERT_TRUE(store->AddTrial(trial));
      }
    }
  }
  EXPECT_EQ(store->Trials()->size(), 8u);
  EXPECT_EQ(store->Trials({.tunable = "m1"})->size(), 4u);
  EXPECT_EQ(store->Trials({.workload_id = "work2"})->size(), 4u);
  EXPECT_EQ(store->Trials({.device_id = "dev2"})->size(), 4u);
  const auto one = store->Trials({.tunable = "m2", .workload_id = "work", .device_id = "dev2"}).value();
  ASSERT_EQ(one.size(), 1u);
  EXPECT_EQ(one[0].key, (TrialKey{"m2", "work", "dev2", "s"}));
  EXPECT_TRUE(store->Trials({.tunable = "M1"})->empty());
  EXPECT_TRUE(store->Trials({.setting = ""})->empty());
}

TEST_F(ProfileStoreTest, RemovesAllOrNone) {
  auto store = OpenWithNames(Path());
  ASSERT_TRUE(store);
  const int64_t a = store->AddTrial(SomeTrial("a")).value();
  const int64_t b = store->AddTrial(SomeTrial("b")).value();
  const std::vector<int64_t> ids = {b, 12345, b};
  EXPECT_EQ(store->Remove(ids).value(), 1);
  EXPECT_EQ(store->Remove({}).value(), 0);
  ASSERT_EQ(store->Trials()->size(), 1u);
  EXPECT_EQ(store->Trials()->front().id, a);
  EXPECT_GT(store->AddTrial(SomeTrial("b")).value(), b) << "ids are never given again";
  EXPECT_EQ(store->Trials()->back().measurements.size(), 2u);
  EXPECT_TRUE(store->Check()) << "measurements went with their trial";
}

TEST_F(ProfileStoreTest, ATrialNeedsItsDeviceAndWorkload) {
  auto store = ProfileStore::Open(Path());
  ASSERT_TRUE(store);
  EXPECT_THAT(store->AddTrial(SomeTrial("s")).error().message(), AllOf(HasSubstr("workload \"work\""), HasSubstr("SaveWorkload")));
  ASSERT_TRUE(store->SaveWorkload({"work", "n", "m"}));
  const auto status = store->AddTrial(SomeTrial("s")).error();
  EXPECT_EQ(status.code(), StatusCode::kNotFound);
  EXPECT_THAT(status.message(), AllOf(HasSubstr("device \"dev\""), HasSubstr("SaveDevice")));
}

TEST_F(ProfileStoreTest, KeepsDevicesWorkloadsAndTheDefault) {
  auto store = ProfileStore::Open(Path());
  ASSERT_TRUE(store);
  EXPECT_EQ(store->DefaultWorkload().value(), std::nullopt);
  EXPECT_EQ(store->SetDefaultWorkload("w").error().code(), StatusCode::kNotFound);
  ASSERT_TRUE(store->SaveWorkload({"w", "old", "old"}));
  ASSERT_TRUE(store->SaveWorkload({"v", "text:v", "accuracy"}));
  ASSERT_TRUE(store->SetDefaultWorkload("w"));
  ASSERT_TRUE(store->SaveWorkload({"w", "text:w", "bits_per_byte"}));
  EXPECT_EQ(store->DefaultWorkload().value(), (StoredWorkload{"w", "text:w", "bits_per_byte"}));
  EXPECT_THAT(store->Workloads().value(),
              ElementsAre(StoredWorkload{"v", "text:v", "accuracy"}, StoredWorkload{"w", "text:w", "bits_per_byte"}));
  ASSERT_TRUE(store->SetDefaultWorkload("v"));
  EXPECT_EQ(store->DefaultWorkload().value()->id, "v");
  EXPECT_FALSE(store->SaveWorkload({"", "n", "m"}));
  EXPECT_FALSE(store->SaveDevice({}));
  ASSERT_TRUE(store->SaveDevice({"d", "old", 1, "generic", 1, "recorded"}));
  ASSERT_TRUE(store->SaveDevice({"d", "new", 8, "amx", UINT64_MAX, "measured"}));
  const auto devices = store->Devices().value();
  ASSERT_EQ(devices.size(), 1u);
  EXPECT_EQ(devices[0].cpu_model, "new");
  EXPECT_EQ(devices[0].cpus, 8);
  EXPECT_EQ(devices[0].isa, "amx");
  EXPECT_EQ(devices[0].memory_bytes, UINT64_MAX);
  EXPECT_EQ(devices[0].origin, "measured");
}

TEST_F(ProfileStoreTest, ReadingOnlyChangesNothing) {
  const auto absent = ProfileStore::Open(Path("none/profile.db"), {.read_only = true});
  EXPECT_EQ(absent.error().code(), StatusCode::kNotFound);
  EXPECT_THAT(absent.error().message(), AllOf(HasSubstr("none/profile.db"), HasSubstr("tradewind measure")));
  EXPECT_FALSE(std::filesystem::exists(Path("none")));
  {
    ASSERT_TRUE(OpenWithNames(Path())->AddTrial(SomeTrial("s")));
  }
  auto store = ProfileStore::Open(Path(), {.read_only = true});
  ASSERT_TRUE(store);
  EXPECT_EQ(store->Trials()->size(), 1u);
  EXPECT_EQ(store->AddTrial(SomeTrial("s")).error().code(), StatusCode::kIo);
}

TEST_F(ProfileStoreTest, ThreadsTakeTurns) {
  auto store = OpenWithNames(Path());
  ASSERT_TRUE(store);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&store, t] {
      for (int i = 0; i < 10; ++i) {
        ASSERT_TRUE(store->AddTrial(SomeTrial(std::to_string(t) + "." + std::to_string(i))));
        ASSERT_TRUE(store->Trials());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(store->Trials()->size(), 40u);
}

TEST_F(ProfileStoreTest, TimestampsAreIso8601InUtc) {
  const std::string text = UtcTimestamp();
  regex_t pattern;
  ASSERT_EQ(regcomp(&pattern, "^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z$", REG_EXTENDED | REG_NOSUB), 0);
  EXPECT_EQ(regexec(&pattern, text.c_str(), 0, nullptr, 0), 0) << text;
  regfree(&pattern);
}

}  // namespace
}  // namespace tradewind
