// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The four shapes of `prompt` and `input`: a text, a list of texts, a list of token ids, a list of lists of ids. Plain data.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "serve/api/fields.h"
#include "serve/api/limits.h"

namespace tradewind {

// Ids are from 0 on; whether the vocabulary has them is judged by who knows it.
using TextInput = std::variant<std::string, std::vector<int32_t>>;

// Never empty; a text may be.
Result<std::vector<TextInput>> TextInputsAt(JsonNode node, const std::string& where, const ApiLimits& limits);
// A list of ids, maybe empty.
Result<std::vector<int32_t>> TokenIdsAt(JsonNode node, const std::string& where);

}  // namespace tradewind
