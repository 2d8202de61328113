// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind bench: prompt and generation speed, with llama-bench's flags and a superset of its JSON fields.
#include <cstdio>

#include "base/file.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/model_arguments.h"
#include "cli/roofline.h"
#include "cli/table.h"
#include "llm/kv_cache.h"
#include "llm/throughput.h"
#include "stats/bootstrap.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

constexpr int64_t kMostSequences = 1024;

struct BenchResult {
  std::string test;
  int64_t prompt = 0;
  int64_t generated = 0;
  int64_t depth = 0;
  int64_t parallel = 1;
  std::vector<double> tokens_per_second;
};

struct BenchCommand {
  ModelArguments model;
  int64_t prompt = 512;
  int64_t generated = 128;
  int64_t depth = 0;
  int64_t parallel = 1;
  int64_t repetitions = 5;
  bool kernels = false;
  bool roofline = false;
  std::string svg;
  bool json = false;

  void Declare(Arguments& args) {
    args.Positional("model", &model.model, "a model's name or GGUF file");
    args.Option("-m,--model", &model.model_option, "the same as the positional");
    args.Option("-p,--n-prompt", &prompt, "prompt tokens; 0 leaves the test out");
    args.Option("-n,--n-gen", &generated, "tokens to generate; 0 leaves the test out");
    args.Option("-d,--n-depth", &depth, "tokens read before generating");
    args.Option("--parallel", &parallel, "-np: sequences that generate at once; each has the context's room");
    args.Option("-r,--repetitions", &repetitions, "how often each is timed");
    args.Option("-t,--threads", &model.threads, "threads [allowed CPUs]");
    args.Option("--ubatch-size", &model.ubatch, "-ub: prompt tokens read together");
    args.Option("-c,--ctx-size", &model.context, "positions of the context");
    args.Option("--cache-type-k", &model.key_type, "-ctk: f16, bf16, q8_0, f32");
    args.Option("--cache-type-v", &model.value_type, "-ctv: f16, bf16, q8_0, f32");
    args.Option("--set", &model.set, "knob=value");
    args.Flag("--kernels", &kernels, "say which kernels run, and why");
    args.Flag("--roofline", &roofline, "say where the time goes, beside the least that this machine could need");
    args.Option("--svg", &svg, "with --roofline: a file for the picture");
    args.Flag("--json", &json, "print one JSON value");
  }
};

std::string PromptTest(const BenchCommand& command) {
  return "pp" + std::to_string(command.prompt);
}

std::string DecodeTest(const BenchCommand& command) {
  return "tg" + std::to_string(command.generated) + (command.parallel > 1 ? " x " + std::to_string(command.parallel) : "") +
         (command.depth > 0 ? " @ d" + std::to_string(command.depth) : "");
}

// Times one test; the first run warms up and is not counted.
template <typename Time>
Result<void> Repeat(BenchResult& result, int64_t repetitions, int64_t tokens, const Time& time) {
  for (int64_t r = -1; r < repetitions; ++r) {
    TW_ASSIGN(const Duration took, time());
    if (r >= 0) result.tokens_per_second.push_back(static_cast<double>(tokens) / took.seconds());
  }
  return {};
}

Result<std::vector<BenchResult>> RunTests(const BenchCommand& command, LanguageModelInstance& instance) {
  std::vector<BenchResult> results;
  if (command.prompt > 0) {
    results.push_back({.test = PromptTest(command), .prompt = command.prompt, .tokens_per_second = {}});
    TW_RETURN_IF_ERROR(Repeat(results.back(), command.repetitions, command.prompt, [&] { return TimePrefill(instance, command.prompt); }));
  }
  if (command.generated > 0) {
    results.push_back({.test = DecodeTest(command),
                       .generated = command.generated,
                       .depth = command.depth,
                       .parallel = command.parallel,
                       .tokens_per_second = {}});
    TW_RETURN_IF_ERROR(Repeat(results.back(), command.repetitions, command.generated * command.parallel,
                              [&] { return TimeDecode(instance, command.generated, command.depth, command.parallel); }));
  }
  return results;
}

Result<std::vector<Roofline>> RunRooflines(const BenchCommand& command, LanguageModelInstance& instance) {
  std::vector<Roofline> rooflines;
  const auto add = [&](const std::string& test, int threads, uint64_t working_set, const auto& time) -> Result<void> {
    TW_ASSIGN(const Duration warm, time(nullptr));
    static_cast<void>(warm);
    Roofline r{
        .test = test, .limits = MeasureLimits(instance.kernels(), threads, working_set), .times = OpTimes(instance.clock()), .whole = {}};
    TW_ASSIGN(r.whole, time(&r.times));
    rooflines.push_back(std::move(r));
    return {};
  };
  const uint64_t weights = instance.model().memory_bytes();
  const auto kv = [&](int64_t positions) {
    return KvCache::BytesFor(instance.model().spec(), instance.options().key_type, instance.options().value_type, positions);
  };
  if (command.prompt > 0) {
    TW_RETURN_IF_ERROR(add(PromptTest(command), static_cast<int>(instance.options().threads_batch), weights + kv(command.prompt),
                           [&](OpTimes* times) { return TimePrefill(instance, command.prompt, times); }));
  }
  if (command.generated > 0) {
    const uint64_t each = kv(command.depth + command.generated / 2);
    TW_RETURN_IF_ERROR(
        add(DecodeTest(command), static_cast<int>(instance.options().threads), weights + each * static_cast<uint64_t>(command.parallel),
            [&](OpTimes* times) { return TimeDecode(instance, command.generated, command.depth, command.parallel, times); }));
  }
  return rooflines;
}

