// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "recorded/spec_check.h"

#include <algorithm>
#include <array>
#include <set>

namespace tradewind {
namespace {

struct SuffixUnit {
  std::string_view suffix;
  std::string_view unit;
};
// The endings that the project's metrics have, and their units as metrics state them.
constexpr std::array kSuffixes = {SuffixUnit{"ms", "ms"},        SuffixUnit{"us", "us"},      SuffixUnit{"s", "s"},
                                  SuffixUnit{"bytes", "bytes"},  SuffixUnit{"mib", "MiB"},    SuffixUnit{"mb", "MB"},
                                  SuffixUnit{"gb", "GB"},        SuffixUnit{"j", "J"},        SuffixUnit{"mj", "mJ"},
                                  SuffixUnit{"w", "W"},          SuffixUnit{"percent", "%"},  SuffixUnit{"pct", "%"},
                                  SuffixUnit{"usd", "USD"},      SuffixUnit{"fps", "1/s"},    SuffixUnit{"gflops", "GFLOP"},
                                  SuffixUnit{"mflops", "MFLOP"}, SuffixUnit{"gmacs", "GMAC"}, SuffixUnit{"mparams", "M"}};

bool Letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Result<void> CheckNames(const TableSpec& spec) {
  std::set<std::string> seen;
  for (const KnobSpec& knob : spec.knobs) {
    if (!knob.name.empty() && !seen.insert(knob.name).second)
      return Fail(spec.ErrorAt(knob.line, "the knob " + knob.name + " stands twice; rename one"));
  }
  seen.clear();
  for (const MetricSpec& metric : spec.metrics) {
    if (!seen.insert(metric.info.name).second)
      return Fail(spec.ErrorAt(metric.line, "the metric " + metric.info.name + " stands twice; rename one"));
  }
  seen.clear();
  for (const ObjectiveSpec& workload : spec.workloads) {
    if (!seen.insert(workload.name).second)
      return Fail(spec.ErrorAt(workload.line, "the workload " + workload.name + " stands twice; rename one"));
  }
  return {};
}

Result<void> CheckMetric(const TableSpec& spec, const MetricSpec& metric) {
  if (metric.by.empty()) return {};
  const auto knob = std::find_if(spec.knobs.begin(), spec.knobs.end(), [&](const KnobSpec& k) { return k.name == metric.by; });
  if (knob == spec.knobs.end() || !knob->InHeaders()) {
    return Fail(spec.ErrorAt(metric.line,
                             "the metric " + metric.info.name + " goes by \"" + metric.by + "\", which is no knob with headers or values"));
  }
  return {};
}

Result<void> CheckWorkload(const TableSpec& spec, const ObjectiveSpec& workload) {
  for (const std::string& axis : workload.axes) {
    if (std::none_of(spec.metrics.begin(), spec.metrics.end(), [&](const MetricSpec& m) { return m.info.name == axis; })) {
      return Fail(
          spec.ErrorAt(workload.line, "the workload " + workload.name + " has the axis \"" + axis + "\", which is no metric of this file"));
    }
  }
  if (!workload.groups.empty() && (!spec.samples || spec.samples->group.empty())) {
    return Fail(spec.ErrorAt(workload.line,
                             "the workload " + workload.name + " asks for groups, but samples have none; name samples' group column"));
  }
  return {};
}

}  // namespace

bool IsKnobName(std::string_view name) {
  return !name.empty() && name.size() <= 64 && Letter(name[0]) &&
         std::all_of(name.begin(), name.end(), [](char c) { return Letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

std::string UnitInName(std::string_view metric) {
  const size_t underscore = metric.rfind('_');
  if (underscore == std::string_view::npos) return {};
  const std::string_view ending = metric.substr(underscore + 1);
  for (const SuffixUnit& known : kSuffixes) {
    if (known.suffix == ending) return std::string(known.unit);
  }
  return {};
}

Result<void> CheckReferences(const TableSpec& spec) {
  TW_RETURN_IF_ERROR(CheckNames(spec));
  for (size_t i = 1; i < spec.tables.size(); ++i) {
    if (spec.tables[i].key.empty()) return Fail(spec.ErrorAt(spec.tables[i].line, "a table after the first needs a key to be joined by"));
  }
  for (const MetricSpec& metric : spec.metrics) TW_RETURN_IF_ERROR(CheckMetric(spec, metric));
  for (const ObjectiveSpec& workload : spec.workloads) TW_RETURN_IF_ERROR(CheckWorkload(spec, workload));
  for (const KnobSpec& knob : spec.knobs) {
    if (spec.samples && !knob.InHeaders()) {
      return Fail(spec.ErrorAt(knob.line, "rows are samples here, so that a knob comes from headers or values, not from a column"));
    }
  }
  const auto is_fidelity = [&](const KnobSpec& k) { return k.name == spec.fidelity; };
  if (!spec.fidelity.empty() && std::none_of(spec.knobs.begin(), spec.knobs.end(), is_fidelity)) {
    return Fail(StatusCode::kInvalidInput, "the fidelity \"" + spec.fidelity + "\" is no knob of " + spec.origin);
  }
  return {};
}

}  // namespace tradewind
