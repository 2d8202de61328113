// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Many answers at a time are, token by token, those of sessions that run alone (the oracle here: LlmSession over a cache of its own).
// Covers llm/batch_engine.cc, llm/generation.cc and llm/kv_pages.cc.
#include "llm/batch_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>

#include "base/random.h"
#include "llm/llm_test_util.h"
#include "llm/stories_gguf.h"

namespace tradewind {
namespace {

// What a listener hears of one answer; waited for by the test.
class Heard {
 public:
  BatchListener Listener() {
    return [this](BatchEvents events) {
      const std::lock_guard lock(mutex_);
      for (OutputEvent& event : events.events) Take(event);
      if (events.last()) {
        outcome_ = events.outcome;
        error_ = events.error;
        done_ = true;
      }
      changed_.notify_all();
    };
  }
  void AwaitEnd() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return done_; });
  }
  void AwaitTokens(size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return done_ || answered_.ids.size() >= count; });
  }
  // After AwaitEnd.
  const Answered& answered() const { return answered_; }
  const std::optional<Outcome>& outcome() const { return outcome_; }
  const std::optional<Status>& error() const { return error_; }

 private:
  void Take(OutputEvent& event) {
    EXPECT_FALSE(done_) << "nothing follows the last event";
    if (const auto* end = std::get_if<End>(&event.body)) answered_.finish = end->reason;
    const auto* token = std::get_if<Token>(&event.body);
    if (token == nullptr) return;
    answered_.tokens.push_back(*token);
    if (token->from_prompt) return;
    answered_.ids.push_back(token->id);
    answered_.text += token->bytes;
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  Answered answered_;
  std::optional<Outcome> outcome_;
  std::optional<Status> error_;
};

const std::vector<std::string> kOpenings = {"Once upon a time there was a little girl",
                                            "The dog",
                                            "Tom and Sam went to the park. They saw a big",
                                            "One day, a bird",
                                            "Lily had a red ball and she",
                                            "There was a cat. The cat was",
                                            "Once upon a time there was a little boy",
                                            "Mom said"};

class BatchEngineTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto path = StoriesGguf();
    if (!path) GTEST_SKIP() << "absent: assets/llm/stories260K";
    instance_ = OpenModel(*path);
  }
  std::unique_ptr<BatchEngine> Start(const BatchOptions& options = {}) {
    auto engine = BatchEngine::Start(*instance_, options);
    EXPECT_TRUE(engine) << engine.error().ToString();
    return std::move(*engine);
  }
  // The answer of a session alone.
  Answered Alone(const Prompt& prompt, int64_t max_tokens, const Setting& request = {}) {
    auto session = instance_->Start({.setting = request.With(SettingOf({{"max_tokens", max_tokens}}))});
    EXPECT_TRUE(session) << session.error().ToString();
    return Drive(**session, prompt);
  }
  static SequenceId Submit(BatchEngine& engine, const Prompt& prompt, int64_t max_tokens, Heard& heard, const Setting& request = {},
                           const Budget& budget = {}) {
    auto prepared = engine.Prepare(prompt, request.With(SettingOf({{"max_tokens", max_tokens}})));
    EXPECT_TRUE(prepared) << prepared.error().ToString();
    prepared->budget = budget;
    const auto id = engine.Submit(std::move(*prepared), heard.Listener());
    EXPECT_TRUE(id) << id.error().ToString();
    return *id;
  }
  static void ExpectNothingHeld(const BatchEngine& engine) {
    BatchLoad load = engine.load();
    for (int i = 0; i < 1000 && load.scheduler.running + load.scheduler.waiting > 0; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      load = engine.load();
    }
    EXPECT_EQ(load.scheduler.running, 0);
    EXPECT_EQ(load.scheduler.waiting, 0);
    EXPECT_EQ(load.scheduler.pages_used, 0);
  }
  std::unique_ptr<LanguageModelInstance> instance_;
};

