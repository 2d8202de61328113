// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/chat_history.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "cli/cli_test_util.h"

namespace tradewind {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ChatHistoryTest : public CliTest {
 protected:
  static int ModeOf(const std::string& path) {
    struct stat info = {};
    EXPECT_EQ(stat(path.c_str(), &info), 0);
    return static_cast<int>(info.st_mode & 07777);
  }
  std::string path_ = Path("deep/er/history");
};

TEST_F(ChatHistoryTest, LinesAreThereTheNextTime) {
  {
    ChatHistory history(path_);
    for (const char* line : {"one", "two", "two", "  ", "", "caf\u00e9"}) history.Add(line);
    EXPECT_EQ(history.problem(), "");
  }
  EXPECT_THAT(ChatHistory(path_).lines(), ElementsAre("one", "two", "caf\u00e9"));
  EXPECT_EQ(Contents(path_), "one\ntwo\ncaf\u00e9\n");
  EXPECT_EQ(ChatHistoryPath(), Path("tradewind/chat_history"));
}

TEST_F(ChatHistoryTest, OnlyTheOwnerMayReadIt) {
  const mode_t old = umask(0);
  ChatHistory(path_).Add("secret");
  EXPECT_EQ(ModeOf(path_), 0600);
  chmod(path_.c_str(), 0644);
  ChatHistory(path_).Add("more");
  EXPECT_EQ(ModeOf(path_), 0600) << "of an older file, too";
  umask(old);
}

TEST_F(ChatHistoryTest, TwoProgramsAddToOneFile) {
  ChatHistory a(path_), b(path_);
  a.Add("of a");
  b.Add("of b");
  a.Add("of a again");
  EXPECT_THAT(ChatHistory(path_).lines(), ElementsAre("of a", "of b", "of a again"));
}

TEST_F(ChatHistoryTest, ItIsBounded) {
  std::string text;
  for (int i = 0; i < 60000; ++i) text += "a line of about thirty bytes " + std::to_string(i) + "\n";
  Write("deep/er/history", text);
  ChatHistory history(path_);
  EXPECT_EQ(history.lines().size(), ChatHistory::kLines);
  EXPECT_THAT(history.lines().back(), HasSubstr(" 59999"));
  EXPECT_LT(Contents(path_).size(), ChatHistory::kFileBytes);
  EXPECT_EQ(ModeOf(path_), 0600);
  history.Add(std::string(ChatHistory::kLineBytes + 1, 'x'));
  EXPECT_THAT(history.lines().back(), HasSubstr(" 59999")) << "a line that long is not kept";
  Write("deep/er/history", std::string(5 << 20, 'x'));
  EXPECT_TRUE(ChatHistory(path_).lines().empty()) << "a file that is one long line";
  EXPECT_EQ(Contents(path_).size(), 0u);
}

TEST_F(ChatHistoryTest, AFileThatCannotBeHadIsNoMoreThanAProblem) {
  std::filesystem::create_directories(path_);
  ChatHistory folder(path_);
  EXPECT_THAT(folder.problem(), HasSubstr(path_));
  folder.Add("still here");
  EXPECT_THAT(folder.lines(), ElementsAre("still here"));

  Write("file", "");
  const ChatHistory below_a_file(Path("file/history"));
  EXPECT_THAT(below_a_file.problem(), HasSubstr("file/history"));

  ASSERT_EQ(mkfifo(Path("fifo").c_str(), 0600), 0);
  EXPECT_THAT(ChatHistory(Path("fifo")).problem(), HasSubstr("fifo")) << "and it does not wait for a reader";
}

}  // namespace
}  // namespace tradewind
