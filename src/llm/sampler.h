// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Sampler: draws the next token from logits. Deterministic for a seed; one a session. The order is llama.cpp's: logit bias, grammar,
// penalties (penalties.h), DRY (dry.h), top-n-sigma, top-k, typical, top-p, min-p (candidate_filters.h), temperature. The grammar comes
// early, where llama.cpp draws first and looks at it afterwards: so the filters choose among what is allowed.
//
//   Sampler sampler({.temperature = 0});
//   int32_t id = sampler.Draw(logits);
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/random.h"
#include "core/event.h"
#include "llm/candidate_filters.h"

namespace tradewind {

class TokenSet;

// What beside the logits decides: the tokens so far, which of them are breaks (DryBreaks; empty: none), and which tokens may come (null:
// all).
struct DrawContext {
  std::span<const int32_t> tokens{};
  std::span<const uint8_t> breaks{};
  const TokenSet* allowed = nullptr;
};

class Sampler {
 public:
  explicit Sampler(const Sampling& options) : options_(options), random_(options.seed) {}

  // The drawn id; of equal logits the lowest id wins under temperature 0. -1 where no token is allowed.
  int32_t Draw(std::span<const float> logits, const DrawContext& context = {});

 private:
  bool ChangesLogits(const DrawContext& context) const;
  std::span<const float> Changed(std::span<const float> logits, const DrawContext& context);
  void Keep(std::span<const float> logits);
  Sampling options_;
  Random random_;
  std::vector<float> changed_;
  TokenCandidates kept_;
};

// The `count` likeliest ids, likeliest first; ties by id.
std::vector<int32_t> TopIds(std::span<const float> logits, int64_t count);

}  // namespace tradewind
