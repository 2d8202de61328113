// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What `--set` says of a graph that is run as it is: backend, precision, threads, batch, resolution.
#pragma once

#include <string>

#include "base/status.h"
#include "graph/backend.h"

namespace tradewind {

// kInvalidInput names the knob or the value.
Result<void> SetGraphOption(GraphOptions& options, const std::string& knob, const std::string& value);

}  // namespace tradewind
