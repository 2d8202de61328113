// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Recorded tables of samples as routing tables, for analyses: each setting is an arm, its scores are the primary metric of the default
// workload, and its price is another metric.
//
//   TW_ASSIGN(RoutingTable mmlu, ReadRoutingTable({.table = "routellm_mmlu"}, context));
#pragma once

#include <string>
#include <vector>

#include "policy/evaluate_router.h"
#include "study/analysis.h"

namespace tradewind {

struct RoutingSource {
  std::string table;
  std::vector<std::string> arms;  // values of the table's one knob; empty: all
  std::string cost;               // a metric; empty: the second axis of the default workload
};

// kInvalidInput for a table without samples, with several knobs, or whose cost differs between samples; kNotFound for an unknown arm.
Result<RoutingTable> ReadRoutingTable(const RoutingSource& source, const AnalysisContext& context);

// What the routing analyses are told alike: `table`, `carried`, `arms`, `cost`, `splits` (with `first_split`), `seeds`, `resamples`, and
// `leave_out`: files of prompts that are neither trained on nor tested.
struct RoutingTask {
  std::string name;
  RoutingTable table;
  std::vector<std::string> carried_names;
  std::vector<RoutingTable> carried;
  HalvesOptions halves;
  EvaluateOptions evaluate;
};
Result<RoutingTask> ReadRoutingTask(Parameters& with, const AnalysisContext& context);

// A share of what was tried, with Wilson's interval; of all of it a fact about what was tried, and no estimate.
Number ShareOf(const std::string& name, int64_t count, int64_t tried);

// "above_random 0.081 (0.062 to 0.101)"
std::string NumberText(const Number& number);

}  // namespace tradewind
