// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/packing.h"

#include <gtest/gtest.h>

#include <thread>

#include "llm/forward.h"
#include "llm/kv_cache.h"
#include "llm/llm_test_util.h"
#include "llm/stories_gguf.h"

namespace tradewind {
namespace {

size_t Packed(const LanguageModelInstance& instance) {
  size_t count = 0;
  for (const auto& [name, matrices] : instance.model().matrices()) {
    for (const PackedMatrix* m : matrices) count += m->packed() ? 1 : 0;
  }
  return count;
}
size_t All(const LanguageModelInstance& instance) {
  size_t count = 0;
  for (const auto& [name, matrices] : instance.model().matrices()) count += matrices.size();
  return count;
}

// A model of experts, and ids to read.
std::string Experts() {
  return SourcePath("tests/llm/golden/tiny-granitemoe.gguf");
}
std::vector<int32_t> ExpertIds() {
  return ReadGolden(SourcePath("tests/llm/golden/tiny-granitemoe.bin")).at(0).ids;
}

TEST(Packing, PassesPackWhatTheyUseAndWarmTheRest) {
  const auto instance = OpenModel(Experts());
  ASSERT_NE(instance, nullptr);
  EXPECT_EQ(Packed(*instance), 0u) << "opening reads no weights";
  const std::vector<int32_t> ids = ExpertIds();
  const std::vector<float> first = ScoreIds(*instance, ids);
  EXPECT_GT(Packed(*instance), 0u);
  ASSERT_TRUE(instance->Warm());
  EXPECT_EQ(Packed(*instance), All(*instance));
  EXPECT_EQ(ScoreIds(*instance, ids), first);
  ASSERT_TRUE(instance->Warm()) << "again there is nothing to do";
  const auto warm = OpenModel(Experts());
  ASSERT_TRUE(warm->Warm());
  EXPECT_EQ(ScoreIds(*warm, ids), first);
}

// One token needs the experts that it is sent to and no others, however often it comes.
TEST(Packing, ExpertsThatNobodyUsesStayInTheFile) {
  const auto instance = OpenModel(Experts());
  ASSERT_NE(instance, nullptr);
  for (int i = 0; i < 50; ++i) Generate(*instance, Greedy("a"), 1);
  size_t unused = 0, used = 0;
  for (const BlockWeights& block : instance->model().blocks()) {
    for (const ExpertWeights& expert : block.experts) (expert.gate.packed() ? used : unused) += 1;
  }
  EXPECT_GT(used, 0u);
  EXPECT_GT(unused, 0u);
}

// Passes of several threads over one model while its matrices become packed.
TEST(Packing, ThreadsMayUseAModelThatIsBeingPacked) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const std::vector<int32_t> ids = {1, 403, 407, 261, 378, 500, 12, 9};
  const std::vector<float> expected = ScoreIds(*OpenModel(path), ids);
  for (int round = 0; round < 10; ++round) {
    const auto instance = OpenModel(path);
    const Model& model = instance->model();
    const auto pass = [&](std::vector<float>* logits) {
      ThreadPool pool(2);
      ForwardPass forward(model, instance->kernels(), 8);
      KvCache cache(model.spec(), KvType::kF16, KvType::kF16, 8);
      ASSERT_TRUE(cache.Reserve(8));
      forward.Run({.tokens = ids, .cache = &cache, .logits_begin = 7}, pool,
                  [&](size_t, int64_t, const float* out) { logits->assign(out, out + model.spec().vocab); });
    };
    std::vector<float> a, b, alone;
    std::thread one([&] { pass(&a); });
    std::thread other([&] { pass(&b); });
    ThreadPool pool(2);
    EXPECT_TRUE(model.packing().PackAll(pool));
    one.join();
    other.join();
    pass(&alone);
    EXPECT_EQ(a, alone);
    EXPECT_EQ(b, alone);
    EXPECT_EQ(ScoreIds(*instance, ids), expected);
  }
}

}  // namespace
}  // namespace tradewind
