// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <deque>

namespace tradewind {
namespace {

// Gives these pieces, the first `echoed` of them as the prompt's.
class Pieces final : public Session {
 public:
  explicit Pieces(std::vector<std::string> pieces, size_t echoed = 0) : pieces_(pieces.begin(), pieces.end()), echoed_(echoed) {}
  Result<void> Push(InputEvent) override { return {}; }
  Result<OutputEvent> Next() override {
    if (interrupt) std::raise(SIGINT);
    if (cancelled_ || pieces_.empty()) {
      return OutputEvent{{}, End{cancelled_ ? FinishReason::kCancelled : FinishReason::kLength}};
    }
    Token token;
    token.bytes = pieces_.front();
    token.from_prompt = echoed_ > 0;
    echoed_ -= echoed_ > 0;
    pieces_.pop_front();
    return OutputEvent{{}, token};
  }
  void Cancel() override { cancelled_ = true; }
  const Outcome& outcome() const override { return outcome_; }
  bool interrupt = false;

 private:
  std::deque<std::string> pieces_;
  size_t echoed_;
  bool cancelled_ = false;
  Outcome outcome_;
};

std::vector<std::string> Shown(std::vector<std::string> pieces) {
  Pieces session(std::move(pieces));
  std::vector<std::string> shown;
  EXPECT_TRUE(RunPrompt(session, {}, {}, [&](std::string_view text) { shown.emplace_back(text); }));
  return shown;
}

TEST(RunPrompt, ShowsWholeCharactersOnly) {
  using testing::ElementsAre;
  EXPECT_THAT(Shown({"a", "b\xE2", "\x82", "\xAC!"}), ElementsAre("a", "b", "\u20ac!"));
  EXPECT_THAT(Shown({"\xF0\x9F", "\x98\x80"}), ElementsAre("\U0001F600"));
  EXPECT_THAT(Shown({"x\xC3"}), ElementsAre("x", "\xC3")) << "what stays broken is shown in the end";
  EXPECT_THAT(Shown({"\x80\x80\x80\x80", "a"}), ElementsAre("\x80\x80\x80\x80", "a"));
  EXPECT_THAT(Shown({"", ""}), ElementsAre());
}

TEST(RunPrompt, KeepsPromptAndAnswerApart) {
  Pieces session({"one", "two", "three"}, 2);
  const auto answer = RunPrompt(session, {}, {}, nullptr);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->text, "three");
  EXPECT_EQ(answer->prompt.size(), 2u);
  EXPECT_EQ(answer->tokens.size(), 1u);
  EXPECT_EQ(answer->finish, FinishReason::kLength);
}

TEST(RunPrompt, AnInterruptCancelsAndTheHandlerIsPutBack) {
  const auto before = std::signal(SIGINT, SIG_DFL);
  Pieces session({"one", "two"});
  session.interrupt = true;
  const auto answer = RunPrompt(session, {}, {}, nullptr);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->finish, FinishReason::kCancelled);
  EXPECT_EQ(std::signal(SIGINT, before), SIG_DFL);
}

}  // namespace
}  // namespace tradewind
