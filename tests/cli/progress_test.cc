// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/progress.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace tradewind {
namespace {

TEST(ProgressLine, ElsewhereThanOnATerminalItIsAPlainLineNowAndThen) {
  testing::internal::CaptureStderr();
  if (isatty(STDERR_FILENO)) GTEST_SKIP() << "standard error is a terminal also when captured";
  {
    ProgressLine line;
    line.Show(0.25, "first");
    for (int i = 0; i < 100; ++i) line.Show(0.5, "too soon");
    line.Show(1, "end");
    line.Finish();
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), " 25 %  first\n100 %  end\n");
}

TEST(ProgressLine, SharesOutOfRangeAreClamped) {
  testing::internal::CaptureStderr();
  ProgressLine().Show(1.7, "x");
  ProgressLine().Show(-3, "y");
  EXPECT_THAT(testing::internal::GetCapturedStderr(), testing::AllOf(testing::HasSubstr("100 %"), testing::HasSubstr("  0 %")));
}

}  // namespace
}  // namespace tradewind
