// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "llm/language_model.h"

#include <gtest/gtest.h>

#include "base/cpu.h"
#include "llm/llm_test_util.h"
#include "llm/stories_gguf.h"

namespace tradewind {
namespace {

Result<std::string> Here(const Setting& setting) {
  const std::string model = setting.TextOr("model", "");
  if (model == "stories" && StoriesGguf()) return *StoriesGguf();
  return Fail(StatusCode::kNotFound, "there is no model " + model);
}

TEST(LanguageModel, ResolvesToTheSettingThatAnInstanceHas) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  LanguageModel tunable(Here);
  for (const Setting& given : {SettingOf({{"model", "stories"}}), SettingOf({{"model", "stories"}, {"threads", 1}, {"kv_type_v", "f32"}}),
                               SettingOf({{"model", "stories"}, {"layers", 3}, {"max_tokens", 256}})}) {
    const auto resolved = tunable.Resolve(given);
    ASSERT_TRUE(resolved) << resolved.error().ToString();
    const auto instance = tunable.Open(given, {});
    ASSERT_TRUE(instance) << instance.error().ToString();
    EXPECT_EQ(resolved->Text(), (*instance)->setting().Text());
    EXPECT_EQ(tunable.Resolve(*resolved)->Text(), resolved->Text()) << "resolving twice changes nothing";
  }
  EXPECT_EQ(tunable.Resolve(SettingOf({{"model", "stories"}}))->IntegerOr("layers", 0), 5);
  EXPECT_EQ(tunable.Resolve(SettingOf({{"model", "stories"}}))->IntegerOr("context", 0), 512);
}

// Another file is asked for when a model is opened, and not to know its shape.
TEST(LanguageModel, WeightsAreMadeToBeOpenedAlone) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  std::vector<std::string> asked;
  LanguageModel tunable([&](const Setting& setting) -> Result<std::string> {
    asked.push_back(setting.TextOr("weights", "none"));
    return path;
  });
  const Setting setting = SettingOf({{"model", "stories"}, {"weights", "Q8_0"}});
  const auto resolved = tunable.Resolve(setting);
  ASSERT_TRUE(resolved) << resolved.error().ToString();
  EXPECT_EQ(resolved->TextOr("weights", ""), "Q8_0");
  const auto instance = tunable.Open(setting, {});
  ASSERT_TRUE(instance) << instance.error().ToString();
  EXPECT_EQ((*instance)->setting().Text(), resolved->Text());
  EXPECT_EQ(asked, (std::vector<std::string>{"none", "Q8_0"}));
  EXPECT_FALSE(tunable.Resolve(SettingOf({{"model", "stories"}, {"weights", "Q9"}})));
  EXPECT_EQ(tunable.Resolve(SettingOf({{"model", "stories"}, {"weights", "as_is"}}))->Text(),
            tunable.Resolve(SettingOf({{"model", "stories"}}))->Text());
}

TEST(LanguageModel, AnInstancesKnobsAreNarrowed) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const auto instance = OpenModel(path);
  EXPECT_EQ((*FindKnob(instance->knobs(), "layers"))->DomainText(), "1 to 5");
  EXPECT_EQ((*FindKnob(instance->knobs(), "context"))->DomainText(), "16 to 512");
  EXPECT_FALSE(LanguageModelInstance::Open(path, SettingOf({{"layers", 6}}), {}, RealClock()));
}

TEST(LanguageModel, WhatIsNotThereIsSaid) {
  LanguageModel tunable(Here);
  EXPECT_EQ(tunable.Open(SettingOf({{"model", "nobody"}}), {}).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(tunable.Open({}, {}).error().where(), "model");
  EXPECT_EQ(tunable.Resolve({}).error().where(), "model");
}

TEST(LanguageModel, ABudgetThatIsTooSmallIsMissedBeforeLoading) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  Budget budget;
  budget.memory_bytes = 10u << 20;
  const auto instance = LanguageModelInstance::Open(path, {}, budget, RealClock());
  ASSERT_FALSE(instance);
  EXPECT_EQ(instance.error().code(), StatusCode::kBudgetMissed);
  EXPECT_NE(instance.error().message().find("budget of 10 MiB"), std::string::npos) << instance.error().message();
  budget.memory_bytes = 200u << 20;
  EXPECT_TRUE(LanguageModelInstance::Open(path, {}, budget, RealClock()));
}

TEST(LanguageModel, TheEstimateFollowsTheKnobs) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const auto file = Gguf::Open(path);
  const auto need = [&](const Setting& setting) {
    const auto spec = BuildModelSpec(file->metadata(), Architectures());
    return *EstimateMemory(*file, ResolveLlmOptions(setting, DescribeLlmKnobs(*spec))->options);
  };
  // Five blocks of four heads of eight: keys and values of two bytes a position.
  EXPECT_EQ(need({}).kv, 512u * 5 * 4 * 8 * 2 * 2);
  EXPECT_EQ(need(SettingOf({{"context", 256}, {"kv_type_k", "f32"}})).kv, 256u * 5 * 4 * 8 * (4 + 2));
  EXPECT_LT(need(SettingOf({{"ubatch", 1}})).scratch, need({}).scratch);
  EXPECT_EQ(need({}).weights, need(SettingOf({{"context", 16}})).weights);
  EXPECT_EQ(need({}).total(), need({}).weights + need({}).kv + need({}).scratch + need({}).process);
}

