// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/session.h"

#include <gtest/gtest.h>

#include <thread>

#include "llm/llm_test_util.h"
#include "llm/stories_gguf.h"

namespace tradewind {
namespace {

constexpr char kOpening[] = "Once upon a time there was a little girl";

class LlmSessionTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto path = StoriesGguf();
    if (!path) GTEST_SKIP() << "absent: assets/llm/stories260K";
    path_ = *path;
  }
  std::unique_ptr<LanguageModelInstance> Open(const Setting& setting = {}, const Clock& clock = RealClock()) {
    auto instance = LanguageModelInstance::Open(path_, setting, {}, clock);
    EXPECT_TRUE(instance) << instance.error().ToString();
    return instance ? std::move(*instance) : nullptr;
  }
  static std::unique_ptr<Session> Start(Instance& instance, const SessionOptions& options) {
    auto session = instance.Start(options);
    EXPECT_TRUE(session) << session.error().ToString();
    return std::move(*session);
  }
  static std::unique_ptr<Session> Start(Instance& instance, int64_t max_tokens) {
    return Start(instance, SessionOptions{.setting = SettingOf({{"max_tokens", max_tokens}})});
  }
  std::string path_;
};

TEST_F(LlmSessionTest, EndsAfterMaxTokens) {
  const auto instance = Open();
  const auto session = Start(*instance, 5);
  const Answered answer = Drive(*session, Greedy(kOpening));
  EXPECT_EQ(answer.finish, FinishReason::kLength);
  EXPECT_EQ(answer.ids.size(), 5u);
  const Outcome& o = session->outcome();
  EXPECT_EQ(o.output_tokens, 5);
  EXPECT_EQ(o.prompt_tokens, static_cast<int64_t>(instance->Tokenize(Greedy(kOpening))->size()));
  EXPECT_EQ(o.finish, FinishReason::kLength);
  ASSERT_TRUE(o.ttft && o.tpot);
  EXPECT_EQ(o.tpot->ns, o.decode.ns / 4);
  EXPECT_EQ(o.setting.IntegerOr("max_tokens", 0), 5);
}

TEST_F(LlmSessionTest, NothingToGenerateEndsAfterReading) {
  const auto instance = Open();
  const auto session = Start(*instance, 0);
  const Answered answer = Drive(*session, Greedy(kOpening));
  EXPECT_EQ(answer.finish, FinishReason::kLength);
  EXPECT_TRUE(answer.tokens.empty());
  EXPECT_FALSE(session->outcome().ttft);
}

TEST_F(LlmSessionTest, AStopStringEndsTheAnswerBeforeIt) {
  const auto instance = Open();
  const Answered free = Drive(*Start(*instance, 40), Greedy(kOpening));
  const std::string stop = free.text.substr(free.text.size() / 2, 5);
  Prompt prompt = Greedy(kOpening);
  prompt.stop = {"never to be seen", stop};
  const Answered stopped = Drive(*Start(*instance, 40), prompt);
  EXPECT_EQ(stopped.finish, FinishReason::kStop);
  EXPECT_EQ(stopped.text, free.text.substr(0, free.text.find(stop)));
}

TEST_F(LlmSessionTest, EchoJudgesEachPromptTokenButTheFirst) {
  const auto instance = Open();
  Prompt prompt = Greedy(kOpening);
  prompt.echo = true;
  prompt.top_logprobs = 3;
  const std::vector<int32_t> ids = *instance->Tokenize(prompt);
  const Answered answer = Drive(*Start(*instance, 2), prompt);
  ASSERT_EQ(answer.tokens.size(), ids.size() + 2);
  EXPECT_FALSE(answer.tokens[0].logprob);
  for (size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(answer.tokens[i].id, ids[i]);
    EXPECT_TRUE(answer.tokens[i].from_prompt);
  }
  for (size_t i = 1; i < answer.tokens.size(); ++i) {
    const Token& t = answer.tokens[i];
    ASSERT_EQ(t.top.size(), 3u);
    EXPECT_GE(t.top[0].logprob, t.top[1].logprob);
    EXPECT_GE(t.top[0].logprob, *t.logprob);
    EXPECT_LE(*t.logprob, 0);
  }
  EXPECT_EQ(answer.tokens.back().id, answer.tokens.back().top[0].id) << "greedy takes the likeliest";
}

