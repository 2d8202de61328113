// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "recorded/recorded_tunable.h"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "net/sha256.h"
#include "stats/summary.h"

namespace tradewind {
namespace {

constexpr const char* kWholeTable = "table";  // the sample's id where the rows are settings
constexpr double kConfidence = 0.95;
constexpr size_t kIdDigits = 16;

// Gives the reading of one sample, then the end.
class RecordedSession : public Session {
 public:
  RecordedSession(const RecordedTunable& tunable, Setting setting) : tunable_(tunable) { outcome_.setting = std::move(setting); }

  Result<void> Push(InputEvent event) override {
    const auto* sample = std::get_if<SampleRef>(&event.body);
    if (sample == nullptr) {
      return Fail(StatusCode::kUnsupported,
                  std::string(tunable_.name()) + " answers recorded samples by their ids; it cannot take a prompt");
    }
    TW_ASSIGN(reading_, tunable_.Read(outcome_.setting, sample->id));
    time_ = event.time;
    state_ = State::kReading;
    return {};
  }
  Result<OutputEvent> Next() override {
    if (state_ == State::kIdle) return Fail(StatusCode::kInvalidInput, "nothing was asked; push a sample first");
    if (cancelled_ || state_ == State::kEnd) {
      outcome_.finish = cancelled_ ? FinishReason::kCancelled : FinishReason::kStop;
      state_ = State::kIdle;
      return OutputEvent{time_, End{outcome_.finish}};
    }
    state_ = State::kEnd;
    return OutputEvent{time_, std::move(reading_)};
  }
  void Cancel() override { cancelled_ = true; }
  const Outcome& outcome() const override { return outcome_; }

 private:
  enum class State : uint8_t { kIdle, kReading, kEnd };
  const RecordedTunable& tunable_;
  Outcome outcome_;
  Reading reading_;
  TimePoint time_;
  State state_ = State::kIdle;
  std::atomic<bool> cancelled_ = false;
};

class RecordedInstance : public Instance {
 public:
  RecordedInstance(const RecordedTunable& tunable, Setting setting) : tunable_(tunable), setting_(std::move(setting)) {}
  const Setting& setting() const override { return setting_; }
  std::span<const Knob> knobs() const override { return tunable_.knobs(); }
  uint64_t memory_bytes() const override { return 0; }
  Result<std::vector<int32_t>> Tokenize(const Prompt& /*prompt*/) const override {
    return Fail(StatusCode::kUnsupported, std::string(tunable_.name()) + " is a recorded table: it has no tokens");
  }
  Result<std::unique_ptr<Session>> Start(const SessionOptions& options) override {
    return std::make_unique<RecordedSession>(tunable_, setting_.With(options.setting));
  }

