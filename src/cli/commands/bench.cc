// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind bench: prompt and generation speed, with llama-bench's flags and a superset of its JSON fields.
#include <cmath>
#include <cstdio>
#include <optional>

#include "base/file.h"
#include "cli/bench_graph.h"
#include "cli/bench_report.h"
#include "cli/command.h"
#include "cli/gate_work.h"
#include "cli/model_arguments.h"
#include "cli/progress.h"
#include "cli/roofline.h"
#include "cli/run_picture.h"
#include "cli/table.h"
#include "llm/kv_cache.h"
#include "store/profile_store.h"

namespace tradewind {
namespace {

constexpr uint64_t kMostBaselineBytes = 1 << 20;
constexpr int64_t kRepetitions = 5;

struct BenchCommand {
  std::vector<std::string> models;
  std::string positional;
  BenchLists lists;
  std::optional<int64_t> context;
  std::vector<std::string> set;
  std::optional<int64_t> repetitions;
  std::string output = "table";
  std::string ignored;
  bool no_warmup = false;
  bool kernels = false;
  bool roofline = false;
  std::string svg;
  bool gate = false;
  std::string baseline;
  std::optional<std::string> write_baseline;
  bool json = false;

  void Declare(Arguments& args) {
    args.Positional("model", &positional, "a model's name or GGUF file; or a graph, .onnx or .tflite");
    args.Option("-m,--model", &models, "the same as the positional; may be repeated");
    args.Option("-p,--n-prompt", &lists.prompt,
                "prompt tokens [512]: a number, a list or ranges (128,512 or 128-1024*2); 0 for no such test");
    args.Option("-n,--n-gen", &lists.generated, "tokens to generate [128], likewise");
    args.Option("--pg", &lists.prompt_and_generated, "-pg PROMPT,GENERATED: both, timed together; may be repeated");
    args.Option("-d,--n-depth", &lists.depth, "tokens that lie in the cache before the test [0], likewise");
    args.Option("--parallel", &lists.sequences, "-np: sequences that generate at once; each has the context's room");
    args.Option("-r,--repetitions", &repetitions, "how often each is timed [5; of a graph what two seconds hold]");
    args.Option("-t,--threads", &lists.threads, "threads [allowed CPUs], likewise");
    args.Option("--ubatch-size", &lists.ubatch, "-ub: prompt tokens read together, likewise");
    args.Option("--cache-type-k", &lists.key_type, "-ctk: f16, bf16, q8_0, f32, or several, parted by commas");
    args.Option("--cache-type-v", &lists.value_type, "-ctv: likewise");
    args.Option("-c,--ctx-size", &context, "positions of the context [4096, or what the tests need]");
    args.Option("--set", &set, "knob=value");
    args.Option("-o,--output", &output, "table, md, json, jsonl or csv");
    args.Flag("--json", &json, "the same as -o json");
    args.Flag("--no-warmup", &no_warmup, "count the first run too");
    args.Option("-b,--batch-size", &ignored, "ignored, as are -fa and -ngl: -ub alone cuts prompts,");
    args.Option("--flash-attn", &ignored, "attention is always fused,");
    args.Option("--n-gpu-layers", &ignored, "and no layer runs elsewhere");
    args.Flag("--kernels", &kernels, "say which kernels run, and why; with a model, time from how many rows on which is the faster");
    args.Flag("--roofline", &roofline, "say where the time goes, beside the least that this machine could need");
    args.Option("--svg", &svg, "with --roofline: a file for the picture");
    args.Flag("--gate", &gate, "exit with 3 if a kernel is slower than what it should beat, or than the baseline");
    args.Option("--baseline", &baseline, "with --gate: a file of earlier shares of this machine's limit");
    args.Output("--write-baseline", &write_baseline, "with --gate: put this machine's shares into that file");
  }

