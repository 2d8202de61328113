// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Tests the knobs of src/llm/knobs, too: context, kv_type_k, kv_type_v, layers, max_tokens, model, threads, threads_batch, ubatch.
#include "llm/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/cpu.h"
#include "llm/llm_test_util.h"

namespace tradewind {
namespace {

ModelSpec Blocks(size_t count, int64_t context) {
  ModelSpec spec;
  spec.blocks.resize(count);
  spec.context = context;
  return spec;
}

TEST(Options, EveryKnobSetsItsOption) {
  const auto resolved = ResolveLlmOptions(SettingOf({{"model", "some.gguf"},
                                                     {"threads", 3},
                                                     {"threads_batch", 5},
                                                     {"kv_type_k", "q8_0"},
                                                     {"kv_type_v", "bf16"},
                                                     {"context", 1000},
                                                     {"ubatch", 77},
                                                     {"layers", 9},
                                                     {"max_tokens", 12}}),
                                          DescribeLlmKnobs(Blocks(30, 2048)));
  ASSERT_TRUE(resolved) << resolved.error().ToString();
  const LlmOptions& o = resolved->options;
  EXPECT_EQ(o.model, "some.gguf");
  EXPECT_EQ(o.threads, 3);
  EXPECT_EQ(o.threads_batch, 5);
  EXPECT_EQ(o.key_type, KvType::kQ8_0);
  EXPECT_EQ(o.value_type, KvType::kBF16);
  EXPECT_EQ(o.context, 1000);
  EXPECT_EQ(o.ubatch, 77);
  EXPECT_EQ(o.layers, 9);
  EXPECT_EQ(o.max_tokens, 12);
}

TEST(Options, DefaultsOfMachineAndModelAreWrittenAndOthersLeftOut) {
  const auto resolved = ResolveLlmOptions(SettingOf({{"kv_type_k", "f16"}, {"max_tokens", 256}}), DescribeLlmKnobs(Blocks(30, 2048)));
  ASSERT_TRUE(resolved);
  const std::string threads = std::to_string(DefaultThreads());
  EXPECT_EQ(resolved->setting.Text(), "context=2048 layers=30 threads=" + threads + " threads_batch=" + threads);
  EXPECT_EQ(resolved->options.layers, 30);
  const std::vector<Knob> knobs = DescribeLlmKnobs(Blocks(2, 100'000));
  EXPECT_EQ((*FindKnob(knobs, "context"))->default_value, KnobValue(int64_t{4096}));
}

TEST(Options, WhatAModelCannotDoIsRefused) {
  const std::vector<Knob> knobs = DescribeLlmKnobs(Blocks(30, 2048));
  for (const auto& [name, value] : std::vector<std::pair<const char*, KnobValue>>{{"layers", 31},
                                                                                  {"layers", 0},
                                                                                  {"context", 2049},
                                                                                  {"context", 15},
                                                                                  {"threads", 0},
                                                                                  {"threads", 257},
                                                                                  {"ubatch", 0},
                                                                                  {"kv_type_v", "q2_k"},
                                                                                  {"max_tokens", -1},
                                                                                  {"threads", "two"}}) {
    const auto resolved = ResolveLlmOptions(SettingOf({{name, value}}), knobs);
    ASSERT_FALSE(resolved) << name;
    EXPECT_EQ(resolved.error().code(), StatusCode::kInvalidInput);
    EXPECT_NE(resolved.error().ToString().find(name), std::string::npos) << resolved.error().ToString();
  }
  const auto unknown = ResolveLlmOptions(SettingOf({{"thread", 2}}), knobs);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code(), StatusCode::kNotFound);
  EXPECT_NE(unknown.error().message().find("threads"), std::string::npos) << "names the nearest";
}

TEST(Options, EveryKnobIsDescribed) {
  const std::vector<Knob> knobs = DescribeLlmKnobs();
  EXPECT_EQ(knobs.size(), LlmKnobs().All().size());
  for (const Knob& knob : knobs) {
    EXPECT_FALSE(knob.meaning.empty() || knob.condition.empty()) << knob.name;
    EXPECT_TRUE(knob.Check(knob.default_value)) << knob.name;
    EXPECT_TRUE(LlmKnobs().Find(knob.name)) << "registered by its own name";
  }
}

TEST(Options, KvTypesByName) {
  for (const std::string& name : KvTypeNames()) {
    const KvType expected = name == "f32" ? KvType::kF32 : name == "bf16" ? KvType::kBF16 : name == "q8_0" ? KvType::kQ8_0 : KvType::kF16;
    EXPECT_EQ(KvTypeFromName(name), expected);
  }
  EXPECT_EQ(KvTypeNames().size(), 4u);
}

TEST(BlocksToRun, LeavesOutOneStretchOfTheMiddle) {
  for (int64_t total = 1; total <= 40; ++total) {
    for (int64_t layers = 1; layers <= total; ++layers) {
      const std::vector<int> blocks = BlocksToRun(total, layers);
      ASSERT_EQ(blocks.size(), static_cast<size_t>(layers));
      int gaps = blocks.front() != 0;
      gaps += blocks.back() != total - 1;
      for (size_t i = 1; i < blocks.size(); ++i) {
        ASSERT_LT(blocks[i - 1], blocks[i]);
        gaps += blocks[i] - blocks[i - 1] > 1;
      }
      ASSERT_EQ(gaps, layers == total ? 0 : 1) << total << " " << layers;
      if (layers >= 2) {
        EXPECT_EQ(blocks.front(), 0) << total << " " << layers << ": the first block must run";
        EXPECT_EQ(blocks.back(), total - 1) << total << " " << layers << ": the last block must run";
      }
    }
  }
  EXPECT_EQ(BlocksToRun(8, 99).size(), 8u);
  EXPECT_EQ(BlocksToRun(8, 0).size(), 1u);
}

}  // namespace
}  // namespace tradewind
