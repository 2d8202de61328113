// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Trials as rows: what may be stored, how it is written, how it is read back. Internal to src/store; the caller holds the transaction.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "store/profile_store.h"
#include "store/sqlite.h"

namespace tradewind::store {

// kInvalidInput names the field that cannot be stored.
Result<void> CheckTrial(const TrialRecord& trial);
Result<int64_t> InsertTrial(Database& db, const TrialRecord& trial);
// Those the filter lets through, by ascending id; at most one (the newest) with `newest_only`.
Result<std::vector<TrialRecord>> SelectTrials(const Database& db, const TrialFilter& filter, bool newest_only);

// "[1,-0,2.5]": shortest decimals that read back bit for bit.
std::string FeaturesText(const std::vector<double>& features);
std::optional<std::vector<double>> ParseFeatures(std::string_view text);

// Whether the text is one JSON value, nested not too deep for the parsers that will read it.
bool IsJson(const std::string& text);

}  // namespace tradewind::store
