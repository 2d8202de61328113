// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The options that say what to answer and how to draw it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "cli/arguments.h"
#include "cli/sampling_arguments.h"
#include "core/event.h"

namespace tradewind {

struct PromptArguments {
  std::optional<std::string> prompt, file, system;
  std::vector<std::string> stop;
  SamplingArguments sampling;
  int64_t logprobs = 0;
  bool raw = false;
  bool echo = false;
  bool shift = false;

  void Declare(Arguments& args);
  // Those of a conversation: all but the prompt itself and what is printed of its tokens.
  void DeclareDrawing(Arguments& args);
  // The text of -p, of -f byte for byte, or of standard input. `has_template`: whether the model can hold a conversation; if not, the
  // text is taken as it is.
  Result<std::string> ReadText() const;
  Result<Prompt> ToPrompt(const std::string& text, bool has_template) const;
};

}  // namespace tradewind
