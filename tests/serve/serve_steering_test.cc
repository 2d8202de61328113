// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Which measured point a request gets: three made points of the smallest real model, whose times and quality are known.
#include "serve/serve_steering.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "llm/stories_gguf.h"
#include "serve/serve_test_util.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

class ServeSteeringTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto path = StoriesGguf();
    if (!path) GTEST_SKIP() << "absent: assets/llm/stories260K";
    path_ = *path;
    ASSERT_TRUE(rack_.Load("stories", ModelSetting(path_)));
    Known known;
    known.workload.name = "made";
    known.primary = {"bits_per_byte", Direction::kLowerIsBetter};
    // Fewer layers: quicker and worse.
    const std::tuple<int64_t, double, double> made[] = {{3, 2.0, 10}, {4, 1.5, 20}, {5, 1.0, 40}};
    for (const auto& [layers, bits, tpot] : made) {
      KnownPoint point;
      point.point.setting = rack_.All()[0]->instance->setting();
      point.point.setting.Set("layers", layers);
      point.point.measurements = {Of("bits_per_byte", bits), Of("ttft_ms", 2 * tpot), Of("tpot_ms", tpot), Of("latency_ms", 10 * tpot),
                                  Of("peak_memory_bytes", 1e8)};
      known.points.push_back(point);
    }
    KnownPoint elsewhere = known.points.back();  // with other knobs of loading: not for this rack
    elsewhere.point.setting.Set("context", int64_t{64});
    elsewhere.point.measurements = {Of("bits_per_byte", 0.1), Of("ttft_ms", 1), Of("tpot_ms", 1), Of("latency_ms", 1),
                                    Of("peak_memory_bytes", 1e8)};
    known.points.push_back(elsewhere);
    steering_ = std::make_unique<ServeSteering>(std::move(known));
  }
  static Measurement Of(const char* metric, double value) {
    Measurement m;
    m.metric = metric;
    m.value = value;
    m.interval = {value * 0.99, value * 1.01};
    return m;
  }
  // The layers that are chosen, or the error.
  std::string Chosen(const std::string& model, const char* budget = "", Setting setting = {}) {
    RequestTerms terms;
    if (*budget != 0) terms.budget = *Budget::Parse(budget);
    terms.budget.accepted_at = RealClock().Now();
    terms.allow_cheaper = allow_cheaper_;
    terms.setting = std::move(setting);
    const auto choice = steering_->Choose({.model = model, .terms = terms, .prompt_bytes = 100}, rack_);
    if (!choice) return std::string(StatusCodeName(choice.error().code())) + " " + choice.error().where();
    told_ = choice->told;
    return choice->setting.Text();
  }
  std::string path_;
  ModelRack rack_{RackOptions{.running = 4}};
  std::unique_ptr<ServeSteering> steering_;
  bool allow_cheaper_ = false;
  AnswerSteering told_;
};

TEST_F(ServeSteeringTest, AutoTakesTheBestWithinTheBudget) {
  EXPECT_EQ(Chosen("auto"), "layers=5");
  EXPECT_EQ(Chosen("auto", "tpot=50ms"), "layers=5");
  EXPECT_EQ(Chosen("auto", "tpot=30ms"), "layers=4");
  EXPECT_DOUBLE_EQ(told_.predicted.at("tpot_ms"), 20);
  ASSERT_TRUE(told_.quality);
  EXPECT_DOUBLE_EQ(told_.quality->value, 1.5);
  EXPECT_EQ(Chosen("auto", "tpot=15ms"), "layers=3");
  EXPECT_EQ(Chosen("auto", "tpot=1ms"), "invalid_input budget");
}

TEST_F(ServeSteeringTest, TheEndsOfTheFrontierHaveNames) {
  EXPECT_EQ(Chosen("auto-fast"), "layers=3");
  EXPECT_EQ(Chosen("auto-best"), "layers=5");
}

TEST_F(ServeSteeringTest, ANamedModelIsAsAskedUnlessThereIsABudget) {
  EXPECT_EQ(Chosen("stories"), "");
  Setting three;
  three.Set("layers", int64_t{3});
  EXPECT_EQ(Chosen("stories", "", three), "layers=3");
  EXPECT_DOUBLE_EQ(told_.predicted.at("tpot_ms"), 10) << "what is known of it is told";
  EXPECT_EQ(Chosen("stories", "tpot=15ms"), "layers=3");
  EXPECT_EQ(Chosen("other"), "not_found model");
}

TEST_F(ServeSteeringTest, ABudgetsQualityHolds) {
  EXPECT_EQ(Chosen("auto", "tpot=15ms quality=0.9"), "invalid_input budget");
  EXPECT_EQ(Chosen("auto", "tpot=50ms quality=0.9"), "layers=5");
}

TEST_F(ServeSteeringTest, WhereNothingIsKnownNamesAreFollowed) {
  const ServeSteering nothing;
  for (const char* model : {"auto", "auto-fast", "stories", ""}) {
    const auto choice = nothing.Choose({.model = model}, rack_);
    ASSERT_TRUE(choice) << model;
    EXPECT_EQ(choice->model->name, "stories");
    EXPECT_EQ(choice->setting.Text(), "");
  }
  EXPECT_TRUE(nothing.Points(rack_).empty());
}

TEST_F(ServeSteeringTest, PointsSayWhoseTheyAreAndWhichLead) {
  const std::vector<FrontierPoint> points = steering_->Points(rack_);
  ASSERT_EQ(points.size(), 4u);
  EXPECT_EQ(points[0].model, "stories");
  EXPECT_EQ(points[3].model, "") << "not loaded like this";
  EXPECT_TRUE(points[3].on_frontier);
  EXPECT_FALSE(points[0].on_frontier) << "the last one is better and quicker";
}

}  // namespace
}  // namespace tradewind
