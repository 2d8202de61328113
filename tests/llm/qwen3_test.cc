// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A tiny random Qwen 3 (tests/llm/golden/make-tiny-qwen3 made the file) against llama.cpp's log-probabilities of the same weights in F32.
#include <gtest/gtest.h>

#include <cmath>

#include "llm/llm_test_util.h"

namespace tradewind {
namespace {

TEST(Qwen3, LogProbabilitiesAgreeWithAnotherImplementation) {
  const auto golden = ReadGolden(SourcePath("tests/llm/golden/tiny-qwen3.bin"));
  Setting load;
  load.Set("kv_type_k", std::string("f32"));
  load.Set("kv_type_v", std::string("f32"));
  const auto instance = OpenModel(SourcePath("tests/llm/golden/tiny-qwen3.gguf"), load);
  ASSERT_NE(instance, nullptr);
  ASSERT_EQ(golden.size(), 1u);
  const std::vector<float> ours = ScoreIds(*instance, golden[0].ids);
  ASSERT_EQ(ours.size(), golden[0].logprobs.size());
  for (size_t i = 0; i < ours.size(); ++i) EXPECT_NEAR(ours[i], golden[0].logprobs[i], 2e-3) << "position " << i;
}

}  // namespace
}  // namespace tradewind
