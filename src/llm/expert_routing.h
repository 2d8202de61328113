// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Which experts take which tokens of a chunk: each token's likeliest by the softmax of its router's logits, then the tokens grouped by
// expert, so that an expert's matrices are multiplied once a chunk. The choice of a token depends on nothing but its own logits.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "llm/model_spec.h"

namespace tradewind {

struct ExpertChoice {
  int32_t expert;
  float weight;
};

// Fills `chosen` (used_experts of them), ascending by expert. Ties go to the lower expert. Logits that are no number choose by the same
// rule.
void ChooseExperts(const FeedForwardSpec& spec, const float* logits, std::span<ExpertChoice> chosen);

// The choices of all rows in the order in which the experts take them: by expert, then by row.
struct ExpertGroups {
  std::vector<int64_t> first;  // of each expert, and one past the last: its places are [first[e], first[e + 1])
  std::vector<int64_t> row;    // of each place
  std::vector<int64_t> place;  // of each choice [row][used]
};
void GroupByExpert(std::span<const ExpertChoice> choices, int64_t experts, int64_t used, ExpertGroups& groups);

}  // namespace tradewind
