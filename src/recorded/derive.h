// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Derived columns of one table: rewritten, split, or matched and taken apart. Changes the table that it is given; not thread-safe.
//
//   TW_RETURN_IF_ERROR(Derive(derivation, "part.csv", table));
#pragma once

#include <string>

#include "base/status.h"
#include "formats/table.h"
#include "recorded/table_spec.h"

namespace tradewind {

// Adds the derivation's columns. `file` is what "@file" stands for. kInvalidInput at the cell that the pattern does not match, or that
// splits into another number of pieces than the first.
Result<void> Derive(const Derivation& derivation, const std::string& file, Table& table);

}  // namespace tradewind