TEST_F(LlmSessionTest, AFullContextEndsTheAnswerOrShifts) {
  const auto instance = Open(SettingOf({{"context", 32}}));
  const auto prompt_tokens = static_cast<size_t>(instance->Tokenize(Greedy(kOpening))->size());
  const Answered full = Drive(*Start(*instance, 200), Greedy(kOpening));
  EXPECT_EQ(full.finish, FinishReason::kContext);
  EXPECT_EQ(full.ids.size(), 32 - prompt_tokens + 1) << "the last one needs no place";

  Prompt prompt = Greedy(kOpening);
  prompt.shift = true;
  const auto session = Start(*instance, 200);
  const Answered shifted = Drive(*session, prompt);
  EXPECT_EQ(shifted.finish, FinishReason::kLength);
  ASSERT_EQ(shifted.ids.size(), 200u);
  EXPECT_TRUE(std::equal(full.ids.begin(), full.ids.end(), shifted.ids.begin()));
  EXPECT_EQ(session->outcome().output_tokens, 200);
}

TEST_F(LlmSessionTest, PromptsThatCannotBeTakenAreRefused) {
  const auto instance = Open(SettingOf({{"context", 16}}));
  const auto session = Start(*instance, 4);
  Prompt none;
  none.ids = std::vector<int32_t>{};
  EXPECT_EQ(session->Push({{}, none}).error().where(), "prompt");
  Prompt outside;
  outside.ids = std::vector<int32_t>{1, 512};
  EXPECT_EQ(session->Push({{}, outside}).error().where(), "ids");
  Prompt longer;
  longer.ids = std::vector<int32_t>(17, 300);
  const auto refused = session->Push({{}, longer});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message().find("17 tokens and the context holds 16"), std::string::npos) << refused.error().message();
  Prompt chat;
  chat.messages = {{"user", "hello"}};
  EXPECT_EQ(session->Push({{}, chat}).error().code(), StatusCode::kUnsupported) << "a base model has no template";
  EXPECT_FALSE(session->Next()) << "there is nothing to answer";
  Prompt just;
  just.ids = std::vector<int32_t>(16, 300);
  EXPECT_EQ(Drive(*session, just).finish, FinishReason::kContext) << "the session goes on after a refusal";
}

TEST_F(LlmSessionTest, APushIsRefusedUntilTheEndIsTaken) {
  const auto instance = Open();
  const auto session = Start(*instance, 1);
  ASSERT_TRUE(session->Push({{}, Greedy(kOpening)}));
  EXPECT_FALSE(session->Push({{}, Greedy("Another")}));
  ASSERT_TRUE(std::holds_alternative<Token>(session->Next()->body));
  EXPECT_FALSE(session->Push({{}, Greedy("Another")})) << "the end is still to be taken";
  ASSERT_TRUE(std::holds_alternative<End>(session->Next()->body));
  EXPECT_EQ(Drive(*session, Greedy("Another")).ids.size(), 1u);
}

TEST_F(LlmSessionTest, WhatTheCacheHoldsIsUsedAndChangesNothing) {
  const auto instance = Open(SettingOf({{"ubatch", 8}}));
  const auto session = Start(*instance, 12);
  const std::string long_text = std::string(kOpening) + " who loved to play outside in the park";
  for (const std::string& text : {std::string(kOpening), long_text, std::string(kOpening), std::string("The dog"), long_text}) {
    const Answered reused = Drive(*session, Greedy(text));
    const Answered fresh = Drive(*Start(*instance, 12), Greedy(text));
    EXPECT_EQ(reused.ids, fresh.ids) << text;
    for (size_t i = 0; i < fresh.tokens.size(); ++i) EXPECT_EQ(reused.tokens[i].logprob, fresh.tokens[i].logprob) << text << i;
  }
  // An echo judges every token again.
  Prompt echo = Greedy(long_text);
  echo.echo = true;
  EXPECT_EQ(Drive(*session, echo).tokens.size(), instance->Tokenize(echo)->size() + 12);
}

// A conversation, each turn renewed with another length: what was said is not read again, and the tokens are those of a session that never
// heard it.
TEST_F(LlmSessionTest, ARenewedSessionReadsOnlyWhatIsNew) {
  const auto instance = Open(SettingOf({{"ubatch", 8}}));
  const auto session = Start(*instance, 3);
  std::string said = kOpening;
  int64_t known = 0;
  for (const int64_t length : {9, 4, 12}) {
    ASSERT_TRUE(session->Renew({.setting = SettingOf({{"max_tokens", length}})}));
    const std::vector<int32_t> ids = *instance->Tokenize(Greedy(said));
    const int64_t held = session->HeldTokens(ids);
    const Answered answer = Drive(*session, Greedy(said));
    EXPECT_EQ(answer.ids.size(), static_cast<size_t>(length));
    EXPECT_EQ(session->outcome().held_tokens, held);
    EXPECT_GE(held, known - 2) << "the last token said was never read, and its text may join what follows";
    EXPECT_LT(held, static_cast<int64_t>(ids.size()));
    const Answered fresh = Drive(*Start(*instance, length), Greedy(said));
    EXPECT_EQ(answer.ids, fresh.ids);
    for (size_t i = 0; i < fresh.tokens.size(); ++i) EXPECT_EQ(answer.tokens[i].logprob, fresh.tokens[i].logprob) << i;
    known = static_cast<int64_t>(ids.size()) + length;
    said += answer.text + " Then the dog said hello";
  }
  EXPECT_GT(known, 40);
}

