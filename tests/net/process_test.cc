// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include "net_test_util.h"

namespace tradewind {
namespace {

ProcessRequest Shell(const std::string& script) {
  ProcessRequest request;
  request.arguments = {"sh", "-c", script};
  request.folder = "/tmp";
  return request;
}

TEST(ProcessTest, GivesOutputErrorsAndExitCode) {
  const auto result = RunProcess(Shell("echo out; echo err >&2; exit 7"));
  ASSERT_TRUE(result) << result.error().ToString();
  EXPECT_EQ(result->exit_code, 7);
  EXPECT_EQ(result->output, "out\nerr\n");
}

TEST(ProcessTest, PassesArgumentsAsTheyAre) {
  ProcessRequest request;
  request.arguments = {"printf", "%s|", "$(id)", "a b", "*", "'", ""};
  request.folder = "/tmp";
  EXPECT_EQ(RunProcess(request)->output, "$(id)|a b|*|'||");
}

TEST(ProcessTest, RunsInItsFolderWithItsEnvironmentAndNoInput) {
  const TempFolder folder;
  const ScopedEnv outer("TRADEWIND_TEST_A", "outer"), kept("TRADEWIND_TEST_B", "kept");
  ProcessRequest request = Shell("pwd; cat; echo $TRADEWIND_TEST_A $TRADEWIND_TEST_B");
  request.folder = folder.path();
  request.environment = {{"TRADEWIND_TEST_A", "inner"}};
  EXPECT_EQ(RunProcess(request)->output, std::filesystem::canonical(folder.path()).string() + "\ninner kept\n");
}

TEST(ProcessTest, KeepsTheTailOfLongOutput) {
  ProcessRequest request = Shell("i=0; while [ $i -lt 5000 ]; do echo line $i; i=$((i+1)); done");
  request.output_limit_bytes = 1000;
  const auto result = RunProcess(request);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->output.size(), 1000u);
  EXPECT_TRUE(result->output.ends_with("line 4998\nline 4999\n"));
}

TEST(ProcessTest, SaysWhatCannotRun) {
  ProcessRequest request;
  request.arguments = {"tradewind-no-such-program"};
  request.folder = "/tmp";
  EXPECT_EQ(RunProcess(request).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(RunProcess(Shell("kill -9 $$"))->exit_code, 128 + SIGKILL);
}

TEST(ProcessTest, StopsTheWholeGroupEvenIfItIgnoresTheWish) {
  const TempFolder folder;
  int asked = 0;
  ProcessRequest request = Shell("trap '' TERM; sleep 60 & echo $! > " + (folder / "pid") + "; wait; sleep 60");
  request.should_stop = [&] { return ++asked > 2 && std::filesystem::exists(folder / "pid"); };
  const auto result = RunProcess(request);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code(), StatusCode::kCancelled);
  const int grandchild = std::stoi(Slurp(folder / "pid"));
  // Gone, or dead and waiting for whoever inherited it; a busy machine takes its time to get there.
  std::string stat;
  const auto gone = [&] {
    stat = Slurp("/proc/" + std::to_string(grandchild) + "/stat");
    return stat.empty() || stat.find(") Z") != std::string::npos || stat.find(") X") != std::string::npos;
  };
  for (int i = 0; i < 300 && !gone(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_TRUE(gone()) << stat;
}

}  // namespace
}  // namespace tradewind
