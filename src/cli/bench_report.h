// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The results of `tradewind bench`: a table for people, Markdown, and llama-bench's JSON, JSON lines and CSV with some fields more. What is
// of GPUs alone has llama-bench's value for none.
#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "cli/bench_cases.h"
#include "cli/json.h"
#include "llm/language_model.h"

namespace tradewind {

struct BenchRun {
  Json fields;  // llama-bench's and ours, in llama-bench's order
  // What people want to see of them.
  std::string model, size, weights, test;
  int64_t threads = 0;
  double median = 0, low = 0, high = 0;  // tokens per second, 95 % interval of the median
  std::string setting;
};

// `started_at`: ISO 8601 in UTC; samples: one a repetition, at least one.
BenchRun DescribeRun(const BenchCase& which, const LanguageModelInstance& instance, const std::string& started_at,
                     const std::vector<Duration>& samples);

// Formats: "table", "md", "json", "jsonl", "csv".
std::string BenchText(const std::vector<BenchRun>& runs, const std::string& format);

}  // namespace tradewind
