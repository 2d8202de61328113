// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The tables that are built in, on the real data: values beside what Python's csv module reads (printed by Python 3.11, the row named).
#include "recorded/library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "recorded/recorded_testing.h"
#include "shared_data.h"

namespace tradewind {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::SizeIs;

Result<std::unique_ptr<RecordedTunable>> Built(const std::string& name, const std::string& device = "") {
  return OpenRecorded(name, device, SharedPath("assets").value_or(""));
}

Setting Parsed(const RecordedTunable& tunable, const std::string& text) {
  const auto setting = Setting::Parse(text, tunable.knobs());
  EXPECT_TRUE(setting) << setting.error().ToString();
  return setting.value_or(Setting{});
}

double ValueAt(const RecordedTunable& tunable, const std::string& setting, const std::string& metric) {
  const auto point = tunable.Lookup(Parsed(tunable, setting));
  if (!point) {
    ADD_FAILURE() << point.error().ToString();
    return NAN;
  }
  return point->Find(metric)->value;
}

TEST(RecordedLibrary, EveryBuiltInTableFileIsRead) {
  const std::vector<std::string> names = RecordedNames();
  for (const char* name :
       {"fbnet", "hat", "nasbench201", "ofa", "routellm_gsm8k", "routellm_mmlu", "routellm_mt_bench", "timm", "yolobench"}) {
    EXPECT_THAT(names, Contains(name));
    EXPECT_TRUE(IsRecorded(name));
    const auto spec = FindTableSpec(name);
    ASSERT_TRUE(spec) << spec.error().ToString();
    EXPECT_EQ(spec->name, name);
    for (const TableSource& table : spec->tables) {
      for (const DataFile& file : table.parts) EXPECT_THAT(file.sha256, SizeIs(64)) << file.path;
    }
  }
  EXPECT_FALSE(IsRecorded("smollm2-135m"));
  EXPECT_THAT(FindTableSpec("nothing").error().ToString(), HasSubstr("nasbench201"));
}

TEST(RecordedLibrary, AbsentDataSaysTheRemedy) {
  const RecordedFolder empty;
  const auto opened = OpenRecorded("yolobench", "", empty.path());
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().ExitCode(), 2);
  EXPECT_THAT(opened.error().message(), HasSubstr("tradewind pull yolobench"));
  EXPECT_THAT(opened.error().message(), HasSubstr("TRADEWIND_DATA"));
}

TEST(RecordedLibrary, AUsersOwnTableByName) {
  const RecordedFolder home;
  const RecordedFolder data;
  home.Write("tradewind/tables/small.yaml", SmallSpec());
  home.Write("tradewind/data/small/small.csv", kSmallCsv);
  const char* before = std::getenv("XDG_DATA_HOME");
  const std::string kept = before ? before : "";
  setenv("XDG_DATA_HOME", home.path().c_str(), 1);
  EXPECT_TRUE(IsRecorded("small"));
  const auto opened = OpenRecorded("small", "a", "");
  EXPECT_TRUE(opened) << opened.error().ToString();
  before ? setenv("XDG_DATA_HOME", kept.c_str(), 1) : unsetenv("XDG_DATA_HOME");
  EXPECT_FALSE(IsRecorded("small"));
}

TEST(RecordedRealTables, EverySettingOfNasBench201Resolves) {
  TW_REQUIRE_DATA(assets, SharedPath("assets/nas"));
  const auto tunable = Built("nasbench201", "fpga");
  ASSERT_TRUE(tunable) << tunable.error().ToString();
  const RecordedTable& table = (*tunable)->table();
  EXPECT_EQ(table.devices().size(), 27u);
  EXPECT_EQ(table.settings(), 2u * 15625u);
  EXPECT_EQ((*tunable)->knobs().size(), 7u);
  std::set<std::string> texts;
  for (size_t i = 0; i < table.settings(); ++i) {
    const Setting setting = table.SettingAt(i);
    const auto resolved = (*tunable)->Resolve(setting);
    ASSERT_TRUE(resolved) << resolved.error().ToString();
    ASSERT_EQ(table.Find(setting), i);
    texts.insert(resolved->Text());
  }
  EXPECT_EQ(texts.size(), table.settings());
  // 5 operators on each of 6 edges: every combination exists.
  const SearchSpace space = (*tunable)->Space();
  EXPECT_EQ(space.dimensions.size(), 6u);
  EXPECT_EQ((*tunable)->Space(true).dimensions.size(), 7u);
}