// The number that a refusal names is enough; a tenth less of budget or of what the machine grants is not.
TEST(LanguageModel, ATenthTooLittleMemoryIsRefusedNamingTheBytes) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const auto file = Gguf::Open(path);
  const MemoryNeed need = *EstimateMemory(*file, ResolveLlmOptions({}, DescribeLlmKnobs())->options);
  const uint64_t total = need.total();
  const MemoryGrant plenty{total * 4, total * 4, "the machine"};
  const auto expect_refused = [&](const Result<void>& checked, StatusCode code, int exit_code, const std::string& who) {
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code(), code);
    EXPECT_EQ(checked.error().ExitCode(), exit_code);
    EXPECT_EQ(checked.error().where(), "memory");
    for (const std::string& words : {"needs " + std::to_string(total) + " bytes", who, std::string("smaller context (-c)"),
                                     std::string("kv_type_k"), std::string("smaller model")}) {
      EXPECT_NE(checked.error().message().find(words), std::string::npos) << checked.error().message();
    }
  };
  Budget budget;
  budget.memory_bytes = total;
  EXPECT_TRUE(CheckMemory(need, budget, plenty));
  for (const uint64_t less : {total - 1, total / 10 * 9}) {
    budget.memory_bytes = less;
    expect_refused(CheckMemory(need, budget, plenty), StatusCode::kBudgetMissed, 3, "memory budget");
    expect_refused(CheckMemory(need, {}, {total * 4, less, "the control group of this process"}), StatusCode::kResourceExhausted, 1,
                   "the control group of this process leaves " + std::to_string(less));
  }
  EXPECT_TRUE(CheckMemory(need, {}, {total * 4, total, "the machine"}));
  EXPECT_FALSE(CheckMemory(need, {}, {total * 4, 0, "the machine"})) << "a full group";
  EXPECT_TRUE(CheckMemory(need, {}, {})) << "a machine that does not say";
}

TEST(LanguageModel, KeysInBlocksNeedHeadsOfBlocks) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  for (const char* knob : {"kv_type_k", "kv_type_v"}) {
    const auto instance = LanguageModelInstance::Open(path, SettingOf({{knob, "q8_0"}}), {}, RealClock());
    ASSERT_FALSE(instance);
    EXPECT_EQ(instance.error().code(), StatusCode::kUnsupported);
  }
}

TEST(LanguageModel, RawTextGetsOneBos) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const auto instance = OpenModel(path);
  const std::vector<int32_t> ids = *instance->Tokenize(Greedy("<s>One day"));
  EXPECT_EQ(ids[0], 1);
  EXPECT_EQ(std::count(ids.begin(), ids.end(), 1), 1) << "its spelling is text";
  EXPECT_EQ(instance->Tokenize(Greedy(""))->size(), 1u);
  EXPECT_EQ(instance->tokenizer().DecodeAll(ids, false), "<s>One day");
}

TEST(LanguageModel, SessionsOfOneInstanceDoNotMix) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const auto instance = OpenModel(path);
  const auto a = instance->Start({.setting = SettingOf({{"max_tokens", 8}})});
  const auto b = instance->Start({.setting = SettingOf({{"max_tokens", 8}})});
  const std::vector<int32_t> one = Generate(*instance, Greedy("The cat"), 8);
  const std::vector<int32_t> two = Generate(*instance, Greedy("Once upon"), 8);
  ASSERT_TRUE((*a)->Push({{}, Greedy("The cat")}));
  ASSERT_TRUE((*b)->Push({{}, Greedy("Once upon")}));
  std::vector<int32_t> from_a, from_b;
  for (int i = 0; i < 8; ++i) {
    from_a.push_back(std::get<Token>((*a)->Next()->body).id);
    from_b.push_back(std::get<Token>((*b)->Next()->body).id);
  }
  EXPECT_EQ(from_a, one);
  EXPECT_EQ(from_b, two);
}

TEST(LanguageModel, AnUnknownInstructionSetIsRefused) {
  TW_REQUIRE_DATA(path, StoriesGguf());
  const char* old = std::getenv("TRADEWIND_ISA");
  const std::string kept = old ? old : "";
  setenv("TRADEWIND_ISA", "abacus", 1);
  const auto instance = LanguageModelInstance::Open(path, {}, {}, RealClock());
  kept.empty() ? unsetenv("TRADEWIND_ISA") : setenv("TRADEWIND_ISA", kept.c_str(), 1);
  ASSERT_FALSE(instance);
  EXPECT_EQ(instance.error().where(), "TRADEWIND_ISA");
}

}  // namespace
}  // namespace tradewind