 private:
  const RecordedTunable& tunable_;
  Setting setting_;
};

Measurement MeanOf(const MetricSpec& metric, const std::vector<double>& values) {
  const auto count = static_cast<int64_t>(values.size());
  const bool binary = std::all_of(values.begin(), values.end(), [](double v) { return v == 0 || v == 1; });
  const double mean = Mean(values);
  Measurement out{
      .metric = metric.info.name, .value = mean, .interval = {mean, mean, kConfidence}, .count = count, .origin = Origin::kRecorded};
  if (metric.Assumed()) {
    out.origin = Origin::kAssumed;
  } else if (count > 1) {
    out.interval =
        binary ? WilsonInterval(std::count(values.begin(), values.end(), 1.0), count, kConfidence) : MeanInterval(values, kConfidence);
  }
  return out;
}

std::string IdOf(const TableSpec& spec, const ObjectiveSpec& workload, const Workload& made) {
  Sha256 hash;
  const auto add = [&hash](const std::string& text) {
    hash.Update(std::as_bytes(std::span(text)));
    hash.Update(std::as_bytes(std::span("\n", 1)));
  };
  add(spec.name);
  for (const TableSource& table : spec.tables) {
    for (const DataFile& file : table.parts) add(file.sha256.empty() ? file.path : file.sha256);
  }
  for (const MetricSpec& metric : spec.metrics) add(metric.info.name);
  for (const std::string& axis : workload.axes) add(axis);
  for (const Sample& sample : made.recalled) add(sample.id);
  return "recorded-" + hash.HexDigest().substr(0, kIdDigits);
}

}  // namespace

Result<std::unique_ptr<RecordedTunable>> RecordedTunable::On(std::shared_ptr<const RecordedTable> table, const std::string& device) {
  const DevicesSpec& devices = table->spec().devices;
  const std::string standard = devices.standard.empty() ? table->devices()[0] : devices.standard;
  std::unique_ptr<RecordedTunable> tunable(new RecordedTunable(std::move(table)));
  const std::string name = device.empty() ? standard : device;
  TW_ASSIGN(tunable->device_index_, tunable->table_->Device(name));
  tunable->device_.id = tunable->table_->spec().name + "/" + name;
  tunable->device_.cpu_model = name;
  tunable->device_.origin = "recorded";
  for (const MetricSpec& metric : tunable->table_->spec().metrics) {
    tunable->metrics_.push_back(metric.info);
    if (metric.Assumed()) tunable->metrics_.back().definition += " Assumed: " + metric.because;
  }
  if (tunable->table_->samples()) {
    const std::vector<std::string>& ids = tunable->table_->samples()->ids;
    for (size_t i = 0; i < ids.size(); ++i) tunable->sample_of_.emplace(ids[i], i);
  } else {
    tunable->sample_of_.emplace(kWholeTable, 0);
  }
  tunable->MakeWorkloads();
  return tunable;
}

void RecordedTunable::MakeWorkloads() {
  const TableSpec& spec = table_->spec();
  for (const ObjectiveSpec& from : spec.workloads) {
    Workload workload{.name = spec.name + ":" + from.name, .id = "", .primary_metric = from.axes[0], .quality = {}, .timing = {}};
    const auto& samples = table_->samples();
    for (size_t i = 0; i < (samples ? samples->ids.size() : 0); ++i) {
      const bool wanted = from.groups.empty() || std::find(from.groups.begin(), from.groups.end(), samples->groups[i]) != from.groups.end();
      if (wanted) workload.recalled.push_back({.id = samples->ids[i], .prompt = {}, .output_tokens = 0});
    }
    if (!samples) workload.recalled.push_back({.id = kWholeTable, .prompt = {}, .output_tokens = 0});
    for (size_t i = 0; i < from.axes.size(); ++i) {
      const auto metric =
          std::find_if(spec.metrics.begin(), spec.metrics.end(), [&](const MetricSpec& m) { return m.info.name == from.axes[i]; });
      workload.axes.push_back({from.axes[i], metric->info.direction});
      if (from.reference.empty()) continue;
      workload.reference.push_back(from.reference[i] ? *from.reference[i] : WorstOf(static_cast<size_t>(metric - spec.metrics.begin())));
    }
    workload.id = IdOf(spec, from, workload);
    workloads_.push_back(std::move(workload));
  }
}

double RecordedTunable::WorstOf(size_t metric) const {
  const bool lower = metrics_[metric].direction == Direction::kLowerIsBetter;
  const size_t samples = table_->samples() ? table_->samples()->ids.size() : 1;
  double worst = lower ? -INFINITY : INFINITY;
  for (size_t i = 0; i < table_->settings(); ++i) {
    if (!table_->Exists(i, device_index_)) continue;
    double sum = 0;
    for (size_t s = 0; s < samples; ++s) sum += table_->Value(metric, device_index_, i, s);
    const double value = sum / static_cast<double>(samples);
    worst = lower ? std::max(worst, value) : std::min(worst, value);
  }
  return worst;
}

Result<Setting> RecordedTunable::Complete(const Setting& setting) const {
  Setting complete;
  for (const auto& [name, value] : setting.values()) {
    TW_ASSIGN(const Knob* knob, FindKnob(knobs(), name));
    const auto* integer = std::get_if<int64_t>(&value);
    const bool widen = integer != nullptr && std::holds_alternative<RealDomain>(knob->domain);
    const KnobValue typed = widen ? KnobValue(static_cast<double>(*integer)) : value;
    TW_RETURN_IF_ERROR(knob->Check(typed));
    complete.Set(name, typed);
  }
  for (const Knob& knob : knobs()) {
    if (!complete.Has(knob.name)) complete.Set(knob.name, knob.default_value);
  }
  return complete;
}

Result<size_t> RecordedTunable::IndexOf(const Setting& setting) const {
  TW_ASSIGN(const Setting complete, Complete(setting));
  const std::optional<size_t> found = table_->Find(complete);
  if (found && table_->Exists(*found, device_index_)) return *found;
  std::string message = table_->spec().name + " has no record of this setting on " + device_.cpu_model;
  if (const auto nearest = table_->Nearest(complete, device_index_)) message += "; the nearest is " + table_->SettingAt(*nearest).Text();
  return Fail(Status(StatusCode::kNotFound, message).At(complete.Text()));
}

Result<Setting> RecordedTunable::Resolve(const Setting& setting) {
  TW_ASSIGN(const size_t index, IndexOf(setting));
  return table_->SettingAt(index).Canonical(knobs());
}

Result<std::unique_ptr<Instance>> RecordedTunable::Open(const Setting& setting, const Budget& /*budget*/) {
  for (const auto& [name, value] : setting.values()) {
    TW_ASSIGN(const Knob* knob, FindKnob(knobs(), name));
    TW_RETURN_IF_ERROR(knob->Check(value));
  }
  return std::make_unique<RecordedInstance>(*this, setting);
}

Result<Reading> RecordedTunable::Read(const Setting& setting, const std::string& sample) const {
  TW_ASSIGN(const size_t index, IndexOf(setting));
  const auto found = sample_of_.find(sample);
  if (found == sample_of_.end()) {
    return Fail(StatusCode::kNotFound, table_->spec().name + " has no sample \"" + sample.substr(0, 64) + "\"; its workloads list them");
  }
  Reading reading;
  for (size_t m = 0; m < metrics_.size(); ++m) {
    const MetricSpec& metric = table_->spec().metrics[m];
    reading.measurements.push_back(MeanOf(metric, {table_->Value(m, device_index_, index, found->second)}));
    if (!table_->samples() && !metric.Assumed()) reading.measurements.back().count = table_->Count(device_index_, index);
  }
  return reading;
}

Result<Point> RecordedTunable::Lookup(const Setting& setting) const {
  Point point{.setting = setting, .measurements = {}};
  if (!table_->samples()) {
    TW_ASSIGN(Reading reading, Read(setting, kWholeTable));
    point.measurements = std::move(reading.measurements);
    return point;
  }
  TW_ASSIGN(const size_t index, IndexOf(setting));
  std::vector<double> values(table_->samples()->ids.size());
  for (size_t m = 0; m < metrics_.size(); ++m) {
    for (size_t s = 0; s < values.size(); ++s) values[s] = table_->Value(m, device_index_, index, s);
    point.measurements.push_back(MeanOf(table_->spec().metrics[m], values));
  }
  return point;
}

SearchSpace RecordedTunable::Space(bool with_fidelity) const {
  SearchSpace space;
  for (size_t k = 0; k < knobs().size(); ++k) {
    const std::vector<KnobValue>& values = table_->values(k);
    if (values.size() == 1 || (knobs()[k].name == fidelity() && !with_fidelity)) {
      space.base.Set(knobs()[k].name, knobs()[k].default_value);
      continue;
    }
    const bool ordered = !std::holds_alternative<std::string>(values[0]);
    space.dimensions.push_back({.knob = knobs()[k].name, .values = values, .ordered = ordered});
  }
  space.valid = [table = table_, device = device_index_](const Setting& setting) {
    const std::optional<size_t> found = table->Find(setting);
    return found && table->Exists(*found, device);
  };
  return space;
}

Result<const Workload*> RecordedTunable::FindWorkload(const std::string& name) const {
  if (name.empty()) return &workloads_[0];
  std::string names;
  for (size_t i = 0; i < workloads_.size(); ++i) {
    const std::string& own = table_->spec().workloads[i].name;
    if (name == own || name == workloads_[i].name) return &workloads_[i];
    names += (i == 0 ? "" : ", ") + own;
  }
  return Fail(Status(StatusCode::kNotFound, table_->spec().name + " has no workload \"" + name + "\"; there are " + names).At("--for"));
}

}  // namespace tradewind