// Row 12345: |skip_connect~0|+|avg_pool_3x3~0|none~1|+|nor_conv_1x1~0|skip_connect~1|avg_pool_3x3~2|
TEST(RecordedRealTables, NasBench201AsPythonReadsIt) {
  TW_REQUIRE_DATA(assets, SharedPath("assets/nas"));
  const auto pixel3 = Built("nasbench201");
  ASSERT_TRUE(pixel3) << pixel3.error().ToString();
  const std::string row =
      "edge_0_1=skip_connect edge_0_2=avg_pool_3x3 edge_1_2=none edge_0_3=nor_conv_1x1 edge_1_3=skip_connect edge_2_3=avg_pool_3x3";
  EXPECT_EQ(ValueAt(**pixel3, row, "cifar100_accuracy_percent"), 52.7533);
  EXPECT_EQ(ValueAt(**pixel3, row + " epochs=12", "cifar100_accuracy_percent"), 31.24);
  EXPECT_EQ(ValueAt(**pixel3, row, "imagenet16_accuracy_percent"), 26.4222);
  EXPECT_EQ(ValueAt(**pixel3, row + " epochs=12", "imagenet16_accuracy_percent"), 18.0333);
  EXPECT_EQ(ValueAt(**pixel3, row, "latency_ms"), 5.74569);
  EXPECT_EQ(ValueAt(**Built("nasbench201", "fpga"), row, "latency_ms"), 2.46736);
  EXPECT_THAT((*pixel3)->workloads()[0].reference, testing::ElementsAre(1.0, 36.7665));
}

TEST(RecordedRealTables, YoloBenchAsPythonReadsIt) {
  TW_REQUIRE_DATA(assets, SharedPath("assets/nas"));
  const auto tunable = Built("yolobench", "vim3");
  ASSERT_TRUE(tunable) << tunable.error().ToString();
  EXPECT_EQ((*tunable)->table().settings(), 572u);
  EXPECT_EQ((*tunable)->table().devices().size(), 8u);
  EXPECT_EQ(ValueAt(**tunable, "family=yolo6l depth=0.33 width=0.75 resolution=320", "latency_ms"), 84.6416666666666);
  EXPECT_EQ(ValueAt(**tunable, "family=yolo8 depth=0.67 width=0.75 resolution=416", "voc_map"), 0.67117);  // yolo8m_416
  EXPECT_EQ(ValueAt(**tunable, "family=yolo8 depth=0.67 width=0.75 resolution=416", "latency_ms"), 169.56766666666658);
}

TEST(RecordedRealTables, TimmAsPythonReadsIt) {
  TW_REQUIRE_DATA(assets, SharedPath("assets/nas"));
  const auto tunable = Built("timm", "i7_12700h_pt240");
  ASSERT_TRUE(tunable) << tunable.error().ToString();
  EXPECT_EQ(ValueAt(**tunable, "model=resnet50.a1_in1k img_size=224", "top1_percent"), 80.382);
  EXPECT_EQ(ValueAt(**tunable, "model=resnet50.a1_in1k img_size=224", "latency_ms"), 32.78);
  EXPECT_EQ(ValueAt(**tunable, "model=resnet50.a1_in1k img_size=224", "size_mparams"), 25.56);
  const RecordedTable& table = (*tunable)->table();
  size_t existing = 0;
  for (size_t i = 0; i < table.settings(); ++i) existing += table.Exists(i, (*tunable)->device_index()) ? 1 : 0;
  EXPECT_EQ(table.settings(), 1556u);
  EXPECT_EQ(existing, 1451u);
}

TEST(RecordedRealTables, FbnetAndOfaAsPythonReadThem) {
  TW_REQUIRE_DATA(assets, SharedPath("assets/nas"));
  const auto fbnet = Built("fbnet", "eyeriss");
  ASSERT_TRUE(fbnet) << fbnet.error().ToString();
  EXPECT_EQ((*fbnet)->knobs().size(), 22u);
  EXPECT_EQ((*fbnet)->table().Values(0, (*fbnet)->device_index())[77], 5.69178);
  EXPECT_EQ((*fbnet)->table().SettingAt(77).TextOr("block_21", ""), "k3_e3");
  const auto ofa = Built("ofa", "v100_32");
  ASSERT_TRUE(ofa) << ofa.error().ToString();
  EXPECT_EQ((*ofa)->knobs().size(), 20u + 20u + 5u + 1u);
  EXPECT_EQ((*ofa)->table().Values(0, (*ofa)->device_index())[100], 9.67091);
  const Setting setting = (*ofa)->table().SettingAt(100);
  EXPECT_EQ(setting.IntegerOr("kernel_0", 0), 7);
  EXPECT_EQ(setting.IntegerOr("expand_4", 0), 6);
  EXPECT_EQ(setting.IntegerOr("depth_1", 0), 3);
  EXPECT_EQ(setting.IntegerOr("resolution", 0), 160);
}

