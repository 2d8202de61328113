// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace tradewind {
namespace {

std::string Logged(LogLevel limit, LogLevel level, std::string_view message) {
  SetLogLevel(limit);
  testing::internal::CaptureStderr();
  Log(level, message);
  SetLogLevel(LogLevel::kWarning);
  return testing::internal::GetCapturedStderr();
}

TEST(Log, WritesOneLineToStandardError) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(Logged(LogLevel::kWarning, LogLevel::kWarning, "disk is slow"), "tradewind: disk is slow\n");
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

TEST(Log, LessUrgentThanTheLevelIsSilent) {
  EXPECT_EQ(Logged(LogLevel::kWarning, LogLevel::kInfo, "x"), "");
  EXPECT_EQ(Logged(LogLevel::kError, LogLevel::kWarning, "x"), "");
  EXPECT_EQ(Logged(LogLevel::kDebug, LogLevel::kDebug, "x"), "tradewind: x\n");
}

TEST(Log, AMessageCannotBreakTheLineOrSteerTheTerminal) {
  EXPECT_EQ(Logged(LogLevel::kInfo, LogLevel::kInfo, "a\nb\x1b[2Jc\x7f"), "tradewind: a b [2Jc \n");
  EXPECT_EQ(Logged(LogLevel::kInfo, LogLevel::kInfo, "\u00e9t\u00e9"), "tradewind: \u00e9t\u00e9\n");
}

TEST(Log, LinesOfSeveralThreadsDoNotMix) {
  testing::internal::CaptureStderr();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([i] {
      for (int k = 0; k < 100; ++k) Log(LogLevel::kError, std::string(200, static_cast<char>('a' + i)));
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::istringstream lines(testing::internal::GetCapturedStderr());
  std::map<std::string, int> seen;
  for (std::string line; std::getline(lines, line);) ++seen[line];
  ASSERT_EQ(seen.size(), 4u);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(seen["tradewind: " + std::string(200, static_cast<char>('a' + i))], 100);
}

// The environment is read once a process, so each value gets a process of its own.
TEST(LogDeathTest, TheLevelComesFromTheEnvironment) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const std::map<std::string, int> enabled = {{"error", 1}, {"warning", 2}, {"info", 3}, {"debug", 4}, {"loud", 2}, {"", 2}};
  for (const auto& [name, levels] : enabled) {
    setenv("TRADEWIND_LOG", name.c_str(), 1);
    EXPECT_EXIT(
        {
          int count = 0;
          for (int level = 0; level < 4; ++level) count += LogEnabled(static_cast<LogLevel>(level));
          std::exit(count);
        },
        testing::ExitedWithCode(levels), "")
        << name;
  }
  unsetenv("TRADEWIND_LOG");
}

}  // namespace
}  // namespace tradewind
