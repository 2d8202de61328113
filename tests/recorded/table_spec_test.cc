// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Table files: what a good one gives, and one named test a lie, each with its line.
#include "recorded/table_spec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "recorded/recorded_testing.h"
#include "recorded/spec_check.h"
#include "recorded/yaml_fields.h"

namespace tradewind {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::string ErrorOf(const std::string& yaml) {
  const auto spec = ParseTableSpec(yaml, "t.yaml");
  return spec ? "no error" : spec.error().ToString();
}
std::string Changed(const std::string& from, const std::string& to) {
  return ErrorOf(SmallSpec(from, to));
}

TEST(TableSpecTest, TheSmallOne) {
  const auto spec = ParseTableSpec(SmallSpec(), "t.yaml");
  ASSERT_TRUE(spec) << spec.error().ToString();
  EXPECT_EQ(spec->name, "small");
  EXPECT_EQ(spec->tables[0].parts[0].path, "small.csv");
  EXPECT_EQ(spec->knobs[0].type, KnobType::kInteger);
  EXPECT_EQ(spec->metrics[1].info.unit, "ms");
  EXPECT_EQ(spec->metrics[1].line, 10);
  EXPECT_THAT(spec->devices.split.at("train"), ElementsAre("a"));
  EXPECT_EQ(spec->workloads[0].reference[0], 0.0);
  EXPECT_FALSE(spec->workloads[0].reference[1]);
}

TEST(TableSpecTest, AUnitThatContradictsTheMetricsName) {
  EXPECT_THAT(Changed("unit: ms", "unit: s"),
              AllOf(HasSubstr("says \"ms\" by its name, but its unit is \"s\""), HasSubstr("t.yaml, line 10")));
  EXPECT_THAT(Changed("unit: ms, ", ""), HasSubstr("but its unit is \"\""));
  EXPECT_EQ(UnitInName("energy_j"), "J");
  EXPECT_EQ(UnitInName("quality"), "");
}

TEST(TableSpecTest, UnknownMissingAndDoubleFields) {
  EXPECT_THAT(Changed("column: bits", "colum: bits"), AllOf(HasSubstr("no field \"colum\""), HasSubstr("line 6")));
  EXPECT_THAT(Changed("name: small\n", ""), HasSubstr("the field name is missing"));
  EXPECT_THAT(Changed("definition: How slow., ", ""), AllOf(HasSubstr("definition is missing"), HasSubstr("line 10")));
  EXPECT_THAT(Changed("direction: lower, ", ""), HasSubstr("direction is missing"));
  EXPECT_THAT(Changed("name: small\n", "name: small\nname: twice\n"), HasSubstr("twice"));
  EXPECT_THAT(Changed("description: A table of a test", "description:"), HasSubstr("has no value"));
}

TEST(TableSpecTest, WrongTypes) {
  EXPECT_THAT(Changed("type: integer", "type: number"), HasSubstr("type is one of auto, choice, integer, real"));
  EXPECT_THAT(Changed("axes: [quality, latency_ms]", "axes: {a: 1}"), HasSubstr("axes must be a list"));
  EXPECT_THAT(Changed("reference: [0, worst]", "reference: [0, best]"), HasSubstr("a number, or \"worst\""));
  EXPECT_THAT(Changed("reference: [0, worst]", "reference: [0]"), HasSubstr("one value an axis"));
  EXPECT_THAT(Changed("column: quality", "column: quality, scale: large"), HasSubstr("scale must be a finite number"));
}

TEST(TableSpecTest, ReferencesToWhatIsNotThere) {
  EXPECT_THAT(Changed("axes: [quality,", "axes: [accuracy,"), AllOf(HasSubstr("\"accuracy\", which is no metric"), HasSubstr("line 13")));
  EXPECT_THAT(Changed("column: quality}", "by: kind, columns: {x: quality}}"), HasSubstr("no knob with headers or values"));
  EXPECT_THAT(Changed("workloads:", "fidelity: epochs\nworkloads:"), HasSubstr("the fidelity \"epochs\" is no knob"));
  EXPECT_THAT(Changed("name: kind", "name: bits"), HasSubstr("the knob bits stands twice"));
  EXPECT_THAT(Changed("name: quality", "name: latency_ms, unit: ms"), HasSubstr("the metric latency_ms stands twice"));
  EXPECT_THAT(Changed("workloads:", "samples: {text: kind}\nworkloads:"), HasSubstr("rows are samples here"));
  EXPECT_THAT(Changed("reference: [0, worst]", "groups: [a]"), HasSubstr("samples have none"));
  EXPECT_THAT(Changed("knobs:", "  - path: more.csv\nknobs:"), HasSubstr("needs a key"));
}

TEST(TableSpecTest, FilesStayInTheirFolder) {
  EXPECT_THAT(Changed("path: small.csv", "path: /etc/passwd"), HasSubstr("below the data folder"));
  EXPECT_THAT(Changed("path: small.csv", "path: a/../../b.csv"), HasSubstr("below the data folder"));
  EXPECT_THAT(Changed("path: small.csv", "path: small.csv\n    sha256: abc"), HasSubstr("64 hexadecimal digits"));
  EXPECT_THAT(Changed("path: small.csv", "path: small.csv\n    urls: [http://a]"), HasSubstr("https://"));
}

TEST(TableSpecTest, AssumptionsSayWhy) {
  EXPECT_THAT(Changed("column: quality", "assumed: 0.5"), HasSubstr("because is missing"));
  EXPECT_EQ(Changed("column: quality", "assumed: 0.5, because: of nothing"), "no error");
  EXPECT_THAT(Changed("column: quality", "column: quality, assumed: 0.5, because: x"), HasSubstr("one of column"));
}

TEST(TableSpecTest, PatternsAndDerivations) {
  EXPECT_THAT(Changed("'^ms_(.*)$'", "'^ms_(.*$'"), HasSubstr("is not a regular expression"));
  EXPECT_THAT(Changed("'^ms_(.*)$'", "'^ms_.*$'"), HasSubstr("needs 1 group"));
  const auto derive = [](const std::string& text) { return Changed("path: small.csv", "path: small.csv\n    derive: [" + text + "]"); };
  EXPECT_EQ(derive("{column: kind, split: ' ', names: ['k_{}']}"), "no error");
  EXPECT_THAT(derive("{column: kind, split: ' ', names: [k]}"), HasSubstr("{} for the position"));
  EXPECT_THAT(derive("{column: kind, pattern: 'a(b)', names: [k, l]}"), HasSubstr("needs 2 group"));
  EXPECT_THAT(derive("{column: kind, rewrite: [[a]], names: [k]}"), HasSubstr("a pattern and what takes its place"));
  EXPECT_THAT(derive("{column: kind}"), HasSubstr("names of the new columns"));
}

TEST(TableSpecTest, WhatIsNoYaml) {
  EXPECT_THAT(ErrorOf("a: [1"), HasSubstr("not valid YAML"));
  EXPECT_THAT(ErrorOf(""), HasSubstr("must be a map"));
  EXPECT_THAT(ErrorOf("- a"), HasSubstr("must be a map"));
  EXPECT_THAT(ErrorOf(std::string(2 << 20, 'a')), HasSubstr("at most"));
  EXPECT_NE(ErrorOf(std::string(100000, '[')), "no error");
  EXPECT_NE(ErrorOf("a: &x [*x]\nb: *x"), "no error");
}

TEST(TableSpecTest, KnobNames) {
  EXPECT_TRUE(IsKnobName("edge_0_1"));
  EXPECT_FALSE(IsKnobName("0edge"));
  EXPECT_FALSE(IsKnobName("a b"));
  EXPECT_FALSE(IsKnobName(""));
}

}  // namespace
}  // namespace tradewind
