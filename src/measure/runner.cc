// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "measure/runner.h"

#include <algorithm>
#include <limits>

#include "base/cpu.h"
#include "base/version.h"
#include "measure/metric_tools.h"
#include "measure/readings.h"
#include "measure/text_workload.h"
#include "store/trial_notes.h"

namespace tradewind {
namespace {

constexpr size_t kMaxRounds = 50;
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
  const std::optional<Measurement> median = MedianOf("tpot_ms", trial, [](const Outcome& o) -> std::optional<double> {
    if (!o.tpot) return std::nullopt;
    return o.tpot->ms();
  });
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

// What a trial was asked for and could not have: nothing that it observed gives it.
std::vector<std::string> Unmeasurable(const Tunable& tunable, bool timed, const MeasureOptions& options, const TrialRecord& record) {
  std::vector<std::string> absent;
  const auto look_for = [&](const std::string& metric) {
    const auto& had = record.measurements;
    if (std::none_of(had.begin(), had.end(), [&](const Measurement& m) { return m.metric == metric; })) absent.push_back(metric);
  };
  if (!timed) {
    for (const MetricInfo& own : tunable.metrics()) look_for(own.name);
    return absent;
  }
  for (const auto& entry : Metrics().All()) {
    if (Wanted(options, entry.first)) look_for(entry.first);
  }
  return absent;
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

Result<std::unique_ptr<Instance>> OpenWarm(Tunable& tunable, const Setting& load) {
  TW_ASSIGN(std::unique_ptr<Instance> instance, tunable.Open(load, {}));
  TW_RETURN_IF_ERROR(instance->Warm());
  return instance;
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

Result<Setting> Runner::LoadPart(const Setting& setting) {
  TW_ASSIGN(const Setting resolved, tunable_->Resolve(setting));
  return resolved.OfStages(tunable_->knobs(), Stage::kBuild, Stage::kLoad);
}

Result<bool> Runner::ShareInstance(const Setting& a, const Setting& b) {
  TW_ASSIGN(const Setting of_a, LoadPart(a));
  TW_ASSIGN(const Setting of_b, LoadPart(b));
  return of_a == of_b;
}

Result<Runner::Turn> Runner::Begin(const Setting& setting) {
  Turn turn;
  TW_ASSIGN(const Setting resolved, tunable_->Resolve(setting));
  turn.request = resolved.OfStages(tunable_->knobs(), Stage::kRequest, Stage::kRequest);
  turn.record = {.build = BuildId(), .started_at = UtcTimestamp()};
  TW_ASSIGN(turn.record.key, KeyOf(setting));
  return turn;
}

Result<Instance*> Runner::Open(const Setting& load) {
  if (instance_ != nullptr && instance_setting_ == load) return instance_.get();
  instance_.reset();
  instance_loads_.clear();
  // Opened three times where that is timed: the first time the file may come from the disk.
  for (int i = workload_->recalled.empty() ? 0 : 2; i < 3; ++i) {
    instance_.reset();
    const TimePoint start = RealClock().Now();
    auto opened = OpenWarm(*tunable_, load);
    if (!opened) {
      const StatusCode code = opened.error().code();
      refused_ = code == StatusCode::kUnsupported || code == StatusCode::kResourceExhausted;
      return Fail(std::move(opened).error());
    }
    instance_ = std::move(*opened);
    instance_loads_.push_back(RealClock().Now() - start);
  }
  instance_setting_ = load;
  return instance_.get();
}

Result<void> Runner::RunQuality(Instance& instance, const MeasureOptions& options, double from, double to, Turn& turn) {
  const TimePoint start = RealClock().Now();
  ResetPeakResident();
  TW_ASSIGN(turn.record.measurements, Recall(instance, turn.request, *workload_));
  if (workload_->recalled.empty() && AnyWanted(options, Pass::kByteWindows)) {
    Report(options, "quality", from);
    TW_ASSIGN(turn.trial.byte_windows, ScoreByteWindows(instance, turn.request, *workload_));
  }
  if (workload_->recalled.empty() && AnyWanted(options, Pass::kTokenWindows)) {
    Report(options, "perplexity", (from + to) / 2);
    TW_ASSIGN(turn.trial.token_windows, ScoreTokenWindows(instance, turn.request, WholeText(*workload_), options.perplexity_windows));
  }
  turn.trial.peak_resident_bytes = std::max(turn.trial.peak_resident_bytes, PeakResidentBytes());
  turn.record.seconds += (RealClock().Now() - start).seconds();
  return {};
}

// Whole rounds over the samples, each asked of every setting: a median over prompts of many lengths means the same after any number of
// them.
Result<void> Runner::RunTiming(Instance& instance, const MeasureOptions& options, std::vector<Turn>& turns) {
  TW_ASSIGN(const std::vector<const Sample*> samples, ThatFit(instance, workload_->timing));
  if (samples.empty()) return {};
  for (Turn& turn : turns) {
    for (const Turn& other : turns) turn.trial.in_turn.push_back(&other.trial);
    TW_ASSIGN(const Outcome warm, RunTimed(instance, turn.request, *samples.front(), RealClock()));
    (void)warm;
  }
  const double seconds = std::max(0.001, options.time.seconds() * static_cast<double>(turns.size()));
  const TimePoint start = RealClock().Now();
  const auto elapsed = [&] { return (RealClock().Now() - start).seconds() / seconds; };
  size_t first = 0;  // who is asked first changes from sample to sample
  for (size_t round = 0; round < kMaxRounds; ++round) {
    const bool another = round == 0 || elapsed() * static_cast<double>(round + 1) / static_cast<double>(round) <= 1;
    if (!another) return {};
    for (const Sample* sample : samples) {
      ++first;
      for (size_t i = 0; i < turns.size(); ++i) {
        Turn& turn = turns[(first + i) % turns.size()];
        const TimePoint asked = RealClock().Now();
        ResetPeakResident();
        TW_ASSIGN(Outcome outcome, RunTimed(instance, turn.request, *sample, RealClock()));
        turn.trial.timed.push_back(std::move(outcome));
        turn.trial.peak_resident_bytes = std::max(turn.trial.peak_resident_bytes, PeakResidentBytes());
        turn.record.seconds += (RealClock().Now() - asked).seconds();
        Report(options, "timing", 0.5 + 0.5 * std::min(1.0, elapsed()));
      }
    }
    if (std::all_of(turns.begin(), turns.end(), [](const Turn& turn) { return NarrowEnough(turn.trial); })) return {};
  }
  return {};
}

Result<TrialRecord> Runner::Measure(const Setting& setting, const MeasureOptions& options) {
  TW_ASSIGN(std::vector<TrialRecord> records, MeasureInTurn(std::span(&setting, 1), options));
  return std::move(records.front());
}

Result<std::vector<TrialRecord>> Runner::MeasureInTurn(std::span<const Setting> settings, const MeasureOptions& options) {
  refused_ = false;
  for (const std::string& metric : options.metrics) {
    if (FindMetricInfo(*tunable_, metric) == nullptr)
      return Fail(Status(StatusCode::kNotFound, "there is no metric \"" + metric + "\"").At("--metrics"));
  }
  std::vector<Turn> turns;
  for (const Setting& setting : settings) {
    TW_ASSIGN(const bool shared, ShareInstance(settings.front(), setting));
    if (!shared) return Fail(StatusCode::kInvalidInput, "settings are timed in turn where they differ in request knobs alone");
    TW_ASSIGN(Turn turn, Begin(setting));
    turns.push_back(std::move(turn));
  }
  if (turns.empty()) return std::vector<TrialRecord>();
  const auto count = static_cast<double>(turns.size());
  Report(options, "loading", 0);
  const TimePoint start = RealClock().Now();
  ResetPeakResident();
  TW_ASSIGN(const Setting load, LoadPart(settings.front()));
  TW_ASSIGN(Instance * instance, Open(load));
  for (size_t i = 0; i < turns.size(); ++i) {
    Trial& trial = turns[i].trial;
    trial.peak_resident_bytes = PeakResidentBytes();
    if (instance_loads_.size() > 1) trial.loads.assign(instance_loads_.begin() + 1, instance_loads_.end());
    turns[i].record.seconds = (RealClock().Now() - start).seconds() / count;
  }
  for (size_t i = 0; i < turns.size(); ++i) {
    const double from = 0.05 + 0.45 * static_cast<double>(i) / count;
    TW_RETURN_IF_ERROR(RunQuality(*instance, options, from, from + 0.45 / count, turns[i]));
  }
  const bool timed = workload_->recalled.empty();
  if (timed && AnyWanted(options, Pass::kTiming)) TW_RETURN_IF_ERROR(RunTiming(*instance, options, turns));
  std::vector<TrialRecord> records;
  for (Turn& turn : turns) {
    for (const auto& [name, metric] : Metrics().All()) {
      if (!timed || !Wanted(options, name)) continue;
      if (std::optional<Measurement> m = metric.compute(turn.trial)) turn.record.measurements.push_back(std::move(*m));
    }
    if (timed) turn.record.observations = Observations(turn.trial);
    turn.record.notes_json = ToNotesJson({.unmeasurable = Unmeasurable(*tunable_, timed, options, turn.record)});
    TW_ASSIGN(turn.record.id, store_->AddTrial(turn.record));
    records.push_back(std::move(turn.record));
  }
  return records;
}

Result<Point> ToPoint(const TrialRecord& record, std::span<const Knob> knobs) {
  TW_ASSIGN(Setting setting, Setting::Parse(record.key.setting, knobs));
  return Point{std::move(setting), record.measurements};
}

std::vector<Axis> AxesOf(const Workload& workload) {
  if (!workload.axes.empty()) return workload.axes;
  std::vector<Axis> axes;
  for (const std::string& name :
       {workload.primary_metric, std::string("ttft_ms"), std::string("tpot_ms"), std::string("peak_memory_bytes")}) {
    if (const Metric* metric = Metrics().Find(name)) axes.push_back({name, metric->info.direction});
  }
  return axes;
}

}  // namespace tradewind