TEST_F(BatchEngineTest, ManyAtOnceAreAsAlone) {
  const auto engine = Start();
  std::vector<Heard> heard(kOpenings.size() * 3);
  for (size_t i = 0; i < heard.size(); ++i) {
    Submit(*engine, Greedy(kOpenings[i % kOpenings.size()]), 20 + static_cast<int64_t>(i), heard[i]);
  }
  for (size_t i = 0; i < heard.size(); ++i) {
    heard[i].AwaitEnd();
    ASSERT_TRUE(heard[i].outcome()) << i;
    const Answered alone = Alone(Greedy(kOpenings[i % kOpenings.size()]), 20 + static_cast<int64_t>(i));
    EXPECT_EQ(heard[i].answered().ids, alone.ids) << i;
    EXPECT_EQ(heard[i].answered().finish, alone.finish) << i;
    EXPECT_EQ(heard[i].outcome()->output_tokens, static_cast<int64_t>(alone.ids.size()));
    ASSERT_EQ(heard[i].answered().tokens.size(), alone.tokens.size());
    for (size_t t = 0; t < alone.tokens.size(); ++t) EXPECT_EQ(heard[i].answered().tokens[t].logprob, alone.tokens[t].logprob);
  }
  ExpectNothingHeld(*engine);
}

TEST_F(BatchEngineTest, DrawnGrammarStopAndLayersAreAsAlone) {
  const auto engine = Start();
  std::vector<Prompt> prompts(4, Greedy(kOpenings[0]));
  prompts[0].sampling = {.temperature = 1, .seed = 7};
  prompts[1].grammar = "root ::= \" \" (\"yes\" | \"no\") \".\"";
  prompts[2].stop = {"the"};
  const std::vector<Setting> settings = {{}, {}, {}, SettingOf({{"layers", int64_t{3}}})};
  std::vector<Heard> heard(prompts.size());
  for (size_t i = 0; i < prompts.size(); ++i) Submit(*engine, prompts[i], 30, heard[i], settings[i]);
  for (size_t i = 0; i < prompts.size(); ++i) {
    heard[i].AwaitEnd();
    const Answered alone = Alone(prompts[i], 30, settings[i]);
    EXPECT_EQ(heard[i].answered().text, alone.text) << i;
    EXPECT_EQ(heard[i].answered().finish, alone.finish) << i;
  }
}

TEST_F(BatchEngineTest, EchoIsAsAlone) {
  const auto engine = Start({.step_tokens = 5});
  Prompt prompt = Greedy(kOpenings[2]);
  prompt.echo = true;
  prompt.top_logprobs = 2;
  std::vector<Heard> heard(2);
  Submit(*engine, prompt, 0, heard[0]);
  Submit(*engine, prompt, 4, heard[1]);
  for (size_t i = 0; i < heard.size(); ++i) {
    heard[i].AwaitEnd();
    const Answered alone = Alone(prompt, i == 0 ? 0 : 4);
    ASSERT_EQ(heard[i].answered().tokens.size(), alone.tokens.size());
    for (size_t t = 0; t < alone.tokens.size(); ++t) {
      const Token& token = heard[i].answered().tokens[t];
      EXPECT_EQ(token.id, alone.tokens[t].id);
      EXPECT_EQ(token.logprob, alone.tokens[t].logprob);
      EXPECT_EQ(token.from_prompt, alone.tokens[t].from_prompt);
      EXPECT_EQ(token.top.size(), alone.tokens[t].top.size());
    }
  }
}

TEST_F(BatchEngineTest, ACommonBeginningIsReadOnce) {
  const auto engine = Start();
  std::string text;
  while (instance_->Tokenize(Greedy(text))->size() < 300) text += kOpenings[0] + ". ";
  std::vector<Heard> heard(3);
  Submit(*engine, Greedy(text), 8, heard[0]);
  heard[0].AwaitEnd();
  Submit(*engine, Greedy(text), 8, heard[1]);
  Submit(*engine, Greedy(text + " But then"), 8, heard[2]);
  for (Heard& h : heard) h.AwaitEnd();
  const auto tokens = static_cast<int64_t>(instance_->Tokenize(Greedy(text))->size());
  EXPECT_EQ(heard[0].outcome()->held_tokens, 0);
  EXPECT_EQ(heard[1].outcome()->held_tokens, tokens - 1) << "all but the last, whose logits are wanted";
  EXPECT_GE(heard[2].outcome()->held_tokens, tokens - 4) << "where the texts part, tokens may be cut otherwise";
  EXPECT_EQ(heard[1].answered().ids, heard[0].answered().ids);
  EXPECT_EQ(heard[2].answered().ids, Alone(Greedy(text + " But then"), 8).ids);
}

