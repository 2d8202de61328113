// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The promises of docs/numerics.md on whole models: chunks, threads and instruction sets do not change a bit.
#include "llm/forward.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "kernels/isa.h"
#include "llm/llm_test_util.h"
#include "llm/stories_gguf.h"

namespace tradewind {
namespace {

// TRADEWIND_ISA for a scope.
class ForcedIsa {
 public:
  explicit ForcedIsa(Isa isa) {
    if (const char* old = std::getenv("TRADEWIND_ISA")) old_ = old;
    setenv("TRADEWIND_ISA", std::string(IsaName(isa)).c_str(), 1);
  }
  ~ForcedIsa() { old_ ? setenv("TRADEWIND_ISA", old_->c_str(), 1) : unsetenv("TRADEWIND_ISA"); }

 private:
  std::optional<std::string> old_;
};

struct Numbers {
  std::vector<float> logprobs;
  std::vector<int32_t> greedy;
  bool operator==(const Numbers&) const = default;
};

Numbers Compute(const std::string& path, const Setting& setting, const std::vector<int32_t>& ids, int64_t tokens) {
  const auto instance = OpenModel(path, setting);
  if (instance == nullptr) return {};
  Prompt prompt;
  prompt.ids = std::vector<int32_t>(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(ids.size() / 2));
  prompt.sampling.temperature = 0;
  return {ScoreIds(*instance, ids), Generate(*instance, prompt, tokens)};
}

Setting LoadSetting(int64_t threads, int64_t ubatch) {
  return SettingOf({{"threads", threads}, {"threads_batch", threads}, {"ubatch", ubatch}, {"context", int64_t{512}}});
}

std::vector<int32_t> StoriesIds(size_t count) {
  std::vector<int32_t> ids = ReadGolden(SourcePath("tests/llm/golden/stories260k.bin"))[0].ids;
  ids.resize(std::min(ids.size(), count));
  return ids;
}

TEST(Forward, StoriesIsExact) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const auto instance = OpenModel(path, SettingOf({{"kv_type_k", "f32"}, {"kv_type_v", "f32"}}));
  ASSERT_NE(instance, nullptr);
  double sum = 0;
  double largest = 0;
  int64_t count = 0;
  for (const GoldenSequence& golden : ReadGolden(SourcePath("tests/llm/golden/stories260k.bin"))) {
    const std::vector<float> ours = ScoreIds(*instance, golden.ids);
    ASSERT_EQ(ours.size(), golden.logprobs.size());
    for (size_t i = 0; i < ours.size(); ++i) {
      const double distance = std::fabs(static_cast<double>(ours[i]) - static_cast<double>(golden.logprobs[i]));
      sum += distance;
      largest = std::max(largest, distance);
      ++count;
    }
  }
  ASSERT_GE(count, 1000);
  std::printf("stories260k: mean |d log p| %.2e, largest %.2e\n", sum / static_cast<double>(count), largest);
  EXPECT_LE(sum / static_cast<double>(count), 1e-4);
}

TEST(Forward, ThreadsChunksAndInstructionSetsDoNotChangeABit) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const std::vector<int32_t> ids = StoriesIds(300);  // beyond one page of keys
  const Numbers expected = Compute(path, LoadSetting(1, 256), ids, 24);
  ASSERT_EQ(expected.logprobs.size(), ids.size() - 1);
  ASSERT_EQ(expected.greedy.size(), 24u);
  for (const Isa isa : AvailableIsas()) {
    const ForcedIsa forced(isa);
    for (const int64_t threads : {1, 2, 3}) {
      for (const int64_t ubatch : {1, 7, 64, 256}) {
        if (isa != AvailableIsas().back() && (threads != 2 || ubatch == 1)) continue;
        EXPECT_EQ(Compute(path, LoadSetting(threads, ubatch), ids, 24), expected) << IsaName(isa) << " " << threads << " " << ubatch;
      }
    }
  }
}

TEST(Forward, NorOfAQuantisedModel) {
  TW_REQUIRE_DATA(path, ModelPath("smollm2-135m"));
  std::vector<int32_t> ids = ReadGolden(SourcePath("tests/llm/golden/smollm2-135m.bin"))[1].ids;
  ids.resize(48);
  const Numbers expected = Compute(path, LoadSetting(1, 256), ids, 4);
  ASSERT_EQ(expected.greedy.size(), 4u);
  for (const Isa isa : AvailableIsas()) {
    const ForcedIsa forced(isa);
    for (const auto& [threads, ubatch] : {std::pair<int64_t, int64_t>{2, 7}, {3, 64}, {2, 1}}) {
      if (isa == Isa::kGeneric && ubatch != 64) continue;  // the reference takes its time
      EXPECT_EQ(Compute(path, LoadSetting(threads, ubatch), ids, 4), expected) << IsaName(isa) << " " << threads << " " << ubatch;
    }
  }
}

// Counts what it is shown of each block.
class CountingTap final : public Tap {
 public:
  bool Wants(std::string_view layer) override { return layer != "blk.0.out"; }
  void Read(std::string_view layer, std::span<const float> values, int64_t count, int64_t width) override {
    layers.emplace_back(layer);
    EXPECT_EQ(values.size(), static_cast<size_t>(count * width));
    rows += count;
  }
  std::vector<std::string> layers;
  int64_t rows = 0;
};

TEST(Forward, ATapReadsTheBlocksThatRun) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const auto instance = OpenModel(path);
  ASSERT_NE(instance, nullptr);
  CountingTap tap;
  const auto session = instance->Start({.setting = SettingOf({{"max_tokens", 0}, {"layers", 4}}), .tap = &tap});
  Drive(**session, Greedy("Once upon a time there was a dog"));
  const std::vector<int> blocks = BlocksToRun(5, 4);
  ASSERT_EQ(tap.layers.size(), blocks.size() - 1) << "block 0 is not wanted";
  EXPECT_EQ(tap.layers.back(), "blk.4.out");
  EXPECT_EQ(tap.rows, static_cast<int64_t>(tap.layers.size()) * (*session)->outcome().prompt_tokens);
}

TEST(Forward, FewerLayersAndRougherKeysGiveOtherNumbers) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const std::vector<int32_t> ids = StoriesIds(64);
  const Numbers all = Compute(path, LoadSetting(1, 64), ids, 4);
  EXPECT_NE(Compute(path, LoadSetting(1, 64).With(SettingOf({{"layers", 4}})), ids, 4).logprobs, all.logprobs);
  EXPECT_NE(Compute(path, LoadSetting(1, 64).With(SettingOf({{"kv_type_k", "bf16"}})), ids, 4).logprobs, all.logprobs);
}

TEST(Forward, ScratchIsCounted) {
  ModelSpec spec;
  spec.vocab = 1000;
  spec.width = 64;
  spec.blocks.resize(1);
  EXPECT_GE(ForwardPass::ScratchBytes(spec, 16), 16 * 1000 * sizeof(float));
  EXPECT_GT(ForwardPass::ScratchBytes(spec, 512), ForwardPass::ScratchBytes(spec, 16));
}

}  // namespace
}  // namespace tradewind
