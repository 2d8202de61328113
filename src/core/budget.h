// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Budget: what the caller can afford. Absent means unlimited. Its clock starts when the request is accepted (in `run`: at process start).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/status.h"

namespace tradewind {

struct Budget {
  std::optional<Duration> deadline;      // from acceptance to the last token
  std::optional<Duration> ttft;          // time to first token, from acceptance
  std::optional<Duration> tpot;          // time per output token after the first
  std::optional<uint64_t> memory_bytes;  // peak resident
  std::optional<double> energy_j;
  std::optional<double> bandwidth_bps;  // bytes per second over a link
  std::optional<double> cost;           // money, in the unit of the price table
  std::optional<double> quality;        // share of the best point's primary metric, in (0, 1]
  TimePoint accepted_at;

  // Reads "deadline=2s ttft=200ms tpot=50ms memory=600MiB quality=0.95", any of these in any order; empty text is unlimited.
  static Result<Budget> Parse(std::string_view text);
  // Sets one of them: times and sizes with their units, quality as a share above 0 and at most 1. `where` is what an error names.
  Result<void> Set(std::string_view name, std::string_view value, const std::string& where);

  bool Empty() const { return !deadline && !ttft && !tpot && !memory_bytes && !energy_j && !bandwidth_bps && !cost && !quality; }
  std::optional<TimePoint> DeadlineAt() const { return deadline ? std::optional<TimePoint>(accepted_at + *deadline) : std::nullopt; }
  std::string ToText() const;  // "deadline 2 s, quality 0.95"
};

}  // namespace tradewind
