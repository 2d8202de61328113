// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Runs one prompt through a session, streaming the text, and gathers what `run --json` prints.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/tunable.h"

namespace tradewind {

struct Answer {
  std::string text;           // of the generated tokens
  std::vector<Token> tokens;  // generated
  std::vector<Token> prompt;  // echoed prompt tokens
  FinishReason finish = FinishReason::kStop;
  Outcome outcome;
};

// `show` gets text as it comes, cut only between whole UTF-8 characters; empty for none. Ctrl-C ends the answer (FinishReason::kCancelled);
// a handler that was there before is called, too.
Result<Answer> RunPrompt(Session& session, Prompt prompt, TimePoint now, const std::function<void(std::string_view)>& show);

}  // namespace tradewind