  Result<std::vector<BenchCase>> Cases() const {
    BenchLists all = lists;
    all.models = models;
    if (!positional.empty()) all.models.insert(all.models.begin(), positional);
    if (all.models.empty()) {
      TW_ASSIGN(const std::string fallback, DefaultModelName());
      all.models.push_back(fallback);
    }
    return BenchCases(all);
  }

  // A context that holds every case, unless one was asked for.
  Result<Setting> SettingOf(const BenchCase& which, const std::vector<BenchCase>& cases) const {
    ModelArguments model;
    model.model = which.model;
    model.threads = which.threads;
    model.ubatch = which.ubatch;
    model.key_type = which.key_type;
    model.value_type = which.value_type;
    model.set = set;
    model.context = context;
    TW_ASSIGN(Setting setting, model.ToSetting(which.model));
    const std::vector<Knob> knobs = DescribeLlmKnobs();
    TW_ASSIGN(const Knob* knob, FindKnob(knobs, "context"));
    int64_t needed = 0;
    for (const BenchCase& c : cases) needed = std::max(needed, c.test.positions());
    if (needed > std::get<int64_t>(knob->default_value) && !setting.Has("context")) setting.Set("context", needed);
    return setting;
  }
};

// Seconds of each repetition; before them a run that warms up.
Result<std::vector<Duration>> Repeat(const BenchCommand& command, LanguageModelInstance& instance, const ThroughputTest& test) {
  TW_ASSIGN(ThroughputRun run, ThroughputRun::Prepare(instance, test));
  if (!command.no_warmup) TW_RETURN_IF_ERROR(run.Time());
  std::vector<Duration> samples;
  for (int64_t r = 0; r < command.repetitions.value_or(kRepetitions); ++r) {
    TW_ASSIGN(const Duration took, run.Time());
    samples.push_back(took);
  }
  return samples;
}

Result<Roofline> RunRoofline(LanguageModelInstance& instance, const ThroughputTest& test) {
  TW_ASSIGN(ThroughputRun run, ThroughputRun::Prepare(instance, test));
  TW_RETURN_IF_ERROR(run.Time());
  const LlmOptions& o = instance.options();
  const uint64_t kv = KvCache::BytesFor(instance.model().spec(), o.key_type, o.value_type, test.depth + test.prompt + test.generated / 2);
  const auto threads = static_cast<int>(test.generated > 0 ? o.threads : o.threads_batch);
  Roofline r{
      .test = TestName(test),
      .limits = MeasureLimits(instance.kernels(), threads, instance.model().memory_bytes() + kv * static_cast<uint64_t>(test.sequences)),
      .times = OpTimes(instance.clock()),
      .whole = {}};
  TW_ASSIGN(r.whole, run.Time(&r.times));
  return r;
}

// Calls body(instance, case) for each case, opening each instance once.
template <typename Body>
Result<void> ForEachCase(const BenchCommand& command, const std::vector<BenchCase>& cases, const Body& body) {
  std::unique_ptr<LanguageModelInstance> instance;
  for (size_t i = 0; i < cases.size(); ++i) {
    if (instance == nullptr || !cases[i].SameInstance(cases[i - 1])) {
      instance.reset();  // before the next one takes its memory
      TW_ASSIGN(const Setting setting, command.SettingOf(cases[i], cases));
      TW_ASSIGN(const std::string path, FindWeightsAndTell(setting));
      TW_ASSIGN(instance, LanguageModelInstance::Open(path, setting, {}, RealClock()));
      TW_RETURN_IF_ERROR(instance->Warm());
    }
    TW_RETURN_IF_ERROR(body(*instance, cases[i]));
  }
  return {};
}

Result<int> RunTests(const BenchCommand& command, const std::vector<BenchCase>& cases) {
  std::vector<BenchRun> runs;
  const Result<void> all = ForEachCase(command, cases, [&](LanguageModelInstance& instance, const BenchCase& which) -> Result<void> {
    const std::string started = UtcTimestamp();
    TW_ASSIGN(const std::vector<Duration> samples, Repeat(command, instance, which.test));
    runs.push_back(DescribeRun(which, instance, started, samples));
    return {};
  });
  if (all || !runs.empty()) std::printf("%s", BenchText(runs, command.output).c_str());  // what was timed before an error is not lost
  if (!all) return Fail(all.error());
  return 0;
}

struct NamedRoofline {
  std::string model, setting, kernels;
  Roofline roofline;
};

Result<int> RunRooflines(const BenchCommand& command, const std::vector<BenchCase>& cases) {
  std::vector<NamedRoofline> found;
  TW_RETURN_IF_ERROR(ForEachCase(command, cases, [&](LanguageModelInstance& instance, const BenchCase& which) -> Result<void> {
    TW_ASSIGN(Roofline roofline, RunRoofline(instance, which.test));
    found.push_back(
        {instance.options().model, instance.setting().Text(), std::string(IsaName(instance.kernels().isa)), std::move(roofline)});
    return {};
  }));
  if (!command.svg.empty() && !found.empty()) {
    std::vector<Roofline> all;
    for (const NamedRoofline& f : found) all.push_back(f.roofline);
    TW_RETURN_IF_ERROR(WriteFileAtomically(command.svg, RooflineSvg(found[0].model + ", " + found[0].kernels, all)));
  }
  Json list = Json::array();
  for (const NamedRoofline& f : found) {
    Json one = {{"model", f.model}, {"setting_text", f.setting}, {"kernels", f.kernels}};
    one.update(RooflineJson(f.roofline));
    list.push_back(std::move(one));
    if (command.output != "json")
      std::printf("%s%s, kernels %s\n\n", RooflineText(f.roofline).c_str(), f.setting.c_str(), f.kernels.c_str());
  }
  if (command.output == "json") PrintJson(list);
  return 0;
}

Json ClaimJson(const GateClaim& c) {
  Json json = {{"what", c.what}, {"than", c.than}, {"time_ratio", c.ratio}, {"holds", c.holds}};
  if (std::isfinite(c.interval.low)) json["interval"] = {c.interval.low, c.interval.high};
  return json;
}

void PrintGates(const GateResult& result) {
  TextTable shares({"work, 1 thread", "% of the limit (95 % of the median)"});
  for (const GateShare& s : result.shares) shares.Add({s.what, WithInterval(100 * s.share, 100 * s.interval.low, 100 * s.interval.high)});
  TextTable table({"not slower", "than", "time ratio (95 %)", ""});
  for (const GateClaim& c : result.claims) {
    table.Add({c.what, c.than, WithInterval(c.ratio, c.interval.low, c.interval.high), c.holds ? "holds" : "BROKEN"});
  }
  std::printf("%s\n%s", shares.Text().c_str(), table.Text().c_str());
  for (const Isa isa : {Isa::kAvx2, Isa::kAvx512, Isa::kAmx}) {
    const auto available = AvailableIsas();
    if (std::find(available.begin(), available.end(), isa) == available.end()) {
      std::printf("skipped: %s, which this CPU lacks\n", std::string(IsaName(isa)).c_str());
    }
  }
}

Result<GateBaseline> ReadBaseline(const std::string& path, bool may_be_missing) {
  if (path.empty()) return GateBaseline();
  Result<std::string> text = ReadFile(path, kMostBaselineBytes);
  if (!text && text.error().code() == StatusCode::kNotFound && may_be_missing) return GateBaseline();
  if (!text) return Fail(text.error());
  return GateBaseline::Parse(*text, path);
}

size_t CountBroken(const std::vector<GateClaim>& claims) {
  return static_cast<size_t>(std::count_if(claims.begin(), claims.end(), [](const GateClaim& c) { return !c.holds; }));
}

// Runs the gates as often as a baseline to be written needs, and again as long as one is broken, but no more than a few times.
Result<GateResult> RunGatesUntilTheyHold(int threads, const GateBaseline& baseline, bool for_baseline) {
  constexpr size_t kMostRuns = 3;
  constexpr size_t kBaselineRuns = 6;
  std::vector<GateClaim> claims;
  std::vector<std::vector<GateShare>> runs;
  while (runs.size() < (for_baseline ? kBaselineRuns : 1) || (CountBroken(claims) > 0 && runs.size() < kMostRuns)) {
    ProgressLine progress;
    TW_ASSIGN(GateResult now, MeasureGates(threads, [&](double share, const std::string& what) { progress.Show(share, what); }));
    progress.Finish();
    for (GateClaim& c : baseline.Judge(GateMachine(), now.shares)) now.claims.push_back(std::move(c));
    runs.push_back(std::move(now.shares));
    if (runs.size() == 1) {
      claims = std::move(now.claims);
    } else {
      TakeWhatHolds(claims, now.claims);
    }
  }
  return GateResult{.claims = std::move(claims), .shares = SpanOfRuns(runs)};
}

Result<int> RunGates(const BenchCommand& command) {
  TW_ASSIGN(const GateBaseline baseline, ReadBaseline(command.baseline, false));
  TW_ASSIGN(GateBaseline written, ReadBaseline(command.write_baseline.value_or(""), true));
  const int threads = DefaultThreads();
  TW_ASSIGN(const GateResult result, RunGatesUntilTheyHold(threads, baseline, command.write_baseline.has_value()));
  const std::string machine = GateMachine();
  const std::vector<GateClaim>& claims = result.claims;
  if (command.write_baseline) {
    written.Set(machine, result.shares);
    TW_RETURN_IF_ERROR(WriteFileAtomically(*command.write_baseline, written.Text()));
  }
  if (command.output == "json") {
    Json list = Json::array();
    for (const GateClaim& c : claims) list.push_back(ClaimJson(c));
    Json shares = Json::object();
    for (const GateShare& s : result.shares) shares[s.what] = {s.share, s.interval.low, s.interval.high};
    PrintJson({{"machine", machine}, {"threads", threads}, {"claims", std::move(list)}, {"shares_of_limit", std::move(shares)}});
  } else {
    PrintGates(result);
    if (!command.baseline.empty() && !baseline.Has(machine)) {
      std::printf("%s has nothing of %s: add it by --write-baseline\n", command.baseline.c_str(), machine.c_str());
    }
  }
  const size_t broken = CountBroken(claims);
  if (broken == 0) return 0;
  return Fail(StatusCode::kBudgetMissed, std::to_string(broken) + " of " + std::to_string(claims.size()) +
                                             " gates are broken; see the lines marked BROKEN, and try again on an idle machine");
}

// Of each shape of the model's products: how fast the kernels for few and for many rows are, timed now, and from where on which is used.
Result<std::vector<CrossoverTiming>> TimeModelCrossovers(const BenchCommand& command) {
  if (command.positional.empty() && command.models.empty()) return std::vector<CrossoverTiming>();
  TW_ASSIGN(const std::vector<BenchCase> cases, command.Cases());
  TW_ASSIGN(const Setting setting, command.SettingOf(cases[0], cases));
  TW_ASSIGN(const std::string path, FindWeightsAndTell(setting));
  TW_ASSIGN(const auto instance, LanguageModelInstance::Open(path, setting, {}, RealClock()));
  return instance->TimeCrossovers();
}

std::string CrossoverText(const std::vector<CrossoverTiming>& timings) {
  if (timings.empty()) return "";
  std::vector<std::string> header = {"weights", "columns", "many from"};
  for (const auto& point : timings[0].points) header.push_back(std::to_string(point.rows));
  TextTable table(header);
  for (const CrossoverTiming& t : timings) {
    std::vector<std::string> row = {std::string(InfoOf(t.type).name), std::to_string(t.cols), std::to_string(t.many_rows)};
    for (const auto& p : t.points) row.push_back(ShortNumber(p.few_ops_per_s * 1e-9) + "/" + ShortNumber(p.many_ops_per_s * 1e-9));
    table.Add(std::move(row));
  }
  return "GOPS of the kernels for few and for many rows of activations, by rows:\n" + table.Text();
}

Json CrossoverJson(const std::vector<CrossoverTiming>& timings) {
  Json list = Json::array();
  for (const CrossoverTiming& t : timings) {
    Json points = Json::array();
    for (const auto& p : t.points) {
      points.push_back({{"rows", p.rows}, {"few_ops_per_s", p.few_ops_per_s}, {"many_ops_per_s", p.many_ops_per_s}});
    }
    list.push_back({{"type", InfoOf(t.type).name}, {"columns", t.cols}, {"many_rows", t.many_rows}, {"points", std::move(points)}});
  }
  return list;
}

Result<int> PrintKernels(const BenchCommand& command) {
  TW_ASSIGN(const Isa isa, SelectIsa());
  std::string available;
  for (const Isa i : AvailableIsas()) available += (available.empty() ? "" : ", ") + std::string(IsaName(i));
  const std::string chosen(IsaName(isa));
  const std::string reason = std::getenv("TRADEWIND_ISA") != nullptr ? "forced by TRADEWIND_ISA" : "the best that this CPU runs";
  TW_ASSIGN(const std::vector<CrossoverTiming> timings, TimeModelCrossovers(command));
  if (command.output == "json") {
    PrintJson({{"chosen", chosen},
               {"available", available},
               {"reason", reason},
               {"default_many_rows", KernelsFor(isa).many_rows},
               {"many_rows", Json::parse(KnownCrossovers().ToJson())},
               {"timings", CrossoverJson(timings)}});
    return 0;
  }
  std::printf("kernels: %s for every product, norm and attention (%s; available: %s)\n", chosen.c_str(), reason.c_str(), available.c_str());
  std::printf("products take the kernels for many rows from %lld rows on, or as was timed: %s\n",
              static_cast<long long>(KernelsFor(isa).many_rows), KnownCrossovers().ToJson().c_str());
  std::printf("%s", CrossoverText(timings).c_str());
  return 0;
}

// kInvalidInput names the option.
Result<void> Check(const BenchCommand& command) {
  constexpr std::string_view kOutputs[] = {"table", "md", "json", "jsonl", "csv"};
  const auto invalid = [](const char* option, const std::string& message) {
    return Fail(Status(StatusCode::kInvalidInput, message).At(option));
  };
  if (std::find(std::begin(kOutputs), std::end(kOutputs), command.output) == std::end(kOutputs)) {
    return invalid("--output", "\"" + command.output + "\" is none of table, md, json, jsonl, csv");
  }
  if (command.repetitions && *command.repetitions < 1) return invalid("--repetitions", "each test is timed at least once");
  if (!command.svg.empty() && !command.roofline) return invalid("--svg", "--svg draws a roofline; give --roofline too");
  if (!command.gate && !command.baseline.empty()) return invalid("--baseline", "a baseline is judged by --gate; give --gate too");
  if (!command.gate && command.write_baseline) return invalid("--write-baseline", "a baseline is measured by --gate; give --gate too");
  return {};
}

Result<int> BenchMain(int argc, char** argv) {
  BenchCommand command;
  Arguments args("bench", "Times reading a prompt and generating, without sampling or text.");
  command.Declare(args);
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  if (command.json) command.output = "json";
  TW_RETURN_IF_ERROR(Check(command));
  if (command.kernels) return PrintKernels(command);
  if (command.gate) return RunGates(command);
  if (IsGraphFile(command.positional)) {
    return RunGraphBench({.path = command.positional,
                          .set = command.set,
                          .threads = command.lists.threads,
                          .repetitions = command.repetitions.value_or(0),
                          .json = command.output == "json"});
  }
  TW_ASSIGN(const std::vector<BenchCase> cases, command.Cases());
  return command.roofline ? RunRooflines(command, cases) : RunTests(command, cases);
}

}  // namespace

void RegisterBenchCommand(Registry<Command>& registry) {
  registry.Add("bench", {.summary = "prompt and generation speed, as llama-bench has it", .run = BenchMain});
}

}  // namespace tradewind