TEST_F(LlmSessionTest, KnobsThatChangeKeysAndValuesForgetThem) {
  const auto instance = Open();
  const auto session = Start(*instance, 6);
  const std::vector<int32_t> ids = *instance->Tokenize(Greedy(kOpening));
  Drive(*session, Greedy(kOpening));
  EXPECT_EQ(session->HeldTokens(ids), static_cast<int64_t>(ids.size()) - 1);
  const Setting fewer = SettingOf({{"layers", 3}, {"max_tokens", 6}});
  ASSERT_TRUE(session->Renew({.setting = fewer}));
  EXPECT_EQ(session->HeldTokens(ids), 0);
  EXPECT_EQ(Drive(*session, Greedy(kOpening)).ids, Drive(*Start(*instance, {.setting = fewer}), Greedy(kOpening)).ids);
  EXPECT_EQ(session->outcome().setting.IntegerOr("layers", 0), 3);
  ASSERT_TRUE(session->Renew({}));
  EXPECT_EQ(session->HeldTokens(ids), 0) << "all layers again";
}

TEST_F(LlmSessionTest, ARenewalIsRefusedWhileAnsweringAndForLoadKnobs) {
  const auto instance = Open();
  const auto session = Start(*instance, 6);
  const auto load = session->Renew({.setting = SettingOf({{"context", 64}})});
  ASSERT_FALSE(load);
  EXPECT_EQ(load.error().where(), "context");
  ASSERT_TRUE(session->Push({{}, Greedy(kOpening)}));
  EXPECT_FALSE(session->Renew({}));
}

TEST_F(LlmSessionTest, ARenewedBudgetHolds) {
  const auto instance = Open();
  const auto session = Start(*instance, 6);
  Drive(*session, Greedy(kOpening));
  Budget past;
  past.accepted_at = RealClock().Now() + Duration::Seconds(-2);
  past.deadline = Duration::Seconds(1);
  ASSERT_TRUE(session->Renew({.setting = SettingOf({{"max_tokens", 6}}), .budget = past}));
  EXPECT_EQ(Drive(*session, Greedy(kOpening)).finish, FinishReason::kDeadline);
  ASSERT_TRUE(session->Renew({.setting = SettingOf({{"max_tokens", 6}})}));
  EXPECT_EQ(Drive(*session, Greedy(kOpening)).finish, FinishReason::kLength);
}

TEST_F(LlmSessionTest, ADeadlineInThePastEndsAtOnce) {
  VirtualClock clock;
  const auto instance = Open({}, clock);
  Budget budget;
  budget.deadline = Duration::Seconds(1);
  const auto session = Start(*instance, SessionOptions{.budget = budget});
  clock.Advance(Duration::Seconds(2));
  const Answered answer = Drive(*session, Greedy(kOpening));
  EXPECT_EQ(answer.finish, FinishReason::kDeadline);
  EXPECT_TRUE(answer.ids.empty());
  EXPECT_EQ(session->outcome().finish, FinishReason::kDeadline);
}

// A clock that each block of each token moves on.
class WorkTakesTime final : public Tap {
 public:
  WorkTakesTime(VirtualClock& clock, Duration block) : clock_(clock), block_(block) {}
  bool Wants(std::string_view) override { return true; }
  void Read(std::string_view, std::span<const float>, int64_t rows, int64_t) override { clock_.Advance({block_.ns * rows}); }

 private:
  VirtualClock& clock_;
  Duration block_;
};

