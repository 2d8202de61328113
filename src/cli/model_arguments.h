// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The options that every command on a language model shares: which model, its knobs by llama.cpp's names, and --set for any knob.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/status.h"
#include "cli/arguments.h"
#include "core/budget.h"
#include "core/setting.h"
#include "llm/language_model.h"

namespace tradewind {

struct ModelArguments {
  std::string model;
  std::optional<std::string> model_option;
  std::optional<int64_t> context, threads, threads_batch, ubatch, max_tokens;
  std::optional<std::string> key_type, value_type;
  std::vector<std::string> set, lora, lora_scaled;

  void Declare(Arguments& args);
  // What was given, as a setting. The model is `fallback` where none was named.
  Result<Setting> ToSetting(const std::string& fallback) const;
  // The same for a tunable with these knobs that is no language model: --set alone; an option of language models is an error.
  Result<Setting> ToSetting(std::span<const Knob> knobs) const;
};

struct BudgetArguments {
  std::optional<std::string> deadline, ttft, tpot, memory, quality;

  void Declare(Arguments& args);
  // The clock starts at `accepted_at`.
  Result<Budget> ToBudget(TimePoint accepted_at) const;
};

// A model's file by name or path, from the user's model folder.
Result<std::string> FindModelFile(const std::string& model);
// The file of the knobs `model` and `weights`; says on standard error that a copy is being made.
Result<std::string> FindWeightsAndTell(const Setting& setting);
// The catalogue's default model.
Result<std::string> DefaultModelName();

}  // namespace tradewind
