// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/prompt_arguments.h"

#include "cli/cli_test_util.h"

namespace tradewind {
namespace {

class PromptArgumentsTest : public CliTest {
 protected:
  PromptArguments Read(const std::vector<std::string>& words) {
    PromptArguments prompt;
    Arguments args("run", "Answers.");
    prompt.Declare(args);
    const auto parsed = Parse(args, words);
    EXPECT_TRUE(parsed) << parsed.error().ToString();
    return prompt;
  }
};

TEST_F(PromptArgumentsTest, AFileIsTakenByteForByte) {
  const std::string bytes("a\r\n\0\xFF b\n\n", 9);
  EXPECT_EQ(Read({"-f", Write("prompt", bytes)}).ReadText().value(), bytes);
  EXPECT_EQ(Read({"-p", "text"}).ReadText().value(), "text");
  EXPECT_EQ(Read({"-p", "a", "-f", "b"}).ReadText().error().where(), "-f");
  EXPECT_EQ(Read({"-f", Path("absent")}).ReadText().error().code(), StatusCode::kNotFound);
}

TEST_F(PromptArgumentsTest, AConversationOrPlainText) {
  const PromptArguments chat = Read({"-sys", "Be brief."});
  const auto prompt = chat.ToPrompt("Hello", true);
  ASSERT_EQ(prompt->messages.size(), 2u);
  EXPECT_EQ(prompt->messages[0].role, "system");
  EXPECT_EQ(prompt->messages[1].content, "Hello");
  EXPECT_EQ(chat.ToPrompt("Hello", false).error().where(), "--system-prompt");
  EXPECT_EQ(Read({"--raw"}).ToPrompt("Hello", true)->raw, "Hello");
  EXPECT_EQ(Read({}).ToPrompt("Hello", false)->raw, "Hello");
}

TEST_F(PromptArgumentsTest, HowToDraw) {
  const auto prompt = Read({"--temp", "0.5", "--top-k", "9", "--top-p", "0.8", "--min-p", "0.1", "-s", "77", "-r", "END", "-r", "x",
                            "--echo", "--shift", "--logprobs", "4"})
                          .ToPrompt("a", true);
  ASSERT_TRUE(prompt);
  EXPECT_EQ(prompt->sampling.temperature, 0.5);
  EXPECT_EQ(prompt->sampling.top_k, 9);
  EXPECT_EQ(prompt->sampling.top_p, 0.8);
  EXPECT_EQ(prompt->sampling.min_p, 0.1);
  EXPECT_EQ(prompt->sampling.seed, 77u);
  EXPECT_EQ(prompt->stop, (std::vector<std::string>{"END", "x"}));
  EXPECT_TRUE(prompt->echo && prompt->shift);
  EXPECT_EQ(prompt->top_logprobs, 4);
}

}  // namespace
}  // namespace tradewind
