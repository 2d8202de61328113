// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Tables that a table file does not fit, one named test a lie: each must name the place. And joins and derived columns of small tables.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "recorded/derive.h"
#include "recorded/joined_table.h"
#include "recorded/recorded_testing.h"

namespace tradewind {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kCsv = kSmallCsv;

TEST(RecordedLies, None) {
  EXPECT_EQ(SmallError(kCsv), "no error");
}

TEST(RecordedLies, MissingColumn) {
  EXPECT_THAT(SmallError("bits,kind,ms_a,ms_b\n4,x,1,2\n"),
              AllOf(HasSubstr("no column \"quality\""), HasSubstr("small.yaml, line 9"), HasSubstr("small.csv")));
  EXPECT_THAT(SmallError("bits,quality,ms_a,ms_b\n4,1,1,2\n"), AllOf(HasSubstr("no column \"kind\""), HasSubstr("small.yaml, line 7")));
}

TEST(RecordedLies, NotANumber) {
  EXPECT_THAT(SmallError("bits,kind,quality,ms_a,ms_b\n4,x,0.5,1,10\n8,x,nan,2,30\n"),
              AllOf(HasSubstr("the metric quality"), HasSubstr("\"nan\" is not a finite number"),
                    HasSubstr("small.csv, line 3, column 3 (quality)")));
  EXPECT_THAT(SmallError("bits,kind,quality,ms_a,ms_b\n4,x,0.5,1,\n"),
              AllOf(HasSubstr("empty cell"), HasSubstr("line 2, column 5 (ms_b)")));
  EXPECT_THAT(SmallError("bits,kind,quality,ms_a,ms_b\n4,x,0.5,1,10\nfour,x,0.5,1,10\n"),
              AllOf(HasSubstr("\"four\" is not of the type"), HasSubstr("line 3, column 1 (bits)"), HasSubstr("small.yaml, line 6")));
}

TEST(RecordedLies, DuplicateKey) {
  EXPECT_THAT(SmallError(kCsv + "4,x,0.6,1,10\n"),
              AllOf(HasSubstr("has the knobs of an earlier one"), HasSubstr("small.csv, line 2"), HasSubstr("small.csv, line 5")));
}

TEST(RecordedLies, TooManyRows) {
  const RecordedFolder folder;
  const std::string path = folder.Write("small.csv", kCsv);
  const auto find = [&](const DataFile& /*file*/) -> Result<std::string> { return path; };
  const auto loaded = RecordedTable::Load(ParseTableSpec(SmallSpec(), "small.yaml").value(), find, {.rows = 2});
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().ToString(), AllOf(HasSubstr("more than 2 rows"), HasSubstr("small.csv, line 4")));
}

TEST(RecordedLies, AFileThatIsNotTheRecordedOne) {
  EXPECT_THAT(SmallError(kCsv, "path: small.csv", "path: small.csv\n    sha256: " + std::string(64, '0')),
              AllOf(HasSubstr("its SHA-256 is"), HasSubstr("small.csv")));
}

TEST(RecordedLies, AFileThatIsAbsent) {
  const std::string error = SmallError(kCsv, "path: small.csv", "path: other.csv\n    urls: [https://example.org/other.csv]");
  EXPECT_THAT(error, AllOf(HasSubstr("no other.csv in"), HasSubstr("tradewind pull small"), HasSubstr("TRADEWIND_DATA")));
}

TEST(RecordedLies, DevicesThatAreNotThere) {
  EXPECT_THAT(SmallError(kCsv, "default: b", "default: c"), AllOf(HasSubstr("no device \"c\"; there are a, b"), HasSubstr("line 11")));
  EXPECT_THAT(SmallError(kCsv, "train: [a]", "train: [d]"), HasSubstr("no device \"d\""));
  EXPECT_THAT(SmallError(kCsv, "'^ms_(.*)$'", "'^us_(.*)$'"), HasSubstr("there is no device"));
}

TEST(RecordedLies, RowsOfWrongLength) {
  EXPECT_THAT(SmallError(kCsv + "4,y,1\n"), AllOf(HasSubstr("has 3 cells"), HasSubstr("line 5")));
}

TEST(RecordedDuplicates, AveragedWhereTheFileSaysSo) {
  const RecordedFolder folder;
  folder.Write("small.csv", kCsv + "4,x,0.7,3,20\n");
  const auto opened = OpenRecorded(folder.Write("small.yaml", SmallSpec("knobs:", "duplicates: mean\nknobs:")), "a", "");
  ASSERT_TRUE(opened) << opened.error().ToString();
  Setting setting;
  setting.Set("bits", int64_t{4});
  setting.Set("kind", std::string("x"));
  const Point point = (*opened)->Lookup(setting).value();
  EXPECT_DOUBLE_EQ(point.Find("quality")->value, 0.6);
  EXPECT_DOUBLE_EQ(point.Find("latency_ms")->value, 2);
  EXPECT_EQ(point.Find("latency_ms")->count, 2);
}

