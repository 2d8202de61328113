// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/trial.h"

#include <gtest/gtest.h>

#include <cmath>

#include "measure/fake_tunable.h"
#include "measure/text_workload.h"

namespace tradewind {
namespace {

std::unique_ptr<Instance> Open(FakeTunable& tunable) {
  return std::move(*tunable.Open({}, {}));
}

double Value(const char* metric, const Trial& trial) {
  const auto measurement = Metrics().Find(metric)->compute(trial);
  return measurement ? measurement->value : NAN;
}

TEST(Trial, AUniformModelHasThePerplexityOfItsVocabulary) {
  FakeTunable tunable;
  const auto instance = Open(tunable);
  Trial trial;
  trial.token_windows = *ScoreTokenWindows(*instance, {}, std::string(3000, 'a'), 20);
  EXPECT_EQ(trial.token_windows.size(), 5u);
  EXPECT_NEAR(Value("perplexity", trial), 64, 1e-3);
}

TEST(Trial, AUniformModelOfBytesHasTheBitsOfItsVocabulary) {
  for (const bool bos : {false, true}) {
    FakeTunable tunable(bos);
    const auto instance = Open(tunable);
    const std::string text(5000, 'a');
    Trial trial;
    trial.byte_windows = *ScoreByteWindows(*instance, {}, MakeTextWorkload(text, "t"));
    EXPECT_NEAR(Value("bits_per_byte", trial), 6, 1e-5);
    int64_t bytes = 0;
    for (const ScoredWindow& w : trial.byte_windows) bytes += w.bytes;
    // Without a BOS nothing judges a window's first token.
    EXPECT_EQ(bytes, bos ? 5000 : 5000 - static_cast<int64_t>(trial.byte_windows.size()));
  }
}

TEST(Trial, AContextShorterThanAWindowScoresItInPieces) {
  for (const bool bos : {false, true}) {
    FakeTunable tunable(bos);
    Setting setting;
    setting.Set("context", int64_t{100});
    const auto instance = std::move(*tunable.Open(setting, {}));
    const auto windows = ScoreByteWindows(*instance, {}, MakeTextWorkload(std::string(2000, 'a'), "t"));
    ASSERT_TRUE(windows) << windows.error().ToString();
    ASSERT_EQ(windows->size(), 1u);
    EXPECT_EQ((*windows)[0].tokens, bos ? 2000 : 1999);
    EXPECT_NEAR((*windows)[0].nats, static_cast<double>((*windows)[0].tokens) * std::log(64.0), 1e-2);
    for (const auto& ids : tunable.log.scored) EXPECT_LE(ids.size(), 100u);
  }
}

// As llama-perplexity has it: of each 512 ids those from 257 on are judged; a BOS takes the place of a window's first id.
TEST(Trial, TokenWindowsAreThoseOfThePeer) {
  std::string text;
  for (int i = 0; i < 512 * 3 + 100; ++i) text += static_cast<char>('a' + i % 26);
  for (const bool bos : {false, true}) {
    FakeTunable tunable(bos);
    const auto instance = Open(tunable);
    const auto windows = ScoreTokenWindows(*instance, {}, text, 20);
    ASSERT_EQ(windows->size(), 3u);
    for (const ScoredWindow& w : *windows) {
      EXPECT_EQ(w.tokens, 255);
      EXPECT_NEAR(w.nats, 255 * std::log(64.0), 1e-3);
    }
    std::string stream = text;
    if (bos) stream.insert(stream.begin(), '\xFF');  // the ids are one further on
    for (size_t w = 0; w < 3; ++w) {
      const std::vector<int32_t>& ids = tunable.log.scored[w];
      ASSERT_EQ(ids.size(), 512u);
      EXPECT_EQ(ids[0], bos ? -1 : stream[512 * w]);
      for (size_t i = 1; i < 512; ++i) ASSERT_EQ(ids[i], stream[512 * w + i]) << w << " " << i;
    }
  }
}

TEST(Trial, TokenWindowsAreLimitedAndATextOfLessThanTwoHasNone) {
  FakeTunable tunable;
  const auto instance = Open(tunable);
  EXPECT_EQ(ScoreTokenWindows(*instance, {}, std::string(5000, 'a'), 2)->size(), 2u);
  EXPECT_TRUE(ScoreTokenWindows(*instance, {}, std::string(1023, 'a'), 20)->empty());
  EXPECT_EQ(ScoreTokenWindows(*instance, {}, std::string(1024, 'a'), 20)->size(), 2u);
}

TEST(Trial, ATimedSampleGeneratesWhatItAsksFor) {
  FakeTunable tunable;
  const auto instance = Open(tunable);
  Sample sample{.id = "s", .prompt = {}, .output_tokens = 9};
  sample.prompt.raw = "hello";
  const auto outcome = RunTimed(*instance, {}, sample, RealClock());
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->output_tokens, 9);
  EXPECT_EQ(outcome->prompt_tokens, 5);
}

}  // namespace
}  // namespace tradewind