Result<void> PrintRooflines(const BenchCommand& command, const std::vector<Roofline>& rooflines, const LanguageModelInstance& instance) {
  const std::string title = instance.options().model + ", " + std::string(IsaName(instance.kernels().isa));
  if (!command.svg.empty()) TW_RETURN_IF_ERROR(WriteFileAtomically(command.svg, RooflineSvg(title, rooflines)));
  if (command.json) {
    Json list = Json::array();
    for (const Roofline& r : rooflines) list.push_back(RooflineJson(r));
    PrintJson({{"model", instance.options().model},
               {"setting_text", instance.setting().Text()},
               {"kernels", IsaName(instance.kernels().isa)},
               {"rooflines", std::move(list)}});
    return {};
  }
  for (const Roofline& r : rooflines) std::printf("%s\n", RooflineText(r).c_str());
  std::printf("%s, kernels %s\n", instance.setting().Text().c_str(), std::string(IsaName(instance.kernels().isa)).c_str());
  return {};
}

int PrintKernels(bool json) {
  const Result<Isa> isa = SelectIsa();
  std::string available;
  for (const Isa i : AvailableIsas()) available += (available.empty() ? "" : ", ") + std::string(IsaName(i));
  const std::string chosen(isa ? IsaName(*isa) : "none");
  const bool forced = std::getenv("TRADEWIND_ISA") != nullptr;
  if (json) {
    PrintJson({{"chosen", chosen}, {"available", available}, {"reason", forced ? "TRADEWIND_ISA" : "the best that this CPU runs"}});
  } else {
    std::printf("kernels: %s for every product, norm and attention (%s; available: %s)\n", chosen.c_str(),
                forced ? "forced by TRADEWIND_ISA" : "the best that this CPU runs", available.c_str());
  }
  return 0;
}

void Print(const std::vector<BenchResult>& results, const LanguageModelInstance& instance, bool json) {
  const LlmOptions& o = instance.options();
  Json list = Json::array();
  TextTable table({"test", "threads", "tokens/s (95 % of the median)"});
  for (const BenchResult& r : results) {
    const double median = Median(r.tokens_per_second);
    const Interval interval = BootstrapInterval(r.tokens_per_second, {.statistic = Statistic::kMedian});
    list.push_back({{"test", r.test},
                    {"n_prompt", r.prompt},
                    {"n_gen", r.generated},
                    {"n_depth", r.depth},
                    {"n_parallel", r.parallel},
                    {"n_threads", r.generated ? o.threads : o.threads_batch},
                    {"type_k", o.key_type == KvType::kF16 ? "f16" : instance.setting().TextOr("kv_type_k", "f16")},
                    {"tokens_per_second", r.tokens_per_second},
                    {"avg_ts", Mean(r.tokens_per_second)},
                    {"median_ts", median}});
    table.Add({r.test, std::to_string(r.generated ? o.threads : o.threads_batch), WithInterval(median, interval.low, interval.high)});
  }
  if (json) {
    PrintJson({{"model", o.model},
               {"setting_text", instance.setting().Text()},
               {"kernels", IsaName(instance.kernels().isa)},
               {"results", std::move(list)}});
  } else {
    std::printf("%s%s\n", table.Text().c_str(), instance.setting().Text().c_str());
  }
}

Result<int> BenchMain(int argc, char** argv) {
  BenchCommand command;
  Arguments args("bench", "Times reading a prompt and generating, without sampling or text.");
  command.Declare(args);
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  if (command.kernels) return PrintKernels(command.json);
  if (command.prompt < 0 || command.generated < 0 || command.depth < 0 || command.repetitions < 1) {
    return Fail(StatusCode::kInvalidInput, "-p, -n and -d must not be negative, -r at least 1");
  }
  if (command.parallel < 1 || command.parallel > kMostSequences) {
    return Fail(
        Status(StatusCode::kInvalidInput, "1 to " + std::to_string(kMostSequences) + " sequences generate at once").At("--parallel"));
  }
  if (!command.svg.empty() && !command.roofline) {
    return Fail(Status(StatusCode::kInvalidInput, "--svg draws a roofline; give --roofline too").At("--svg"));
  }
  TW_ASSIGN(const std::string fallback, DefaultModelName());
  TW_ASSIGN(const Setting setting, command.model.ToSetting(fallback));
  TW_ASSIGN(const std::string path, FindWeightsAndTell(setting));
  TW_ASSIGN(auto instance, LanguageModelInstance::Open(path, setting, {}, RealClock()));
  if (command.roofline) {
    TW_ASSIGN(const std::vector<Roofline> rooflines, RunRooflines(command, *instance));
    TW_RETURN_IF_ERROR(PrintRooflines(command, rooflines, *instance));
    return 0;
  }
  TW_ASSIGN(const std::vector<BenchResult> results, RunTests(command, *instance));
  Print(results, *instance, command.json);
  return 0;
}

}  // namespace

void RegisterBenchCommand(Registry<Command>& registry) {
  registry.Add("bench", {.summary = "prompt and generation speed, as llama-bench has it", .run = BenchMain});
}

}  // namespace tradewind
