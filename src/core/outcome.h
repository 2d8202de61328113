// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Outcome: what one session gave and cost. The unit that measurements are made of and that policies learn from.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "core/event.h"
#include "core/setting.h"

namespace tradewind {

struct Outcome {
  Setting setting;  // the whole setting that ran, resolved
  int64_t prompt_tokens = 0;
  int64_t held_tokens = 0;       // of them: read by an earlier push, and not again
  int64_t output_tokens = 0;     // generated, the end token not counted
  Duration prefill;              // reading the prompt
  Duration decode;               // from the first generated token to the last
  std::optional<Duration> ttft;  // from the push to the first generated token; absent if none came
  std::optional<Duration> tpot;  // decode / (output_tokens - 1); absent below two tokens
  FinishReason finish = FinishReason::kStop;
  std::optional<double> score;  // of the answer, in [0, 1]; absent where nothing judged it
};

}  // namespace tradewind
