// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What passes of a loaded model cost here, found out by running some: prompts of many lengths, alone and beside others, so that each term
// of StepCost is seen apart from the rest.
#pragma once

#include "base/clock.h"
#include "llm/batch_engine.h"

namespace tradewind {

// Waves of requests of drawn tokens until the time is over (each wave ends; at least one of each kind). Blocks. kUnavailable if the engine
// drains.
Result<StepCoefficients> ProbeCost(BatchEngine& engine, Duration time);

}  // namespace tradewind
