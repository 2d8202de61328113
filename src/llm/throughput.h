// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Bare times of the engine, without sampling or text: what `tradewind bench` prints beside a peer's.
#pragma once

#include <cstdint>

#include "base/status.h"
#include "llm/language_model.h"

namespace tradewind {

// Reading `tokens` arbitrary tokens into an empty cache, logits of the last.
Result<Duration> TimePrefill(LanguageModelInstance& instance, int64_t tokens);

// Making `tokens` tokens one at a time, with logits, behind `depth` tokens already read (not timed).
Result<Duration> TimeDecode(LanguageModelInstance& instance, int64_t tokens, int64_t depth);

}  // namespace tradewind
