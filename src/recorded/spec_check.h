// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What a table file must keep as a whole: each part names knobs, metrics and workloads that are there. Pure functions; thread-safe.
//
//   TW_RETURN_IF_ERROR(CheckReferences(spec));
#pragma once

#include <string_view>

#include "base/status.h"
#include "recorded/table_spec.h"

namespace tradewind {

// kInvalidInput names the line of the part that is wrong: a name that stands twice, a `by` that names no knob in headers, an axis that is
// no metric, a fidelity that is no knob, a table after the first without a key, a sample table whose knobs come from rows.
Result<void> CheckReferences(const TableSpec& spec);

// Letters, digits and '_', the first a letter; at most 64.
bool IsKnobName(std::string_view name);

}  // namespace tradewind
