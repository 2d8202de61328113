// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "api/sampling.h"

#include <random>

#include "core/pairs.h"
#include "core/sampling_fields.h"
#include "text/json_schema.h"

namespace tradewind::api {

Result<void> SetSampling(std::string_view text, Prompt& prompt) {
  TW_ASSIGN(const std::vector<NamedText> pairs, ParsePairs("sampling", text));
  prompt.sampling.seed = std::random_device()();
  for (const NamedText& pair : pairs) {
    if (pair.name == "stop") {
      prompt.stop.push_back(pair.value);
    } else if (pair.name == "grammar") {
      prompt.grammar = pair.value;
    } else if (pair.name == "json_schema") {
      TW_ASSIGN(prompt.grammar, JsonSchemaGrammar(pair.value));
    } else {
      TW_RETURN_IF_ERROR(SetSamplingField(prompt.sampling, pair.name, pair.value));
    }
  }
  return {};
}

}  // namespace tradewind::api
