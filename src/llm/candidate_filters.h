// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Filters that leave out unlikely tokens before one is drawn. All but the first work on candidates, likeliest first, whose probabilities
// (of the untempered distribution over what is left) need not sum to 1; each leaves at least one.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/event.h"

namespace tradewind {

struct TokenCandidate {
  int32_t id = 0;
  float logit = 0;
  double probability = 0;
};
using TokenCandidates = std::vector<TokenCandidate>;

// Top-n-sigma (arXiv:2411.07641): forbids tokens whose logit lies over n standard deviations of all (allowed) logits below the greatest.
void TopNSigma(const Sampling& options, std::span<float> logits);

// Locally typical sampling (arXiv:2202.00666): the fewest tokens that hold the share `typical`, those first whose surprise, -ln p, is
// nearest to its mean, the entropy.
void Typical(const Sampling& options, TokenCandidates& candidates);
// The likeliest tokens that hold the share top_p (arXiv:1904.09751).
void TopP(const Sampling& options, TokenCandidates& candidates);
// Tokens of at least min_p of the likeliest one's probability (arXiv:2407.01082).
void MinP(const Sampling& options, TokenCandidates& candidates);

}  // namespace tradewind
