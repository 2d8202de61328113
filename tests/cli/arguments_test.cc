// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/arguments.h"

#include <gmock/gmock.h>

#include "cli/cli_test_util.h"

namespace tradewind {
namespace {

using ArgumentsTest = CliTest;

// What a command with these options makes of the words.
struct Parsed {
  int64_t threads = 7;
  std::string key_type = "f16";
  std::string value_type = "f16";
  std::optional<int64_t> batch, ubatch;
  std::vector<std::string> set, over;
  std::string model;
  bool json = false;
  Result<bool> result = true;

  void Read(const std::vector<std::string>& words, Result<bool> (*parse)(Arguments&, std::vector<std::string>)) {
    Arguments args("run", "Answers.");
    args.Positional("model", &model, "a model");
    args.Option("-t,--threads", &threads, "threads");
    args.Option("--threads-batch", &batch, "-tb");
    args.Option("--ubatch-size", &ubatch, "-ub");
    args.Option("--cache-type-k", &key_type, "-ctk");
    args.Option("--cache-type-v", &value_type, "-ctv");
    args.Option("--set", &set, "knob=value");
    args.List("--over", &over, "knob=a,b");
    args.Flag("--json", &json, "JSON");
    result = parse(args, words);
  }
};

TEST_F(ArgumentsTest, TheCommandLineBeatsTheEnvironmentBeatsTheFile) {
  const std::string file = Write("config.yaml", "threads: 3\ncache-type-k: q8_0\ncache-type-v: bf16\nother-command: 1\n");
  SetEnvironment("TRADEWIND_CONFIG", file);
  Parsed from_file;
  from_file.Read({}, Parse);
  ASSERT_TRUE(from_file.result) << from_file.result.error().ToString();
  EXPECT_EQ(from_file.threads, 3);
  EXPECT_EQ(from_file.key_type, "q8_0");

  SetEnvironment("TRADEWIND_THREADS", "4");
  SetEnvironment("TRADEWIND_CACHE_TYPE_K", "f32");
  Parsed from_environment;
  from_environment.Read({}, Parse);
  EXPECT_EQ(from_environment.threads, 4);
  EXPECT_EQ(from_environment.key_type, "f32");
  EXPECT_EQ(from_environment.value_type, "bf16");

  // What is written is named in words alone.
  SetEnvironment("TRADEWIND_WRITTEN", Path("precious"));
  std::optional<std::string> written;
  Arguments args("test", "a test");
  args.Output("--written", &written, "a file");
  ASSERT_TRUE(Parse(args, {}));
  EXPECT_FALSE(written);
  ASSERT_TRUE(Parse(args, {"--written", "x"}));
  EXPECT_EQ(written, "x");

  Parsed from_words;
  from_words.Read({"-t", "5"}, Parse);
  EXPECT_EQ(from_words.threads, 5);
  EXPECT_EQ(from_words.key_type, "f32");
}

TEST_F(ArgumentsTest, TheUsersFileIsFoundByItself) {
  Write("tradewind/config.yaml", "threads: 11\nset: [a=1, b=2]\n");
  Parsed parsed;
  parsed.Read({}, Parse);
  EXPECT_EQ(parsed.threads, 11);
  EXPECT_THAT(parsed.set, testing::ElementsAre("a=1", "b=2"));
}

TEST_F(ArgumentsTest, AFileThatIsNoMapIsRefused) {
  Parsed parsed;
  parsed.Read({"--config", Write("broken.yaml", "[1, 2")}, Parse);
  ASSERT_FALSE(parsed.result);
  EXPECT_EQ(parsed.result.error().code(), StatusCode::kInvalidInput);
}

TEST_F(ArgumentsTest, ShortNamesOfSeveralLettersWork) {
  Parsed parsed;
  parsed.Read({"some.gguf", "-ctk", "q8_0", "-ctv", "bf16", "-tb", "3", "-ub", "64", "--json"}, Parse);
  ASSERT_TRUE(parsed.result) << parsed.result.error().ToString();
  EXPECT_EQ(parsed.key_type, "q8_0");
  EXPECT_EQ(parsed.value_type, "bf16");
  EXPECT_EQ(parsed.batch, 3);
  EXPECT_EQ(parsed.ubatch, 64);
  EXPECT_EQ(parsed.model, "some.gguf");
  EXPECT_TRUE(parsed.json);
}

TEST_F(ArgumentsTest, ListsAndRepeatedOptions) {
  Parsed parsed;
  parsed.Read({"m", "--set", "a=1", "--over", "x=1,2", "y=3", "--set", "b=2"}, Parse);
  ASSERT_TRUE(parsed.result) << parsed.result.error().ToString();
  EXPECT_THAT(parsed.set, testing::ElementsAre("a=1", "b=2"));
  EXPECT_THAT(parsed.over, testing::ElementsAre("x=1,2", "y=3"));
}

TEST_F(ArgumentsTest, WhatIsWrongNamesTheHelp) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--thread", "2"}, {"-t", "two"}, {"-t"}, {"m", "n"}, {"--json=perhaps"}}) {
    Parsed parsed;
    parsed.Read(words, Parse);
    ASSERT_FALSE(parsed.result) << words[0];
    EXPECT_EQ(parsed.result.error().code(), StatusCode::kInvalidInput);
    EXPECT_NE(parsed.result.error().message().find("tradewind run --help"), std::string::npos);
  }
}

TEST_F(ArgumentsTest, HelpIsPrintedAndEndsTheCommand) {
  testing::internal::CaptureStdout();
  Parsed parsed;
  parsed.Read({"--help"}, Parse);
  const std::string help = testing::internal::GetCapturedStdout();
  ASSERT_TRUE(parsed.result);
  EXPECT_FALSE(*parsed.result);
  EXPECT_NE(help.find("--cache-type-k"), std::string::npos);
  EXPECT_NE(help.find("TRADEWIND_THREADS"), std::string::npos) << "names the environment's twin";
}

}  // namespace
}  // namespace tradewind
