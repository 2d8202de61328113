// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Tools of a chat request: functions that the model may call, and whether it must. Plain data.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "serve/api/fields.h"
#include "serve/api/limits.h"

namespace tradewind {

struct ToolFunction {
  std::string name;
  std::string description;
  std::string parameters = R"({"type":"object","properties":{}})";  // JSON schema of the arguments
  bool strict = false;                                              // the arguments must keep to it
  std::string place;                                                // of the schema in the request
};

// A function that the model called.
struct ToolCall {
  std::string id;
  std::string name;
  std::string arguments = "{}";  // JSON of an object

  bool operator==(const ToolCall&) const = default;
};

struct ToolChoice {
  enum class Mode : uint8_t { kNone, kAuto, kRequired };
  Mode mode = Mode::kAuto;
  std::string name;      // kRequired: this one; empty: any
  bool parallel = true;  // several calls in one answer
};

struct ToolUse {
  std::vector<ToolFunction> tools;
  ToolChoice choice;
  // Whether the model is to see the tools.
  bool Offered() const { return !tools.empty() && choice.mode != ToolChoice::Mode::kNone; }
};

// tools, tool_choice, parallel_tool_calls, as OpenAI writes them.
void ReadTools(ApiFields& fields, const ApiLimits& limits, ToolUse* use);
// The schema of a tool's arguments, in the field of that name.
void ReadToolSchema(ApiFields& fields, std::string_view name, ToolFunction* tool);
// No name twice; a choice that names a tool or needs one has it.
Result<void> CheckToolUse(const ToolUse& use, const std::string& tools_place, const std::string& choice_place);
// The arguments of a call as JSON of an object. kInvalidInput at `where`.
Result<std::string> ArgumentsAt(std::string_view json, const std::string& where, const ApiLimits& limits);

}  // namespace tradewind
