// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/text_workload.h"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "base/random.h"

namespace tradewind {
namespace {

bool BeginsACharacter(const std::string& text) {
  return (static_cast<unsigned char>(text[0]) & 0xC0) != 0x80;
}

// Words of one to four bytes a character, with a line end now and then (or never).
std::string SomeText(uint64_t seed, size_t bytes, uint64_t line) {
  Random random(seed);
  const char* characters[] = {"a", "e", " ", "\u00e9", "\u4e16", "\U0001F600"};
  std::string text;
  while (text.size() < bytes) text += line != 0 && random.Below(line) == 0 ? "\n" : characters[random.Below(6)];
  return text;
}

std::string Joined(const Workload& workload) {
  std::string text;
  for (const Sample& s : workload.quality) text += *s.prompt.raw;
  return text;
}

TEST(TextWorkload, WindowsCoverTheTextOnceAndCutNoCharacter) {
  for (const uint64_t line : {0, 40, 700}) {
    for (const size_t bytes : {1, 47, 2047, 2048, 2049, 20'000}) {
      const std::string text = SomeText(bytes, bytes, line);
      const Workload workload = MakeTextWorkload(text, "t");
      EXPECT_EQ(Joined(workload), text);
      for (const Sample& s : workload.quality) {
        EXPECT_LE(s.prompt.raw->size(), 2048u);
        EXPECT_TRUE(BeginsACharacter(*s.prompt.raw)) << s.id;
        EXPECT_TRUE(s.prompt.echo);
        EXPECT_EQ(s.output_tokens, 0);
        EXPECT_TRUE(&s == &workload.quality.back() || s.prompt.raw->size() >= 1024) << "windows are about equal";
      }
    }
  }
}

TEST(TextWorkload, WindowsEndAtLineEndsWhereTheyCan) {
  const Workload workload = MakeTextWorkload(SomeText(1, 30'000, 40), "t");
  for (size_t i = 0; i + 1 < workload.quality.size(); ++i) EXPECT_EQ(workload.quality[i].prompt.raw->back(), '\n');
}

TEST(TextWorkload, BytesThatAreNoTextAreCutAnywhere) {
  const std::string text(10'000, '\x80');
  EXPECT_EQ(Joined(MakeTextWorkload(text, "t")), text);
}

TEST(TextWorkload, TimesPromptsOfSeveralLengths) {
  const std::string text = SomeText(1, 40'000, 40);
  const Workload workload = MakeTextWorkload(text, "t");
  std::set<size_t> lengths;
  for (const Sample& s : workload.timing) {
    EXPECT_NE(text.find(*s.prompt.raw), std::string::npos);
    EXPECT_GT(s.output_tokens, 1);
    EXPECT_EQ(s.prompt.sampling.temperature, 0);
    lengths.insert(s.prompt.raw->size() / 100);
  }
  EXPECT_EQ(workload.timing.size(), 10u);
  EXPECT_GE(lengths.size(), 5u);
  EXPECT_LT(*lengths.begin(), 1u);
  EXPECT_GT(*lengths.rbegin(), 40u);
  for (const Sample& s : MakeTextWorkload(text.substr(0, 20'000), "t").timing) EXPECT_LE(s.prompt.raw->size(), 2'500u);
  EXPECT_FALSE(MakeTextWorkload("short", "t").timing.empty()) << "a short text is timed, too";
}

TEST(TextWorkload, TheIdIsOfTheTextNotOfTheName) {
  const std::string text = SomeText(1, 5000, 40);
  std::string other = text;
  other[4000] ^= 1;
  EXPECT_EQ(MakeTextWorkload(text, "a").id, MakeTextWorkload(text, "b").id);
  EXPECT_NE(MakeTextWorkload(text, "a").id, MakeTextWorkload(other, "a").id);
  EXPECT_NE(MakeTextWorkload(text, "a").id, MakeTextWorkload(text + "\n", "a").id);
  EXPECT_EQ(MakeTextWorkload(text, "a").primary_metric, "bits_per_byte");
}

TEST(TextWorkload, IsLoadedFromAFile) {
  const std::string path = testing::TempDir() + "/tradewind_workload.txt";
  std::ofstream(path, std::ios::binary) << "Some text.\n";
  const auto workload = LoadWorkload("text:" + path);
  ASSERT_TRUE(workload) << workload.error().ToString();
  EXPECT_EQ(workload->name, "text:" + path);
  EXPECT_EQ(workload->id, MakeTextWorkload("Some text.\n", "x").id);
  std::ofstream(path, std::ios::trunc).close();
  EXPECT_EQ(LoadWorkload("text:" + path).error().code(), StatusCode::kInvalidInput) << "empty";
  std::remove(path.c_str());
  EXPECT_EQ(LoadWorkload("text:" + path).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(LoadWorkload("speech:" + path).error().where(), "--workload");
}

}  // namespace
}  // namespace tradewind
