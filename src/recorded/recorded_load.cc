// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Loading a RecordedTable: knobs, then devices, then which rows are which setting, then a column of values for each metric.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "recorded/pattern.h"
#include "recorded/recorded_table.h"

namespace tradewind {
namespace {

constexpr size_t kMaxKnobs = 512;
constexpr size_t kMaxHeaderCombinations = 4096;
constexpr size_t kMaxDevices = 1024;
constexpr size_t kMaxValueCells = 64'000'000;

// First groups of the pattern in the columns' names, each once, in their order.
Result<std::vector<std::string>> InNames(const std::string& source, const JoinedTable& data) {
  TW_ASSIGN(const Pattern pattern, Pattern::Make(source));
  std::vector<std::string> found;
  std::set<std::string> seen;
  for (const std::string& name : data.names()) {
    const auto groups = pattern.Match(name);
    if (groups && seen.insert((*groups)[0]).second) found.push_back((*groups)[0]);
  }
  return found;
}

// The value as the type has it; absent where it is none.
std::optional<KnobValue> AsValue(const std::string& text, KnobType type) {
  if (type == KnobType::kChoice) return KnobValue(text);
  double number = 0;
  if (!ReadFiniteNumber(text, number)) return std::nullopt;
  if (type == KnobType::kReal) return KnobValue(number == 0 ? 0.0 : number);
  if (number != std::floor(number) || std::abs(number) > kMaxExactInteger) return std::nullopt;
  return KnobValue(static_cast<int64_t>(number));
}

KnobType TypeOf(const std::vector<std::string>& texts) {
  if (std::any_of(texts.begin(), texts.end(), [](const std::string& text) { return HasLeadingZero(text); })) return KnobType::kChoice;
  const auto all = [&](KnobType type) {
    return std::all_of(texts.begin(), texts.end(), [&](const std::string& text) { return AsValue(text, type).has_value(); });
  };
  return all(KnobType::kInteger) ? KnobType::kInteger : all(KnobType::kReal) ? KnobType::kReal : KnobType::kChoice;
}

template <typename Number, typename NumberDomain>
Domain Range(const std::vector<KnobValue>& ascending) {
  return NumberDomain{std::get<Number>(ascending.front()), std::get<Number>(ascending.back())};
}

Domain DomainOf(const std::vector<KnobValue>& values, KnobType type) {
  if (type == KnobType::kInteger) return Range<int64_t, IntegerDomain>(values);
  if (type == KnobType::kReal) return Range<double, RealDomain>(values);
  ChoiceDomain choices;
  for (const KnobValue& value : values) choices.values.push_back(std::get<std::string>(value));
  return choices;
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
  return text;
}

}  // namespace

Result<void> RecordedTable::CheckKnob(const KnobSpec& from, const Knob& knob) const {
  for (const Knob& other : knobs_) {
    if (other.name == knob.name) return Fail(spec_.ErrorAt(from.line, "the knob " + knob.name + " stands twice; rename one"));
  }
  if (knobs_.size() >= kMaxKnobs) return Fail(spec_.ErrorAt(from.line, "more than " + std::to_string(kMaxKnobs) + " knobs"));
  return {};
}

Result<void> RecordedTable::AddHeaderKnob(const KnobSpec& from, const JoinedTable& data) {
  std::vector<std::string> texts = from.values;
  if (!from.headers.empty()) {
    TW_ASSIGN(texts, InNames(from.headers, data));
  }
  if (texts.empty()) return Fail(spec_.ErrorAt(from.line, "the knob " + from.name + ": no column's name matches '" + from.headers + "'"));
  const KnobType type = from.type == KnobType::kAuto ? TypeOf(texts) : from.type;
  std::vector<KnobValue> values;
  for (const std::string& text : texts) {
    const auto value = AsValue(text, type);
    if (!value) return Fail(spec_.ErrorAt(from.line, "the knob " + from.name + ": \"" + text + "\" is not of its type"));
    values.push_back(*value);
  }
  if (type != KnobType::kChoice) std::sort(values.begin(), values.end());
  if (std::set<KnobValue>(values.begin(), values.end()).size() != values.size()) {
    return Fail(spec_.ErrorAt(from.line, "the knob " + from.name + " has a value twice; keep one"));
  }
  header_combinations_ *= values.size();
  if (header_combinations_ > kMaxHeaderCombinations)
    return Fail(spec_.ErrorAt(from.line, "more than 4096 combinations of knobs in headers"));
  // The truest by default: what is not searched by fidelity is judged by it.
  const KnobValue& standard = from.name == spec_.fidelity ? values.back() : values[0];
  Knob knob{.name = from.name, .domain = DomainOf(values, type), .default_value = standard, .unit = from.unit, .meaning = from.meaning};
  knob.stage = from.stage.value_or(spec_.samples ? Stage::kRequest : Stage::kBuild);
  TW_RETURN_IF_ERROR(CheckKnob(from, knob));
  knobs_.push_back(std::move(knob));
  values_.push_back(std::move(values));
  in_header_.push_back(true);
  row_value_.emplace_back();
  return {};
}

Result<void> RecordedTable::AddColumnKnob(const KnobSpec& from, const std::string& name, size_t column, const JoinedTable& data) {
  // Each distinct text once, so that a million rows cost no million values.
  std::map<std::string, uint32_t> index_of;
  std::vector<std::string> texts;
  std::vector<uint32_t> row_text(data.rows());
  for (size_t row = 0; row < data.rows(); ++row) {
    if (data.Absent(column, row))
      return Fail(data.ErrorAt(column, row, "the knob " + name + " has no value in a row that found no like; drop such rows"));
    const auto [found, is_new] = index_of.emplace(data.Text(column, row), static_cast<uint32_t>(texts.size()));
    if (is_new) texts.push_back(found->first);
    row_text[row] = found->second;
  }
  const KnobType type = from.type == KnobType::kAuto ? TypeOf(texts) : from.type;
  std::map<KnobValue, uint32_t> order;
  std::vector<KnobValue> values;
  std::vector<KnobValue> of_text;
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto value = AsValue(texts[i], type);
    if (!value) {
      const size_t row = static_cast<size_t>(std::find(row_text.begin(), row_text.end(), i) - row_text.begin());
      return Fail(data.ErrorAt(column, row,
                               "\"" + texts[i] + "\" is not of the type that " + spec_.origin + ", line " + std::to_string(from.line) +
                                   " gives the knob " + name));
    }
    of_text.push_back(*value);
    if (order.emplace(*value, 0).second) values.push_back(*value);
  }
  if (type != KnobType::kChoice) std::sort(values.begin(), values.end());
  for (size_t i = 0; i < values.size(); ++i) order[values[i]] = static_cast<uint32_t>(i);
  std::vector<uint32_t> place;  // of each text's value
  for (const KnobValue& value : of_text) place.push_back(order[value]);
  std::vector<uint32_t> rows(data.rows());
  for (size_t row = 0; row < rows.size(); ++row) rows[row] = place[row_text[row]];
  Knob knob{.name = name,
            .domain = DomainOf(values, type),
            .default_value = name == spec_.fidelity ? values.back() : values[rows[0]],
            .unit = from.unit,
            .meaning = from.meaning};
  knob.stage = from.stage.value_or(Stage::kBuild);
  TW_RETURN_IF_ERROR(CheckKnob(from, knob));
  knobs_.push_back(std::move(knob));
  values_.push_back(std::move(values));
  in_header_.push_back(false);
  row_value_.push_back(std::move(rows));
  return {};
}

