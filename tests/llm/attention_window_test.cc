// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The knob against the same window built into the architecture's table.
#include <gtest/gtest.h>

#include "llm/llm_test_util.h"

namespace tradewind {
namespace {

constexpr int64_t kWindow = 20;

// The tiny Qwen 3 with a window in every block.
Result<ModelSpec> BuildWindowed(const GgufMetadata& metadata, const std::string& name) {
  TW_ASSIGN(ModelSpec spec, Architectures().Find(name)->build(metadata, name));
  for (BlockSpec& block : spec.blocks) block.attention.window = kWindow;
  return spec;
}

std::vector<float> Score(int64_t knob, const Registry<Architecture>* architectures) {
  const auto golden = ReadGolden(SourcePath("tests/llm/golden/tiny-qwen3.bin"));
  const auto instance = OpenModel(SourcePath("tests/llm/golden/tiny-qwen3.gguf"), {}, {.architectures = architectures});
  Setting request;
  request.Set("attention_window", knob);
  return ScoreIds(*instance, golden[0].ids, request);
}

TEST(AttentionWindow, EqualsAWindowInTheArchitecture) {
  Registry<Architecture> windowed;
  windowed.Add("qwen3", {.build = BuildWindowed});
  const std::vector<float> all = Score(0, nullptr);
  const std::vector<float> built_in = Score(0, &windowed);
  EXPECT_NE(built_in, all);
  EXPECT_EQ(Score(kWindow, nullptr), built_in);
  EXPECT_EQ(Score(2 * kWindow, &windowed), built_in) << "a block's own shorter window stays";
  EXPECT_EQ(Score(100000, nullptr), all);
}

}  // namespace
}  // namespace tradewind
