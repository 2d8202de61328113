// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The picture of a board, as SVG: each net a mark at its latency, on a scale of powers of two, and its accuracy, with the interval of the
// latency; the frontier is a line whose nets are named, deadlines are lines from top to bottom. Pure functions, thread-safe.
#pragma once

#include <span>
#include <string>

#include "core/frontier.h"
#include "vision/board.h"

namespace tradewind {

// `frontier` has an entry a net, in their order.
std::string BoardSvg(const std::string& title, std::span<const TimedNet> nets, std::span<const FrontierEntry> frontier);

}  // namespace tradewind
