// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Tests chat_signals.cc, too.
#include "cli/chat_lines.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <thread>

#include "cli/chat_signals.h"
#include "cli/line_editor.h"

namespace tradewind {
namespace {

// What the lines make up; "..." for one that is left open.
std::vector<std::string> Said(const std::vector<std::string>& lines) {
  SaidText said;
  std::vector<std::string> texts;
  for (const std::string& line : lines) {
    if (said.Add(line)) texts.push_back(said.Take());
  }
  if (said.open()) texts.emplace_back("...");
  return texts;
}

using Texts = std::vector<std::string>;

TEST(SaidText, ALineIsATextUnlessItGoesOn) {
  EXPECT_EQ(Said({"one", "two"}), (Texts{"one", "two"}));
  EXPECT_EQ(Said({"one\\", "two\\", "three"}), (Texts{"one\ntwo\nthree"}));
  EXPECT_EQ(Said({"a\\\\", "b"}), (Texts{"a\\\\", "b"})) << "an even number is text";
  EXPECT_EQ(Said({"a\\\\\\", "b"}), (Texts{"a\\\\\nb"}));
  EXPECT_EQ(Said({"\\", ""}), (Texts{"\n"}));
  EXPECT_EQ(Said({"open\\"}), (Texts{"..."}));
}

TEST(SaidText, QuotesHoldLines) {
  EXPECT_EQ(Said({"\"\"\"", "one", "", "/two\\", "\"\"\"", "three"}), (Texts{"one\n\n/two\\", "three"}));
  EXPECT_EQ(Said({"\"\"\"one", "two\"\"\""}), (Texts{"one\ntwo"}));
  EXPECT_EQ(Said({"\"\"\"one\"\"\""}), (Texts{"one"}));
  EXPECT_EQ(Said({"  \"\"\"  ", "  indented", "\"\"\"  "}), (Texts{"  indented"}));
  EXPECT_EQ(Said({"\"\"\"\"\"\""}), (Texts{""}));
  EXPECT_EQ(Said({"\"\"\"", "\"\"\""}), (Texts{""}));
  EXPECT_EQ(Said({"say \"\"\" here"}), (Texts{"say \"\"\" here"})) << "only at the beginning";
  EXPECT_EQ(Said({"\"\"\"never", "closed"}), (Texts{"..."}));
  SaidText said;
  said.Add("\"\"\"");
  said.Add("/help");
  EXPECT_TRUE(said.Add("\"\"\""));
  EXPECT_TRUE(said.quoted());
  said.Take();
  EXPECT_FALSE(said.quoted());
}

class PlainLinesTest : public testing::Test {
 protected:
  PlainLinesTest() { EXPECT_EQ(pipe2(pipe_, O_CLOEXEC), 0); }
  ~PlainLinesTest() override {
    CloseInput();
    close(pipe_[0]);
  }
  void Send(const std::string& bytes) {
    writer_ = std::thread([this, bytes] {
      for (size_t at = 0; at < bytes.size();) {
        const ssize_t wrote = write(pipe_[1], bytes.data() + at, bytes.size() - at);
        ASSERT_GT(wrote, 0);
        at += static_cast<size_t>(wrote);
      }
      CloseInput();
    });
  }
  void CloseInput() {
    if (pipe_[1] >= 0) close(pipe_[1]);
    pipe_[1] = -1;
  }
  void TearDown() override {
    if (writer_.joinable()) writer_.join();
  }
  ChatSignals signals_;
  int pipe_[2];
  std::thread writer_;
};

TEST_F(PlainLinesTest, BytesComeAsTheyAre) {
  const std::string odd("nul\0 and \xff\xc3", 11);
  Send("one\r\n\n" + odd + "\nlast");
  const auto lines = PlainLines(pipe_[0], signals_, nullptr);
  for (const std::string& expected : {std::string("one\r"), std::string(), odd, std::string("last")}) {
    const ChatLine line = lines->Next(false);
    EXPECT_EQ(line.kind, ChatLine::Kind::kText);
    EXPECT_EQ(line.text, expected);
  }
  EXPECT_EQ(lines->Next(false).kind, ChatLine::Kind::kEnd);
  EXPECT_EQ(lines->Next(false).kind, ChatLine::Kind::kEnd);
}

TEST_F(PlainLinesTest, ALineMayHaveAMebibyteAndNotMoreThanTheLimit) {
  Send(std::string(1 << 20, 'x') + "\n" + std::string(kChatLineBytes + 10, 'y') + "\nafter\n");
  const auto lines = PlainLines(pipe_[0], signals_, nullptr);
  EXPECT_EQ(lines->Next(false).text.size(), 1u << 20);
  const ChatLine passed = lines->Next(false);
  EXPECT_EQ(passed.kind, ChatLine::Kind::kTooLong);
  EXPECT_EQ(passed.text, "");
  EXPECT_EQ(lines->Next(false).text, "after");
}

// Whichever thread the system gives a signal to, the wait for input ends.
TEST_F(PlainLinesTest, SignalsEndTheWait) {
  const auto lines = PlainLines(pipe_[0], signals_, nullptr);
  EXPECT_EQ(std::raise(SIGINT), 0);
  EXPECT_EQ(lines->Next(false).kind, ChatLine::Kind::kInterrupted);
  EXPECT_TRUE(signals_.interrupted());
  signals_.ForgetInterrupt();
  std::thread other([] { std::raise(SIGINT); });
  EXPECT_EQ(lines->Next(false).kind, ChatLine::Kind::kInterrupted);
  other.join();
  signals_.ForgetInterrupt();
  EXPECT_EQ(std::raise(SIGWINCH), 0);
  EXPECT_EQ(std::raise(SIGTERM), 0);
  EXPECT_EQ(lines->Next(false).kind, ChatLine::Kind::kTerminated);
}

TEST_F(PlainLinesTest, APromptIsWrittenWhereThereIsOneToReadIt) {
  char written[64] = {};
  std::FILE* out = fmemopen(written, sizeof written, "w");
  Send("a\nb\n");
  const auto lines = PlainLines(pipe_[0], signals_, out);
  lines->Next(false);
  lines->Next(true);
  std::fclose(out);
  EXPECT_EQ(std::string(written), "> . ");
}

TEST(ChatSignals, TheHandlersArePutBack) {
  const auto before = std::signal(SIGINT, SIG_IGN);
  {
    const ChatSignals signals;
  }
  EXPECT_EQ(std::signal(SIGINT, before), SIG_IGN);
}

TEST(LineEditing, SaysWhatThereIs) {
  const LineEditing editing = DescribeLineEditing();
  EXPECT_EQ(editing.text.find("apt-get") == std::string::npos, editing.available) << "what is missing says how to get it";
}

}  // namespace
}  // namespace tradewind
