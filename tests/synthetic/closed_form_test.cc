// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// zdt.cc, dtlz.cc and closed_form_tunable.cc, against pymoo's values and the published frontiers.
#include "synthetic/closed_form.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "synthetic/pymoo_numbers.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

// The point that make_numbers.py takes.
std::vector<double> PointOf(const ClosedForm& form) {
  std::vector<double> x;
  for (size_t i = 0; i < form.knobs.size(); ++i) {
    const double share = std::fmod(0.37 + 0.618034 * static_cast<double>(i + 1), 1.0);
    x.push_back(form.knobs[i].min + (form.knobs[i].max - form.knobs[i].min) * share);
  }
  return x;
}

TEST(ClosedForm, AgreesWithPymoo) {
  ASSERT_EQ(kPymooValues.size(), 20u);
  for (const auto& [name, values] : kPymooValues) {
    const ClosedForm form = FindClosedForm(name).value();
    const std::vector<double> f = form.evaluate(PointOf(form));
    ASSERT_EQ(f.size(), values.size()) << name;
    EXPECT_EQ(form.metrics, values.size());
    for (size_t i = 0; i < f.size(); ++i) EXPECT_NEAR(f[i], values[i], 1e-9 * std::max(1.0, std::abs(values[i]))) << name << " f" << i + 1;
  }
}

// The optimum of the distance knobs gives the published frontiers.
TEST(ClosedForm, HasThePublishedFrontiers) {
  const auto at = [](const std::string& name, double first, double rest) {
    const ClosedForm form = FindClosedForm(name).value();
    std::vector<double> x(form.knobs.size(), rest);
    for (size_t i = 0; i + 1 < form.metrics; ++i) x[i] = first;
    return form.evaluate(x);
  };
  EXPECT_NEAR(at("zdt1", 0.25, 0)[1], 1 - std::sqrt(0.25), 1e-12);
  EXPECT_NEAR(at("zdt2", 0.25, 0)[1], 1 - 0.25 * 0.25, 1e-12);
  EXPECT_NEAR(at("zdt4", 0.25, 0)[1], 1 - std::sqrt(0.25), 1e-12);
  const std::vector<double> six = at("zdt6", 0.1, 0);
  EXPECT_NEAR(six[1], 1 - six[0] * six[0], 1e-12);
  for (const char* m : {":2", ":3", ":4"}) {
    double sum = 0;
    for (const double f : at("dtlz1" + std::string(m), 0.3, 0.5)) sum += f;
    EXPECT_NEAR(sum, 0.5, 1e-9) << m;
    for (const char* sphere : {"dtlz2", "dtlz3", "dtlz4"}) {
      double squares = 0;
      for (const double f : at(sphere + std::string(m), 0.3, 0.5)) squares += f * f;
      EXPECT_NEAR(squares, 1, 1e-9) << sphere << m;
    }
  }
}

TEST(ClosedForm, NamesThatDoNotExistAreRefusedWithTheOnesThatDo) {
  for (const char* name : {"zdt5", "zdt", "zdt1x", "dtlz5", "dtlz2:1", "dtlz2:5", "dtlz2:", "griewank", "zdt99999999999999999999"}) {
    const auto found = FindClosedForm(name);
    ASSERT_FALSE(found) << name;
    EXPECT_EQ(found.error().code(), StatusCode::kNotFound);
    EXPECT_THAT(found.error().message(), testing::AllOf(HasSubstr("zdt6"), HasSubstr("dtlz7")));
  }
  EXPECT_THAT(ClosedFormNames(), testing::SizeIs(10));
  for (const std::string& name : ClosedFormNames()) EXPECT_TRUE(FindClosedForm(name)) << name;
}

TEST(OpenClosedForm, AnswersASampleByAModelledReading) {
  auto tunable = OpenClosedForm("zdt1").value();
  EXPECT_TRUE(tunable->side_by_side());
  EXPECT_EQ(tunable->knobs().size(), 30u);
  EXPECT_EQ(tunable->metrics().size(), 2u);
  auto instance = tunable->Open({}, {}).value();
  Setting setting;
  setting.Set("x1", 0.25);
  for (int i = 2; i <= 30; ++i) setting.Set("x" + std::to_string(i), 0.0);
  auto session = instance->Start({.setting = setting}).value();
  ASSERT_TRUE(session->Push({TimePoint{}, SampleRef{"formula"}}));
  const OutputEvent first = session->Next().value();
  const auto& reading = std::get<Reading>(first.body);
  ASSERT_EQ(reading.measurements.size(), 2u);
  EXPECT_EQ(reading.measurements[1].metric, "f2");
  EXPECT_NEAR(reading.measurements[1].value, 0.5, 1e-12);
  EXPECT_EQ(reading.measurements[1].origin, Origin::kModelled);
  const OutputEvent last = session->Next().value();
  EXPECT_TRUE(std::holds_alternative<End>(last.body));
  EXPECT_FALSE(session->Push({TimePoint{}, Prompt{}}));
}

TEST(OpenClosedForm, RefusesKnobsAndValuesThatItDoesNotHave) {
  auto tunable = OpenClosedForm("zdt4").value();
  Setting setting;
  setting.Set("x2", -5.0);
  EXPECT_TRUE(tunable->Resolve(setting));
  setting.Set("x2", -5.5);
  EXPECT_FALSE(tunable->Resolve(setting));
  EXPECT_FALSE(tunable->Open({}, {}).value()->Start({.setting = setting}));
  Setting unknown;
  unknown.Set("x31", 0.5);
  EXPECT_FALSE(tunable->Resolve(unknown));
}

TEST(ClosedFormWorkload, HasAnAxisAMetricAndTheReference) {
  const Workload w = ClosedFormWorkload(FindClosedForm("dtlz7:4").value());
  EXPECT_EQ(w.axes.size(), 4u);
  EXPECT_EQ(w.reference.size(), 4u);
  EXPECT_EQ(w.recalled.size(), 1u);
  EXPECT_EQ(w.axes[0].metric, w.primary_metric);
}

}  // namespace
}  // namespace tradewind
