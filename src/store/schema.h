// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The store's tables, by version, and how a file is brought to the present one. Internal to src/store.
// The version stands in user_version; application_id says that the file is ours.
#pragma once

#include <memory>
#include <string>

#include "base/status.h"
#include "store/sqlite.h"

namespace tradewind::store {

constexpr int64_t kSchemaVersion = 1;
constexpr int64_t kApplicationId = 0x54574e44;  // "TWND"

// Opens the file, makes the tables in a new one, refuses one that is another program's, damaged, or of a newer version.
Result<std::unique_ptr<Database>> OpenStore(const std::string& path, const StoreOptions& options);

}  // namespace tradewind::store
