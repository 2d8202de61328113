// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/chat_commands.h"

#include <gmock/gmock.h>

namespace tradewind {
namespace {

using testing::HasSubstr;

TEST(ChatCommands, ALineIsReadAsACommand) {
  EXPECT_TRUE(IsChatCommand("/help"));
  EXPECT_TRUE(IsChatCommand("/"));
  EXPECT_FALSE(IsChatCommand("//help"));
  EXPECT_FALSE(IsChatCommand(" /help"));
  EXPECT_FALSE(IsChatCommand(""));
  const auto set = ParseChatCommand("/set  threads=2 layers=3 \t");
  ASSERT_TRUE(set);
  EXPECT_EQ(set->name, "set");
  EXPECT_EQ(set->rest, "threads=2 layers=3");
  EXPECT_EQ(ParseChatCommand("/system one\ntwo")->rest, "one\ntwo");
  EXPECT_EQ(ParseChatCommand("/quit")->name, "exit");
  EXPECT_EQ(ParseChatCommand("/?")->name, "help");
}

TEST(ChatCommands, TheNearestIsNamed) {
  for (const auto& [typed, nearest] : std::vector<std::pair<std::string, std::string>>{
           {"/sav x", "/save"}, {"/undoo", "/undo"}, {"/budgte", "/budget"}, {"/hlep", "/help"}, {"/exti", "/exit"}}) {
    const auto call = ParseChatCommand(typed);
    ASSERT_FALSE(call) << typed;
    EXPECT_EQ(call.error().code(), StatusCode::kNotFound);
    EXPECT_THAT(call.error().message(), HasSubstr("nearest is " + nearest + ","));
  }
  const auto call = ParseChatCommand("/" + std::string(1 << 20, 'x'));
  EXPECT_LT(call.error().message().size(), 300u);
}

TEST(ChatCommands, TheHelpNamesThemAll) {
  const std::string help = ChatHelp();
  for (const char* name : {"/help", "/set", "/budget", "/why", "/save", "/load", "/system", "/clear", "/undo", "/retry", "/exit"}) {
    EXPECT_THAT(help, HasSubstr(std::string("  ") + name + " "));
    EXPECT_TRUE(ParseChatCommand(name)) << name;
  }
}

TEST(ChatBudget, WordsAreLaidOverWhatIsThere) {
  Budget budget;
  ASSERT_TRUE(ReadBudgetWords("--ttft 200ms --quality=0.9", &budget));
  ASSERT_TRUE(ReadBudgetWords("tpot 50ms", &budget));
  EXPECT_EQ(budget.ToText(), "TTFT 200 ms, TPOT 50 ms, quality 0.9");
  ASSERT_TRUE(ReadBudgetWords("--ttft none --memory 1GiB", &budget));
  EXPECT_EQ(budget.ToText(), "TPOT 50 ms, memory 1 GiB, quality 0.9");
  ASSERT_TRUE(ReadBudgetWords("", &budget));
  EXPECT_EQ(budget.ToText(), "TPOT 50 ms, memory 1 GiB, quality 0.9");
  ASSERT_TRUE(ReadBudgetWords("clear", &budget));
  EXPECT_TRUE(budget.Empty());
}

TEST(ChatBudget, AnErrorChangesNothing) {
  Budget budget;
  budget.tpot = Duration::Millis(5);
  for (const auto& [words, says] : std::vector<std::pair<std::string, std::string>>{{"--ttft 1s --tpot soon", "soon"},
                                                                                    {"--ttft 1s --price 3", "price"},
                                                                                    {"--quality 1.5", "quality"},
                                                                                    {"--ttft", "needs a value"},
                                                                                    {"--memory much", "much"},
                                                                                    {"200ms", "200ms"}}) {
    const auto read = ReadBudgetWords(words, &budget);
    ASSERT_FALSE(read) << words;
    EXPECT_THAT(read.error().ToString(), HasSubstr(says)) << words;
    EXPECT_EQ(budget.ToText(), "TPOT 5 ms") << words;
  }
}

}  // namespace
}  // namespace tradewind
