// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How a model writes that it calls a function: each family was trained on a notation of its own, which its chat template shows.
// Thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "serve/api/tools.h"

namespace tradewind {

enum class ToolNotation : uint8_t {
  kTags,    // <tool_call>{"name": ..., "arguments": {...}}</tool_call>, also with a list within: Hermes, Qwen, SmolLM
  kObject,  // the answer is {"name": ..., "parameters": {...}}: Llama 3
  kList,    // [TOOL_CALLS][{"name": ..., "arguments": {...}}], where the mark is a token that is not shown: Mistral
};

// What the template shows; kTags if it shows nothing.
ToolNotation NotationOf(std::string_view template_source);
// Whether the template itself tells the model of `tools`. Where not, ToolPreamble goes before the system message.
bool TemplateShowsTools(std::string_view template_source);
// The functions and the notation kTags in words, as Hermes' and Qwen's templates have them.
std::string ToolPreamble(const std::vector<ToolFunction>& tools);

}  // namespace tradewind
