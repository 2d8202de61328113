// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Tiny random models, one of each architecture that no real model stands for here (tests/llm/golden/make-tiny-models made the files),
// against llama.cpp's log-probabilities of the same weights in F32; and the promises of docs/numerics.md on them. Tests
// feed_forward.cc, feed_forward_experts.cc and short_convolution.cc, too.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>

#include "kernels/isa.h"
#include "llm/llm_test_util.h"

namespace tradewind {
namespace {

class TinyModel : public testing::TestWithParam<const char*> {
 protected:
  std::string Path() const { return SourcePath("tests/llm/golden/tiny-" + std::string(GetParam()) + ".gguf"); }
  GoldenSequence Expected() const { return ReadGolden(SourcePath("tests/llm/golden/tiny-" + std::string(GetParam()) + ".bin")).at(0); }
};

TEST_P(TinyModel, LogProbabilitiesAgreeWithAnotherImplementation) {
  const GoldenSequence golden = Expected();
  const auto instance = OpenModel(Path(), SettingOf({{"kv_type_k", "f32"}, {"kv_type_v", "f32"}}), {.widen_to_f32 = true});
  ASSERT_NE(instance, nullptr);
  const std::vector<float> ours = ScoreIds(*instance, golden.ids);
  ASSERT_EQ(ours.size(), golden.logprobs.size());
  double sum = 0;
  for (size_t i = 0; i < ours.size(); ++i) {
    EXPECT_NEAR(ours[i], golden.logprobs[i], 5e-3) << "position " << i;
    sum += std::fabs(static_cast<double>(ours[i]) - static_cast<double>(golden.logprobs[i]));
  }
  std::printf("%s: mean |d log p| %.2e with F32 weights\n", GetParam(), sum / static_cast<double>(ours.size()));
  EXPECT_LE(sum / static_cast<double>(ours.size()), 1e-3);
}

TEST_P(TinyModel, ThreadsChunksAndInstructionSetsDoNotChangeABit) {
  const std::vector<int32_t> ids = Expected().ids;
  const auto score = [&](int64_t threads, int64_t ubatch) {
    const auto instance =
        OpenModel(Path(), SettingOf({{"threads", threads}, {"threads_batch", threads}, {"ubatch", ubatch}, {"context", int64_t{512}}}));
    return instance == nullptr ? std::vector<float>{} : ScoreIds(*instance, ids);
  };
  const std::vector<float> expected = score(1, 256);
  ASSERT_EQ(expected.size(), ids.size() - 1);
  for (const auto& [threads, ubatch] : {std::pair<int64_t, int64_t>{1, 1}, {2, 7}, {3, 256}, {2, 64}}) {
    EXPECT_EQ(score(threads, ubatch), expected) << threads << " threads, chunks of " << ubatch;
  }
  const char* forced = std::getenv("TRADEWIND_ISA");
  const std::string before = forced != nullptr ? forced : "";
  for (const Isa isa : AvailableIsas()) {
    setenv("TRADEWIND_ISA", std::string(IsaName(isa)).c_str(), 1);
    EXPECT_EQ(score(2, 64), expected) << IsaName(isa);
  }
  before.empty() ? unsetenv("TRADEWIND_ISA") : setenv("TRADEWIND_ISA", before.c_str(), 1);
}

// A session that keeps what it holds of the same beginning answers as one that reads everything.
TEST_P(TinyModel, GoingBackInASessionChangesNothing) {
  const std::vector<int32_t> ids = Expected().ids;
  const auto instance = OpenModel(Path(), SettingOf({{"context", int64_t{512}}}));
  ASSERT_NE(instance, nullptr);
  const auto answer = [&](Session& session, size_t shared, int32_t last) {
    Prompt prompt;
    prompt.ids = std::vector<int32_t>(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(shared));
    prompt.ids->push_back(last);
    prompt.sampling.temperature = 0;
    std::vector<float> logprobs;
    for (const Token& token : Drive(session, prompt).tokens) logprobs.push_back(*token.logprob);
    return logprobs;
  };
  const SessionOptions options = {.setting = SettingOf({{"max_tokens", int64_t{3}}})};
  const auto session = instance->Start(options);
  ASSERT_TRUE(session);
  answer(**session, 299, 5);
  // Back by a few tokens, by more than the recent ones, to before the first page's end, and to nothing.
  for (const size_t shared : {size_t{297}, size_t{290}, size_t{258}, size_t{200}, size_t{256}, size_t{255}, size_t{1}, size_t{299}}) {
    const auto fresh = instance->Start(options);
    EXPECT_EQ(answer(**session, shared, 7), answer(**fresh, shared, 7)) << shared;
  }
}

INSTANTIATE_TEST_SUITE_P(Architectures, TinyModel, testing::Values("qwen3", "granitemoe", "olmoe", "lfm2"),
                         [](const auto& param) { return std::string(param.param); });

}  // namespace
}  // namespace tradewind