Result<void> RecordedTable::MakeKnobs(const JoinedTable& data) {
  for (const KnobSpec& from : spec_.knobs) {
    if (!from.columns.empty()) {
      TW_ASSIGN(const Pattern pattern, Pattern::Make(from.columns));
      const size_t before = knobs_.size();
      for (size_t column = 0; column < data.names().size(); ++column) {
        if (pattern.Match(data.names()[column])) TW_RETURN_IF_ERROR(AddColumnKnob(from, data.names()[column], column, data));
      }
      if (knobs_.size() == before) return Fail(spec_.ErrorAt(from.line, "no column's name matches '" + from.columns + "'"));
    } else if (!from.column.empty()) {
      const auto column = data.Column(from.column);
      if (!column) return Fail(spec_.ErrorAt(from.line, "the knob " + from.name + ": " + column.error().ToString()));
      TW_RETURN_IF_ERROR(AddColumnKnob(from, from.name, *column, data));
    } else {
      TW_RETURN_IF_ERROR(AddHeaderKnob(from, data));
    }
  }
  return {};
}

Result<void> RecordedTable::MakeDevices(const JoinedTable& data) {
  const DevicesSpec& from = spec_.devices;
  devices_ = from.names;
  if (!from.headers.empty()) {
    TW_ASSIGN(devices_, InNames(from.headers, data));
  }
  if (!from.column.empty()) {
    const auto column = data.Column(from.column);
    if (!column) return Fail(spec_.ErrorAt(from.line, "devices: " + column.error().ToString()));
    std::map<std::string, uint32_t> index_of;
    for (size_t row = 0; row < data.rows(); ++row) {
      if (data.Absent(*column, row))
        return Fail(data.ErrorAt(*column, row, "the row names no device, as it found no like; drop such rows"));
      const auto [found, is_new] = index_of.emplace(data.Text(*column, row), static_cast<uint32_t>(devices_.size()));
      if (is_new) devices_.push_back(found->first);
      if (devices_.size() > kMaxDevices) break;
      row_device_.push_back(found->second);
    }
  }
  if (devices_.empty()) return Fail(spec_.ErrorAt(from.line, "no column's name matches '" + from.headers + "'; there is no device"));
  if (devices_.size() > kMaxDevices) return Fail(spec_.ErrorAt(from.line, "more than " + std::to_string(kMaxDevices) + " devices"));
  std::vector<std::string> named;
  if (!from.standard.empty()) named.push_back(from.standard);
  for (const auto& [part, names] : from.split) named.insert(named.end(), names.begin(), names.end());
  for (const std::string& name : named) {
    const auto device = Device(name);
    if (!device) return Fail(spec_.ErrorAt(from.line, device.error().message()));
  }
  return {};
}

