// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/model_arguments.h"

#include "cli/cli_test_util.h"

namespace tradewind {
namespace {

class ModelArgumentsTest : public CliTest {
 protected:
  Result<Setting> ToSetting(const std::vector<std::string>& words) {
    ModelArguments model;
    Arguments args("run", "Answers.");
    model.Declare(args);
    TW_ASSIGN(const bool go_on, Parse(args, words));
    EXPECT_TRUE(go_on);
    return model.ToSetting("standard");
  }
  Result<Budget> ToBudget(const std::vector<std::string>& words) {
    BudgetArguments budget;
    Arguments args("run", "Answers.");
    budget.Declare(args);
    TW_ASSIGN(const bool go_on, Parse(args, words));
    EXPECT_TRUE(go_on);
    return budget.ToBudget({17});
  }
};

TEST_F(ModelArgumentsTest, EveryFlagTurnsItsKnob) {
  const auto setting = ToSetting(
      {"a.gguf", "-c", "1024", "-t", "2", "-tb", "3", "-ub", "64", "-ctk", "q8_0", "-ctv", "bf16", "-n", "9", "--set", "layers=12"});
  ASSERT_TRUE(setting) << setting.error().ToString();
  EXPECT_EQ(setting->Text(),
            "context=1024 kv_type_k=q8_0 kv_type_v=bf16 layers=12 max_tokens=9 model=a.gguf threads=2 threads_batch=3 ubatch=64");
}

TEST_F(ModelArgumentsTest, TheModelIsNamedOnceOrNotAtAll) {
  EXPECT_EQ(ToSetting({})->Text(), "model=standard");
  EXPECT_EQ(ToSetting({"-m", "b"})->Text(), "model=b");
  EXPECT_EQ(ToSetting({"b", "-m", "b"})->Text(), "model=b");
  EXPECT_EQ(ToSetting({"--set", "model=c"})->Text(), "model=c");
  EXPECT_EQ(ToSetting({"a", "-m", "b"}).error().where(), "-m");
}

TEST_F(ModelArgumentsTest, ThreadsStandForBothUnlessToldOtherwise) {
  EXPECT_EQ(ToSetting({"-t", "1"})->Text(), "model=standard threads=1 threads_batch=1");
  EXPECT_EQ(ToSetting({"-tb", "2"})->Text(), "model=standard threads_batch=2");
}

TEST_F(ModelArgumentsTest, WhatNoKnobTakesIsRefused) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"-t", "0"},
                                                {"-ctk", "q3"},
                                                {"-n", "-5"},
                                                {"--set", "layers"},
                                                {"--set", "layer=2"},
                                                {"--set", "layers=many"},
                                                {"-c", "3"}}) {
    const auto setting = ToSetting(words);
    ASSERT_FALSE(setting) << words[1];
    EXPECT_EQ(setting.error().ExitCode(), 2) << words[1];
  }
}

TEST_F(ModelArgumentsTest, BudgetsHaveUnits) {
  const auto budget = ToBudget({"--deadline", "2s", "--ttft", "200ms", "--tpot", "20ms", "--memory", "300MiB", "--quality", "0.95"});
  ASSERT_TRUE(budget) << budget.error().ToString();
  EXPECT_EQ(*budget->deadline, Duration::Seconds(2));
  EXPECT_EQ(*budget->ttft, Duration::Millis(200));
  EXPECT_EQ(*budget->tpot, Duration::Millis(20));
  EXPECT_EQ(*budget->memory_bytes, 300u << 20);
  EXPECT_EQ(*budget->quality, 0.95);
  EXPECT_EQ(budget->accepted_at.ns, 17);
  EXPECT_TRUE(ToBudget({})->Empty());
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--deadline", "2"},
                                                {"--memory", "300"},
                                                {"--quality", "0"},
                                                {"--quality", "1.1"},
                                                {"--quality", "nan"},
                                                {"--quality", "0.9x"},
                                                {"--tpot", "-1ms"}}) {
    EXPECT_FALSE(ToBudget(words)) << words[1];
  }
}

}  // namespace
}  // namespace tradewind
