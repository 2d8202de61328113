// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/trace_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/file.h"
#include "shared_data.h"
#include "temp_folder.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

Result<std::vector<TraceRequest>> Read(const std::string& text, const TraceLimits& limits = {}) {
  const TempFolder folder;
  EXPECT_TRUE(WriteFileAtomically(folder.path() + "/t.csv", text));
  return ReadTrace(folder.path() + "/t.csv", limits);
}

TEST(TraceTable, ReadsOurColumnsAndAzures) {
  const auto ours = Read("at_s,prompt,output\n10,5,7\n12.5,600,0\n", {.prompt = 500});
  ASSERT_TRUE(ours) << ours.error().ToString();
  EXPECT_EQ((*ours)[0].at.ns, 0);
  EXPECT_EQ((*ours)[1].at, Duration::Seconds(2.5));
  EXPECT_EQ((*ours)[1].prompt, 500) << "cut";
  EXPECT_EQ((*ours)[0].output, 7);
  const auto azure = Read("TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 23:59:59.5,374,44\n2023-11-17 00:00:01.25,396,109\n");
  ASSERT_TRUE(azure) << azure.error().ToString();
  EXPECT_NEAR((*azure)[1].at.seconds(), 1.75, 1e-6);
  EXPECT_EQ((*azure)[1].prompt, 396);
}

TEST(TraceTable, NamesTheCellAtFault) {
  EXPECT_THAT(Read("at_s,prompt,output\n1,2,3\n0,2,3\n").error().ToString(), HasSubstr("line 3"));
  EXPECT_THAT(Read("at_s,prompt,output\n1,0,3\n").error().ToString(), HasSubstr("prompt"));
  EXPECT_THAT(Read("at_s,prompt,output\n1,2.5,3\n").error().ToString(), HasSubstr("prompt"));
  EXPECT_THAT(Read("TIMESTAMP,prompt,output\nyesterday,2,3\n").error().ToString(), HasSubstr("TIMESTAMP"));
  EXPECT_THAT(Read("at_s,output\n1,2\n").error().ToString(), HasSubstr("ContextTokens"));
  EXPECT_FALSE(Read("at_s,prompt,output\n"));
}

TEST(TraceTable, KnowsTheCalendar) {
  EXPECT_EQ(SecondsOfTimestamp("1970-01-01 00:00:00"), 0);
  EXPECT_EQ(SecondsOfTimestamp("2000-03-01 00:00:00").value() - SecondsOfTimestamp("2000-02-28 00:00:00").value(), 2 * 86400)
      << "a leap year";
  for (const char* wrong :
       {"", "2023-13-01 00:00:00", "2023-01-01", "2023-01-01 25:00:00", "2023-01-01 00:00:00 later", "2023-01-01 00:00:nan"}) {
    EXPECT_EQ(SecondsOfTimestamp(wrong), std::nullopt) << wrong;
  }
}

// Gaps of a Poisson process: their mean and standard deviation are the same, one second.
TEST(TraceTable, DrawnArrivalsAreIndependent) {
  const std::vector<TraceRequest> trace = PoissonTrace(20'000, 3, 4, 7);
  double sum = 0, squares = 0;
  for (size_t i = 1; i < trace.size(); ++i) {
    const double gap = (trace[i].at - trace[i - 1].at).seconds();
    EXPECT_GE(gap, 0);
    sum += gap;
    squares += gap * gap;
  }
  const auto count = static_cast<double>(trace.size() - 1);
  EXPECT_NEAR(sum / count, 1, 0.05);
  EXPECT_NEAR(squares / count, 2, 0.2);
}

TEST(TraceTable, ReadsAzuresTrace) {
  TW_REQUIRE_DATA(path, SharedPath("assets/text/azure_llm_trace/AzureLLMInferenceTrace_conv.csv"));
  const auto trace = ReadTrace(path, {.requests = 100});
  ASSERT_TRUE(trace) << trace.error().ToString();
  ASSERT_EQ(trace->size(), 100u);
  EXPECT_EQ((*trace)[0].prompt, 374);
  EXPECT_EQ((*trace)[1].output, 109);
  EXPECT_NEAR((*trace)[1].at.seconds(), 4.314579, 1e-5);
}

}  // namespace
}  // namespace tradewind
