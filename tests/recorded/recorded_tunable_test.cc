// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The tunable of a small table: sessions, look-ups, spaces, what does not exist.
#include "recorded/recorded_tunable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "recorded/recorded_table.h"
#include "recorded/recorded_testing.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

struct Opened {
  RecordedFolder folder;
  std::unique_ptr<RecordedTunable> tunable;
};

std::unique_ptr<Opened> Small(const std::string& device = "") {
  auto opened = std::make_unique<Opened>();
  opened->folder.Write("small.csv", kSmallCsv);
  auto tunable = OpenRecorded(opened->folder.Write("small.yaml", SmallSpec()), device, "");
  EXPECT_TRUE(tunable) << tunable.error().ToString();
  opened->tunable = std::move(*tunable);
  return opened;
}

Setting Of(int64_t bits, const std::string& kind) {
  Setting setting;
  setting.Set("bits", bits);
  setting.Set("kind", kind);
  return setting;
}

TEST(RecordedTunableTest, KnobsDeviceAndMetrics) {
  const auto small = Small();
  RecordedTunable& tunable = *small->tunable;
  EXPECT_EQ(tunable.name(), "small");
  ASSERT_EQ(tunable.knobs().size(), 2u);
  EXPECT_EQ(tunable.knobs()[0].DomainText(), "4 to 8");
  EXPECT_EQ(tunable.knobs()[1].DomainText(), "x | y");
  EXPECT_EQ(tunable.device().id, "small/b");
  EXPECT_EQ(tunable.device().origin, "recorded");
  EXPECT_TRUE(tunable.side_by_side());
  EXPECT_EQ(tunable.metrics()[1].name, "latency_ms");
  EXPECT_EQ(OpenRecorded(small->folder.path() + "/small.yaml", "c", "").error().code(), StatusCode::kNotFound);
}

TEST(RecordedTunableTest, ASessionGivesAReadingAndEnds) {
  const auto small = Small("a");
  auto instance = small->tunable->Open(Of(8, "y"), {}).value();
  auto session = instance->Start({.setting = {}}).value();
  EXPECT_FALSE(session->Next());
  EXPECT_EQ(session->Push({TimePoint{}, Prompt{}}).error().code(), StatusCode::kUnsupported);
  EXPECT_EQ(session->Push({TimePoint{}, SampleRef{"nothing"}}).error().code(), StatusCode::kNotFound);
  ASSERT_TRUE(session->Push({TimePoint{}, SampleRef{"table"}}));
  const auto reading = session->Next().value();
  const auto& measurements = std::get<Reading>(reading.body).measurements;
  ASSERT_EQ(measurements.size(), 2u);
  EXPECT_DOUBLE_EQ(measurements[0].value, 0.7);
  EXPECT_DOUBLE_EQ(measurements[1].value, 1.5);
  EXPECT_EQ(measurements[1].origin, Origin::kRecorded);
  EXPECT_EQ(std::get<End>(session->Next().value().body).reason, FinishReason::kStop);
  EXPECT_FALSE(instance->Tokenize({}));
}

TEST(RecordedTunableTest, WhatDoesNotExistNamesTheNearest) {
  const auto small = Small();
  const auto resolved = small->tunable->Resolve(Of(4, "y"));
  ASSERT_FALSE(resolved);
  EXPECT_EQ(resolved.error().code(), StatusCode::kNotFound);
  EXPECT_THAT(resolved.error().ToString(), HasSubstr("the nearest is bits=4 kind=x"));
  EXPECT_THAT(small->tunable->Resolve(Of(6, "y")).error().ToString(), HasSubstr("the nearest is bits=8 kind=y"));
  EXPECT_EQ(small->tunable->Resolve(Of(9, "x")).error().code(), StatusCode::kInvalidInput);
  EXPECT_EQ(small->tunable->Lookup(Of(4, "y")).error().code(), StatusCode::kNotFound);
  Setting unknown;
  unknown.Set("depth", int64_t{1});
  EXPECT_FALSE(small->tunable->Resolve(unknown));
}

TEST(RecordedTunableTest, ResolveIsCanonical) {
  const auto small = Small();
  EXPECT_EQ(small->tunable->Resolve({}).value().Text(), "");
  EXPECT_EQ(small->tunable->Resolve(Of(8, "x")).value().Text(), "bits=8");
  EXPECT_EQ(small->tunable->Resolve(Of(8, "y")).value().Text(), "bits=8 kind=y");
}

