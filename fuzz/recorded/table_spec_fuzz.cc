// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Any text as a table file. What is refused must name the file; what is taken must keep what the rest relies on: files below the data
// folder, axes that are metrics, knobs of one kind.
#include <algorithm>
#include <cstdlib>

#include "recorded/table_spec.h"

namespace tradewind {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void Check(const TableSpec& spec) {
  Require(!spec.name.empty() && !spec.tables.empty() && !spec.knobs.empty() && !spec.metrics.empty() && !spec.workloads.empty());
  for (const TableSource& table : spec.tables) {
    Require(!table.parts.empty() && table.key.size() == table.key_of_first.size());
    for (const DataFile& file : table.parts)
      Require(!file.path.starts_with('/') && ("/" + file.path + "/").find("/../") == std::string::npos);
  }
  for (const KnobSpec& knob : spec.knobs) Require(knob.columns.empty() != knob.name.empty());
  for (const ObjectiveSpec& workload : spec.workloads) {
    Require(workload.reference.empty() || workload.reference.size() == workload.axes.size());
    for (const std::string& axis : workload.axes) {
      Require(std::any_of(spec.metrics.begin(), spec.metrics.end(), [&](const MetricSpec& m) { return m.info.name == axis; }));
    }
  }
}

void RunOne(const uint8_t* data, size_t size) {
  if (size > (1 << 16)) return;
  const Result<TableSpec> spec = ParseTableSpec({reinterpret_cast<const char*>(data), size}, "fuzz.yaml");
  if (spec) {
    Check(*spec);
  } else {
    Require(!spec.error().message().empty());
  }
}

}  // namespace
}  // namespace tradewind

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  tradewind::RunOne(data, size);
  return 0;
}
