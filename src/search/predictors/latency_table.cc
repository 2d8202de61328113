// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/predictors/latency_table.h"

#include <algorithm>
#include <cmath>

namespace tradewind {
namespace {

auto Invalid(const std::string& message) {
  return Fail(StatusCode::kInvalidInput, message);
}

}  // namespace

Result<void> CheckLatencies(const LatencyTable& table) {
  if (table.features.empty() || table.features[0].empty())
    return Invalid("the table of latencies has no architecture; give it rows with features");
  for (size_t a = 0; a < table.features.size(); ++a) {
    const std::vector<double>& row = table.features[a];
    if (row.size() != table.features[0].size()) {
      return Invalid("architecture " + std::to_string(a) + " has " + std::to_string(row.size()) + " features, the first has " +
                     std::to_string(table.features[0].size()) + "; encode all with the same dimensions");
    }
    if (!std::all_of(row.begin(), row.end(), [](double x) { return std::isfinite(x); })) {
      return Invalid("architecture " + std::to_string(a) + " has a feature that is not finite; drop the row or mend its source");
    }
  }
  if (table.devices.size() != table.latencies.size()) {
    return Invalid("the table names " + std::to_string(table.devices.size()) + " devices and has columns of " +
                   std::to_string(table.latencies.size()) + "; name each column");
  }
  for (size_t d = 0; d < table.devices.size(); ++d) {
    const std::vector<double>& column = table.latencies[d];
    if (column.size() != table.architectures()) {
      return Invalid("device " + table.devices[d] + " has " + std::to_string(column.size()) + " latencies for " +
                     std::to_string(table.architectures()) + " architectures; a few-shot table needs them all");
    }
    const auto bad = std::find_if(column.begin(), column.end(), [](double x) { return !(std::isfinite(x) && x > 0); });
    if (bad != column.end()) {
      return Invalid("the latency of architecture " + std::to_string(bad - column.begin()) + " on " + table.devices[d] +
                     " is no positive number; drop the row or measure it again");
    }
  }
  return {};
}

Result<std::vector<size_t>> DeviceIndices(const LatencyTable& table, std::span<const std::string> names) {
  std::vector<size_t> indices;
  for (const std::string& name : names) {
    const auto at = std::find(table.devices.begin(), table.devices.end(), name);
    if (at == table.devices.end()) {
      std::string known;
      for (const std::string& device : table.devices) known += (known.empty() ? "" : ", ") + device;
      return Fail(StatusCode::kNotFound, "the table has no device '" + name + "'; it has " + known);
    }
    indices.push_back(static_cast<size_t>(at - table.devices.begin()));
  }
  return indices;
}

}  // namespace tradewind
