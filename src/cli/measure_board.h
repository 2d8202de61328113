// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// `tradewind measure --board NAME`: a leaderboard of this device: public accuracy, latency as measured here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/status.h"

namespace tradewind {

Result<int> MeasureBoard(const std::string& board, std::optional<int64_t> threads, bool json);

}  // namespace tradewind
