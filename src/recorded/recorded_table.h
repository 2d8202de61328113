// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// RecordedTable: a table file with its data loaded: the settings that exist, and what each gave and cost on each device. Settings and
// samples are numbered from 0 in the order of the rows. Immutable; thread-safe; shared by the tunables of its devices.
//
//   TW_ASSIGN(auto table, LoadRecorded("nasbench201", ""));
//   std::vector<double> ms = table->Values("latency_ms", device);   // one a setting, NaN where it is not recorded on the device
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "core/setting.h"
#include "recorded/group_index.h"
#include "recorded/joined_table.h"
#include "recorded/table_spec.h"

namespace tradewind {

// The rows of a table whose rows are samples.
struct SampleTable {
  std::vector<std::string> ids;
  std::vector<std::string> texts;
  std::vector<std::string> groups;
};

class RecordedTable {
 public:
  static constexpr uint32_t kNone = ~uint32_t{0};

  // kInvalidInput names the table file and its line, or the data's file, line and column.
  static Result<std::shared_ptr<const RecordedTable>> Load(TableSpec spec, const JoinedTable::FindFile& find,
                                                           const TableLimits& limits = {});

  const TableSpec& spec() const { return spec_; }
  std::span<const Knob> knobs() const { return knobs_; }
  // The values that the table has of a knob, ascending (choices in the order met).
  const std::vector<KnobValue>& values(size_t knob) const { return values_[knob]; }
  const std::vector<std::string>& devices() const { return devices_; }
  // kNotFound lists the devices.
  Result<size_t> Device(const std::string& name) const;
  // kNotFound lists the metrics.
  Result<size_t> Metric(const std::string& name) const;

  size_t settings() const { return groups_ * header_combinations_; }
  Setting SettingAt(size_t i) const;
  // Knobs that the setting does not name have their defaults.
  std::optional<size_t> Find(const Setting& setting) const;
  // Whether all metrics that tables have are recorded for it.
  bool Exists(size_t setting, size_t device) const;
  // The existing one that differs in the fewest knobs, and of those by the fewest steps; the caller's knobs are known and typed.
  std::optional<size_t> Nearest(const Setting& setting, size_t device) const;

  // With samples: one value a sample for this setting. Without: one value in all, NaN where not recorded.
  double Value(size_t metric, size_t device, size_t setting, size_t sample = 0) const;
  // Rows behind a value: more than 1 where duplicates were averaged.
  int64_t Count(size_t device, size_t setting) const;
  // Without samples: a value for each setting.
  std::vector<double> Values(size_t metric, size_t device) const;
  // Of all that answers come from (knobs' values, devices, what is recorded), in hexadecimal digits.
  const std::string& digest() const { return digest_; }
  // Absent for a table whose rows are settings.
  const std::optional<SampleTable>& samples() const { return samples_; }

 private:
  explicit RecordedTable(TableSpec spec) : spec_(std::move(spec)) {}
  Result<void> MakeKnobs(const JoinedTable& data);
  Result<void> AddHeaderKnob(const KnobSpec& from, const JoinedTable& data);
  Result<void> AddColumnKnob(const KnobSpec& from, const std::string& name, size_t column, const JoinedTable& data);
  Result<void> CheckKnob(const KnobSpec& from, const Knob& knob) const;
  Result<void> MakeDevices(const JoinedTable& data);
  Result<void> GroupRows(const JoinedTable& data);
  Result<void> MakeSamples(const JoinedTable& data);
  Result<void> MakeSlots(const JoinedTable& data);
  std::string MakeDigest() const;
  Result<std::vector<size_t>> ColumnsOf(const MetricSpec& metric, size_t device, size_t header, const JoinedTable& data) const;
  Result<std::vector<double>> Fill(const MetricSpec& metric, const std::vector<size_t>& columns, size_t device,
                                   const JoinedTable& data) const;
  Result<std::optional<double>> Cell(const MetricSpec& metric, const std::vector<size_t>& columns, size_t row,
                                     const JoinedTable& data) const;
  std::vector<uint32_t> HeaderDigits(size_t header) const;
  std::vector<uint32_t> Digits(size_t setting) const;  // the index of each knob's value
  std::optional<std::vector<uint32_t>> DigitsOf(const Setting& setting) const;
  double AssumedValue(const MetricSpec& metric, size_t setting) const;

  TableSpec spec_;
  std::vector<Knob> knobs_;
  std::vector<std::vector<KnobValue>> values_;
  std::vector<bool> in_header_;                   // of each knob
  std::vector<std::vector<uint32_t>> row_value_;  // for each knob of a column, the index of each row's value; emptied after loading
  std::vector<std::vector<uint32_t>> group_value_;
  std::vector<std::string> devices_;
  size_t groups_ = 1;  // settings but for the knobs in headers
  size_t header_combinations_ = 1;
  GroupIndex group_of_;  // by the indices of the values
  std::vector<uint32_t> row_group_;
  std::vector<uint32_t> row_device_;           // where a column names it
  std::vector<std::vector<uint32_t>> counts_;  // rows of each group, for each device (or for all)
  std::vector<std::vector<double>> slots_;     // one value a group, or a sample
  std::vector<uint32_t> slot_of_;              // [(metric * devices + device) * header_combinations + header]
  std::optional<SampleTable> samples_;
  std::string digest_;
};

}  // namespace tradewind
