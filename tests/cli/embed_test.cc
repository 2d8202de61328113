// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind embed as scripts use it, on stories260K.
#include <gmock/gmock.h>

#include <cmath>
#include <sstream>

#include "cli/program.h"

namespace tradewind {
namespace {

using EmbedTest = CommandsTest;

TEST_F(EmbedTest, EachTextGivesOneVectorOfLengthOne) {
  const Ran ran = Run({"embed", model_, "--json", "-p", "Once upon a time", "-p", "The dog", "-f", "-"}, "The dog\r\n\nA cat\n");
  ASSERT_EQ(ran.code, 0) << ran.err;
  const nlohmann::json json = ran.Json();
  EXPECT_EQ(json["width"], 64);
  ASSERT_EQ(json["embeddings"].size(), 4u);
  for (size_t i = 0; i < 4; ++i) {
    const nlohmann::json& one = json["embeddings"][i];
    EXPECT_EQ(one["index"], i);
    EXPECT_GE(one["tokens"], 2);
    ASSERT_EQ(one["embedding"].size(), 64u);
    double length = 0;
    for (const auto& value : one["embedding"]) length += value.get<double>() * value.get<double>();
    EXPECT_NEAR(length, 1, 1e-6);
  }
  EXPECT_EQ(json["embeddings"][1]["embedding"], json["embeddings"][2]["embedding"]) << "the same text";
  EXPECT_NE(json["embeddings"][1]["embedding"], json["embeddings"][3]["embedding"]);
}

TEST_F(EmbedTest, PlainTextIsALineAVector) {
  const auto numbers = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words = {"embed", model_, "-p", "The dog"};
    words.insert(words.end(), more.begin(), more.end());
    const Ran ran = Run(words);
    EXPECT_EQ(ran.code, 0) << ran.err;
    std::vector<std::vector<double>> lines;
    std::istringstream text(ran.out);
    for (std::string line; std::getline(text, line);) {
      std::istringstream values(line);
      lines.emplace_back();
      for (double value; values >> value;) lines.back().push_back(value);
    }
    return lines;
  };
  EXPECT_EQ(numbers({}).size(), 1u);
  EXPECT_EQ(numbers({}), numbers({"--pooling", "mean", "--embd-normalize", "2"})) << "what a decoder without a word on it gets";
  const auto each = numbers({"--pooling", "none", "--embd-normalize", "-1"});
  ASSERT_GE(each.size(), 2u);
  EXPECT_EQ(numbers({"--pooling", "cls", "--embd-normalize", "-1"})[0], each.front());
  EXPECT_EQ(numbers({"--pooling", "last", "--embd-normalize", "-1"})[0], each.back());
  double sum = 0;
  const auto taxicab = numbers({"--embd-normalize", "1"});
  for (const double value : taxicab.at(0)) sum += std::fabs(value);
  EXPECT_NEAR(sum, 1, 1e-6);
}

TEST_F(EmbedTest, WhatIsWrongIsSaid) {
  EXPECT_EQ(Run({"embed", model_}).code, 2);
  EXPECT_THAT(Run({"embed", model_}).err, testing::HasSubstr("-p TEXT"));
  EXPECT_THAT(Run({"embed", model_, "-p", "x", "--pooling", "rank"}).err, testing::HasSubstr("none, mean, cls and last"));
  EXPECT_THAT(Run({"embed", model_, "-p", "x", "--embd-normalize", "-2"}).err, testing::HasSubstr("--embd-normalize"));
  const Ran longer =
      Run({"embed", model_, "-c", "16", "-p", "x", "-p", "The dog and the cat and the dog and the cat and the dog and the cat"});
  EXPECT_EQ(longer.code, 2);
  EXPECT_THAT(longer.err, testing::HasSubstr("text 2"));
}

}  // namespace
}  // namespace tradewind
