// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Changes of logits by what was written: repetition (arXiv:1909.05858, section 4.1), presence and frequency (as OpenAI's API defines
// them), DRY (dry.h). Pure functions of the logits and the tokens so far, prompt and answer.
#pragma once

#include <cstdint>
#include <span>

#include "core/event.h"

namespace tradewind {

// The last `last_n` of them; all for -1.
std::span<const int32_t> LastTokens(std::span<const int32_t> tokens, int64_t last_n);

// For each token that is among the last: a positive logit is divided by the repeat penalty, another multiplied; then presence_penalty, and
// frequency_penalty for each time it came, are taken off.
void PenalizeRepeats(const Sampling& options, std::span<const int32_t> tokens, std::span<float> logits);

// Added to the logits of these ids; minus infinity forbids a token. Ids outside the vocabulary are none.
void AddBias(const Sampling& options, std::span<float> logits);

}  // namespace tradewind
