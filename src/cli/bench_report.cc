// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_report.h"

#include <cmath>
#include <map>

#include "base/cpu.h"
#include "base/units.h"
#include "base/version.h"
#include "cli/table.h"
#include "stats/bootstrap.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

// What a file holds: how many weights, in how many bytes, most of them in which type.
struct Weights {
  uint64_t count = 0;
  uint64_t bytes = 0;
  std::string type;
};

Weights WeightsOf(const Gguf& file) {
  Weights all;
  std::map<TensorType, uint64_t> by_type;
  for (const GgufTensor& t : file.tensors()) {
    const uint64_t count = t.row_length() * t.rows();
    all.count += count;
    all.bytes += t.data.size();
    by_type[t.type] += count;
  }
  uint64_t most = 0;
  for (const auto& [type, count] : by_type) {
    if (count <= most) continue;
    most = count;
    all.type = InfoOf(type).name;
  }
  return all;
}

// "134.5 M".
std::string ShortCount(uint64_t count) {
  char text[32];
  const bool billions = count >= 1'000'000'000;
  std::snprintf(text, sizeof text, "%.1f %s", static_cast<double>(count) / (billions ? 1e9 : 1e6), billions ? "B" : "M");
  return text;
}

std::string Commit() {
  const std::string build = BuildId();
  return build.substr(build.find(' ') + 1);
}

// The fields before the results, in llama-bench's order.
Json SubjectFields(const BenchCase& which, const LanguageModelInstance& instance, const Weights& weights) {
  const LlmOptions& o = instance.options();
  const ThroughputTest& test = which.test;
  return {{"build_commit", Commit()},
          {"build_number", 0},
          {"cpu_info", DetectMachine().cpu_model},
          {"gpu_info", ""},
          {"backends", "CPU"},
          {"model_filename", o.model},
          {"model_type", std::string(instance.model().spec().architecture) + " " + ShortCount(weights.count) + " " + weights.type},
          {"model_size", weights.bytes},
          {"model_n_params", weights.count},
          {"n_batch", o.ubatch},
          {"n_ubatch", o.ubatch},
          {"n_threads", test.generated > 0 ? o.threads : o.threads_batch},
          {"cpu_mask", "0x0"},
          {"cpu_strict", false},
          {"poll", 0},
          {"type_k", instance.setting().TextOr("kv_type_k", "f16")},
          {"type_v", instance.setting().TextOr("kv_type_v", "f16")},
          {"n_gpu_layers", 0},
          {"n_cpu_moe", 0},
          {"split_mode", "none"},
          {"main_gpu", 0},
          {"no_kv_offload", false},
          {"flash_attn", 1},
          {"devices", "none"},
          {"tensor_split", "0.00"},
          {"tensor_buft_overrides", "none"},
          {"load_mode", "mmap"},
          {"lazy_mode", "off"},
          {"embeddings", false},
          {"no_op_offload", 0},
          {"no_host", false},
          {"repack", true},
          {"fit_target", 0},
          {"fit_min_ctx", 0},
          {"n_prompt", test.prompt},
          {"n_gen", test.generated},
          {"n_depth", test.depth},
          {"n_parallel", test.sequences},
          {"test", TestName(test)},
          {"kernels", IsaName(instance.kernels().isa)},
          {"setting_text", instance.setting().Text()}};
}

std::string MarkdownRow(const std::vector<std::string>& cells) {
  std::string row = "|";
  for (const std::string& cell : cells) row += " " + cell + " |";
  return row + "\n";
}

std::string Markdown(const std::vector<BenchRun>& runs) {
  std::string text = MarkdownRow({"model", "size", "params", "backend", "threads", "test", "t/s (95 % of the median)"});
  text += "|---|--:|--:|---|--:|---|--:|\n";
  for (const BenchRun& r : runs) {
    text += MarkdownRow({r.model, r.size, r.weights, "CPU", std::to_string(r.threads), r.test, WithInterval(r.median, r.low, r.high)});
  }
  return text;
}

std::string ForPeople(const std::vector<BenchRun>& runs) {
  TextTable table({"model", "test", "threads", "tokens/s (95 % of the median)"});
  std::string settings;
  for (const BenchRun& r : runs) {
    table.Add({r.model, r.test, std::to_string(r.threads), WithInterval(r.median, r.low, r.high)});
    if (settings.find(r.setting + "\n") == std::string::npos) settings += r.setting + "\n";
  }
  return table.Text() + settings;
}

// A field as llama-bench quotes it: always.
std::string CsvField(const Json& value) {
  std::string field = "\"";
  for (const char c : value.is_string() ? value.get<std::string>() : value.dump()) field += c == '"' ? "\"\"" : std::string(1, c);
  return field + "\"";
}

std::string Csv(const std::vector<BenchRun>& runs) {
  std::string text;
  for (const BenchRun& r : runs) {
    std::string names;
    std::string values;
    for (const auto& [name, value] : r.fields.items()) {
      if (value.is_array()) continue;
      names += (names.empty() ? "" : ",") + name;
      values += (values.empty() ? "" : ",") + CsvField(value);
    }
    if (text.empty()) text = names + "\n";
    text += values + "\n";
  }
  return text;
}

std::string JsonLines(const std::vector<BenchRun>& runs) {
  std::string text;
  for (const BenchRun& r : runs) text += r.fields.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  return text;
}

}  // namespace

BenchRun DescribeRun(const BenchCase& which, const LanguageModelInstance& instance, const std::string& started_at,
                     const std::vector<Duration>& samples) {
  const Weights weights = WeightsOf(instance.model().file());
  std::vector<double> nanoseconds;
  std::vector<double> rates;
  for (const Duration took : samples) {
    nanoseconds.push_back(static_cast<double>(took.ns));
    rates.push_back(static_cast<double>(which.test.tokens()) / took.seconds());
  }
  const Interval interval = BootstrapInterval(rates, {.statistic = Statistic::kMedian});
  BenchRun run{.fields = SubjectFields(which, instance, weights),
               .model = instance.options().model,
               .size = FormatBytes(weights.bytes),
               .weights = ShortCount(weights.count),
               .test = TestName(which.test),
               .median = Median(rates),
               .low = interval.low,
               .high = interval.high,
               .setting = instance.setting().Text()};
  run.threads = run.fields["n_threads"];
  run.fields.update({{"test_time", started_at},
                     {"avg_ns", std::llround(Mean(nanoseconds))},
                     {"stddev_ns", std::llround(std::sqrt(Variance(nanoseconds)))},
                     {"avg_ts", Mean(rates)},
                     {"stddev_ts", std::sqrt(Variance(rates))},
                     {"median_ts", run.median},
                     {"samples_ns", nanoseconds},
                     {"samples_ts", rates}});
  if (std::isfinite(run.low)) run.fields["median_ts_interval"] = {run.low, run.high};
  return run;
}

std::string BenchText(const std::vector<BenchRun>& runs, const std::string& format) {
  if (format == "md") return Markdown(runs);
  if (format == "csv") return Csv(runs);
  if (format == "jsonl") return JsonLines(runs);
  if (format != "json") return ForPeople(runs);
  Json list = Json::array();
  for (const BenchRun& r : runs) list.push_back(r.fields);
  return list.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace tradewind
