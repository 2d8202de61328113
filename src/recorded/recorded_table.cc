// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "recorded/recorded_table.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "net/sha256.h"

namespace tradewind {
namespace {

constexpr double kNotRecorded = std::numeric_limits<double>::quiet_NaN();

std::string Listed(const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < std::min<size_t>(names.size(), 40); ++i) text += (i == 0 ? "" : ", ") + names[i];
  return names.size() > 40 ? text + " and " + std::to_string(names.size() - 40) + " more" : text;
}

}  // namespace

Result<std::shared_ptr<const RecordedTable>> RecordedTable::Load(TableSpec spec, const JoinedTable::FindFile& find,
                                                                 const TableLimits& limits) {
  std::shared_ptr<RecordedTable> table(new RecordedTable(std::move(spec)));
  TW_ASSIGN(const JoinedTable data, JoinedTable::Load(table->spec_, find, limits));
  TW_RETURN_IF_ERROR(table->MakeKnobs(data));
  TW_RETURN_IF_ERROR(table->MakeDevices(data));
  TW_RETURN_IF_ERROR(table->spec_.samples ? table->MakeSamples(data) : table->GroupRows(data));
  TW_RETURN_IF_ERROR(table->MakeSlots(data));
  table->row_value_ = {};
  table->row_group_ = {};
  table->row_device_ = {};
  table->digest_ = table->MakeDigest();
  return std::shared_ptr<const RecordedTable>(std::move(table));
}

std::string RecordedTable::MakeDigest() const {
  Sha256 hash;
  const auto add = [&](const auto& numbers) { hash.Update(std::as_bytes(std::span(numbers))); };
  const auto add_text = [&](const std::string& text) {
    add(text);
    add(std::string_view("\n"));
  };
  for (size_t k = 0; k < knobs_.size(); ++k) {
    add_text(knobs_[k].name);
    for (const KnobValue& value : values_[k]) add_text(ToText(value));
  }
  for (const std::string& device : devices_) add_text(device);
  for (const auto& group : group_value_) add(group);
  for (const auto& slot : slots_) add(slot);
  add(slot_of_);
  return hash.HexDigest();
}

Result<size_t> RecordedTable::Device(const std::string& name) const {
  const auto found = std::find(devices_.begin(), devices_.end(), name);
  if (found != devices_.end()) return static_cast<size_t>(found - devices_.begin());
  return Fail(Status(StatusCode::kNotFound, spec_.name + " has no device \"" + name + "\"; there are " + Listed(devices_)).At("--device"));
}

Result<size_t> RecordedTable::Metric(const std::string& name) const {
  std::vector<std::string> names;
  for (size_t i = 0; i < spec_.metrics.size(); ++i) {
    if (spec_.metrics[i].info.name == name) return i;
    names.push_back(spec_.metrics[i].info.name);
  }
  return Fail(StatusCode::kNotFound, spec_.name + " has no metric \"" + name + "\"; there are " + Listed(names));
}

std::vector<uint32_t> RecordedTable::HeaderDigits(size_t header) const {
  std::vector<uint32_t> digits(knobs_.size(), 0);
  for (size_t k = knobs_.size(); k-- > 0;) {
    if (!in_header_[k]) continue;
    digits[k] = static_cast<uint32_t>(header % values_[k].size());
    header /= values_[k].size();
  }
  return digits;
}

std::vector<uint32_t> RecordedTable::Digits(size_t setting) const {
  std::vector<uint32_t> digits = HeaderDigits(setting % header_combinations_);
  const size_t group = setting / header_combinations_;
  for (size_t k = 0; k < knobs_.size(); ++k) {
    if (!in_header_[k]) digits[k] = group_value_[k][group];
  }
  return digits;
}

Setting RecordedTable::SettingAt(size_t i) const {
  const std::vector<uint32_t> digits = Digits(i);
  Setting setting;
  for (size_t k = 0; k < knobs_.size(); ++k) setting.Set(knobs_[k].name, values_[k][digits[k]]);
  return setting;
}

