// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// JSON that goes out: one line, keys in the order in which they were set, and bytes that are no UTF-8 replaced by U+FFFD. Thread-safe.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace tradewind {

using OrderedJson = nlohmann::ordered_json;

std::string JsonLine(const OrderedJson& json);

}  // namespace tradewind