TEST_F(BatchEngineTest, TenantsShareNothing) {
  const auto engine = Start();
  std::string text;
  while (instance_->Tokenize(Greedy(text))->size() < 100) text += kOpenings[0] + ". ";
  const auto held = [&](const char* tenant) {
    auto prepared = engine->Prepare(Greedy(text), SettingOf({{"max_tokens", int64_t{1}}}));
    prepared->tenant = tenant;
    Heard heard;
    EXPECT_TRUE(engine->Submit(std::move(*prepared), heard.Listener()));
    heard.AwaitEnd();
    return heard.outcome()->held_tokens;
  };
  EXPECT_EQ(held("a"), 0);
  EXPECT_EQ(held("b"), 0);
  EXPECT_GT(held("a"), 0);
}

// One context's pages for eight long answers: they are preempted and read again, and nobody sees it.
TEST_F(BatchEngineTest, PreemptedAnswersAreAsAlone) {
  const int64_t context = instance_->options().context;
  const auto shape = BatchEngine::Start(*instance_, {})->get()->load();
  const auto engine = Start({.kv_bytes = static_cast<uint64_t>(shape.page_bytes * ((context + 255) / 256))});
  std::vector<Heard> heard(kOpenings.size());
  const int64_t length = std::min<int64_t>(300, context - 40);
  for (size_t i = 0; i < heard.size(); ++i) Submit(*engine, Greedy(kOpenings[i]), length, heard[i]);
  for (size_t i = 0; i < heard.size(); ++i) {
    heard[i].AwaitEnd();
    EXPECT_EQ(heard[i].answered().ids, Alone(Greedy(kOpenings[i]), length).ids) << i;
  }
  ExpectNothingHeld(*engine);
}

TEST_F(BatchEngineTest, ACancelledAnswerEndsAndHoldsNothing) {
  const auto engine = Start();
  Heard heard;
  const SequenceId id = Submit(*engine, Greedy(kOpenings[0]), 400, heard);
  heard.AwaitTokens(2);
  engine->Cancel(id);
  heard.AwaitEnd();
  EXPECT_EQ(heard.answered().finish, FinishReason::kCancelled);
  EXPECT_LT(heard.answered().ids.size(), 400u);
  engine->Cancel(id);  // it has ended: nothing happens
  ExpectNothingHeld(*engine);
}

TEST_F(BatchEngineTest, ADeadlineThatHasPassedGivesNoToken) {
  const auto engine = Start();
  Heard heard;
  Budget budget;
  budget.accepted_at = RealClock().Now();
  budget.deadline = Duration{1};
  Submit(*engine, Greedy(kOpenings[0]), 20, heard, {}, budget);
  heard.AwaitEnd();
  EXPECT_EQ(heard.answered().finish, FinishReason::kDeadline);
  EXPECT_TRUE(heard.answered().ids.empty());
}

TEST_F(BatchEngineTest, AFullContextEndsTheAnswer) {
  const auto engine = Start();
  Heard heard;
  Prompt prompt = Greedy(kOpenings[0]);
  prompt.sampling.logit_bias = {{*instance_->tokenizer().eos(), -std::numeric_limits<double>::infinity()}};
  Submit(*engine, prompt, 100'000, heard);
  heard.AwaitEnd();
  EXPECT_EQ(heard.answered().finish, FinishReason::kContext);
  const auto prompt_tokens = static_cast<int64_t>(instance_->Tokenize(prompt)->size());
  EXPECT_EQ(static_cast<int64_t>(heard.answered().ids.size()), engine->context() - prompt_tokens);
}

TEST_F(BatchEngineTest, RefusesWhatCannotRun) {
  const auto engine = Start();
  EXPECT_EQ(engine->Prepare(Greedy(""), {})->answer.tokens().size(), 1u) << "BOS alone is a prompt";
  std::string text;
  while (static_cast<int64_t>(instance_->Tokenize(Greedy(text))->size()) <= engine->context()) text += kOpenings[0];
  const auto too_long = engine->Prepare(Greedy(text), {});
  ASSERT_FALSE(too_long);
  EXPECT_THAT(too_long.error().message(), testing::HasSubstr(std::to_string(engine->context())));
  EXPECT_FALSE(engine->Prepare(Greedy("a"), SettingOf({{"threads", int64_t{7}}})));
  EXPECT_FALSE(BatchEngine::Start(*instance_, {.kv_bytes = 1}));
  Heard heard;
  auto prepared = engine->Prepare(Greedy("a"), {});
  engine->Drain();
  const auto refused = engine->Submit(std::move(*prepared), heard.Listener());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), StatusCode::kUnavailable);
}

