// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/cli_test_util.h"
#include "llm/llm_test_util.h"

namespace tradewind {
namespace {

using testing::HasSubstr;

class BenchReportTest : public testing::Test {
 protected:
  void SetUp() override {
    auto instance = LanguageModelInstance::Open(SourcePath("tests/llm/golden/tiny-qwen3.gguf"), {}, {}, RealClock());
    ASSERT_TRUE(instance) << instance.error().ToString();
    instance_ = std::move(*instance);
  }
  BenchRun Describe(const std::vector<Duration>& samples) {
    return DescribeRun({.model = "tiny", .test = {.prompt = 100}}, *instance_, "2026-01-02T03:04:05Z", samples);
  }
  std::unique_ptr<LanguageModelInstance> instance_;
};

TEST_F(BenchReportTest, RatesAreTokensOverTime) {
  const BenchRun run = Describe({Duration::Millis(100), Duration::Millis(200), Duration::Millis(400)});
  EXPECT_EQ(run.fields["samples_ns"], (std::vector<double>{1e8, 2e8, 4e8}));
  EXPECT_DOUBLE_EQ(run.median, 500);
  EXPECT_NEAR(run.fields["avg_ts"].get<double>(), (1000 + 500 + 250) / 3.0, 1e-9);
  EXPECT_EQ(run.fields["avg_ns"], 233'333'333);
  // The sample's deviation, n - 1: of 1, 2, 4 it is sqrt(7 / 3).
  EXPECT_NEAR(run.fields["stddev_ns"].get<double>(), 1e8 * std::sqrt(7.0 / 3), 1);
  EXPECT_EQ(run.fields["test"], "pp100");
}

TEST_F(BenchReportTest, EveryFieldOfLlamaBenchIsThere) {
  const BenchRun run = Describe({Duration::Millis(10)});
  // As llama-bench of build 0.3.36's source prints them.
  for (const char* field : {"build_commit",   "build_number",
                            "cpu_info",       "gpu_info",
                            "backends",       "model_filename",
                            "model_type",     "model_size",
                            "model_n_params", "n_batch",
                            "n_ubatch",       "n_threads",
                            "cpu_mask",       "cpu_strict",
                            "poll",           "type_k",
                            "type_v",         "n_gpu_layers",
                            "n_cpu_moe",      "split_mode",
                            "main_gpu",       "no_kv_offload",
                            "flash_attn",     "devices",
                            "tensor_split",   "tensor_buft_overrides",
                            "load_mode",      "lazy_mode",
                            "embeddings",     "no_op_offload",
                            "no_host",        "repack",
                            "fit_target",     "fit_min_ctx",
                            "n_prompt",       "n_gen",
                            "n_depth",        "test_time",
                            "avg_ns",         "stddev_ns",
                            "avg_ts",         "stddev_ts",
                            "samples_ns",     "samples_ts"}) {
    EXPECT_TRUE(run.fields.contains(field)) << field;
  }
  EXPECT_FALSE(run.fields.contains("median_ts_interval")) << "one run has none";
  EXPECT_EQ(run.fields["model_type"].get<std::string>().substr(0, 6), "qwen3 ");
}

TEST_F(BenchReportTest, Formats) {
  std::vector<BenchRun> runs = {Describe({Duration::Millis(100), Duration::Millis(100)})};
  runs[0].fields["setting_text"] = "say \"so\"";
  runs.push_back(runs[0]);
  const Json list = Json::parse(BenchText(runs, "json"));
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0]["avg_ts"], 1000.0);
  const std::string lines = BenchText(runs, "jsonl");
  EXPECT_EQ(std::count(lines.begin(), lines.end(), '\n'), 2);
  EXPECT_EQ(Json::parse(lines.substr(0, lines.find('\n'))), list[0]);
  const std::string csv = BenchText(runs, "csv");
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 3);
  EXPECT_TRUE(csv.starts_with("build_commit,build_number,cpu_info,"));
  EXPECT_THAT(csv, HasSubstr("\"say \"\"so\"\"\""));
  EXPECT_THAT(BenchText(runs, "md"), HasSubstr("| CPU |"));
  const std::string table = BenchText(runs, "table");
  EXPECT_THAT(table, HasSubstr("pp100"));
  EXPECT_THAT(table, HasSubstr("1000"));
}

}  // namespace
}  // namespace tradewind