std::optional<std::vector<uint32_t>> RecordedTable::DigitsOf(const Setting& setting) const {
  std::vector<uint32_t> digits(knobs_.size());
  for (size_t k = 0; k < knobs_.size(); ++k) {
    const KnobValue* given = setting.Find(knobs_[k].name);
    const KnobValue& value = given == nullptr ? knobs_[k].default_value : *given;
    const std::vector<KnobValue>& values = values_[k];
    const bool sorted = !std::holds_alternative<std::string>(values[0]);
    const auto found = sorted ? std::lower_bound(values.begin(), values.end(), value) : std::find(values.begin(), values.end(), value);
    if (found == values.end() || *found != value) return std::nullopt;
    digits[k] = static_cast<uint32_t>(found - values.begin());
  }
  return digits;
}

std::optional<size_t> RecordedTable::Find(const Setting& setting) const {
  const auto digits = DigitsOf(setting);
  if (!digits) return std::nullopt;
  size_t header = 0;
  std::vector<uint32_t> key;
  for (size_t k = 0; k < knobs_.size(); ++k) {
    if (in_header_[k]) {
      header = header * values_[k].size() + (*digits)[k];
    } else {
      key.push_back((*digits)[k]);
    }
  }
  const std::optional<uint32_t> group = group_of_.Find(key);
  if (!group) return std::nullopt;
  return *group * header_combinations_ + header;
}

bool RecordedTable::Exists(size_t setting, size_t device) const {
  if (samples_) return true;
  for (size_t metric = 0; metric < spec_.metrics.size(); ++metric) {
    if (std::isnan(Value(metric, device, setting))) return false;
  }
  return true;
}

std::optional<size_t> RecordedTable::Nearest(const Setting& setting, size_t device) const {
  std::optional<size_t> best;
  std::pair<size_t, double> best_distance;
  for (size_t i = 0; i < settings(); ++i) {
    if (!Exists(i, device)) continue;
    const std::vector<uint32_t> digits = Digits(i);
    std::pair<size_t, double> distance{0, 0};
    for (size_t k = 0; k < knobs_.size(); ++k) {
      const KnobValue* given = setting.Find(knobs_[k].name);
      const KnobValue& wanted = given == nullptr ? knobs_[k].default_value : *given;
      const KnobValue& value = values_[k][digits[k]];
      if (wanted == value) continue;
      ++distance.first;
      const auto* a = std::get_if<int64_t>(&wanted);
      const auto* b = std::get_if<int64_t>(&value);
      const auto* x = std::get_if<double>(&wanted);
      const auto* y = std::get_if<double>(&value);
      if (a != nullptr && b != nullptr) distance.second += std::abs(static_cast<double>(*a) - static_cast<double>(*b));
      if (x != nullptr && y != nullptr) distance.second += std::abs(*x - *y);
    }
    if (!best || distance < best_distance) {
      best = i;
      best_distance = distance;
    }
  }
  return best;
}

double RecordedTable::AssumedValue(const MetricSpec& metric, size_t setting) const {
  if (metric.assumed) return *metric.assumed;
  const std::vector<uint32_t> digits = HeaderDigits(setting % header_combinations_);
  for (size_t k = 0; k < knobs_.size(); ++k) {
    if (knobs_[k].name == metric.by) return metric.assumed_by.at(ToText(values_[k][digits[k]]));
  }
  return kNotRecorded;
}

double RecordedTable::Value(size_t metric, size_t device, size_t setting, size_t sample) const {
  if (spec_.metrics[metric].Assumed()) return AssumedValue(spec_.metrics[metric], setting);
  const size_t header = setting % header_combinations_;
  const std::vector<double>& slot = slots_[slot_of_[(metric * devices_.size() + device) * header_combinations_ + header]];
  return slot[samples_ ? sample : setting / header_combinations_];
}

int64_t RecordedTable::Count(size_t device, size_t setting) const {
  if (samples_) return static_cast<int64_t>(samples_->ids.size());
  return counts_[counts_.size() == 1 ? 0 : device][setting / header_combinations_];
}

std::vector<double> RecordedTable::Values(size_t metric, size_t device) const {
  std::vector<double> values(settings());
  for (size_t i = 0; i < values.size(); ++i) values[i] = Value(metric, device, i);
  return values;
}

}  // namespace tradewind
