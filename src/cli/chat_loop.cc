// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/chat_loop.h"

#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <utility>

#include "base/units.h"
#include "cli/chat_commands.h"
#include "cli/line_editor.h"
#include "cli/visible_text.h"

namespace tradewind {
namespace {

// What ended an answer early, and what to do about it; empty for its own end.
std::string EndedEarly(FinishReason reason, const Setting& setting) {
  switch (reason) {
    case FinishReason::kLength:
      return "(cut at max_tokens=" + std::to_string(setting.IntegerOr("max_tokens", 256)) + "; /set max_tokens=N allows more)";
    case FinishReason::kDeadline: return "(cut at the deadline)";
    case FinishReason::kContext: return "(cut: the context is full; /clear begins a new conversation, /undo takes the last turn back)";
    case FinishReason::kCancelled: return "(stopped)";
    default: return "";
  }
}

}  // namespace

ChatLoop::ChatLoop(ChatOptions options)
    : options_(std::move(options)),
      edited_(isatty(STDIN_FILENO) != 0),
      out_terminal_(isatty(STDOUT_FILENO) != 0),
      model_(options_.pinned, options_.workload, signals_),
      system_(std::exchange(options_.drawing.system, std::nullopt)) {}

void ChatLoop::Note(const std::string& text) const {
  const std::string shown = isatty(STDERR_FILENO) != 0 ? VisibleText(text) : text;
  std::fprintf(stderr, "%s%s", shown.c_str(), shown.ends_with('\n') ? "" : "\n");
}

void ChatLoop::Report(const Status& error) {
  Note("tradewind: " + error.ToString());
  if (code_ == 0) code_ = error.ExitCode();
}

Result<void> ChatLoop::Begin() {
  Budget budget = options_.budget;
  budget.accepted_at = RealClock().Now();
  const Result<void> opened = model_.Open(budget);
  // Nothing that fits is no end: the budget can be changed here.
  if (!opened && !(edited_ && opened.error().code() == StatusCode::kBudgetMissed)) return opened;
  if (!opened) Note("tradewind: " + opened.error().ToString());
  if (!edited_) {
    lines_ = PlainLines(STDIN_FILENO, signals_, nullptr);
    return {};
  }
  Note((opened ? model_.setting().Text() : "no model is open") + "\n/help lists the commands, Ctrl-D leaves");
  if (const LineEditing editing = DescribeLineEditing(); !editing.available) Note("line editing: " + editing.text);
  history_ = std::make_unique<ChatHistory>(ChatHistoryPath());
  if (!history_->problem().empty()) Note("tradewind: " + history_->problem() + "; these lines will be forgotten");
  lines_ = MakeLineEditor(signals_, history_->lines(), out_terminal_ && !options_.json ? stdout : stderr);
  return {};
}

Result<int> ChatLoop::Run() {
  TW_RETURN_IF_ERROR(Begin());
  if (signals_.interrupted() && !signals_.terminated()) return 130;  // while the model was loading
  const int code = ReadAll();
  lines_.reset();
  if (options_.json) {
    std::fputs(answers_printed_ == 0 ? "[]\n" : "]\n", stdout);
    std::fflush(stdout);
  }
  return code;
}

int ChatLoop::ReadAll() {
  while (!leave_) {
    if (signals_.terminated()) return 143;
    if (!edited_ && signals_.interrupted()) return 130;
    if (output_gone_) return 1;
    signals_.ForgetInterrupt();
    const ChatLine line = lines_->Next(said_.open());
    if (line.kind == ChatLine::Kind::kText) {
      Take(line.text);
      continue;
    }
    std::optional<int> code;
    if (HandleEnd(line, &code)) return code.value_or(edited_ ? 0 : code_);
  }
  return edited_ ? 0 : code_;
}

// Whether the conversation is over.
bool ChatLoop::HandleEnd(const ChatLine& line, std::optional<int>* code) {
  switch (line.kind) {
    case ChatLine::Kind::kTerminated: *code = 143; return true;
    case ChatLine::Kind::kInterrupted:
      if (!edited_) {
        *code = 130;
        return true;
      }
      if (line.text.empty() && !said_.open()) Note("(Ctrl-D or /exit leaves; Ctrl-C stops an answer)");
      said_ = {};
      return false;
    case ChatLine::Kind::kTooLong:
      said_ = {};
      Report(Status(StatusCode::kInvalidInput, "a line of more than " + FormatMemory(kChatLineBytes) + " was passed over"));
      return false;
    default:
      // A script's last text may lack its end.
      if (said_.open() && !edited_) {
        const bool quoted = said_.quoted();
        Handle(said_.Take(), quoted);
      }
      if (signals_.terminated()) *code = 143;
      return true;
  }
}

void ChatLoop::Take(const std::string& line) {
  lines_->Remember(line);
  if (history_ != nullptr) {
    const bool well = history_->problem().empty();
    history_->Add(line);
    if (well && !history_->problem().empty()) Note("tradewind: " + history_->problem() + "; these lines will be forgotten");
  }
  if (!said_.Add(line)) {
    if (said_.size() <= kChatLineBytes) return;
    said_ = {};
    Report(Status(StatusCode::kInvalidInput, "a text of more than " + FormatMemory(kChatLineBytes) + " was passed over"));
    return;
  }
  const bool quoted = said_.quoted();
  Handle(said_.Take(), quoted);
}

void ChatLoop::Handle(const std::string& said, bool quoted) {
  if (WithoutBlanks(said).empty()) return;
  if (quoted || !IsChatCommand(said)) {
    Ask(!quoted && said.starts_with("//") ? said.substr(1) : said);
    return;
  }
  Result<ChatCommandCall> call = ParseChatCommand(said);
  Result<void> done = call ? Command(call->name, call->rest) : Fail(call.error());
  if (!done) Report(done.error());
}

bool ChatLoop::Ask(const std::string& text) {
  ChatQuestion question{.system = system_, .messages = messages_, .budget = options_.budget};
  question.messages.push_back({"user", text});
  question.budget.accepted_at = RealClock().Now();
  at_line_start_ = true;
  const auto show = [this](std::string_view piece) { ShowPiece(piece); };
  const Result<ChatReply> reply = model_.Answer(question, options_.drawing, options_.json ? std::function<void(std::string_view)>() : show);
  if (!reply) {
    if (reply.error().code() == StatusCode::kCancelled) {
      Note("(stopped before the answer began: the question is taken back)");
    } else {
      Report(reply.error());
    }
    return false;
  }
  last_ = reply->turn;
  AfterAnswer(*reply);
  if (reply->answer.text.empty()) {
    Note("(nothing was said: the question is taken back)");
    return false;
  }
  messages_ = std::move(question.messages);
  messages_.push_back({"assistant", reply->answer.text});
  return true;
}

void ChatLoop::ShowPiece(std::string_view piece) {
  const std::string shown = out_terminal_ ? VisibleText(piece) : std::string(piece);
  std::fwrite(shown.data(), 1, shown.size(), stdout);
  // Nobody reads on: no reason to go on saying it.
  if (std::fflush(stdout) != 0 && !output_gone_) {
    output_gone_ = true;
    std::raise(SIGINT);
  }
  if (!shown.empty()) at_line_start_ = shown.ends_with('\n');
}

void ChatLoop::AfterAnswer(const ChatReply& reply) {
  if (options_.json) {
    const std::string json = reply.json.dump(-1, ' ', false, Json::error_handler_t::replace);
    std::printf("%c%s\n", answers_printed_++ == 0 ? '[' : ',', json.c_str());
  } else if (!out_terminal_ || !at_line_start_) {
    std::fputc('\n', stdout);
  }
  if (std::fflush(stdout) != 0) output_gone_ = true;
  if (!reply.reopened.empty()) Note("(opened " + reply.reopened + ")");
  if (reply.left_out > 0) {
    Note("(the context was full: the first " + std::to_string(reply.left_out / 2) + " turns are no longer read; /save keeps them)");
  }
  const std::string early = EndedEarly(reply.answer.finish, reply.turn.setting);
  if (edited_ && !early.empty()) Note(early);
  for (const std::string& missed : reply.turn.missed) Note("tradewind: missed " + missed);
  if (!reply.turn.missed.empty() && code_ == 0) code_ = 3;
}

}  // namespace tradewind