TEST(RecordedTunableTest, TheSpaceHasWhatExistsAndOutlivesTheTunable) {
  auto small = Small();
  const SearchSpace space = small->tunable->Space();
  small.reset();
  ASSERT_EQ(space.dimensions.size(), 2u);
  EXPECT_TRUE(space.dimensions[0].ordered);
  EXPECT_FALSE(space.dimensions[1].ordered);
  EXPECT_TRUE(space.valid(Of(8, "y")));
  EXPECT_FALSE(space.valid(Of(4, "y")));
}

TEST(RecordedTunableTest, WorkloadsHaveAxesAndTheWorstAsReference) {
  const auto b = Small("b");
  const Workload& workload = *b->tunable->FindWorkload("").value();
  EXPECT_EQ(workload.name, "small:both");
  EXPECT_EQ(workload.primary_metric, "quality");
  ASSERT_EQ(workload.axes.size(), 2u);
  EXPECT_EQ(workload.axes[0].direction, Direction::kHigherIsBetter);
  EXPECT_THAT(workload.reference, ElementsAre(0, 30));
  EXPECT_EQ(b->tunable->FindWorkload("both").value(), &workload);
  EXPECT_FALSE(b->tunable->FindWorkload("none"));
  EXPECT_THAT(Small("a")->tunable->workloads()[0].reference, ElementsAre(0, 2));
}

constexpr const char* kRouter = R"(name: router
description: Two models on four questions
tables:
  - {path: r.jsonl}
knobs:
  - {name: model, values: [small, large]}
metrics:
  - {name: correct, direction: higher, definition: Right., column: '{model}.ok'}
  - {name: price_usd, unit: USD, direction: lower, definition: Price., by: model, assumed: {small: 0.1, large: 2}, because: Invented.}
samples: {text: q, group: g}
workloads:
  - {name: all, axes: [correct, price_usd]}
  - {name: hard, axes: [correct, price_usd], groups: [h]}
)";
constexpr const char* kRouterData =
    "{\"q\":\"a\",\"g\":\"e\",\"small\":{\"ok\":true},\"large\":{\"ok\":true}}\n{\"q\":\"b\",\"g\":\"h\",\"small\":{\"ok\":false},"
    "\"large\":{\"ok\":true}}\n"
    "{\"q\":\"c\",\"g\":\"h\",\"small\":{\"ok\":false},\"large\":{\"ok\":true}}\n{\"q\":\"c\",\"g\":\"e\",\"small\":{\"ok\":true},"
    "\"large\":{\"ok\":false}}\n";

TEST(RecordedTunableTest, SamplesOfARouter) {
  const RecordedFolder folder;
  folder.Write("r.jsonl", kRouterData);
  const auto tunable = OpenRecorded(folder.Write("router.yaml", kRouter), "", "");
  ASSERT_TRUE(tunable) << tunable.error().ToString();
  const RecordedTable& table = (*tunable)->table();
  ASSERT_TRUE(table.samples());
  EXPECT_THAT(table.samples()->texts, ElementsAre("a", "b", "c", "c"));
  EXPECT_THAT(table.samples()->ids, ElementsAre("0", "1", "2", "3"));
  EXPECT_EQ((*tunable)->knobs()[0].stage, Stage::kRequest);
  EXPECT_EQ((*tunable)->workloads()[0].recalled.size(), 4u);
  EXPECT_EQ((*tunable)->workloads()[1].recalled[0].id, "1");
  EXPECT_NE((*tunable)->workloads()[0].id, (*tunable)->workloads()[1].id);

  Setting large;
  large.Set("model", std::string("large"));
  const Point point = (*tunable)->Lookup(large).value();
  EXPECT_DOUBLE_EQ(point.Find("correct")->value, 0.75);
  EXPECT_EQ(point.Find("correct")->interval, WilsonInterval(3, 4, 0.95));
  EXPECT_DOUBLE_EQ(point.Find("price_usd")->value, 2);
  EXPECT_EQ(point.Find("price_usd")->origin, Origin::kAssumed);
  EXPECT_DOUBLE_EQ((*tunable)->Read(large, "3").value().measurements[0].value, 0);
  EXPECT_DOUBLE_EQ((*tunable)->Read({}, "3").value().measurements[0].value, 1);
  EXPECT_THAT((*tunable)->metrics()[1].definition, HasSubstr("Assumed: Invented."));
}

TEST(RecordedTunableTest, AnAssumptionForEveryValue) {
  const RecordedFolder folder;
  folder.Write("r.jsonl", kRouterData);
  std::string yaml = kRouter;
  yaml.replace(yaml.find(", large: 2"), 10, "");
  const auto tunable = OpenRecorded(folder.Write("router.yaml", yaml), "", "");
  ASSERT_FALSE(tunable);
  EXPECT_THAT(tunable.error().ToString(), AllOf(HasSubstr("assumes nothing for model=large"), HasSubstr("line 9")));
}

}  // namespace
}  // namespace tradewind