TEST(RecordedRealTables, HatAsPythonReadsIt) {
  TW_REQUIRE_DATA(assets, SharedPath("assets/nas"));
  const auto tunable = Built("hat", "xeon");
  ASSERT_TRUE(tunable) << tunable.error().ToString();
  const RecordedTable& table = (*tunable)->table();
  EXPECT_EQ(table.settings(), 15984u);
  std::map<std::string, size_t> existing;
  for (size_t device = 0; device < table.devices().size(); ++device) {
    for (size_t i = 0; i < table.settings(); ++i) existing[table.devices()[device]] += table.Exists(i, device) ? 1 : 0;
  }
  EXPECT_EQ(existing, (std::map<std::string, size_t>{{"titanxp", 7997}, {"raspberrypi", 3999}, {"xeon", 3997}}));
  // wmt14ende_cpu_xeon, row 7 from 0.
  const std::string row =
      "task=wmt14ende encoder_embed_dim=640 encoder_layer_num=6 encoder_ffn_embed_dim_avg=1365.3333333333333 "
      "encoder_self_attention_heads_avg=3.6666666666666665 decoder_embed_dim=512 decoder_layer_num=2 decoder_ffn_embed_dim_avg=1792 "
      "decoder_self_attention_heads_avg=6 decoder_ende_attention_heads_avg=8 decoder_arbitrary_ende_attn_avg=3";
  EXPECT_DOUBLE_EQ(ValueAt(**tunable, row, "latency_ms"), 177.94601619243622);
  // Two rows of iwslt14deen_gpu_titanxp have these averages: 55.98019030690193 and 54.527436554431915 ms.
  const auto gpu = RecordedTunable::On(LoadRecorded("hat", SharedPath("assets").value()).value(), "titanxp");
  const std::string twice =
      "task=iwslt14deen encoder_embed_dim=640 encoder_layer_num=6 encoder_ffn_embed_dim_avg=1365.3333333333333 "
      "encoder_self_attention_heads_avg=5 decoder_embed_dim=512 decoder_layer_num=1 decoder_ffn_embed_dim_avg=2048 "
      "decoder_self_attention_heads_avg=8 decoder_ende_attention_heads_avg=2 decoder_arbitrary_ende_attn_avg=2";
  EXPECT_DOUBLE_EQ(ValueAt(**gpu, twice, "latency_ms"), (55.98019030690193 + 54.527436554431915) / 2);
}

TEST(RecordedRealTables, RouteLlmAsPythonReadsIt) {
  TW_REQUIRE_DATA(assets, SharedPath("assets/text/routellm"));
  const auto mmlu = Built("routellm_mmlu");
  ASSERT_TRUE(mmlu) << mmlu.error().ToString();
  ASSERT_TRUE((*mmlu)->table().samples());
  EXPECT_EQ((*mmlu)->table().samples()->texts.size(), 14042u);
  const std::vector<std::string>& groups = (*mmlu)->table().samples()->groups;
  EXPECT_EQ(std::set<std::string>(groups.begin(), groups.end()).size(), 57u);
  EXPECT_NEAR(ValueAt(**mmlu, "model=gpt-4-1106-preview", "correct"), (8818.0 + 2497.0) / 14042.0, 1e-12);
  EXPECT_NEAR(ValueAt(**mmlu, "model=mistralai/Mixtral-8x7B-Instruct-v0.1", "correct"), (8818.0 + 742.0) / 14042.0, 1e-12);

  const auto gsm8k = Built("routellm_gsm8k");
  ASSERT_TRUE(gsm8k) << gsm8k.error().ToString();
  EXPECT_EQ((*gsm8k)->table().samples()->texts.size(), 1319u);
  EXPECT_NEAR(ValueAt(**gsm8k, "model=gpt-4-1106-preview", "correct"), (747.0 + 383.0) / 1319.0, 1e-12);
  EXPECT_NEAR(ValueAt(**gsm8k, "model=175b_verification", "correct"), 742.0 / 1319.0, 1e-12);

  const auto mt_bench = Built("routellm_mt_bench");
  ASSERT_TRUE(mt_bench) << mt_bench.error().ToString();
  EXPECT_EQ((*mt_bench)->table().samples()->texts.size(), 80u);
  EXPECT_TRUE((*mt_bench)->table().samples()->texts[0].starts_with("Compose an engaging travel blog post"));
  // Means of the first and the second turn's marks.
  EXPECT_NEAR(ValueAt(**mt_bench, "model=gpt-4-1106-preview", "mark"), (9.40625 + 9.05) / 20, 1e-12);
  EXPECT_NEAR(ValueAt(**mt_bench, "model=mistralai/Mixtral-8x7B-Instruct-v0.1", "mark"), (8.69375 + 7.9875) / 20, 1e-12);
}

}  // namespace
}  // namespace tradewind
