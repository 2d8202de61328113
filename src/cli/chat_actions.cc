// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// What the commands of a conversation do.
#include <cstdlib>

#include "base/units.h"
#include "cli/chat_commands.h"
#include "cli/chat_loop.h"
#include "cli/model_arguments.h"
#include "cli/table.h"

namespace tradewind {
namespace {

constexpr double kWhyMillis = 20;

// The user's own folder where a name begins with ~/.
std::string ChatPath(const std::string& name) {
  const char* home = std::getenv("HOME");
  return name.starts_with("~/") && home != nullptr ? home + name.substr(1) : name;
}

std::vector<std::string> WordsOf(const std::string& text) {
  std::vector<std::string> words;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find_first_of(" \t\n", begin), text.size());
    if (end > begin) words.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

Result<void> NoArguments(const std::string& name, const std::string& rest) {
  if (rest.empty()) return {};
  return Fail(Status(StatusCode::kInvalidInput, "/" + name + " takes nothing after it").At("/" + name));
}

}  // namespace

Result<void> ChatLoop::Command(const std::string& name, const std::string& rest) {
  if (name == "set") return SetKnobs(rest);
  if (name == "budget") return ChangeBudget(rest);
  if (name == "why") return Why(rest);
  if (name == "save") return Save(rest);
  if (name == "load") return Load(rest);
  if (name == "system") return System(rest);
  TW_RETURN_IF_ERROR(NoArguments(name, rest));
  if (name == "undo") return Undo();
  if (name == "retry") return Retry();
  if (name == "help") Note(ChatHelp());
  if (name == "exit") leave_ = true;
  if (name == "clear") {
    messages_.clear();
    last_.reset();
    model_.Forget();
    Note("(a new conversation)");
  }
  return {};
}

void ChatLoop::ListKnobs() {
  const Setting setting = model_.setting();
  TextTable table({"knob", "stands at", "allowed", "turned", "meaning"});
  for (const Knob& knob : model_.knobs()) {
    const KnobValue* value = setting.Find(knob.name);
    const bool by_hand = model_.pinned().Has(knob.name);
    table.Add({knob.name, ToText(value != nullptr ? *value : knob.default_value), knob.DomainText(),
               std::string(knob.stage <= Stage::kLoad ? "opens anew" : "next answer") + (by_hand ? ", by hand" : ""), knob.meaning});
  }
  Note(table.Text());
}

Result<void> ChatLoop::SetKnobs(const std::string& words) {
  if (words.empty()) {
    ListKnobs();
    return {};
  }
  const ModelArguments given{.set = WordsOf(words)};
  TW_ASSIGN(const Setting changes, given.ToSetting(model_.pinned().TextOr("model", "")));
  Budget budget = options_.budget;
  budget.accepted_at = RealClock().Now();
  TW_ASSIGN(const bool opened, model_.Pin(model_.pinned().With(changes), budget));
  if (opened) {
    Note("(opened the model anew: " + model_.setting().Text() + "; the conversation will be read again)");
  } else {
    Note(model_.automatic() ? "(from the next answer on, whatever is decided)" : "(from the next answer on)");
  }
  return {};
}

Result<void> ChatLoop::ChangeBudget(const std::string& words) {
  TW_RETURN_IF_ERROR(ReadBudgetWords(words, &options_.budget));
  Note("budget: " + options_.budget.ToText());
  return {};
}

Result<void> ChatLoop::Why(const std::string& words) {
  Duration step = Duration::Millis(kWhyMillis);
  if (!words.empty()) {
    TW_ASSIGN(step, ParseDuration(words, TimeUnit::kMillis));
  }
  if (!last_) return Fail(StatusCode::kInvalidInput, "there is no answer yet");
  Note(WhyText(*last_, step));
  return {};
}

Result<void> ChatLoop::Save(const std::string& path) {
  if (path.empty()) return Fail(Status(StatusCode::kInvalidInput, "name a file: /save FILE").At("/save"));
  const SavedChat chat{.set = model_.pinned(),
                       .setting = last_ ? last_->setting : Setting(),
                       .budget = options_.budget,
                       .system = system_,
                       .messages = messages_};
  TW_RETURN_IF_ERROR(SaveChat(ChatPath(path), chat));
  Note("(saved " + std::to_string(messages_.size() / 2) + " turns in " + path + ")");
  return {};
}

Result<void> ChatLoop::Load(const std::string& words) {
  constexpr std::string_view kMessagesAlone = "--messages";
  const bool alone = words.starts_with(kMessagesAlone) && words.size() > kMessagesAlone.size() && words[kMessagesAlone.size()] == ' ';
  const std::string path(alone ? WithoutBlanks(std::string_view(words).substr(kMessagesAlone.size())) : words);
  if (path.empty()) return Fail(Status(StatusCode::kInvalidInput, "name a file: /load FILE").At("/load"));
  const std::vector<Knob> knobs = DescribeLlmKnobs();
  TW_ASSIGN(SavedChat chat, LoadChat(ChatPath(path), knobs));
  bool opened = false;
  if (!alone) {
    Budget budget = chat.budget;
    budget.accepted_at = RealClock().Now();
    const Result<bool> pinned = model_.Pin(chat.set, budget);
    if (!pinned) {
      const Status& error = pinned.error();
      return Fail(Status(error.code(),
                         "the file's model cannot be opened: " + error.ToString() + "; /load --messages FILE takes the conversation alone")
                      .At("model"));
    }
    opened = *pinned;
    options_.budget = chat.budget;
  }
  system_ = std::move(chat.system);
  messages_ = std::move(chat.messages);
  last_.reset();
  model_.Forget();
  Note("(loaded " + std::to_string(messages_.size() / 2) + " turns; model " + model_.pinned().TextOr("model", "") +
       (opened ? ", opened anew" : "") + "; budget: " + options_.budget.ToText() + ")");
  return {};
}

Result<void> ChatLoop::System(const std::string& text) {
  if (text.empty()) {
    Note(system_ ? *system_ : "(no system message)");
  } else if (text == "clear") {
    system_.reset();
    Note("(no system message from here on)");
  } else {
    system_ = text;
    Note("(from the next answer on)");
  }
  return {};
}

Result<void> ChatLoop::Undo() {
  if (messages_.empty()) return Fail(StatusCode::kInvalidInput, "nothing was said yet");
  messages_.resize(messages_.size() - 2);
  last_.reset();
  Note("(taken back; " + std::to_string(messages_.size() / 2) + " turns are left)");
  return {};
}

Result<void> ChatLoop::Retry() {
  if (messages_.empty()) return Fail(StatusCode::kInvalidInput, "nothing was said yet");
  const Message answer = std::move(messages_.back());
  messages_.pop_back();
  const Message question = std::move(messages_.back());
  messages_.pop_back();
  // Without another answer, the old one stays.
  if (!Ask(question.content)) {
    messages_.push_back(question);
    messages_.push_back(answer);
  }
  return {};
}

}  // namespace tradewind