Result<void> RecordedTable::GroupRows(const JoinedTable& data) {
  const size_t kinds = row_device_.empty() ? 1 : devices_.size();
  std::vector<uint32_t> first_row;
  std::vector<uint32_t> key;
  group_of_ = GroupIndex(static_cast<size_t>(std::count(in_header_.begin(), in_header_.end(), false)));
  group_value_.assign(knobs_.size(), {});
  counts_.assign(kinds, {});
  row_group_.resize(data.rows());
  for (size_t row = 0; row < data.rows(); ++row) {
    key.clear();
    for (size_t k = 0; k < knobs_.size(); ++k) {
      if (!in_header_[k]) key.push_back(row_value_[k][row]);
    }
    const auto [group, is_new] = group_of_.Add(key);
    if (is_new) {
      if (kinds * (first_row.size() + 1) > kMaxValueCells)
        return Fail(spec_.ErrorAt(spec_.devices.line, "more than 64000000 settings times devices; split the table"));
      first_row.push_back(static_cast<uint32_t>(row));
      for (auto& counts : counts_) counts.push_back(0);
      for (size_t k = 0; k < knobs_.size(); ++k) {
        if (!in_header_[k]) group_value_[k].push_back(row_value_[k][row]);
      }
    }
    row_group_[row] = group;
    const uint32_t before = counts_[kinds == 1 ? 0 : row_device_[row]][group]++;
    if (before == 0 || spec_.mean_of_duplicates) continue;
    return Fail(data.ErrorAt(data.names().size(), row,
                             "the row has the knobs of an earlier one (" + data.PlaceOf(first_row[group]) +
                                 "); take one out, or say `duplicates: mean` in " + spec_.origin));
  }
  groups_ = first_row.size();
  return {};
}

Result<void> RecordedTable::MakeSamples(const JoinedTable& data) {
  group_of_.Add({});
  samples_.emplace();
  const SampleSpec& from = *spec_.samples;
  const auto read = [&](const std::string& name, std::vector<std::string>& texts) -> Result<void> {
    if (name.empty()) return {};
    const auto column = data.Column(name);
    if (!column) return Fail(spec_.ErrorAt(from.line, "samples: " + column.error().ToString()));
    for (size_t row = 0; row < data.rows(); ++row) {
      if (data.Absent(*column, row)) return Fail(data.ErrorAt(*column, row, "the sample has no such cell; drop rows that find no like"));
      texts.push_back(data.Text(*column, row));
    }
    return {};
  };
  TW_RETURN_IF_ERROR(read(from.id, samples_->ids));
  TW_RETURN_IF_ERROR(read(from.text, samples_->texts));
  TW_RETURN_IF_ERROR(read(from.group, samples_->groups));
  if (from.id.empty()) {
    for (size_t row = 0; row < data.rows(); ++row) samples_->ids.push_back(std::to_string(row));
    return {};
  }
  std::map<std::string_view, size_t> seen;
  for (size_t row = 0; row < data.rows(); ++row) {
    const auto [found, is_new] = seen.emplace(samples_->ids[row], row);
    if (!is_new) {
      TW_ASSIGN(const size_t column, data.Column(from.id));
      return Fail(
          data.ErrorAt(column, row, "the sample's id is that of an earlier row (" + data.PlaceOf(found->second) + "); give it its own"));
    }
  }
  return {};
}

