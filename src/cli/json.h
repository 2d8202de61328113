// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// JSON on standard output: one value, and text that is not valid UTF-8 replaced by U+FFFD.
#pragma once

#include <nlohmann/json.hpp>

#include "core/budget.h"
#include "core/setting.h"

namespace tradewind {

using Json = nlohmann::ordered_json;

void PrintJson(const Json& value);
Json ToJson(const KnobValue& value);
Json ToJson(const Setting& setting);
// {"deadline_ms": 2000, ...}; empty when nothing was asked.
Json ToJson(const Budget& budget);

}  // namespace tradewind
