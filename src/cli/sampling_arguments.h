// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The options that say how tokens are drawn and which text is allowed, under llama.cpp's names.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/status.h"
#include "cli/arguments.h"
#include "core/event.h"

namespace tradewind {

struct SamplingArguments {
  Sampling sampling;  // its seed is set by ToSampling
  std::optional<int64_t> seed;
  std::vector<std::string> biases, dry_breakers;
  std::optional<std::string> grammar, grammar_file, json_schema, json_schema_file;

  void Declare(Arguments& args);
  // kInvalidInput names the option and its range.
  Result<Sampling> ToSampling() const;
  // The grammar, or the schema's; empty for none.
  Result<std::string> ToGrammar() const;
};

}  // namespace tradewind
