// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/runner.h"

#include <algorithm>
#include <limits>
#include <set>

#include "base/cpu.h"
#include "base/version.h"
#include "measure/metric_tools.h"
#include "measure/readings.h"

namespace tradewind {
namespace {

constexpr int kMinRounds = 2;
constexpr int kMaxRounds = 50;
// Timing goes on until the interval of the median TPOT is this narrow, or the time is up.
constexpr double kRelativeHalfWidth = 0.02;

bool Wanted(const MeasureOptions& options, const std::string& metric) {
  if (options.metrics.empty()) return metric != "perplexity";
  return std::find(options.metrics.begin(), options.metrics.end(), metric) != options.metrics.end();
}

bool AnyWanted(const MeasureOptions& options, Pass pass) {
  return std::any_of(Metrics().All().begin(), Metrics().All().end(),
                     [&](const auto& entry) { return entry.second.pass == pass && Wanted(options, entry.first); });
}

void Report(const MeasureOptions& options, const char* stage, double share) {
  if (options.progress) options.progress(stage, share);
}

bool NarrowEnough(const Trial& trial) {
  const TimedValues tpot = FromTimed(trial, [](const Outcome& o) -> std::optional<double> {
    if (!o.tpot) return std::nullopt;
    return o.tpot->ms();
  });
  const std::optional<Measurement> median = MedianOf("tpot_ms", tpot);
  return median && median->count >= 8 && median->interval.half_width() <= kRelativeHalfWidth * median->value;
}

// The samples that the instance's context holds, answers included.
Result<std::vector<const Sample*>> ThatFit(const Instance& instance, const std::vector<Sample>& samples) {
  const int64_t context = instance.setting().IntegerOr("context", std::numeric_limits<int64_t>::max());
  std::vector<const Sample*> fitting;
  for (const Sample& sample : samples) {
    TW_ASSIGN(const std::vector<int32_t> ids, instance.Tokenize(sample.prompt));
    if (static_cast<int64_t>(ids.size()) <= context - sample.output_tokens) fitting.push_back(&sample);
  }
  return fitting;
}

std::string WholeText(const Workload& workload) {
  std::string text;
  for (const Sample& sample : workload.quality) text += *sample.prompt.raw;
  return text;
}

std::vector<NamedObservation> Observations(const Trial& trial) {
  std::vector<NamedObservation> out;
  for (const Duration& load : trial.loads) out.push_back({.kind = "load_ms", .features = {}, .value = load.ms()});
  for (const Outcome& o : trial.timed) {
    const auto prompt = static_cast<double>(o.prompt_tokens);
    if (o.ttft) out.push_back({.kind = "ttft_ms", .features = {prompt}, .value = o.ttft->ms()});
    if (o.tpot) out.push_back({.kind = "tpot_ms", .features = {prompt + static_cast<double>(o.output_tokens) / 2}, .value = o.tpot->ms()});
  }
  double bytes = 0;
  double tokens = 0;
  for (const ScoredWindow& w : trial.byte_windows) {
    bytes += static_cast<double>(w.bytes);
    tokens += static_cast<double>(w.tokens);
  }
  if (tokens > 0) out.push_back({.kind = "bytes_per_token", .features = {}, .value = bytes / tokens});
  return out;
}

}  // namespace

Result<Runner> Runner::Make(Tunable& tunable, const Workload& workload, ProfileStore& store) {
  TW_RETURN_IF_ERROR(store.SaveDevice(tunable.device()));
  TW_RETURN_IF_ERROR(store.SaveWorkload({workload.id, workload.name, workload.primary_metric}));
  TW_ASSIGN(const std::optional<StoredWorkload> standard, store.DefaultWorkload());
  if (!standard && workload.recalled.empty()) TW_RETURN_IF_ERROR(store.SetDefaultWorkload(workload.id));
  return Runner(tunable, workload, store);
}

Result<TrialKey> Runner::KeyOf(const Setting& setting) {
  TW_ASSIGN(Setting resolved, tunable_->Resolve(setting));
  resolved.Erase("max_tokens");  // the workload's samples say how much is generated
  return TrialKey{std::string(tunable_->name()), workload_->id, tunable_->device().id, resolved.Text()};
}

Result<std::optional<TrialRecord>> Runner::Find(const Setting& setting) {
  TW_ASSIGN(const TrialKey key, KeyOf(setting));
  return store_->FindTrial(key);
}

Result<Instance*> Runner::Open(const Setting& load, Trial& trial) {
  if (instance_ == nullptr || !(instance_setting_ == load)) {
    instance_.reset();
    instance_loads_.clear();
    ResetPeakResident();
    // Opened three times where that is timed: the first time the file may come from the disk.
    for (int i = workload_->recalled.empty() ? 0 : 2; i < 3; ++i) {
      instance_.reset();
      const TimePoint start = RealClock().Now();
      TW_ASSIGN(instance_, tunable_->Open(load, {}));
      instance_loads_.push_back(RealClock().Now() - start);
    }
    instance_setting_ = load;
  } else {
    ResetPeakResident();
  }
  if (instance_loads_.size() > 1) trial.loads.assign(instance_loads_.begin() + 1, instance_loads_.end());
  return instance_.get();
}

Result<void> Runner::RunTiming(Instance& instance, const Setting& setting, const MeasureOptions& options, Trial& trial) {
  TW_ASSIGN(const std::vector<const Sample*> samples, ThatFit(instance, workload_->timing));
  if (samples.empty()) return {};
  TW_ASSIGN(const Outcome warm, RunTimed(instance, setting, *samples.front(), RealClock()));
  (void)warm;
  const TimePoint start = RealClock().Now();
  auto elapsed = [&] { return (RealClock().Now() - start).seconds() / std::max(0.001, options.time.seconds()); };
  for (int round = 0; round < kMaxRounds; ++round) {
    for (const Sample* sample : samples) {
      if (round >= kMinRounds && elapsed() >= 1) return {};
      TW_ASSIGN(Outcome outcome, RunTimed(instance, setting, *sample, RealClock()));
      trial.timed.push_back(std::move(outcome));
      Report(options, "timing", 0.5 + 0.5 * std::min(1.0, elapsed()));
    }
    if (round + 1 >= kMinRounds && NarrowEnough(trial)) return {};
    if (round == 0 && elapsed() >= 2) return {};  // far too slow for its time: one round must do
  }
  return {};
}

Result<TrialRecord> Runner::Measure(const Setting& setting, const MeasureOptions& options) {
  for (const std::string& metric : options.metrics) {
    if (FindMetricInfo(*tunable_, metric) == nullptr)
      return Fail(Status(StatusCode::kNotFound, "there is no metric \"" + metric + "\"").At("--metrics"));
  }
  TW_ASSIGN(const TrialKey key, KeyOf(setting));
  TrialRecord record{.key = key, .build = BuildId(), .started_at = UtcTimestamp()};
  const TimePoint start = RealClock().Now();
  TW_ASSIGN(const Setting resolved, tunable_->Resolve(setting));
  Trial trial;
  Report(options, "loading", 0);
  TW_ASSIGN(Instance * instance, Open(resolved.OfStages(tunable_->knobs(), Stage::kBuild, Stage::kLoad), trial));
  const Setting request = resolved.OfStages(tunable_->knobs(), Stage::kRequest, Stage::kRequest);
  TW_ASSIGN(record.measurements, Recall(*instance, request, *workload_));
  const bool timed = workload_->recalled.empty();
  if (timed && AnyWanted(options, Pass::kByteWindows)) {
    Report(options, "quality", 0.05);
    TW_ASSIGN(trial.byte_windows, ScoreByteWindows(*instance, request, *workload_));
  }
  if (timed && AnyWanted(options, Pass::kTokenWindows)) {
    Report(options, "perplexity", 0.3);
    TW_ASSIGN(trial.token_windows, ScoreTokenWindows(*instance, request, WholeText(*workload_), options.perplexity_windows));
  }
  if (timed && AnyWanted(options, Pass::kTiming)) TW_RETURN_IF_ERROR(RunTiming(*instance, request, options, trial));
  trial.peak_resident_bytes = PeakResidentBytes();
  for (const auto& [name, metric] : Metrics().All()) {
    if (!timed || !Wanted(options, name)) continue;
    if (std::optional<Measurement> m = metric.compute(trial)) record.measurements.push_back(std::move(*m));
  }
  if (timed) record.observations = Observations(trial);
  record.seconds = (RealClock().Now() - start).seconds();
  TW_ASSIGN(record.id, store_->AddTrial(record));
  return record;
}

Result<Point> ToPoint(const TrialRecord& record, std::span<const Knob> knobs) {
  TW_ASSIGN(Setting setting, Setting::Parse(record.key.setting, knobs));
  return Point{std::move(setting), record.measurements};
}

std::vector<Axis> AxesOf(const Workload& workload) {
  if (!workload.axes.empty()) return workload.axes;
  std::vector<Axis> axes;
  for (const std::string& name : {workload.primary_metric, std::string("ttft_ms"), std::string("tpot_ms"), std::string("peak_memory_bytes")}) {
    if (const Metric* metric = Metrics().Find(name)) axes.push_back({name, metric->info.direction});
  }
  return axes;
}

}  // namespace tradewind