TEST_F(LlmSessionTest, ADeadlineIsKeptAndUsed) {
  for (const double deadline_ms : {60.0, 100.0, 333.0, 1000.0}) {
    VirtualClock clock;
    const auto instance = Open({}, clock);
    WorkTakesTime tap(clock, Duration::Millis(1));  // five blocks: 5 ms a token
    Budget budget;
    budget.deadline = Duration::Millis(deadline_ms);
    const auto session = Start(*instance, SessionOptions{.setting = SettingOf({{"max_tokens", 1000}}), .budget = budget, .tap = &tap});
    const Answered answer = Drive(*session, Greedy(kOpening));
    EXPECT_EQ(answer.finish, FinishReason::kDeadline) << deadline_ms;
    EXPECT_LE(clock.Now().ns, budget.deadline->ns) << deadline_ms;
    EXPECT_GE(clock.Now().ns, budget.deadline->ns - Duration::Millis(50).ns) << deadline_ms << ": given up too early";
  }
}

TEST_F(LlmSessionTest, ChunksAreShortWhereTheDeadlineIsNear) {
  class Chunks final : public Tap {
   public:
    explicit Chunks(VirtualClock& clock) : clock_(clock) {}
    bool Wants(std::string_view layer) override { return layer == "blk.0.out"; }
    void Read(std::string_view, std::span<const float>, int64_t rows, int64_t) override {
      clock_.Advance(Duration::Millis(2 * static_cast<double>(rows)));
      longest = std::max(longest, rows);
      sum += rows;
    }
    int64_t longest = 0, sum = 0;

   private:
    VirtualClock& clock_;
  };
  const auto longest = [&](Duration deadline) {
    VirtualClock clock;
    const auto instance = Open({}, clock);
    Chunks chunks(clock);
    Budget budget;
    budget.deadline = deadline;
    Prompt prompt;
    prompt.ids = std::vector<int32_t>(300, 300);
    Drive(*Start(*instance, SessionOptions{.setting = SettingOf({{"max_tokens", 0}}), .budget = budget, .tap = &chunks}), prompt);
    EXPECT_EQ(chunks.sum, 300);
    return chunks.longest;
  };
  EXPECT_LE(longest(Duration::Seconds(0.8)), 25) << "of 2 ms each: 50 ms";
  EXPECT_GE(longest(Duration::Seconds(0.8)), 15);
  EXPECT_GE(longest(Duration::Seconds(100)), 100) << "a sixteenth of the time left is more than the whole prompt takes";
}

TEST_F(LlmSessionTest, CancelFromAnotherThreadEndsTheAnswer) {
  const auto instance = Open(SettingOf({{"context", 32}}));
  Prompt endless = Greedy(kOpening);
  endless.shift = true;
  const auto session = Start(*instance, 1 << 20);
  ASSERT_TRUE(session->Push({{}, endless}));
  ASSERT_TRUE(session->Next());
  std::thread other([&] { session->Cancel(); });
  FinishReason finish = FinishReason::kError;
  for (bool open = true; open;) {
    const auto event = session->Next();
    ASSERT_TRUE(event);
    if (const End* end = std::get_if<End>(&event->body)) {
      finish = end->reason;
      open = false;
    }
  }
  other.join();
  EXPECT_EQ(finish, FinishReason::kCancelled);
  EXPECT_GT(Drive(*session, Greedy(kOpening)).ids.size(), 1u) << "a cancelled session answers again";
}

TEST_F(LlmSessionTest, LoadKnobsCannotChangeInASession) {
  const auto instance = Open(SettingOf({{"kv_type_k", "bf16"}}));
  for (const auto& [name, value] : std::vector<std::pair<const char*, KnobValue>>{
           {"kv_type_k", "f16"}, {"kv_type_v", "f32"}, {"ubatch", 3}, {"context", 64}, {"threads", 250}}) {
    const auto session = instance->Start({.setting = SettingOf({{name, value}})});
    ASSERT_FALSE(session) << name;
    EXPECT_EQ(session.error().where(), name);
  }
  EXPECT_TRUE(instance->Start({.setting = SettingOf({{"kv_type_k", "bf16"}, {"kv_type_v", "f16"}, {"layers", 2}})}));
}

TEST_F(LlmSessionTest, ASessionsTokensAreObserved) {
  class Observer final : public StepController {
   public:
    bool RunBlock(const StepState&) override { return true; }
    void Observe(const StepState& state, int32_t token, float logprob) override {
      EXPECT_EQ(state.blocks, 5);
      EXPECT_LE(logprob, 0);
      ids.push_back(token);
    }
    std::vector<int32_t> ids;
  };
  Observer observer;
  const auto instance = Open();
  const auto session = Start(*instance, SessionOptions{.setting = SettingOf({{"max_tokens", 6}}), .controller = &observer});
  EXPECT_EQ(Drive(*session, Greedy(kOpening)).ids, observer.ids);
}

}  // namespace
}  // namespace tradewind