TEST_F(BatchEngineTest, EndingTheEngineEndsAllAnswers) {
  auto engine = Start();
  std::vector<Heard> heard(5);
  for (Heard& h : heard) Submit(*engine, Greedy(kOpenings[0]), 450, h);
  engine.reset();
  for (Heard& h : heard) {
    h.AwaitEnd();
    EXPECT_THAT(h.answered().finish, testing::AnyOf(FinishReason::kCancelled, FinishReason::kContext, FinishReason::kStop));
  }
}

// Arrivals, lengths and cancellations at random: what is not cancelled is as alone, what is cancelled is its beginning.
TEST_F(BatchEngineTest, AnyInterleavingIsAsAlone) {
  std::vector<std::vector<int32_t>> alone;
  for (const std::string& opening : kOpenings) alone.push_back(Alone(Greedy(opening), 40).ids);
  const auto engine = Start({.running = 6, .step_tokens = 24});
  Random random(20261128);
  std::vector<Heard> heard(200);
  std::vector<size_t> opening(heard.size());
  std::vector<bool> cancelled(heard.size());
  for (size_t i = 0; i < heard.size(); ++i) {
    opening[i] = random.Below(kOpenings.size());
    const SequenceId id = Submit(*engine, Greedy(kOpenings[opening[i]]), 40, heard[i]);
    if (random.Below(4) == 0) {
      cancelled[i] = true;
      heard[i].AwaitTokens(random.Below(20));
      engine->Cancel(id);
    }
  }
  int whole = 0;
  for (size_t i = 0; i < heard.size(); ++i) {
    heard[i].AwaitEnd();
    const std::vector<int32_t>& ids = heard[i].answered().ids;
    const std::vector<int32_t>& expected = alone[opening[i]];
    ASSERT_LE(ids.size(), expected.size());
    EXPECT_TRUE(std::equal(ids.begin(), ids.end(), expected.begin())) << i;
    if (!cancelled[i]) {
      EXPECT_EQ(ids.size(), expected.size()) << i;
    }
    if (ids == expected) ++whole;
  }
  EXPECT_GE(whole, 100);
  ExpectNothingHeld(*engine);
}

// The default model, with a turn that two engines share.
TEST(BatchEngineRealModel, TwoEnginesTakeTurns) {
  TW_REQUIRE_DATA(path, ModelPath("smollm2-135m"));
  const auto first = OpenModel(path);
  const auto second = OpenModel(path, SettingOf({{"kv_type_k", std::string("q8_0")}}));
  FairTurn turn;
  const auto a = *BatchEngine::Start(*first, {.running = 4, .turn = &turn});
  const auto b = *BatchEngine::Start(*second, {.running = 4, .turn = &turn});
  Prompt prompt;
  prompt.messages = {{"user", "Name three colours."}};
  prompt.sampling.temperature = 0;
  const Setting request = SettingOf({{"max_tokens", int64_t{12}}});
  std::vector<Heard> heard(4);
  for (size_t i = 0; i < heard.size(); ++i) {
    BatchEngine& engine = i % 2 == 0 ? *a : *b;
    ASSERT_TRUE(engine.Submit(*engine.Prepare(prompt, request), heard[i].Listener()));
  }
  for (Heard& h : heard) h.AwaitEnd();
  const auto alone = [&](LanguageModelInstance& instance) {
    const auto session = *instance.Start({.setting = request});
    return Drive(*session, prompt).ids;
  };
  EXPECT_EQ(heard[0].answered().ids, alone(*first));
  EXPECT_EQ(heard[1].answered().ids, alone(*second));
  EXPECT_EQ(heard[2].answered().ids, heard[0].answered().ids);
  EXPECT_EQ(heard[3].answered().ids, heard[1].answered().ids);
}

}  // namespace
}  // namespace tradewind
