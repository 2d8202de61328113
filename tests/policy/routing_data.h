// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The public outcomes of Mixtral-8x7B and GPT-4 that RouteLLM (arXiv:2406.18665) was judged on, as routing tables, and four models more on
// GSM8K. `root` is the folder assets/text of the shared data. The costs are assumed: USD a million tokens as quoted of the paper (0.24 and
// 24.7); of the four the parameters, as no prices are known.
#pragma once

#include <string>
#include <vector>

#include "policy/routing_table.h"

namespace tradewind {

// Groups are MMLU's subjects. Questions that stand in the list of contaminated prompts are left out of all three.
RoutingTable LoadMmlu(const std::string& root);
RoutingTable LoadGsm8k(const std::string& root);
// The mean score of both turns over 10; the text is the first turn, which the paper routes by. Each question is its own group.
RoutingTable LoadMtBench(const std::string& root);
// Six arms: the four models of example_model_solutions.jsonl, Mixtral and GPT-4, joined on the question's key.
RoutingTable LoadGsm8kSix(const std::string& root);
// Keys of both sides of the three lists of contaminated prompts.
std::vector<std::string> ContaminatedKeys(const std::string& root);

// Half of the subjects, drawn by the seed: the training half of MMLU without questions that `tests` or the contaminated lists hold, and
// the other half.
struct MmluHalves {
  RoutingTable train, test;
};
MmluHalves SplitMmlu(const std::string& root, uint64_t seed, const std::vector<const RoutingTable*>& tests);

}  // namespace tradewind
