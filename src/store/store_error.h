// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Turns SQLite's result codes into statuses that name the file, what happened and what to do. Internal to src/store.
#pragma once

#include <string>

#include "base/status.h"

namespace tradewind::store {

// `code`: an extended result code. `system_error`: errno of the failed call, or 0. `detail`: SQLite's own words.
Status StoreError(const std::string& path, int code, int system_error, const std::string& detail);

}  // namespace tradewind::store
