// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// `tradewind measure --board NAME`: a leaderboard of this device: public accuracy, latency as measured here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/status.h"
#include "cli/arguments.h"

namespace tradewind {

struct BoardArguments {
  std::string board;
  std::string svg, markdown;
  std::string backends;

  void Declare(Arguments& args);
  bool Asked() const { return !board.empty(); }
};

// kInvalidInput if the pictures are asked for without a board.
Result<void> CheckBoardArguments(const BoardArguments& arguments);
Result<int> MeasureBoard(const BoardArguments& arguments, std::optional<int64_t> threads, bool json);

}  // namespace tradewind
