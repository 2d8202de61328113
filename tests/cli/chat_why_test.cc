// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/chat_why.h"

#include <gmock/gmock.h>

namespace tradewind {
namespace {

using testing::HasSubstr;
using testing::Not;

// `layers` blocks: 10 ms each to the first token and 1 ms each a token, give or take nothing; bits fall with the layers.
Candidate Of(int64_t layers) {
  Candidate c;
  c.point.setting.Set("layers", layers);
  c.point.setting.Set("model", std::string("m"));
  const auto n = static_cast<double>(layers);
  const double bits = 1 + 30 / n;
  c.point.measurements = {{"bits_per_byte", bits, {bits, bits, 0.95}, 4}};
  c.ttft_ms = Prediction{10 * n, {10 * n, 10 * n, 0.9}};
  c.tpot_ms = Prediction{n, {n, n, 0.9}};
  c.total_ms = Prediction{10 * n + 63 * n, {73 * n, 73 * n, 0.9}};
  c.memory_bytes = n * (1 << 20);
  return c;
}

AnsweredTurn Turn(const Budget& budget, size_t chosen) {
  AnsweredTurn turn;
  turn.candidates = {Of(6), Of(10), Of(11), Of(15), Of(30)};
  turn.chosen = chosen;
  turn.setting = turn.candidates[chosen].point.setting;
  turn.expected = turn.candidates[chosen];
  turn.budget = budget;
  turn.steered = true;
  turn.reason = "the reason";
  turn.primary = {"bits_per_byte", Direction::kLowerIsBetter};
  turn.model = "m";
  turn.outcome.prompt_tokens = 40;
  turn.outcome.held_tokens = 30;
  turn.outcome.output_tokens = 7;
  turn.outcome.ttft = Duration::Millis(123);
  turn.outcome.tpot = Duration::Millis(9.5);
  return turn;
}

TEST(ChatWhy, SaysWhatWasDecidedExpectedAndCame) {
  const std::string text = WhyText(Turn({}, 4), Duration::Millis(20));
  for (const char* part :
       {"setting: layers=30 model=m\n", "why: the reason\n", "budget: unlimited\n", "first token after 300 ms (300 to 300)",
        "then 30 ms (30 to 30) a token", "bits_per_byte 2 (2-2)", "came: first token after 123 ms, then 9.5 ms a token",
        "7 tokens, of a prompt of 40 (30 of them read in earlier turns)", "ended by stop", "next better: none"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
}

// With 110 ms to the first token 11 layers fit: 20 ms more allow no 15, 40 ms more do, 20 ms less leave 6.
TEST(ChatWhy, ALimitIsMovedAndDecidedAgain) {
  Budget budget;
  budget.ttft = Duration::Millis(115);
  const std::string text = WhyText(Turn(budget, 2), Duration::Millis(20));
  EXPECT_THAT(
      text,
      HasSubstr("next better: layers=15 (bits_per_byte 3), for 40 ms more to the first token, 4 ms more a token, 4.00 MiB more memory; "
                "not taken: TTFT up to 150 ms over 115 ms\n"));
  EXPECT_THAT(text, HasSubstr("20 ms more TTFT (115 ms was allowed) would have bought: nothing: the same setting\n"));
  EXPECT_THAT(text, HasSubstr("20 ms less TTFT would have left: worse, layers=6 (bits_per_byte 6), for 50 ms less to the first "
                              "token, 5 ms less a token, 5.00 MiB less memory\n"));
  EXPECT_THAT(WhyText(Turn(budget, 2), Duration::Millis(40)),
              HasSubstr("40 ms more TTFT (115 ms was allowed) would have bought: layers=15 "));
  EXPECT_THAT(WhyText(Turn(budget, 2), Duration::Millis(5)), HasSubstr("5 ms less TTFT would have left: nothing: the same setting"));
  EXPECT_THAT(WhyText(Turn(budget, 2), Duration::Millis(60)), HasSubstr("60 ms less TTFT would have left: nothing measured would fit"));
  EXPECT_THAT(WhyText(Turn(budget, 2), Duration::Millis(115)), HasSubstr("would have left: nothing would be left of it"));
}

TEST(ChatWhy, EachLimitOfTimeIsMovedAloneAndTheOthersHold) {
  Budget budget;
  budget.ttft = Duration::Millis(115);
  budget.tpot = Duration::Millis(11);
  budget.deadline = Duration::Millis(850);
  const std::string text = WhyText(Turn(budget, 2), Duration::Millis(40));
  EXPECT_THAT(text, HasSubstr("40 ms more TTFT (115 ms was allowed) would have bought: nothing: the same setting")) << "TPOT holds it";
  EXPECT_THAT(text, HasSubstr("40 ms more TPOT (11 ms was allowed) would have bought: nothing: the same setting"));
  EXPECT_THAT(text, HasSubstr("40 ms less deadline would have left: nothing: the same setting fits"));
  EXPECT_THAT(WhyText(Turn(budget, 2), Duration::Millis(60)), HasSubstr("60 ms less deadline would have left: worse, layers=10"));
}

TEST(ChatWhy, WithoutALimitMoreBuysNothingAndLessIsCountedFromWhatIsExpected) {
  const std::string text = WhyText(Turn({}, 4), Duration::Millis(20));
  EXPECT_THAT(text, HasSubstr("20 ms more TTFT (no limit; up to 300 ms expected) would have bought: nothing\n"));
  EXPECT_THAT(text, HasSubstr("20 ms less TTFT than that would have left: worse, layers=15"));
  EXPECT_THAT(text, HasSubstr("20 ms less TPOT than that would have left: worse, layers=10 "));
}

TEST(ChatWhy, ASettingByHandIsSaidAndJudgedAllTheSame) {
  AnsweredTurn turn = Turn({}, 1);
  turn.steered = false;
  const std::string text = WhyText(turn, Duration::Millis(20));
  EXPECT_THAT(text, HasSubstr("why: it was set; nothing was decided"));
  EXPECT_THAT(text, HasSubstr("next better: layers=11 "));
  EXPECT_THAT(text, HasSubstr("1.00 MiB more memory; it would fit, and was not asked for\n"));
}

TEST(ChatWhy, WithoutMeasurementsItSaysHowToGetThem) {
  AnsweredTurn turn = Turn({}, 1);
  turn.candidates.clear();
  turn.chosen.reset();
  turn.expected.reset();
  turn.outcome.ttft.reset();
  turn.missed = {"TTFT: no token came of 5 ms"};
  const std::string text = WhyText(turn, Duration::Millis(20));
  EXPECT_THAT(text, HasSubstr("nothing has been measured of m on this machine: `tradewind search m --quick`"));
  EXPECT_THAT(text, HasSubstr("missed TTFT: no token came"));
  EXPECT_THAT(text, Not(HasSubstr("would have")));
}

}  // namespace
}  // namespace tradewind
