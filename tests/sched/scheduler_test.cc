// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

namespace tradewind {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr TimePoint AtMs(double ms) {
  return TimePoint{} + Duration::Millis(ms);
}

// Tokens first, first + 1, ...
SequenceRequest Asked(SequenceId id, int64_t prompt, int64_t output, int32_t first = 0) {
  SequenceRequest request;
  request.id = id;
  request.prompt.resize(static_cast<size_t>(prompt));
  std::iota(request.prompt.begin(), request.prompt.end(), first);
  request.max_output = output;
  request.tenant = "t";
  request.prefix_space = "s";
  return request;
}

// "id:begin+count", '!' where it draws.
std::vector<std::string> Written(const SchedulerStep& step) {
  std::vector<std::string> chunks;
  for (const StepChunk& c : step.chunks)
    chunks.push_back(std::to_string(c.id) + ":" + std::to_string(c.begin) + "+" + std::to_string(c.count) + (c.draws ? "!" : ""));
  return chunks;
}

class SchedulerTest : public testing::Test {
 protected:
  SchedulerOptions options_{.page_positions = 4,
                            .pages = 64,
                            .running = 8,
                            .step_tokens = 10,
                            .context = 200,
                            .prefill_tokens_while_decoding = 6,
                            .least_copied = 1,
                            .worth_waiting = 4};
  std::optional<Scheduler> scheduler_;
  TimePoint now_ = AtMs(0);

