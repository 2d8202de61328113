// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ChatModel: what answers in a conversation: one open language model with one session, kept from turn to turn, and for each turn the
// setting that the measurements and the budget decide. Not thread-safe.
//
//   ChatModel model(pinned, "", signals);
//   TW_RETURN_IF_ERROR(model.Open(budget));
//   TW_ASSIGN(ChatReply reply, model.Answer({.messages = said, .budget = budget}, drawing, show));
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/answer.h"
#include "cli/chat_signals.h"
#include "cli/chat_why.h"
#include "cli/guide.h"
#include "cli/json.h"
#include "cli/prompt_arguments.h"
#include "llm/language_model.h"

namespace tradewind {

struct ChatQuestion {
  std::optional<std::string> system{};
  std::vector<Message> messages{};  // user and assistant in turn, a user's last
  Budget budget{};                  // its clock runs since the question was put
};

struct ChatReply {
  Answer answer;
  AnsweredTurn turn;
  Json json;             // as `run --json` has it
  size_t left_out = 0;   // of the oldest messages: the context was full (--shift)
  std::string reopened;  // the setting, if the model had to be opened for this turn
};

class ChatModel {
 public:
  // `pinned`: what is set by hand, with the model's name or `auto`. `workload`: whose measurements decide; empty for the default one.
  ChatModel(Setting pinned, std::string workload, ChatSignals& signals);

  // Opens the model; of `auto`, that of the best setting for a short question.
  Result<void> Open(const Budget& budget);
  // Other settings by hand; true if the model was opened anew for it. On error all is as before.
  Result<bool> Pin(const Setting& pinned, const Budget& budget);
  const Setting& pinned() const { return pinned_; }
  bool automatic() const { return pinned_.TextOr("model", "") == "auto"; }
  // As the open model has them, or as all have.
  std::vector<Knob> knobs() const;
  // What the next turn runs with, as far as it is known before it is decided.
  Setting setting() const;

  // kInvalidInput says what to do if the conversation is longer than the context; kBudgetMissed if nothing fits; kIo if the model's file
  // became shorter: the next question opens it anew.
  Result<ChatReply> Answer(const ChatQuestion& question, const PromptArguments& drawing, const std::function<void(std::string_view)>& show);
  // The conversation is another one from here on: what was left out of the old one says nothing of it.
  void Forget() { left_out_ = 0; }

 private:
  struct Plan {
    Setting target;
    std::vector<Candidate> candidates{};
    std::optional<size_t> chosen{};
    std::optional<size_t> nearest{};
    std::string reason{};
    Prompt prompt{};  // as ids, once the model is open
  };
  struct Fitted {  // a prompt that fits into the context
    Prompt prompt;
    std::vector<int32_t> ids;
  };
  Setting LoadPart(const Setting& setting) const;
  Setting RequestPart(const Setting& setting) const;
  bool IsOpen(const Setting& target) const;
  Result<bool> Ensure(const Setting& target, const Budget& budget);
  Result<void> CheckRequestKnobs(const Setting& target) const;
  Result<Plan> Decide(const ChatQuestion& question, const std::vector<int32_t>* ids) const;
  SteerRequest RequestFor(const KnownPoint& point, const ChatQuestion& question, const std::vector<int32_t>* ids) const;
  Result<Prompt> MakePrompt(const ChatQuestion& question, const PromptArguments& drawing, size_t left_out) const;
  Result<Fitted> Fit(const ChatQuestion& question, const PromptArguments& drawing);
  // Decides, opens what was decided, and makes the prompt.
  Result<Plan> Prepare(const ChatQuestion& question, const PromptArguments& drawing, ChatReply* reply);
  Result<ChatReply> AnswerOpen(const ChatQuestion& question, const PromptArguments& drawing,
                               const std::function<void(std::string_view)>& show);
  void Report(const Budget& budget, Plan plan, const KnownPoint* known, const std::optional<Candidate>& expected, ChatReply* reply) const;
  Result<void> ReadStore();

  Setting pinned_;
  std::string workload_;
  ChatSignals& signals_;
  LanguageModel tunable_;
  Guide guide_;
  std::unique_ptr<LanguageModelInstance> instance_;
  Setting asked_load_;  // by which the instance was opened
  Duration load_{};
  std::unique_ptr<Session> session_;
  size_t left_out_ = 0;
};

}  // namespace tradewind
