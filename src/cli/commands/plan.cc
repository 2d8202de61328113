// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// tradewind plan: how many requests a second this machine, or several like it, would serve at a service level.
#include <algorithm>
#include <cstdio>

#include "base/units.h"
#include "cli/command.h"
#include "cli/json.h"
#include "cli/model_arguments.h"
#include "cli/table.h"
#include "sched/plan_capacity.h"
#include "serve/cost_probe.h"
#include "serve/model_rack.h"
#include "serve/trace_table.h"

namespace tradewind {
namespace {

struct PlanArguments {
  ModelArguments model;
  BudgetArguments slo;
  std::optional<std::string> trace, time;
  int64_t prompt = 128, output = 64, requests = 1000, machines = 1, parallel = 64, step_tokens = 512, seed = 1;
  double share = 0.95, rate = 0;
  bool json = false;

  void Declare(Arguments& args) {
    model.Declare(args);
    args.Option("--ttft", &slo.ttft, "the service level: first token within this");
    args.Option("--tpot", &slo.tpot, "and each further token within this, on average");
    args.Option("--deadline", &slo.deadline, "and the whole answer within this");
    args.Option("--share", &share, "of the requests that are to keep it [0.95]");
    args.Option("--trace", &trace, "a table of arrivals: at_s, prompt, output, or Azure's columns [drawn]");
    args.Option("--prompt", &prompt, "without a trace: tokens of a prompt [128]; with one: at most");
    args.Option("--output", &output, "without a trace: tokens of an answer [64]; with one: at most");
    args.Option("--requests", &requests, "the first so many of the trace, or so many that are drawn [1000]");
    args.Option("--rate", &rate, "requests a second: say what they would get, instead of looking for the greatest rate");
    args.Option("--machines", &machines, "so many like this one [1]");
    args.Option("--parallel", &parallel, "-np: answers at once [64]");
    args.Option("-b,--batch-size", &step_tokens, "tokens of one pass [512]");
    args.Option("--time", &time, "how long passes are timed here first [5s]");
    args.Option("--seed", &seed, "of drawn arrivals [1]");
    args.Flag("--json", &json, "print one JSON value");
  }
};

struct Quantiles {
  double p50 = 0, p90 = 0;
};

Quantiles QuantilesOf(const Simulated& simulated, std::optional<Duration> SimulatedRequest::* which) {
  std::vector<double> values;
  for (const SimulatedRequest& request : simulated.requests) {
    if (request.*which) values.push_back((request.*which)->ms());
  }
  if (values.empty()) return {};
  std::ranges::sort(values);
  return {values[values.size() / 2], values[values.size() * 9 / 10]};
}

Json QuantilesJson(const Quantiles& q) {
  return {{"p50", q.p50}, {"p90", q.p90}};
}

int Report(const PlanArguments& a, const CapacityPlan& plan, const StepCoefficients& cost) {
  const Quantiles ttft = QuantilesOf(plan.at, &SimulatedRequest::ttft), tpot = QuantilesOf(plan.at, &SimulatedRequest::tpot),
                  total = QuantilesOf(plan.at, &SimulatedRequest::total);
  if (a.json) {
    PrintJson({{"requests_per_s", plan.requests_per_s},
               {"kept_share", plan.kept_share},
               {"bounded", plan.bounded},
               {"machines", a.machines},
               {"ttft_ms", QuantilesJson(ttft)},
               {"tpot_ms", QuantilesJson(tpot)},
               {"total_ms", QuantilesJson(total)},
               {"cost",
                {{"pass_ms", cost.pass_ms},
                 {"prefill_token_ms", cost.prefill_token_ms},
                 {"prefill_depth_ms", cost.prefill_depth_ms},
                 {"decode_ms", cost.decode_ms},
                 {"decode_depth_ms", cost.decode_depth_ms}}}});
    return 0;
  }
  std::printf("%s requests a second%s; %s %% keep the service level\n", ShortNumber(plan.requests_per_s).c_str(),
              plan.bounded ? "" : " or more (a longer trace would tell)", ShortNumber(100 * plan.kept_share).c_str());
  TextTable table({"at that rate", "p50, ms", "p90, ms"});
  for (const auto& [name, q] : {std::pair("first token", ttft), std::pair("each further token", tpot), std::pair("whole answer", total)}) {
    table.Add({name, ShortNumber(q.p50), ShortNumber(q.p90)});
  }
  std::fputs(table.Text().c_str(), stdout);
  return 0;
}

Result<std::vector<TraceRequest>> Arrivals(const PlanArguments& a) {
  if (a.requests < 2 || a.prompt < 1 || a.output < 0) {
    return Fail(Status(StatusCode::kInvalidInput, "take at least two requests, of one token each").At("--requests"));
  }
  if (!(a.share > 0 && a.share <= 1)) return Fail(Status(StatusCode::kInvalidInput, "a share is above 0 and at most 1").At("--share"));
  if (a.machines < 1 || a.machines > 1024) return Fail(Status(StatusCode::kInvalidInput, "take 1 to 1024 machines").At("--machines"));
  if (a.parallel < 1 || a.parallel > 1024) return Fail(Status(StatusCode::kInvalidInput, "take 1 to 1024").At("--parallel"));
  if (a.step_tokens < 16 || a.step_tokens > 8192) return Fail(Status(StatusCode::kInvalidInput, "take 16 to 8192").At("--batch-size"));
  if (!a.trace) return PoissonTrace(a.requests, a.prompt, a.output, static_cast<uint64_t>(a.seed));
  return ReadTrace(*a.trace, {.requests = a.requests, .prompt = a.prompt, .output = a.output});
}

// What a given rate comes to.
Result<CapacityPlan> AtRate(const PlanArguments& a, const std::vector<TraceRequest>& trace, const ServiceLevel& level,
                            SimulationOptions options) {
  const double seconds = (trace.back().at - trace.front().at).seconds();
  options.rate = a.rate * seconds / static_cast<double>(trace.size() - 1);
  CapacityPlan plan{.requests_per_s = a.rate, .rate = options.rate};
  TW_ASSIGN(plan.at, Simulate(trace, options));
  plan.kept_share = KeptShare(plan.at, level);
  return plan;
}

Result<int> PlanMain(int argc, char** argv) {
  PlanArguments a;
  Arguments args("plan", "Says how many requests a second this machine carries at a service level, by simulation.");
  a.Declare(args);
  TW_ASSIGN(const bool go_on, args.Parse(argc, argv));
  if (!go_on) return 0;
  Duration time = Duration::Seconds(5);
  if (a.time) {
    TW_ASSIGN(time, ParseDuration(*a.time, TimeUnit::kSeconds));
  }
  TW_ASSIGN(const std::vector<TraceRequest> trace, Arrivals(a));
  TW_ASSIGN(const Budget slo, a.slo.ToBudget(RealClock().Now()));
  TW_ASSIGN(const std::string fallback, DefaultModelName());
  TW_ASSIGN(const Setting setting, a.model.ToSetting(fallback));
  ModelRack rack({.running = a.parallel, .step_tokens = a.step_tokens});
  TW_RETURN_IF_ERROR(rack.Load("planned", setting));
  TW_ASSIGN(const std::shared_ptr<LoadedModel> model, rack.Find("planned"));
  if (!model->engine) return Fail(Status(StatusCode::kUnsupported, "an encoder generates nothing to plan").At("model"));
  std::fprintf(stderr, "tradewind: timing passes for %s\n", FormatDuration(time).c_str());
  TW_ASSIGN(const StepCoefficients cost, ProbeCost(*model->engine, time));
  SimulationOptions options{.scheduler = model->engine->scheduler_options(), .cost = cost, .machines = static_cast<int>(a.machines)};
  options.scheduler.cost = cost;
  const ServiceLevel level{.ttft = slo.ttft, .tpot = slo.tpot, .total = slo.deadline, .share = a.share};
  if (a.rate > 0) {
    TW_ASSIGN(const CapacityPlan plan, AtRate(a, trace, level, options));
    return Report(a, plan, cost);
  }
  TW_ASSIGN(const CapacityPlan plan, PlanCapacity(trace, level, options));
  return Report(a, plan, cost);
}

}  // namespace

void RegisterPlanCommand(Registry<Command>& registry) {
  registry.Add("plan", {.summary = "say how many requests a second this machine carries", .run = PlanMain});
}

}  // namespace tradewind
