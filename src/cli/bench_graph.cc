// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/bench_graph.h"

#include <algorithm>
#include <cstdio>

#include "base/clock.h"
#include "base/cpu.h"
#include "base/random.h"
#include "cli/graph_settings.h"
#include "cli/json.h"
#include "cli/table.h"
#include "graph/backend.h"
#include "graph/int8_twin.h"
#include "stats/bootstrap.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

constexpr Duration kTime = Duration::Seconds(2);  // of each setting, where nobody says how many rounds
constexpr int64_t kFewestRounds = 10;
constexpr int64_t kMostRounds = 2000;

std::vector<std::string> Parts(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ',') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

// Every combination of the values that were given.
Result<std::vector<GraphOptions>> Combinations(const GraphBench& bench) {
  std::vector<GraphOptions> all = {{.threads = DefaultThreads()}};
  std::vector<std::string> given = bench.set;
  if (!bench.threads.empty()) given.push_back("threads=" + bench.threads);
  for (const std::string& text : given) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos) return Fail(Status(StatusCode::kInvalidInput, "\"" + text + "\" is not knob=value").At("--set"));
    std::vector<GraphOptions> next;
    for (const GraphOptions& options : all) {
      for (const std::string& value : Parts(text.substr(equals + 1))) {
        next.push_back(options);
        TW_RETURN_IF_ERROR(SetGraphOption(next.back(), text.substr(0, equals), value));
      }
    }
    all = std::move(next);
  }
  return all;
}

std::vector<Tensor> RandomInputs(const GraphRunner& runner) {
  Random random(1);
  std::vector<Tensor> inputs;
  for (const GraphEdge& edge : runner.inputs()) {
    std::vector<int64_t> shape = edge.shape;
    for (int64_t& side : shape) side = std::max<int64_t>(side, 1);  // an open batch
    Tensor& input = inputs.emplace_back(Tensor::Make(edge.type, shape));
    if (edge.type == ElementType::kFloat) {
      for (float& x : input.Values<float>()) x = static_cast<float>(random.Uniform());
    } else if (ElementBytes(edge.type) == 1) {
      for (std::byte& b : input.data) b = static_cast<std::byte>(random.Below(256));
    }
  }
  return inputs;
}

struct Timed {
  GraphOptions options;
  std::unique_ptr<const GraphSource> source;  // of the runner
  std::unique_ptr<GraphRunner> runner;
  std::vector<Tensor> inputs;
  std::vector<double> ms{};
};

Result<double> TimeOnce(Timed& timed) {
  const TimePoint start = RealClock().Now();
  TW_RETURN_IF_ERROR(timed.runner->Run(timed.inputs));
  return (RealClock().Now() - start).ms();
}

// In turns, the first another one each round: what the machine does meanwhile meets all alike.
Result<void> TimeAll(std::vector<Timed>& all, int64_t rounds) {
  double slowest = 0;
  for (Timed& timed : all) {
    for (int i = 0; i < 3; ++i) TW_RETURN_IF_ERROR(TimeOnce(timed));
    TW_ASSIGN(const double ms, TimeOnce(timed));
    slowest = std::max(slowest, ms);
  }
  if (rounds == 0) rounds = std::clamp(static_cast<int64_t>(kTime.ms() / std::max(slowest, 1e-3)), kFewestRounds, kMostRounds);
  for (int64_t round = 0; round < rounds; ++round) {
    for (size_t k = 0; k < all.size(); ++k) {
      Timed& timed = all[(k + static_cast<size_t>(round)) % all.size()];
      TW_ASSIGN(const double ms, TimeOnce(timed));
      timed.ms.push_back(ms);
    }
  }
  return {};
}

std::string SettingText(const GraphOptions& o) {
  return "backend=" + o.backend + " precision=" + o.precision + " threads=" + std::to_string(o.threads) +
         " batch=" + std::to_string(o.batch) + (o.resolution == 0 ? "" : " resolution=" + std::to_string(o.resolution));
}

}  // namespace

Result<int> RunGraphBench(const GraphBench& bench) {
  TW_ASSIGN(const std::vector<GraphOptions> combinations, Combinations(bench));
  std::vector<Timed> all;
  for (const GraphOptions& options : combinations) {
    TW_ASSIGN(GraphSource read, ReadGraphFor(bench.path, options.precision));
    auto source = std::make_unique<const GraphSource>(std::move(read));
    TW_ASSIGN(std::unique_ptr<GraphRunner> runner, OpenGraph(*source, options));
    std::vector<Tensor> inputs = RandomInputs(*runner);
    all.push_back({.options = options, .source = std::move(source), .runner = std::move(runner), .inputs = std::move(inputs)});
  }
  TW_RETURN_IF_ERROR(TimeAll(all, bench.repetitions));
  TextTable table({"setting", "ms a run (95 % of the median)", "runs"});
  Json list = Json::array();
  for (const Timed& timed : all) {
    const double median = Median(timed.ms);
    const Interval interval = BootstrapInterval(timed.ms, {.statistic = Statistic::kMedian});
    table.Add({SettingText(timed.options), WithInterval(median, interval.low, interval.high), std::to_string(timed.ms.size())});
    list.push_back({{"file", bench.path},
                    {"setting_text", SettingText(timed.options)},
                    {"backend", timed.options.backend},
                    {"precision", timed.options.precision},
                    {"threads", timed.options.threads},
                    {"batch", timed.options.batch},
                    {"median_ms", median},
                    {"interval_ms", {interval.low, interval.high}},
                    {"samples_ms", timed.ms}});
  }
  if (bench.json) {
    PrintJson(list);
  } else {
    std::printf("%s", table.Text().c_str());
  }
  return 0;
}

}  // namespace tradewind
