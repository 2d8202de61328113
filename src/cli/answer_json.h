// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// An answer as `run --json` and `chat --json` print it.
#pragma once

#include "cli/answer.h"
#include "cli/json.h"
#include "core/budget.h"
#include "policy/steer.h"
#include "text/tokenizer.h"

namespace tradewind {

Json AnswerJson(const Answer& answer, const Budget& budget, Duration load, const Tokenizer& tokenizer);
// What was expected of the setting that ran, by that point.
Json ExpectedJson(const Candidate& expected, const KnownPoint& point, const Axis& primary);

}  // namespace tradewind
