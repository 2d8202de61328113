// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The commands of `tradewind chat`: lines that begin with a slash. Which there are, what a line asks for, and the words of /budget.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/status.h"
#include "core/budget.h"

namespace tradewind {

struct ChatCommandInfo {
  std::string_view name;
  std::string_view takes;  // its arguments, for the help
  std::string_view does;
};

std::span<const ChatCommandInfo> ChatCommands();
// One line a command, and how to write what is said.
std::string ChatHelp();

struct ChatCommandCall {
  std::string name;  // one of ChatCommands()
  std::string rest;  // without the blanks about it
};

// Whether the text is a command: it begins with one slash. Two stand for a slash that is said.
bool IsChatCommand(std::string_view said);
// kNotFound names the nearest.
Result<ChatCommandCall> ParseChatCommand(std::string_view said);

// "--ttft 200ms --tpot=30ms", with or without the dashes, laid over `budget`; "clear" alone takes all away, "--tpot none" one. On error
// nothing changes.
Result<void> ReadBudgetWords(std::string_view words, Budget* budget);

// The two edges of a text without blanks.
std::string_view WithoutBlanks(std::string_view text);

}  // namespace tradewind
