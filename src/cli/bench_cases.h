// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What `tradewind bench` times: llama-bench's lists of values, every combination of them a case.
//
//   TW_ASSIGN(const std::vector<BenchCase> cases, BenchCases({.models = {"smollm2-135m"}, .prompt = "128,512", .threads = "1-4*2"}));
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "llm/throughput.h"

namespace tradewind {

// Each text is a list as ParseNumbers has it, or of names parted by commas; empty for the default.
struct BenchLists {
  std::vector<std::string> models;
  std::string prompt = "512";  // 0 leaves the test out
  std::string generated = "128";
  std::vector<std::string> prompt_and_generated;  // each "PROMPT,GENERATED", timed together
  std::string depth = "0";
  int64_t sequences = 1;
  std::string threads, ubatch, key_type, value_type;
};

struct BenchCase {
  std::string model;
  // What the model is opened with.
  std::optional<int64_t> threads, ubatch;
  std::optional<std::string> key_type, value_type;
  ThroughputTest test;

  // Whether one opened model serves both.
  bool SameInstance(const BenchCase& other) const {
    return model == other.model && threads == other.threads && ubatch == other.ubatch && key_type == other.key_type &&
           value_type == other.value_type;
  }
};

// In llama-bench's order: of each instance all depths, of each depth the prompts, then what is generated, then both together.
// kInvalidInput names the option, also where there would be too many.
Result<std::vector<BenchCase>> BenchCases(const BenchLists& lists);

// "pp512", "tg128 @ d4096", "pp512+tg128", "tg32 x 8".
std::string TestName(const ThroughputTest& test);

// Whole numbers parted by commas, and ranges of them: 1-4 (1, 2, 3, 4), 0-512+128 (steps), 1-16*2 (factors). kInvalidInput names `option`.
Result<std::vector<int64_t>> ParseNumbers(const std::string& text, const std::string& option);

}  // namespace tradewind