  void Submit(SequenceRequest request) {
    if (!scheduler_) scheduler_.emplace(options_);
    const Result<void> taken = scheduler_->Submit(std::move(request));
    ASSERT_TRUE(taken) << taken.error().ToString();
  }
  SchedulerStep last_;
  // A pass of 10 ms in which each that draws has token 1000.
  std::vector<std::string> Pass() {
    last_ = scheduler_->Next(now_);
    now_ = now_ + Duration::Millis(10);
    std::vector<DrawnToken> drawn;
    for (const StepChunk& chunk : last_.chunks) {
      if (chunk.draws) drawn.push_back({chunk.id, 1000});
    }
    if (!last_.chunks.empty()) scheduler_->Finish(last_, drawn, Duration::Millis(10), now_);
    const Result<void> sound = scheduler_->Check();
    EXPECT_TRUE(sound) << sound.error().ToString();
    return Written(last_);
  }
};

TEST_F(SchedulerTest, ReadsInChunksThenDraws) {
  Submit(Asked(1, 23, 3));
  EXPECT_THAT(Pass(), ElementsAre("1:0+10"));
  EXPECT_THAT(Pass(), ElementsAre("1:10+10"));
  EXPECT_THAT(Pass(), ElementsAre("1:20+3!"));
  EXPECT_THAT(Pass(), ElementsAre("1:23+1!"));
  EXPECT_THAT(Pass(), ElementsAre("1:24+1!"));
  EXPECT_THAT(Pass(), IsEmpty()) << "its third token was its last";
  EXPECT_EQ(scheduler_->load().pages_used, 0);
}

TEST_F(SchedulerTest, DecodingFirstAndReadingBesideItAsFarAsAllowed) {
  Submit(Asked(1, 3, 50));
  EXPECT_THAT(Pass(), ElementsAre("1:0+3!"));
  Submit(Asked(2, 20, 1, 500));
  EXPECT_THAT(Pass(), ElementsAre("1:3+1!", "2:0+6"));
  EXPECT_THAT(Pass(), ElementsAre("1:4+1!", "2:6+6"));
}

TEST_F(SchedulerTest, ATargetBetweenTokensCutsWhatIsReadMeanwhile) {
  options_.cost = {.pass_ms = 7, .prefill_token_ms = 1, .decode_ms = 1};  // 10 ms for the first pass, as it takes
  options_.least_prefill_tokens = 1;
  SequenceRequest request = Asked(1, 3, 50);
  request.tpot = Duration::Millis(10.5);
  Submit(std::move(request));
  Pass();
  Submit(Asked(2, 20, 1, 500));
  EXPECT_THAT(scheduler_->Next(now_).chunks, ElementsAre(testing::Field(&StepChunk::count, 1), testing::Field(&StepChunk::count, 2)));
}

TEST_F(SchedulerTest, ReadsOnlyWithoutOutput) {
  Submit(Asked(1, 12, 0));
  EXPECT_THAT(Pass(), ElementsAre("1:0+10"));
  EXPECT_THAT(Pass(), ElementsAre("1:10+2"));
  EXPECT_THAT(Pass(), IsEmpty());
}

TEST_F(SchedulerTest, WhatIsKeptIsNotReadAgain) {
  Submit(Asked(1, 10, 1));
  Pass();
  Submit(Asked(2, 12, 1));
  EXPECT_THAT(Pass(), ElementsAre("2:10+2!"));
  EXPECT_EQ(scheduler_->load().prefix_tokens, 10);
  ASSERT_THAT(last_.copies, SizeIs(1));
  EXPECT_EQ(last_.copies[0].positions, 2);
  EXPECT_EQ(last_.copies[0].to, last_.chunks[0].pages[2]);
  // The same prompt as a whole: its last token is read again, for its logits.
  Submit(Asked(3, 12, 1));
  EXPECT_THAT(Pass(), ElementsAre("3:11+1!"));
  // With other tokens, another space or another group nothing is shared.
  Submit(Asked(4, 12, 1, 7));
  EXPECT_THAT(Pass(), ElementsAre("4:0+10"));
  Pass();
  SequenceRequest other = Asked(5, 9, 1);
  other.prefix_space = "other";
  Submit(std::move(other));
  EXPECT_THAT(Pass(), ElementsAre("5:0+9!"));
  other = Asked(6, 9, 1);
  other.group = "other";
  Submit(std::move(other));
  EXPECT_THAT(Pass(), ElementsAre("6:0+9!"));
  other = Asked(7, 9, 1);
  other.prefix_space = "";
  Submit(other);
  EXPECT_THAT(Pass(), ElementsAre("7:0+9!"));
  other.id = 8;
  Submit(other);
  EXPECT_THAT(Pass(), ElementsAre("8:0+9!")) << "an empty space shares with none, not even itself";
}

TEST_F(SchedulerTest, HeldTokensAreOfThePrompt) {
  Submit(Asked(1, 10, 1));
  Pass();
  Submit(Asked(2, 12, 5));
  Pass();
  EXPECT_EQ(scheduler_->HeldTokens(2), 10);
  EXPECT_EQ(scheduler_->HeldTokens(77), 0);
}

TEST_F(SchedulerTest, ATenantIsChargedForWhatIsReadAndTwiceForWhatIsDrawn) {
  Submit(Asked(1, 10, 5));
  for (int i = 0; i < 5; ++i) Pass();
  EXPECT_EQ(scheduler_->Served("t"), 10 + 2 * 5);
  Submit(Asked(2, 14, 1));
  Pass();
  EXPECT_EQ(scheduler_->Served("t"), 20 + 4 + 2 * 1) << "what is there already costs nothing";
}

TEST_F(SchedulerTest, AllLogitsTakesNothingAndGives) {
  Submit(Asked(1, 8, 1));
  Pass();
  SequenceRequest request = Asked(2, 10, 0);
  request.all_logits = true;
  Submit(std::move(request));
  EXPECT_THAT(Pass(), ElementsAre("2:0+10"));
  Submit(Asked(3, 11, 1));
  EXPECT_THAT(Pass(), ElementsAre("3:10+1!"));
}

TEST_F(SchedulerTest, AnswersAreKeptToo) {
  Submit(Asked(1, 3, 4));  // then 1000 four times
  for (int i = 0; i < 4; ++i) Pass();
  SequenceRequest next = Asked(2, 3, 1);
  for (const int32_t token : {1000, 1000, 1000, 1000, 5}) next.prompt.push_back(token);
  Submit(std::move(next));
  EXPECT_THAT(Pass(), ElementsAre("2:6+2!")) << "the last token drawn has no keys and values";
}

TEST_F(SchedulerTest, WaitsForTheReadOfWhatItBeginsWith) {
  Submit(Asked(1, 40, 1));
  Submit(Asked(2, 32, 1));
  Submit(Asked(3, 9, 1, 700));
  EXPECT_THAT(Pass(), ElementsAre("1:0+10"));
  EXPECT_THAT(Pass(), ElementsAre("1:10+10"));
  EXPECT_THAT(Pass(), ElementsAre("1:20+10")) << "31 of its 32 tokens may be shared; 30 are nearly there";
  EXPECT_THAT(Pass(), ElementsAre("1:30+10!"));
  EXPECT_THAT(Pass(), ElementsAre("2:31+1!", "3:0+9!"));
}

TEST_F(SchedulerTest, WaitsForNoReadThatWouldMakeItLate) {
  options_.cost = {.prefill_token_ms = 1};
  for (const double deadline_ms : {1000.0, 60.0}) {
    now_ = AtMs(0);
    scheduler_.reset();
    Submit(Asked(1, 80, 1));
    Pass();
    SequenceRequest request = Asked(2, 75, 1);
    request.priority = 1;
    request.deadline = AtMs(deadline_ms);
    Submit(std::move(request));
    // The rest of its own prompt takes 65 ms, either way; if it can be in time, it waits.
    if (deadline_ms > 100) {
      EXPECT_THAT(Pass(), ElementsAre("1:10+10"));
    } else {
      EXPECT_THAT(Pass(), ElementsAre("2:10+10"));
    }
  }
}

TEST_F(SchedulerTest, AtItsDeadlineItEnds) {
  SequenceRequest request = Asked(1, 3, 50);
  request.deadline = AtMs(25);
  Submit(std::move(request));
  Pass();
  Pass();
  Pass();
  EXPECT_THAT(last_.chunks, SizeIs(1)) << "at 20 ms";
  EXPECT_THAT(Pass(), IsEmpty());
  ASSERT_THAT(last_.ended, SizeIs(1));
  EXPECT_EQ(last_.ended[0].cause, EndCause::kDeadline);
  EXPECT_EQ(scheduler_->load().pages_used, 0);
}

TEST_F(SchedulerTest, SaysWhenToWake) {
  SequenceRequest request = Asked(1, 3, 50);
  request.deadline = AtMs(25);
  Submit(std::move(request));
  Submit(Asked(2, 3, 50));
  EXPECT_EQ(scheduler_->Next(now_).wake, AtMs(25));
}

TEST_F(SchedulerTest, CancelledOnesHoldNothing) {
  Submit(Asked(1, 15, 50));
  Submit(Asked(2, 3, 50, 800));
  Pass();
  scheduler_->Cancel(1);
  scheduler_->Cancel(99);
  EXPECT_THAT(Pass(), ElementsAre("2:0+3!"));
  ASSERT_THAT(last_.ended, SizeIs(1));
  EXPECT_EQ(last_.ended[0].id, 1u);
  EXPECT_EQ(last_.ended[0].cause, EndCause::kCancelled);
  EXPECT_EQ(scheduler_->load().pages_used, 1);
}

TEST_F(SchedulerTest, GroupsTakeTurns) {
  for (SequenceId id = 1; id <= 3; ++id) {
    SequenceRequest request = Asked(id, 2, 50, static_cast<int32_t>(100 * id));
    request.group = id == 2 ? "b" : "a";
    Submit(std::move(request));
  }
  EXPECT_THAT(Pass(), ElementsAre("1:0+2!", "3:0+2!"));
  EXPECT_THAT(Pass(), ElementsAre("2:0+2!"));
  EXPECT_EQ(last_.group, "b");
  EXPECT_THAT(Pass(), ElementsAre("1:2+1!", "3:2+1!"));
  EXPECT_THAT(Pass(), ElementsAre("2:2+1!"));
}

// A group whose sequences are gone after each pass and new ones come.
TEST_F(SchedulerTest, AGroupThatIsNewAgainAndAgainTakesTurnsToo) {
  Submit(Asked(1, 2, 100));
  int of_first = 0;
  for (SequenceId id = 2; id < 40; ++id) {
    SequenceRequest request = Asked(id, 2, 1, static_cast<int32_t>(100 * id));
    request.group = "b";
    Submit(std::move(request));
    Pass();
    of_first += last_.group.empty() ? 1 : 0;
  }
  EXPECT_GE(of_first, 18);
}

TEST_F(SchedulerTest, PreemptsWhatMattersLeastAndItComesBack) {
  options_.pages = 4;
  SequenceRequest low = Asked(1, 6, 8);
  low.deadline = AtMs(10'000);
  Submit(std::move(low));
  Pass();
  SequenceRequest high = Asked(2, 6, 8, 100);
  high.deadline = AtMs(5'000);
  Submit(std::move(high));
  std::map<SequenceId, int> drawn{{1, 1}};
  for (int passes = 0; passes < 100 && scheduler_->load().running + scheduler_->load().waiting > 0; ++passes) {
    Pass();
    EXPECT_THAT(last_.ended, IsEmpty());
    bool has_part = drawn[2] == 8;
    for (const StepChunk& chunk : last_.chunks) {
      drawn[chunk.id] += chunk.draws ? 1 : 0;
      has_part |= chunk.id == 2;
    }
    EXPECT_TRUE(has_part) << "the one that must be done first goes on, pass " << passes;
  }
  EXPECT_GT(scheduler_->load().preemptions, 0);
  EXPECT_EQ(drawn[1], 8);
  EXPECT_EQ(drawn[2], 8);
}

TEST_F(SchedulerTest, TheLesserPriorityGivesWayHoweverMuchIsLost) {
  options_.pages = 6;
  Submit(Asked(1, 10, 20));
  SequenceRequest high = Asked(2, 3, 8, 100);
  high.priority = 1;
  Submit(std::move(high));
  for (int passes = 0; passes < 8; ++passes) {
    Pass();
    EXPECT_EQ(last_.chunks[0].id, 2u) << passes;
  }
  EXPECT_GT(scheduler_->load().preemptions, 0) << "both do not fit";
}

// Its pages are set aside: what another group's turn starts meanwhile does not drive it out.
TEST_F(SchedulerTest, OneThatIsBeingReadFindsItsPages) {
  options_.pages = 10;
  Submit(Asked(1, 30, 1));
  SequenceRequest other = Asked(2, 20, 1, 500);
  other.group = "b";
  Submit(std::move(other));
  EXPECT_THAT(Pass(), ElementsAre("1:0+10"));
  EXPECT_THAT(Pass(), ElementsAre("1:10+10")) << "three pages for the one and five for the other would do just now";
  EXPECT_THAT(Pass(), ElementsAre("1:20+10!"));
  EXPECT_THAT(Pass(), ElementsAre("2:0+10"));
  EXPECT_EQ(scheduler_->load().preemptions, 0);
}

TEST_F(SchedulerTest, WhoDrawsFindsAPageSoon) {
  options_.pages = 6;
  for (SequenceId id = 1; id <= 5; ++id) Submit(Asked(id, 2, 9, static_cast<int32_t>(100 * id)));
  Pass();
  EXPECT_EQ(scheduler_->load().running, 5) << "of six pages one is left for four";
  Submit(Asked(6, 2, 9, 900));
  Pass();
  EXPECT_EQ(scheduler_->load().running, 5);
}

// The pages that a long one of another group needs are never free at one time, unless those behind it wait.
TEST_F(SchedulerTest, ALongOneOfAnotherGroupIsNotKeptOutByShortOnes) {
  options_.pages = 10;
  SequenceId next = 1;
  const auto submit_short = [&] {
    SequenceRequest request = Asked(next, 5, 4, static_cast<int32_t>(100 * next));
    request.group = "a";
    request.arrived = now_;
    ++next;
    Submit(std::move(request));
  };
  for (int i = 0; i < 6; ++i) submit_short();
  Pass();
  SequenceRequest request = Asked(1000, 36, 1, 50'000);
  request.group = "b";
  request.arrived = now_;
  Submit(std::move(request));
  bool started = false;
  for (int passes = 0; passes < 40 && !started; ++passes) {
    submit_short();
    Pass();
    started = last_.group == "b";
  }
  EXPECT_TRUE(started);
}

TEST_F(SchedulerTest, AGreaterPriorityTakesThePlaceOfALesser) {
  options_.running = 1;
  options_.step_tokens = 20;
  Submit(Asked(1, 30, 50));
  EXPECT_THAT(Pass(), ElementsAre("1:0+20"));
  SequenceRequest high = Asked(2, 3, 1, 100);
  Submit(high);
  EXPECT_THAT(Pass(), ElementsAre("1:20+10!")) << "an equal one waits";
  scheduler_->Cancel(1);
  Pass();
  Submit(Asked(3, 30, 50, 300));
  Pass();
  high.id = 4;
  high.priority = 1;
  Submit(high);
  EXPECT_THAT(Pass(), ElementsAre("4:2+1!"));
  EXPECT_THAT(Pass(), ElementsAre("3:20+10!")) << "what it had read was kept";
}

TEST_F(SchedulerTest, OneThatDecodesGivesWayToo) {
  options_.running = 2;
  Submit(Asked(1, 3, 50));
  SequenceRequest better = Asked(2, 3, 50, 100);
  better.priority = 1;
  Submit(better);
  Pass();
  SequenceRequest best = Asked(3, 3, 1, 200);
  best.priority = 2;
  Submit(best);
  EXPECT_THAT(Pass(), ElementsAre("2:3+1!", "3:0+3!"));
  EXPECT_THAT(Pass(), ElementsAre("2:4+1!", "1:3+1!"));
}

TEST_F(SchedulerTest, AloneWithoutPagesItEnds) {
  options_.pages = 2;
  Submit(Asked(1, 5, 100));
  int drawn = 0;
  while (Pass(), !last_.chunks.empty()) drawn += last_.chunks[0].draws ? 1 : 0;
  EXPECT_EQ(drawn, 4) << "eight positions, and the last token needs none";
  ASSERT_THAT(last_.ended, SizeIs(1));
  EXPECT_EQ(last_.ended[0].cause, EndCause::kNoMemory);
}

TEST_F(SchedulerTest, AFailedPassLeavesNothingBehind) {
  Submit(Asked(1, 8, 1));
  scheduler_->Abandon(scheduler_->Next(now_));
  EXPECT_EQ(scheduler_->load().running + scheduler_->load().waiting, 0);
  Submit(Asked(2, 8, 1));
  EXPECT_THAT(Pass(), ElementsAre("2:0+8!")) << "nothing of the failed pass is shared";
  // Nor of an answer that it ended: what it wrote, and where, is not known.
  Submit(Asked(3, 3, 9, 300));
  Pass();
  Pass();
  scheduler_->Abandon(scheduler_->Next(now_));
  SequenceRequest next = Asked(4, 3, 1, 300);
  next.prompt.insert(next.prompt.end(), {1000, 5});
  Submit(std::move(next));
  EXPECT_THAT(Pass(), ElementsAre("4:3+2!"));
}

TEST_F(SchedulerTest, RefusesWhatCannotBe) {
  options_.pages = 10;
  Submit(Asked(1, 1, 1));
  const auto refused = [&](SequenceRequest request) { return scheduler_->Submit(std::move(request)).error().where(); };
  EXPECT_EQ(refused(Asked(1, 1, 1)), "id");
  EXPECT_EQ(refused(Asked(2, 0, 1)), "prompt");
  EXPECT_EQ(refused(Asked(3, 41, 1)), "prompt");
  EXPECT_EQ(refused(Asked(4, 40, 161)), "max_output");
  EXPECT_EQ(refused(Asked(5, 40, -1)), "max_output");
  EXPECT_TRUE(scheduler_->Submit(Asked(6, 40, 160)));
}

TEST_F(SchedulerTest, CountsItsLoad) {
  Submit(Asked(1, 4, 5));
  Submit(Asked(2, 20, 7, 300));
  Submit(Asked(3, 6, 1, 600));
  Pass();
  const SchedulerLoad load = scheduler_->load();
  EXPECT_EQ(load.running, 2);
  EXPECT_EQ(load.decoding, 1);
  EXPECT_EQ(load.waiting, 1);
  EXPECT_EQ(load.waiting_tokens, 6);
  EXPECT_EQ(load.running_unread, 14);
  EXPECT_EQ(load.running_read, 6);
  EXPECT_EQ(load.positions, 10);
  EXPECT_EQ(load.running_tokens, 1 + 4 + 14 + 7);
  EXPECT_EQ(load.pages_used, 1 + 2);
  EXPECT_EQ(load.prompt_tokens, 30);
}

// One asks for long texts and many at once, the other for short ones, two at once: what they are served differs by no more than twice what
// the running ones together may weigh (arXiv:2401.00588, theorem 4.4).
TEST_F(SchedulerTest, TenantsThatAlwaysWaitAreServedAlike) {
  options_.running = 4;
  SequenceId next = 1;
  std::map<std::string, int64_t> waiting;
  std::map<SequenceId, std::string> tenant_of;
  const auto submit = [&](const std::string& tenant) {
    const bool is_long = tenant == "long";
    SequenceRequest request = Asked(next, is_long ? 40 : 5, is_long ? 20 : 3, static_cast<int32_t>(100 * next));
    request.tenant = tenant;
    tenant_of[next++] = tenant;
    ++waiting[tenant];
    Submit(std::move(request));
  };
  std::map<std::string, int64_t> tokens;  // drawn
  for (int pass = 0; pass < 3000; ++pass) {
    while (waiting["long"] < 20) submit("long");
    while (waiting["short"] < 6) submit("short");
    Pass();
    for (const StepChunk& chunk : last_.chunks) {
      if (chunk.begin == 0) --waiting[tenant_of[chunk.id]];
      tokens[tenant_of[chunk.id]] += chunk.draws ? 1 : 0;
    }
    ASSERT_LE(std::abs(scheduler_->Served("long") - scheduler_->Served("short")), 2 * 2 * 4 * (40 + 20)) << pass;
  }
  EXPECT_GT(tokens["short"], 500);
  EXPECT_GT(tokens["long"], 500);
}

TEST_F(SchedulerTest, TheSameCallsGiveTheSameSteps) {
  const auto run = [&] {
    Scheduler scheduler(options_);
    std::vector<std::string> all;
    for (SequenceId id = 1; id < 12; ++id)
      EXPECT_TRUE(scheduler.Submit(Asked(id, static_cast<int64_t>(3 * id), 9, static_cast<int32_t>(id % 3))));
    for (int i = 0; i < 60; ++i) {
      const SchedulerStep step = scheduler.Next(AtMs(i));
      if (step.chunks.empty()) break;
      std::vector<DrawnToken> drawn;
      for (const StepChunk& chunk : step.chunks) {
        if (chunk.draws) drawn.push_back({chunk.id, 1});
        for (const PageId page : chunk.pages) all.push_back(std::to_string(page));
      }
      for (const std::string& chunk : Written(step)) all.push_back(chunk);
      scheduler.Finish(step, drawn, Duration::Millis(3), AtMs(i));
    }
    return all;
  };
  EXPECT_EQ(run(), run());
}

}  // namespace
}  // namespace tradewind
