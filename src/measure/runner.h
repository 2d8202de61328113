// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Runner: measures settings of a tunable on a workload and files the trials. An instance stays open while the next setting differs only in
// request knobs. A trial is stored when it is finished, so that kill -9 loses at most those in flight.
//
//   Runner runner(tunable, workload, store);
//   TW_ASSIGN(TrialRecord record, runner.Measure(setting, {.time = Duration::Seconds(20)}));
//   TW_ASSIGN(std::vector<TrialRecord> records, runner.MeasureInTurn(settings, {}));
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "core/frontier.h"
#include "measure/trial.h"
#include "store/profile_store.h"

namespace tradewind {

struct MeasureOptions {
  Duration time = Duration::Seconds(20);  // for timing; the quality passes take what they take
  std::vector<std::string> metrics;       // empty: all but perplexity, which takes a pass of its own
  int64_t perplexity_windows = 20;
  std::function<void(const std::string& stage, double share)> progress;  // share of this trial, 0 to 1; may be null
};

class Runner {
 public:
  // All are borrowed. Saves device and workload in the store; the first workload ever becomes the default one.
  static Result<Runner> Make(Tunable& tunable, const Workload& workload, ProfileStore& store);

  // What the setting would be filed under.
  Result<TrialKey> KeyOf(const Setting& setting);
  // The stored trial, if there is one.
  Result<std::optional<TrialRecord>> Find(const Setting& setting);
  // Measures and stores, whatever the store has. A metric that was asked for and cannot be had is noted in the record (TrialNotes).
  Result<TrialRecord> Measure(const Setting& setting, const MeasureOptions& options);
  // The same of settings that differ in request knobs alone (ShareInstance), which are timed in turn, sample by sample: what the machine
  // does meanwhile meets them alike. options.time is for each. All are stored at the end; an error stores none.
  Result<std::vector<TrialRecord>> MeasureInTurn(std::span<const Setting> settings, const MeasureOptions& options);
  // Whether one open instance answers both.
  Result<bool> ShareInstance(const Setting& a, const Setting& b);
  // Whether the last Measure failed because the tunable cannot have the setting (kUnsupported, or kResourceExhausted while opening it).
  bool refused() const { return refused_; }

 private:
  Runner(Tunable& tunable, const Workload& workload, ProfileStore& store) : tunable_(&tunable), workload_(&workload), store_(&store) {}
  // One setting among those timed in turn.
  struct Turn {
    Setting request;
    TrialRecord record;
    Trial trial;
  };
  Result<Turn> Begin(const Setting& setting);
  Result<Instance*> Open(const Setting& load);
  Result<void> RunQuality(Instance& instance, const MeasureOptions& options, double from, double to, Turn& turn);
  Result<void> RunTiming(Instance& instance, const MeasureOptions& options, std::vector<Turn>& turns);
  Result<Setting> LoadPart(const Setting& setting);

  Tunable* tunable_;
  const Workload* workload_;
  ProfileStore* store_;
  std::unique_ptr<Instance> instance_;
  Setting instance_setting_;
  std::vector<Duration> instance_loads_;
  bool refused_ = false;
};

// A record as a point, its setting read back.
Result<Point> ToPoint(const TrialRecord& record, std::span<const Knob> knobs);

// The axes of a frontier on this workload: its own, or the primary metric, TTFT, TPOT and peak memory.
std::vector<Axis> AxesOf(const Workload& workload);

}  // namespace tradewind
