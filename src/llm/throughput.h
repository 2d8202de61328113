// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Bare times of the engine, without sampling or text: what `tradewind bench` prints beside a peer's.
#pragma once

#include <cstdint>

#include "base/status.h"
#include "llm/language_model.h"
#include "llm/op_times.h"

namespace tradewind {

// Reading `tokens` arbitrary tokens into an empty cache, logits of the last. `times`, if there is one, is told where the time goes.
Result<Duration> TimePrefill(LanguageModelInstance& instance, int64_t tokens, OpTimes* times = nullptr);

// Making `tokens` tokens one at a time, with logits, behind `depth` tokens already read (not timed); in each of `sequences` sequences, all
// of them in one pass. Each has the context's room, which depth and tokens must fit into.
Result<Duration> TimeDecode(LanguageModelInstance& instance, int64_t tokens, int64_t depth, int64_t sequences = 1,
                            OpTimes* times = nullptr);

}  // namespace tradewind
