// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Arrivals for a simulation: out of a table, or drawn. Pure functions, thread-safe.
//
//   TW_ASSIGN(const std::vector<TraceRequest> trace, ReadTrace("azure.csv", {.requests = 500}));
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "sched/simulator.h"

namespace tradewind {

struct TraceLimits {
  int64_t requests = 2000;  // the first so many
  int64_t prompt = 0;       // tokens at most, longer ones are cut; 0: any
  int64_t output = 0;
};

// CSV, TSV or JSONL with the columns `at_s` (seconds), `prompt` and `output` (tokens), or, as Azure's traces of language models have them,
// TIMESTAMP ("2023-11-16 18:15:46.68"), ContextTokens and GeneratedTokens. kNotFound, kInvalidInput at the cell; times must not go back.
Result<std::vector<TraceRequest>> ReadTrace(const std::string& path, const TraceLimits& limits);

// Seconds since 1970 of "YYYY-MM-DD HH:MM:SS[.fraction]"; none if it is no such time.
std::optional<double> SecondsOfTimestamp(const std::string& text);

// Requests alike that come independently of each other, one a second on average: Poisson.
std::vector<TraceRequest> PoissonTrace(int64_t requests, int64_t prompt, int64_t output, uint64_t seed);

}  // namespace tradewind
