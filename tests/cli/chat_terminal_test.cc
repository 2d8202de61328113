// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// `tradewind chat` as a person drives it: through a terminal, with what that shows. Tests line_editor.cc and chat_loop.cc, too.
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "cli/line_editor.h"
#include "cli/program.h"
#include "cli/pty.h"

namespace tradewind {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ChatTerminalTest : public CommandsTest {
 protected:
  std::vector<std::string> Words(std::vector<std::string> more = {}) const {
    std::vector<std::string> words = {TRADEWIND_BINARY, "chat", model_, "--temp", "0", "-t", "1"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  std::string Fresh(const std::string& text, const std::string& tokens) const {
    return RunJson({"-p", text, "-n", tokens, "-t", "1"}).Json()["text"];
  }
};

// Rows of the screen joined, as text may wrap.
std::string Joined(const std::string& shown) {
  std::string text;
  for (const char c : shown) text += c == '\n' ? "" : std::string(1, c);
  return text;
}

// The conversation of the acceptance: an answer, one that is stopped, /why, /save, /load, and out.
TEST_F(ChatTerminalTest, AScriptedConversation) {
  const std::string file = Path("talk.json");
  const std::string first = Fresh("Once upon a time", "12");
  Pty pty(Words({"-n", "12", "--shift"}), 200);
  ASSERT_TRUE(pty.Await("/help lists the commands"));
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("Once upon a time\r");
  ASSERT_TRUE(pty.Await("(cut at max_tokens=12"));
  ASSERT_TRUE(pty.AwaitPrompt());
  EXPECT_THAT(Joined(pty.Shown()), HasSubstr("> Once upon a time" + first));

  pty.Type("/set max_tokens=1000000\r");
  ASSERT_TRUE(pty.Await("(from the next answer on)"));
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("Then\r");
  ASSERT_TRUE(pty.AwaitBytes(2000)) << "an answer that does not end by itself";
  pty.Type("\x03");
  ASSERT_TRUE(pty.Await("(stopped)"));
  ASSERT_TRUE(pty.AwaitPrompt());

  pty.Type("/why\r");
  ASSERT_TRUE(pty.Await("ended by cancelled"));
  ASSERT_TRUE(pty.Await("nothing has been measured"));
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("/save " + file + "\r");
  ASSERT_TRUE(pty.Await("(saved 2 turns"));
  const auto saved = nlohmann::json::parse(Contents(file), nullptr, false);
  ASSERT_FALSE(saved.is_discarded());
  ASSERT_EQ(saved["messages"].size(), 4u);
  EXPECT_EQ(saved["messages"][1]["content"], first);
  const std::string stopped = saved["messages"][3]["content"];
  EXPECT_GT(stopped.size(), 1000u) << "what was said stays";
  // And it is what was on the screen, where the first line of it can be found whole.
  EXPECT_THAT(Joined(pty.Shown()), HasSubstr(stopped.substr(0, stopped.find('\n')).substr(0, 100)));

  pty.Type("/clear\r");
  ASSERT_TRUE(pty.Await("(a new conversation)"));
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("/load " + file + "\r");
  ASSERT_TRUE(pty.Await("(loaded 2 turns"));
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("\x04");
  EXPECT_EQ(pty.Wait(), 0);
  EXPECT_EQ(pty.screen().strange(), "") << "codes that a terminal was not asked for";
  if (const char* copy = std::getenv("TRADEWIND_SCREEN")) std::ofstream(copy) << pty.Shown();
}

TEST_F(ChatTerminalTest, ControlCOnAnEmptyLineSaysHowToLeaveAndOnATypedOneTakesItBack) {
  Pty pty(Words({"-n", "3"}), 100);
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("\x03");
  ASSERT_TRUE(pty.Await("Ctrl-D or /exit leaves"));
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("never to be said");
  ASSERT_TRUE(pty.Await("said"));
  pty.Type("\x03");
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("a text\\\r");
  ASSERT_TRUE(pty.AwaitPrompt(". "));
  pty.Type("\x03");
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("/save " + Path("x.json") + "\r");
  ASSERT_TRUE(pty.Await("(saved 0 turns"));
  pty.Type("/exit\r");
  EXPECT_EQ(pty.Wait(), 0);
  EXPECT_EQ(Joined(pty.Shown()).find("Ctrl-D or /exit"), Joined(pty.Shown()).rfind("Ctrl-D or /exit")) << "said once";
}

TEST_F(ChatTerminalTest, LinesAreEditedAndTheHistoryIsThereTheNextTime) {
  if (!DescribeLineEditing().available) GTEST_SKIP() << "absent: libedit when this was built";
  const std::string history = Path("tradewind/chat_history");
  {
    Pty pty(Words({"-n", "3"}), 100);
    ASSERT_TRUE(pty.AwaitPrompt());
    // Back to the beginning, a letter deleted, two typed; then to the end.
    pty.Type("xystem\x01\x04/s\x05 Be kind\r");
    ASSERT_TRUE(pty.Await("(from the next answer on)"));
    ASSERT_TRUE(pty.AwaitPrompt());
    pty.Type("caf\xc3\xa9\x7f\x7f\x7f\x7f/system\r");
    ASSERT_TRUE(pty.Await("Be kind"));
    ASSERT_TRUE(pty.AwaitPrompt());
    pty.Type("\x04");
    EXPECT_EQ(pty.Wait(), 0);
  }
  EXPECT_EQ(Contents(history), "/system Be kind\n/system\n");
  struct stat info = {};
  ASSERT_EQ(stat(history.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600u);
  Pty pty(Words({"-n", "3"}), 100);
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type(
      "\x1b[A\x1b[A\x7f\x7f\x7f\x7f"
      "cool\r");
  ASSERT_TRUE(pty.Await("(from the next answer on)"));
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("/system\r");
  ASSERT_TRUE(pty.Await("Be cool"));
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("\x04");
  EXPECT_EQ(pty.Wait(), 0);
}

TEST_F(ChatTerminalTest, AHistoryThatCannotBeWrittenIsSaidOnceAndNoMore) {
  std::filesystem::create_directories(Path("tradewind/chat_history"));
  Pty pty(Words({"-n", "3"}), 160);
  ASSERT_TRUE(pty.Await("these lines will be forgotten"));
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("/budget\r");
  ASSERT_TRUE(pty.Await("budget: unlimited"));
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("\x04");
  EXPECT_EQ(pty.Wait(), 0);
  const std::string shown = pty.Shown();
  EXPECT_EQ(shown.find("forgotten"), shown.rfind("forgotten"));
}

TEST_F(ChatTerminalTest, ATerminalMayChangeItsSize) {
  Pty pty(Words({"-n", "3"}), 100);
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("/budget --tt");
  ASSERT_TRUE(pty.Await("--tt"));
  pty.Resize(40);
  usleep(100000);
  pty.Resize(160);
  pty.Kill(SIGWINCH);
  pty.Type("ft 250ms\r");
  ASSERT_TRUE(pty.Await("budget: TTFT 250 ms"));
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("\x04");
  EXPECT_EQ(pty.Wait(), 0);
}

TEST_F(ChatTerminalTest, TerminationEndsItAtThePromptAndInAnAnswer) {
  {
    Pty pty(Words(), 100);
    ASSERT_TRUE(pty.AwaitPrompt());
    pty.Kill(SIGTERM);
    EXPECT_EQ(pty.Wait(), 143);
  }
  Pty pty(Words({"-n", "1000000", "--shift"}), 100);
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("Once\r");
  ASSERT_TRUE(pty.AwaitBytes(500));
  pty.Kill(SIGTERM);
  EXPECT_EQ(pty.Wait(), 143);
}

TEST_F(ChatTerminalTest, ATerminalThatGoesAwayInAnAnswerEndsTheProgram) {
  Pty pty(Words({"-n", "1000000", "--shift"}), 100);
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("Once\r");
  ASSERT_TRUE(pty.AwaitBytes(500));
  pty.Close();
  EXPECT_NE(pty.Wait(), -1) << "it goes on for nobody";
}

TEST_F(ChatTerminalTest, BrokenUtf8AndManyKeysAreTyped) {
  if (!DescribeLineEditing().available) GTEST_SKIP() << "absent: libedit when this was built";
  Pty pty(Words({"-n", "3"}), 100);
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("/system \xff\xc3(\xe2\x82\r");
  ASSERT_TRUE(pty.Await("(from the next answer on)"));
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("/save " + Path("s.json") + "\r");
  ASSERT_TRUE(pty.Await("(saved 0 turns"));
  EXPECT_EQ(nlohmann::json::parse(Contents(Path("s.json")))["messages"][0]["content"], "\xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbd");
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("/system " + std::string(3000, 'y') + "z\r");
  ASSERT_TRUE(pty.Await("(from the next answer on)"));
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("\x04");
  EXPECT_EQ(pty.Wait(), 0);
}

// A model that is made to say an escape code: one of the tokens of its answer gets those bytes in the file.
TEST_F(ChatTerminalTest, WhatAModelSaysDoesNotActOnTheTerminal) {
  const std::string mark = "\xe2\x96\x81";  // a blank before a word, in this vocabulary
  const nlohmann::json usual = RunJson({"-p", "Once upon a time", "-n", "12", "-t", "1"}).Json();
  std::string bytes = Contents(model_);
  size_t at = std::string::npos;
  for (const auto& token : usual["logprobs"]) {
    const std::string word = token["token"];
    if (word.size() < 5 || word[0] != ' ') continue;
    std::string length(8, '\0');
    length[0] = static_cast<char>(word.size() + 2);
    at = bytes.find(length + mark + word.substr(1));
    if (at != std::string::npos) break;
  }
  ASSERT_NE(at, std::string::npos) << "no word of the answer is a token of its own";
  bytes.replace(at + 8, 7, "\x1b]0;x\x07y");
  const std::string evil = Write("evil.gguf", bytes);
  EXPECT_THAT(Run({"run", evil, "-p", "Once upon a time", "-n", "12", "--temp", "0", "-t", "1"}).out, HasSubstr("\x1b]0;x\x07"))
      << "a file gets what the model says, byte for byte";
  Pty run({TRADEWIND_BINARY, "run", evil, "-p", "Once upon a time", "--temp", "0", "-t", "1", "-n", "12"}, 200);
  EXPECT_TRUE(run.Await("^[]0;x^Gy"));
  EXPECT_EQ(run.Wait(), 0);
  EXPECT_THAT(run.bytes(), Not(HasSubstr("\x1b")));
  Pty pty({TRADEWIND_BINARY, "chat", evil, "--temp", "0", "-t", "1", "-n", "12"}, 200);
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("Once upon a time\r");
  EXPECT_TRUE(pty.Await("^[]0;x^Gy"));
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("\x04");
  EXPECT_EQ(pty.Wait(), 0);
  EXPECT_THAT(pty.bytes(), Not(HasSubstr("\x1b]0;")));
}

// What a file says does not either.
TEST_F(ChatTerminalTest, WhatAFileSaysDoesNotActOnTheTerminal) {
  Pty pty(Words(), 200);
  ASSERT_TRUE(pty.AwaitPrompt());
  const std::string file = Write("evil.json", R"({"format": "tradewind chat", "version": 1, "model": ")" + model_ +
                                                  R"(", "messages": [{"role": "system", "content": "\u001b]0;owned\u0007\u009b2J"}]})");
  pty.Type("/load --messages " + file + "\r");
  ASSERT_TRUE(pty.Await("(loaded 0 turns"));
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("/system\r");
  ASSERT_TRUE(pty.Await("^[]0;owned^G<U+009B>2J"));
  ASSERT_TRUE(pty.AwaitPrompt());
  pty.Type("\x04");
  EXPECT_EQ(pty.Wait(), 0);
  EXPECT_THAT(pty.bytes(), Not(HasSubstr("\x1b]0;")));
}

}  // namespace
}  // namespace tradewind
