// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/stop_signals.h"

#include "cli/program.h"
#include "cli/pty.h"

namespace tradewind {
namespace {

TEST(StopSignals, AreKeptWhileOneLives) {
  const auto before = std::signal(SIGTERM, SIG_IGN);
  {
    const StopSignals signals;
    EXPECT_FALSE(signals.stopped());
    EXPECT_EQ(std::raise(SIGTERM), 0);
    EXPECT_TRUE(signals.stopped());
    EXPECT_EQ(CancelledExitCode(), 143);
    EXPECT_EQ(std::raise(SIGINT), 0);
    EXPECT_EQ(CancelledExitCode(), 130);
  }
  EXPECT_EQ(std::signal(SIGTERM, before), SIG_IGN) << "the handler before is back";
  EXPECT_FALSE(StopSignals().stopped()) << "what came before does not count";
}

class StoppedProgramTest : public CommandsTest {};

TEST_F(StoppedProgramTest, AnAnswerThatIsStoppedEndsWithTheSignalsCode) {
  for (const auto& [signal, code] : {std::pair{SIGINT, 130}, {SIGTERM, 143}}) {
    Pty pty({TRADEWIND_BINARY, "run", model_, "-p", "Once", "-n", "1000000", "--shift", "-t", "1"}, 100);
    ASSERT_TRUE(pty.AwaitBytes(500));
    pty.Kill(signal);
    EXPECT_EQ(pty.Wait(), code);
  }
}

}  // namespace
}  // namespace tradewind
