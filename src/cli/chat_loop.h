// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ChatLoop: a conversation from its first line to its last: reads lines, answers them, and does what the commands say. Answers go to
// standard output, everything that chat says itself to standard error.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/chat_file.h"
#include "cli/chat_history.h"
#include "cli/chat_lines.h"
#include "cli/chat_model.h"
#include "cli/chat_signals.h"

namespace tradewind {

struct ChatOptions {
  Setting pinned;
  Budget budget;
  PromptArguments drawing;
  std::string workload;
  bool json = false;
};

class ChatLoop {
 public:
  explicit ChatLoop(ChatOptions options);
  // The exit code: 0; of a script's lines that of the first that failed; 130 and 143 after the signals.
  Result<int> Run();

 private:
  Result<void> Begin();
  int ReadAll();
  bool HandleEnd(const ChatLine& line, std::optional<int>* code);
  void Take(const std::string& line);
  void Handle(const std::string& said, bool quoted);
  // Puts the question; what was said of an answer joins the conversation.
  bool Ask(const std::string& text);
  void ShowPiece(std::string_view piece);
  void AfterAnswer(const ChatReply& reply);

  Result<void> Command(const std::string& name, const std::string& rest);
  Result<void> SetKnobs(const std::string& words);
  Result<void> ChangeBudget(const std::string& words);
  Result<void> Why(const std::string& words);
  Result<void> Save(const std::string& path);
  Result<void> Load(const std::string& words);
  Result<void> System(const std::string& text);
  Result<void> Undo();
  Result<void> Retry();
  void ListKnobs();

  // For a person, on standard error.
  void Note(const std::string& text) const;
  void Report(const Status& error);

  ChatOptions options_;
  const bool edited_;        // a person at a terminal
  const bool out_terminal_;  // standard output is one
  ChatSignals signals_;
  ChatModel model_;
  std::unique_ptr<ChatHistory> history_;
  std::unique_ptr<LineSource> lines_;
  SaidText said_;
  std::optional<std::string> system_;
  std::vector<Message> messages_;  // user and assistant in turn
  std::optional<AnsweredTurn> last_;
  size_t answers_printed_ = 0;  // with --json
  bool leave_ = false;
  bool output_gone_ = false;
  bool at_line_start_ = true;
  int code_ = 0;
};

}  // namespace tradewind