Result<std::vector<size_t>> RecordedTable::ColumnsOf(const MetricSpec& metric, size_t device, size_t header,
                                                     const JoinedTable& data) const {
  const std::vector<uint32_t> digits = HeaderDigits(header);
  std::vector<std::string> names = metric.columns;
  for (size_t k = 0; k < knobs_.size(); ++k) {
    if (!in_header_[k]) continue;
    const std::string value = ToText(values_[k][digits[k]]);
    if (knobs_[k].name == metric.by) {
      const auto found = metric.columns_by.find(value);
      if (found == metric.columns_by.end()) {
        return Fail(spec_.ErrorAt(metric.line, "the metric " + metric.info.name + " names no column for " + metric.by + "=" + value));
      }
      names = {found->second};
    }
    for (std::string& name : names) name = Replaced(name, "{" + knobs_[k].name + "}", value);
  }
  std::vector<size_t> columns;
  for (const std::string& name : names) {
    const auto column = data.Column(Replaced(name, "{device}", devices_[device]));
    if (!column) return Fail(spec_.ErrorAt(metric.line, "the metric " + metric.info.name + ": " + column.error().ToString()));
    columns.push_back(*column);
  }
  return columns;
}

Result<std::optional<double>> RecordedTable::Cell(const MetricSpec& metric, const std::vector<size_t>& columns, size_t row,
                                                  const JoinedTable& data) const {
  double sum = 0;
  for (const size_t column : columns) {
    if (data.Absent(column, row) || (metric.skip_missing && data.Text(column, row).empty())) return std::nullopt;
    const auto value = data.Number(column, row);
    if (!value) {
      Status error = value.error();
      const std::string where = error.where();
      return Fail(Status(error.code(), "the metric " + metric.info.name + ": " + error.message()).At(where));
    }
    sum += *value;
  }
  return sum * metric.scale;
}

Result<std::vector<double>> RecordedTable::Fill(const MetricSpec& metric, const std::vector<size_t>& columns, size_t device,
                                                const JoinedTable& data) const {
  std::vector<double> slot(samples_ ? data.rows() : groups_, std::numeric_limits<double>::quiet_NaN());
  std::vector<uint32_t> added(slot.size(), 0);
  for (size_t row = 0; row < data.rows(); ++row) {
    if (!row_device_.empty() && row_device_[row] != device) continue;
    TW_ASSIGN(const std::optional<double> value, Cell(metric, columns, row, data));
    if (!value && samples_)
      return Fail(data.ErrorAt(columns[0], row, "the sample has no value of the metric " + metric.info.name + "; take it out"));
    if (!value) continue;
    const size_t cell = samples_ ? row : row_group_[row];
    slot[cell] = (added[cell] == 0 ? 0 : slot[cell]) + *value;
    ++added[cell];
  }
  for (size_t i = 0; i < slot.size(); ++i) {
    if (added[i] > 1) slot[i] /= added[i];
  }
  return slot;
}

Result<void> RecordedTable::MakeSlots(const JoinedTable& data) {
  std::map<std::tuple<size_t, size_t, std::vector<size_t>>, uint32_t> known;
  if (spec_.metrics.size() * devices_.size() > kMaxValueCells / header_combinations_)
    return Fail(spec_.ErrorAt(spec_.devices.line, "more than 64000000 metrics times devices times headers; split the table"));
  slot_of_.assign(spec_.metrics.size() * devices_.size() * header_combinations_, kNone);
  for (size_t m = 0; m < spec_.metrics.size(); ++m) {
    const MetricSpec& metric = spec_.metrics[m];
    if (!metric.assumed_by.empty()) {
      const auto knob = std::find_if(knobs_.begin(), knobs_.end(), [&](const Knob& k) { return k.name == metric.by; });
      for (const KnobValue& value : values_[static_cast<size_t>(knob - knobs_.begin())]) {
        if (metric.assumed_by.count(ToText(value)) != 0) continue;
        return Fail(
            spec_.ErrorAt(metric.line, "the metric " + metric.info.name + " assumes nothing for " + metric.by + "=" + ToText(value)));
      }
    }
    if (metric.Assumed()) continue;
    for (size_t device = 0; device < devices_.size(); ++device) {
      for (size_t header = 0; header < header_combinations_; ++header) {
        TW_ASSIGN(std::vector<size_t> columns, ColumnsOf(metric, device, header, data));
        const auto [found, is_new] =
            known.emplace(std::tuple(m, row_device_.empty() ? 0 : device, columns), static_cast<uint32_t>(slots_.size()));
        if (is_new) {
          TW_ASSIGN(std::vector<double> slot, Fill(metric, columns, device, data));
          slots_.push_back(std::move(slot));
          if (slots_.size() * slots_[0].size() > kMaxValueCells)
            return Fail(spec_.ErrorAt(metric.line, "more than 64,000,000 values in all"));
        }
        slot_of_[(m * devices_.size() + device) * header_combinations_ + header] = found->second;
      }
    }
  }
  return {};
}

}  // namespace tradewind
