// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// `tradewind quantize` on the built program: commands/quantize.cc over compress/quantize_model.cc.
#include <gmock/gmock.h>

#include "cli/program.h"

namespace tradewind {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class QuantizeCommandTest : public CommandsTest {};

TEST_F(QuantizeCommandTest, AQuantisedModelAnswersAsTheWholeOneDoes) {
  const Ran made = Run({"quantize", model_, Path("q8.gguf"), "--type", "q8_0", "-t", "2", "--json"});
  ASSERT_EQ(made.code, 0) << made.err;
  const nlohmann::json json = made.Json();
  EXPECT_EQ(json["type"], "Q8_0");
  EXPECT_EQ(json["path"], Path("q8.gguf"));
  // Rows of 172 values, of a seventh of the weights, are no whole number of blocks.
  EXPECT_LT(json["bits_per_weight"], 8.5 + 16 / 4.0);
  EXPECT_GT(json["types"]["Q8_0"]["mean_squared_error"], 0);
  EXPECT_EQ(json["types"]["F32"]["weights_encoded"], 0);
  for (const auto& fallback : json["fallbacks"]) {
    EXPECT_THAT(fallback["tensor"].get<std::string>(), HasSubstr("ffn_down"));
    EXPECT_EQ(fallback["type"], "F16");
  }
  EXPECT_EQ(json["fallbacks"].size(), 5u);
  const std::vector<std::string> question = {"--raw", "-n", "20", "-p", "Once upon a time", "--temp", "0", "--json"};
  const auto answer = [&](const std::string& model) {
    std::vector<std::string> words = {"run", model};
    words.insert(words.end(), question.begin(), question.end());
    const Ran ran = Run(words);
    EXPECT_EQ(ran.code, 0) << ran.err;
    return ran.Json()["text"];
  };
  EXPECT_EQ(answer(Path("q8.gguf")), answer(model_));
}

TEST_F(QuantizeCommandTest, SaysWhichRowsDoNotFitAndWhatWasQuantisedBefore) {
  const Ran first = Run({"quantize", model_, Path("q4.gguf"), "--type", "Q4_K_M"});
  ASSERT_EQ(first.code, 0) << first.err;
  EXPECT_THAT(first.err, HasSubstr("rows of 64 values do not fit Q4_K (blocks of 256); Q5_0 instead"));
  EXPECT_THAT(first.out, AllOf(HasSubstr("Q5_0"), HasSubstr("bits per weight"), HasSubstr(Path("q4.gguf"))));
  const Ran again = Run({"quantize", Path("q4.gguf"), Path("again.gguf"), "--type", "F16"});
  ASSERT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("tensors were Q5_0 already"));
}

TEST_F(QuantizeCommandTest, WhatIsWrongIsNamed) {
  const auto run = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "quantize");
    return Run(words);
  };
  const Ran unknown = run({model_, Path("o.gguf"), "--type", "Q4_K"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, AllOf(HasSubstr("no type \"Q4_K\""), HasSubstr("Q4_K_M")));
  EXPECT_THAT(run({model_, Path("o.gguf")}).err, HasSubstr("--type Q4_K_M"));
  EXPECT_EQ(run({model_, model_, "--type", "Q8_0"}).code, 2);
  EXPECT_EQ(run({model_, Path("o.gguf"), "--type", "Q8_0", "-t", "0"}).code, 2);
  const Ran matrix = run({model_, Path("o.gguf"), "--type", "Q8_0", "--imatrix", model_});
  EXPECT_EQ(matrix.code, 2);
  EXPECT_THAT(matrix.err, HasSubstr("no importance matrix"));
  EXPECT_EQ(run({Path("absent.gguf"), Path("o.gguf"), "--type", "Q8_0"}).code, 2);
  EXPECT_EQ(run({model_}).code, 2);
  EXPECT_FALSE(std::filesystem::exists(Path("o.gguf")));
}

// A build knob as any other: searched, fitted, answered with; each copy made once.
TEST_F(QuantizeCommandTest, WeightsAreAKnob) {
  std::string text;
  for (int i = 0; i < 14; ++i) text += "Once upon a time there was a girl named Lily. She liked her red ball " + std::to_string(i) + ".\n";
  const std::vector<std::string> words = {"search", model_, "--workload", "text:" + Write("book.txt", text), "--time", "50ms", "--json",
                                          "-t",     "1",    "--over",     "weights=as_is,Q8_0,Q4_0,Q2_K"};
  const Ran search = Run(words);
  ASSERT_EQ(search.code, 0) << search.err;
  for (const char* type : {"Q8_0", "Q4_0", "Q2_K"}) EXPECT_THAT(search.err, HasSubstr(std::string("making weights of ") + type));
  const std::filesystem::directory_iterator made(Path("tradewind/artefacts"));
  EXPECT_EQ(std::distance(begin(made), end(made)), 3);
  EXPECT_THAT(Run(words).err, Not(HasSubstr("making weights")));
  const Ran fit = Run({"fit", "auto", "--quality", "0.999", "--json"});
  ASSERT_EQ(fit.code, 0) << fit.err;
  EXPECT_EQ(Run({"fit", "auto", "--quality", "0.999", "--json"}).Json()["chosen"], fit.Json()["chosen"]);
  EXPECT_EQ(Run({"run", model_, "--raw", "-p", "Once", "-n", "2", "--set", "weights=Q8_0"}).code, 0);
  const Ran unknown = Run({"run", model_, "--raw", "-p", "Once", "-n", "2", "--set", "weights=Q9"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("Q4_K_M"));
}

// A file that may not grow stands for a full disk: writing fails half-way.
TEST_F(QuantizeCommandTest, AFullDiskLeavesNothing) {
  std::filesystem::create_directory(Path("full"));
  const std::string script = Write("limited.sh", "trap '' XFSZ\nulimit -f 64\nexec \"$@\"\n");
  const Ran ran = Run({script, TRADEWIND_BINARY, "quantize", model_, Path("full/o.gguf"), "--type", "F16"}, "", "/bin/bash");
  EXPECT_EQ(ran.code, 1);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("cannot write"), HasSubstr("full/o.gguf")));
  EXPECT_TRUE(std::filesystem::is_empty(Path("full")));
}

}  // namespace
}  // namespace tradewind
