// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Tables: one named test a lie, and real files against what Python's csv and json read (the numbers were printed by Python 3.11).
#include "formats/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "base/file.h"
#include "formats/table_builder.h"
#include "shared_data.h"

namespace tradewind {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Result<Table> Csv(std::string_view bytes, const TableLimits& limits = {}) {
  return ParseTable(bytes, TableFormat::kCsv, "t.csv", limits);
}
Result<Table> Tsv(std::string_view bytes) {
  return ParseTable(bytes, TableFormat::kTsv, "t.tsv");
}
Result<Table> Jsonl(std::string_view bytes, const TableLimits& limits = {}) {
  return ParseTable(bytes, TableFormat::kJsonl, "t.jsonl", limits);
}
std::string ErrorOf(const Result<Table>& table) {
  return table ? "no error" : table.error().ToString();
}
std::vector<std::string> Texts(const Table& table, size_t column) {
  std::vector<std::string> texts;
  for (size_t row = 0; row < table.rows(); ++row) texts.push_back(table.Text(column, row));
  return texts;
}
std::vector<std::string> Names(const Table& table) {
  std::vector<std::string> names;
  for (const TableColumn& column : table.columns) names.push_back(column.name);
  return names;
}

TEST(TableCsv, QuotedSeparatorsQuotesAndLineBreaks) {
  const auto table = Csv("\xEF\xBB\xBFname,value\r\n\"a,b\",1\r\n\r\n\"say \"\"hi\"\"\nthere\",2.5\r\nc,-3e2");
  ASSERT_TRUE(table) << ErrorOf(table);
  EXPECT_THAT(Names(*table), ElementsAre("name", "value"));
  EXPECT_THAT(Texts(*table, 0), ElementsAre("a,b", "say \"hi\"\nthere", "c"));
  EXPECT_THAT(table->Numbers(1).value(), ElementsAre(1, 2.5, -300));
  EXPECT_THAT(table->lines, ElementsAre(2u, 4u, 6u));
}

TEST(TableCsv, AColumnIsOfNumbersOnlyIfEveryCellIs) {
  const auto table = Csv("a,b,c,d\n1,007,x,\n2,008,1,3\n");
  ASSERT_TRUE(table) << ErrorOf(table);
  EXPECT_TRUE(table->columns[0].is_number);
  EXPECT_THAT(Texts(*table, 1), ElementsAre("007", "008"));
  EXPECT_FALSE(table->columns[2].is_number);
  EXPECT_THAT(Texts(*table, 3), ElementsAre("", "3"));
}

TEST(TableCsv, TruthIsANumberWhereOneIsAskedFor) {
  const auto table = Csv("a\nTrue\nFalse\ntrue\n0\n");
  ASSERT_TRUE(table) << ErrorOf(table);
  EXPECT_THAT(table->Numbers(0).value(), ElementsAre(1, 0, 1, 0));
}

TEST(TableCsv, ANamelessColumnIsNamedByItsPlace) {
  EXPECT_THAT(Names(*Csv(",b,\n1,2,3\n")), ElementsAre("column_1", "b", "column_3"));
}

TEST(TableCsv, RowsTooShortAndTooLong) {
  EXPECT_THAT(ErrorOf(Csv("a,b\n1,2\n\"x\ny\",2\n3\n")), HasSubstr("has 1 cells, but the first line names 2 columns"));
  EXPECT_THAT(ErrorOf(Csv("a,b\n1,2\n\"x\ny\",2\n3\n")), HasSubstr("t.csv, line 5"));
  EXPECT_THAT(ErrorOf(Csv("a,b\n1,2,3\n")), HasSubstr("has more than 2 cells"));
}

TEST(TableCsv, UnterminatedQuote) {
  const std::string error = ErrorOf(Csv("a,b\n1,\"2\n3,4\n"));
  EXPECT_THAT(error, HasSubstr("never closed"));
  EXPECT_THAT(error, HasSubstr("line 2"));
}

TEST(TableCsv, QuoteInsideACellAndTextBehindAQuote) {
  EXPECT_THAT(ErrorOf(Csv("a\nx\"y\"\n")), HasSubstr("quote inside a cell"));
  EXPECT_THAT(ErrorOf(Csv("a\n\"x\"y\n")), HasSubstr("text after a closing quote"));
  EXPECT_THAT(Texts(*Tsv("a\tb\n5\" disk\t\"q\tq\"\n"), 0), ElementsAre("5\" disk"));
}

TEST(TableCsv, NotANumberWhereOneIsAskedFor) {
  for (const char* lie : {"nan", "NaN", "inf", "-inf", "1e999", "fast", "1,5", "0x10", ""}) {
    const auto table = Csv("model,latency_ms\na,1\nb,\"" + std::string(lie) + "\"\n");
    ASSERT_TRUE(table) << ErrorOf(table);
    const auto numbers = table->Numbers(1);
    ASSERT_FALSE(numbers) << lie;
    EXPECT_THAT(numbers.error().ToString(), HasSubstr("t.csv, line 3, column 2 (latency_ms)")) << lie;
    EXPECT_TRUE(table->Number(1, 0));
  }
}

TEST(TableCsv, DuplicateColumn) {
  EXPECT_THAT(ErrorOf(Csv("a,b,a\n1,2,3\n")), HasSubstr("\"a\" stands twice (as number 1 and 3)"));
}

TEST(TableCsv, MissingColumnIsNamedWithThoseThere) {
  const auto column = Csv("a,b\n1,2\n")->Column("c");
  ASSERT_FALSE(column);
  EXPECT_EQ(column.error().code(), StatusCode::kNotFound);
  EXPECT_EQ(column.error().ToString(), "there is no column \"c\"; there are \"a\", \"b\" (at t.csv)");
}

TEST(TableCsv, InvalidUtf8AndNul) {
  EXPECT_THAT(ErrorOf(Csv("a,b\n1,\xC0\x80\n")), HasSubstr("line 2, column 2 (b)"));
  EXPECT_THAT(ErrorOf(Csv("a\xFF,b\n1,2\n")), HasSubstr("name is not UTF-8"));
  EXPECT_THAT(ErrorOf(Csv(std::string_view("a\n\0\n", 4))), HasSubstr("not UTF-8"));
}

TEST(TableCsv, ALoneCarriageReturn) {
  EXPECT_THAT(ErrorOf(Csv("a\r1\r")), HasSubstr("carriage return"));
}

TEST(TableCsv, NothingInIt) {
  EXPECT_THAT(ErrorOf(Csv("")), HasSubstr("is empty"));
  EXPECT_THAT(ErrorOf(Csv("\n\r\n")), HasSubstr("is empty"));
  EXPECT_EQ(Csv("a,b")->rows(), 0u);
}

TEST(TableLimitsTest, EachIsKept) {
  EXPECT_THAT(ErrorOf(Csv("a\n1\n2\n3\n", {.rows = 2})), HasSubstr("more than 2 rows"));
  EXPECT_THAT(ErrorOf(Csv("a\n1\n2\n3\n", {.rows = 2})), HasSubstr("line 4"));
  EXPECT_THAT(ErrorOf(Csv("a,b,c\n", {.columns = 2})), HasSubstr("more than 2 columns"));
  EXPECT_THAT(ErrorOf(Csv("a\n12345\n", {.cell_bytes = 4})), HasSubstr("more than 4 bytes"));
  EXPECT_THAT(ErrorOf(Csv("a\n12345\n", {.bytes = 4})), HasSubstr("more than 4"));
  EXPECT_THAT(ErrorOf(Csv("a,b\n1,2\n3,4\n", {.cells = 3})), HasSubstr("more than 3 cells"));
  EXPECT_THAT(ErrorOf(Jsonl("{\"a\":1}\n{\"b\":1,\"c\":2}\n", {.cells = 2})), HasSubstr("more than 2 cells"));
  EXPECT_THAT(ErrorOf(Jsonl("{\"a\":{\"b\":{\"c\":1}}}\n", {.depth = 2})), HasSubstr("deeper than 2 levels"));
}

TEST(TableJsonl, NestedFieldsAreDottedColumns) {
  const auto table = Jsonl("{\"q\":\"x\",\"m\":{\"ok\":true,\"n\":[1,2]}}\n\n{\"q\":null,\"m\":{\"ok\":false},\"z\":1.5}\n");
  ASSERT_TRUE(table) << ErrorOf(table);
  EXPECT_THAT(Names(*table), ElementsAre("q", "m.ok", "m.n.0", "m.n.1", "z"));
  EXPECT_THAT(Texts(*table, 0), ElementsAre("x", ""));
  EXPECT_THAT(table->Numbers(1).value(), ElementsAre(1, 0));
  EXPECT_THAT(Texts(*table, 2), ElementsAre("1", ""));
  EXPECT_THAT(Texts(*table, 4), ElementsAre("", "1.5"));
  EXPECT_THAT(table->lines, ElementsAre(1u, 3u));
  EXPECT_THAT(table->Number(4, 0).error().ToString(), HasSubstr("t.jsonl, line 1, column 5 (z)"));
}

TEST(TableJsonl, LinesThatAreNoObjects) {
  EXPECT_THAT(ErrorOf(Jsonl("{\"a\":1}\n[1]\n")), HasSubstr("line 2"));
  EXPECT_THAT(ErrorOf(Jsonl("3\n")), HasSubstr("is not an object"));
  EXPECT_THAT(ErrorOf(Jsonl("{\"a\":1}\n{\"a\":\n")), HasSubstr("not valid JSON at byte"));
  EXPECT_THAT(ErrorOf(Jsonl("{\"a\":1} {\"a\":2}\n")), HasSubstr("not valid JSON"));
  EXPECT_THAT(ErrorOf(Jsonl("{}\n")), HasSubstr("is empty"));
  EXPECT_THAT(ErrorOf(Jsonl("{\"a\":1,\"a\":2}\n")), HasSubstr("twice"));
  EXPECT_THAT(ErrorOf(Jsonl(std::string(100000, '['))), HasSubstr("line"));
}

TEST(TableFormatTest, ByTheEnding) {
  EXPECT_EQ(TableFormatOf("x.tsv").value(), TableFormat::kTsv);
  EXPECT_EQ(TableFormatOf("x.jsonl").value(), TableFormat::kJsonl);
  EXPECT_THAT(ErrorOf(ReadTable("x.xls")), HasSubstr("ends in .csv, .tsv or .jsonl"));
}

TEST(TableUtf8, OverlongAndSurrogatesAreRefused) {
  EXPECT_TRUE(IsUtf8Text("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"));
  for (const char* bad :
       {"\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xE2\x82", "\xC3("}) {
    EXPECT_FALSE(IsUtf8Text(bad));
  }
}

TEST(TableColumnTest, OneMoreOfTexts) {
  auto table = Csv("a\n1\n2\n");
  const std::vector<std::string> more = {"x", "y"};
  ASSERT_TRUE(table->AddColumn("b", more));
  EXPECT_THAT(Texts(*table, 1), ElementsAre("x", "y"));
  EXPECT_FALSE(table->AddColumn("a", more));
}

// python3: sum(float(r['lat_ms_pixel3']) for r in csv.DictReader(open(...)))
TEST(TableOfRealFiles, AsPythonReadsThem) {
  TW_REQUIRE_DATA(nasbench, SharedPath("assets/nas/nb201_acc_latency_joined.csv"));
  const auto table = ReadTable(nasbench);
  ASSERT_TRUE(table) << ErrorOf(table);
  EXPECT_EQ(table->rows(), 15625u);
  EXPECT_EQ(table->columns.size(), 38u);
  const auto pixel3 = table->Numbers(table->Column("lat_ms_pixel3").value()).value();
  EXPECT_NEAR(std::accumulate(pixel3.begin(), pixel3.end(), 0.0), 175214.85452, 1e-6);
  EXPECT_EQ(table->Text(table->Column("arch").value(), 1),
            "|nor_conv_3x3~0|+|nor_conv_3x3~0|avg_pool_3x3~1|+|skip_connect~0|nor_conv_3x3~1|skip_connect~2|");

  TW_REQUIRE_DATA(gsm8k, SharedPath("assets/text/routellm/routellm/evals/gsm8k/gsm8k_responses.csv"));
  const auto responses = ReadTable(gsm8k);
  ASSERT_TRUE(responses) << ErrorOf(responses);
  EXPECT_EQ(responses->rows(), 1319u);
  const auto mixtral = responses->Numbers(1).value();
  EXPECT_EQ(std::accumulate(mixtral.begin(), mixtral.end(), 0.0), 842);
  size_t bytes = 0;
  for (const TableColumn& column : responses->columns) {
    for (size_t row = 0; row < responses->rows() && !column.is_number; ++row) bytes += column.texts[row].size();
  }
  EXPECT_EQ(bytes, 1277058u);

  TW_REQUIRE_DATA(solutions, SharedPath("assets/text/gsm8k/example_model_solutions.jsonl"));
  const auto six = ReadTable(solutions);
  ASSERT_TRUE(six) << ErrorOf(six);
  EXPECT_EQ(six->rows(), 1319u);
  const auto right = six->Numbers(six->Column("175b_verification.is_correct").value()).value();
  EXPECT_EQ(std::accumulate(right.begin(), right.end(), 0.0), 742);
}

}  // namespace
}  // namespace tradewind
