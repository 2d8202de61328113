// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// RecordedTunable: a tunable whose answers and costs come from a recorded table, on one of its devices. Nothing is timed: trials may run
// side by side. Studies may also read the table directly (Lookup, table()). Thread-safe, but for its sessions.
//
//   TW_ASSIGN(auto tunable, OpenRecorded("nasbench201", "pixel3", ""));
//   TW_ASSIGN(Point point, tunable->Lookup(setting));        // all metrics, without a session
//   TW_ASSIGN(Space space, Space::Make(tunable->Space()));   // only combinations that exist
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/strategy.h"
#include "core/tunable.h"
#include "core/workload.h"
#include "recorded/recorded_table.h"

namespace tradewind {

class RecordedTunable : public Tunable {
 public:
  // `device` empty: the table's default. kNotFound lists the devices.
  static Result<std::unique_ptr<RecordedTunable>> On(std::shared_ptr<const RecordedTable> table, const std::string& device);

  std::string_view name() const override { return table_->spec().name; }
  std::span<const Knob> knobs() const override { return table_->knobs(); }
  const tradewind::Device& device() const override { return device_; }
  std::span<const MetricInfo> metrics() const override { return metrics_; }
  bool side_by_side() const override { return true; }
  // kNotFound where no such combination was recorded on the device; names the nearest one.
  Result<Setting> Resolve(const Setting& setting) override;
  Result<std::unique_ptr<Instance>> Open(const Setting& setting, const Budget& budget) override;

  // The metrics of a setting; of a table of samples, their means over all (95 % intervals). The point's setting is as given.
  Result<Point> Lookup(const Setting& setting) const;
  // The same of one sample ("table" where the rows are settings). kNotFound for an unknown id or setting.
  Result<Reading> Read(const Setting& setting, const std::string& sample) const;

  // Every knob with more than one value; `valid` says which combinations exist. Keeps the table alive. The fidelity is a dimension only if
  // asked for, else at its truest.
  SearchSpace Space(bool with_fidelity = false) const;
  // The first is the default.
  const std::vector<Workload>& workloads() const { return workloads_; }
  Result<const Workload*> FindWorkload(const std::string& name) const;
  // The knob whose values, cheapest first, buy truth; empty for none.
  const std::string& fidelity() const { return table_->spec().fidelity; }
  // The raw columns: values, samples, devices.
  const RecordedTable& table() const { return *table_; }
  size_t device_index() const { return device_index_; }

 private:
  explicit RecordedTunable(std::shared_ptr<const RecordedTable> table) : table_(std::move(table)) {}
  void MakeWorkloads();
  double WorstOf(size_t metric) const;
  Result<size_t> IndexOf(const Setting& setting) const;
  Result<Setting> Complete(const Setting& setting) const;

  std::shared_ptr<const RecordedTable> table_;
  size_t device_index_ = 0;
  tradewind::Device device_;
  std::vector<MetricInfo> metrics_;
  std::vector<Workload> workloads_;
  std::unordered_map<std::string, size_t> sample_of_;
};

}  // namespace tradewind
