// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/chat_commands.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <utility>
#include <vector>

#include "cli/model_arguments.h"
#include "core/setting.h"

namespace tradewind {
namespace {

constexpr size_t kNameBytes = 40;

constexpr std::array<ChatCommandInfo, 14> kCommands = {{
    {"help", "", "this list"},
    {"set", "[KNOB=VALUE]...", "turn knobs, as --set does; alone: the knobs and how they stand"},
    {"budget", "[--ttft 200ms]...", "what the next answers may take (--deadline --ttft --tpot --memory --quality); alone: shows it; clear"},
    {"why", "[20ms]", "of the last answer: what was decided, what came of it, what a little more or less would have bought or lost"},
    {"save", "FILE", "write the conversation"},
    {"load", "[--messages] FILE", "go on with one that was written; --messages leaves model, knobs and budget as they are"},
    {"system", "[TEXT]", "the system message; alone: shows it; clear"},
    {"clear", "", "begin a new conversation; the system message stays"},
    {"undo", "", "take back the last question and its answer"},
    {"retry", "", "answer the last question again"},
    {"exit", "", "leave; so does Ctrl-D"},
    // Other names of the last, as other programs have them.
    {"quit", "", ""},
    {"bye", "", ""},
    {"?", "", ""},
}};

std::string_view CanonicalCommand(std::string_view name) {
  if (name == "quit" || name == "bye") return "exit";
  return name == "?" ? "help" : name;
}

std::vector<std::string> SplitWords(std::string_view text) {
  std::vector<std::string> words;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find_first_of(" \t\n\r=", begin), text.size());
    if (end > begin) words.emplace_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

// Lays one limit over the budget; false if there is no such limit.
Result<bool> SetLimit(std::string_view name, const std::string& value, Budget* budget) {
  name.remove_prefix(std::min(name.find_first_not_of('-'), name.size()));
  BudgetArguments given;
  std::optional<std::string> text;
  if (value != "none") text = value;
  if (name == "deadline") given.deadline = text;
  if (name == "ttft") given.ttft = text;
  if (name == "tpot") given.tpot = text;
  if (name == "memory") given.memory = text;
  if (name == "quality") given.quality = text;
  TW_ASSIGN(const Budget limit, given.ToBudget({}));
  if (name == "deadline") budget->deadline = limit.deadline;
  if (name == "ttft") budget->ttft = limit.ttft;
  if (name == "tpot") budget->tpot = limit.tpot;
  if (name == "memory") budget->memory_bytes = limit.memory_bytes;
  if (name == "quality") budget->quality = limit.quality;
  return name == "deadline" || name == "ttft" || name == "tpot" || name == "memory" || name == "quality";
}

}  // namespace

std::string_view WithoutBlanks(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
}

std::span<const ChatCommandInfo> ChatCommands() {
  return kCommands;
}

std::string ChatHelp() {
  std::string text;
  for (const ChatCommandInfo& command : kCommands) {
    if (command.does.empty()) continue;
    char line[256];
    const std::string form = "/" + std::string(command.name) + " " + std::string(command.takes);
    std::snprintf(line, sizeof line, "  %-25s %s\n", form.c_str(), std::string(command.does).c_str());
    text += line;
  }
  return text +
         "A line that ends in \\ goes on in the next; \"\"\" begins and ends a text of several lines; // says a slash.\n"
         "Ctrl-C stops an answer, and what was said of it stays.\n";
}

bool IsChatCommand(std::string_view said) {
  return said.starts_with('/') && !said.starts_with("//");
}

Result<ChatCommandCall> ParseChatCommand(std::string_view said) {
  said.remove_prefix(1);
  const size_t end = std::min(said.find_first_of(" \t\r\n"), said.size());
  const std::string_view name = said.substr(0, end);
  for (const ChatCommandInfo& command : kCommands) {
    if (command.name == name) return ChatCommandCall{std::string(CanonicalCommand(name)), std::string(WithoutBlanks(said.substr(end)))};
  }
  const std::string shown(name.substr(0, kNameBytes));
  const ChatCommandInfo* nearest = &*std::min_element(kCommands.begin(), kCommands.end() - 1, [&](const auto& a, const auto& b) {
    return EditDistance(shown, a.name) < EditDistance(shown, b.name);
  });
  return Fail(StatusCode::kNotFound, "there is no command /" + shown + (shown.size() < name.size() ? "..." : "") + "; the nearest is /" +
                                         std::string(CanonicalCommand(nearest->name)) +
                                         ", and /help lists them. Begin with // to say a line that starts with a slash");
}

Result<void> ReadBudgetWords(std::string_view text, Budget* budget) {
  const std::vector<std::string> words = SplitWords(text);
  if (words.size() == 1 && words[0] == "clear") {
    *budget = {};
    return {};
  }
  Budget changed = *budget;
  for (size_t i = 0; i < words.size(); i += 2) {
    const std::string value = i + 1 < words.size() ? words[i + 1] : "none";
    TW_ASSIGN(const bool known, SetLimit(words[i], value, &changed));
    if (!known) {
      return Fail(Status(StatusCode::kInvalidInput, "a budget has no \"" + words[i].substr(0, kNameBytes) +
                                                        "\"; it has --deadline, --ttft, --tpot, --memory and --quality, and clear")
                      .At("/budget"));
    }
    if (i + 1 == words.size()) {
      return Fail(Status(StatusCode::kInvalidInput, words[i] + " needs a value, or none").At("/budget"));
    }
  }
  *budget = changed;
  return {};
}

}  // namespace tradewind