// Two files joined on a key that one of them spells typographically.
std::string JoinedError(const std::string& second, const std::string& options, std::vector<double>* values = nullptr) {
  const RecordedFolder folder;
  folder.Write("a.csv", "q,kind,quality\nit's  a,x,1\nb,y,2\n");
  folder.Write("b.csv", second);
  const std::string yaml = R"(name: joined
description: Two files
tables:
  - path: a.csv
  - path: b.csv
    key: [question]
    key_of_first: [q]
    prefix: 'b.'
)" + options + R"(knobs: [{name: kind, column: kind}]
metrics:
  - {name: quality, direction: higher, definition: Good., column: quality}
  - {name: cost_ms, unit: ms, direction: lower, definition: Cost., column: b.cost, scale: 1000}
workloads: [{name: w, axes: [quality, cost_ms]}]
)";
  const auto table = LoadRecorded(folder.Write("joined.yaml", yaml), "");
  if (!table) return table.error().ToString();
  if (values) *values = (*table)->Values((*table)->Metric("cost_ms").value(), 0);
  return "no error";
}

TEST(RecordedJoin, OnNormalisedText) {
  std::vector<double> values;
  EXPECT_EQ(JoinedError("question,cost\nb,0.25\nit\xE2\x80\x99s\xC2\xA0\x61,0.5\n", "    normalise_text: true\n", &values), "no error");
  EXPECT_THAT(values, ElementsAre(500, 250));
  EXPECT_EQ(PlainText(" \xE2\x80\x9Cq\xE2\x80\x9D\n\n it\xE2\x80\x98s "), "\"q\" it's");
}

TEST(RecordedJoin, ARowWithoutItsLike) {
  EXPECT_THAT(JoinedError("question,cost\nb,0.25\n", ""),
              AllOf(HasSubstr("has this key"), HasSubstr("a.csv, line 2"), HasSubstr("joined.yaml, line 5")));
  std::vector<double> values;
  EXPECT_EQ(JoinedError("question,cost\nb,0.25\n", "    unmatched: drop\n", &values), "no error");
  EXPECT_THAT(values, ElementsAre(250));
  EXPECT_EQ(JoinedError("question,cost\nb,0.25\n", "    unmatched: keep\n", &values), "no error");
  EXPECT_THAT(values, ElementsAre(testing::IsNan(), 250));
  EXPECT_THAT(JoinedError("question,cost\nc,0.25\n", "    unmatched: drop\n"), HasSubstr("no row of the first table"));
}

TEST(RecordedJoin, AKeyTwice) {
  EXPECT_THAT(JoinedError("question,cost\nb,1\nb,2\n", ""),
              AllOf(HasSubstr("the key is that of line 2"), HasSubstr("b.csv, line 3, column 1 (question)")));
}

Table Made(const std::string& csv) {
  return ParseTable(csv, TableFormat::kCsv, "d.csv").value();
}

TEST(DeriveTest, RewritesMatchesAndSplits) {
  Table table = Made("name,list\nyolo3n_160,7 5\nyolo3d67w5_32,3 9\n");
  const Derivation parts{.column = "name", .rewrite = {{"^(yolo\\d)n_", "${1}d33w25_"}}, .pattern = "d(\\d+)w(\\d+)", .names = {"d", "w"}};
  ASSERT_TRUE(Derive(parts, "", table));
  EXPECT_EQ(table.Text(table.Column("d").value(), 0), "33");
  EXPECT_EQ(table.Text(table.Column("w").value(), 1), "5");
  ASSERT_TRUE(Derive({.column = "list", .split = " ", .names = {"k_{}"}}, "", table));
  EXPECT_EQ(table.Text(table.Column("k_1").value(), 1), "9");
  ASSERT_TRUE(Derive({.column = "@file", .pattern = "^(\\w+)\\.", .names = {"part"}}, "north.csv", table));
  EXPECT_EQ(table.Text(table.Column("part").value(), 1), "north");
}

TEST(DeriveTest, CellsThatDoNotFit) {
  Table table = Made("name\nd3\nx\n");
  EXPECT_THAT(Derive({.column = "name", .pattern = "d(\\d)", .names = {"d"}}, "", table).error().ToString(),
              AllOf(HasSubstr("does not match"), HasSubstr("d.csv, line 3, column 1 (name)")));
  Table lists = Made("name\n1 2\n1\n");
  EXPECT_THAT(Derive({.column = "name", .split = " ", .names = {"n_{}"}}, "", lists).error().ToString(), HasSubstr("splits into 1 pieces"));
  EXPECT_THAT(Derive({.column = "other", .names = {"n"}}, "", lists).error().ToString(), HasSubstr("no column \"other\""));
}

}  // namespace
}  // namespace tradewind
