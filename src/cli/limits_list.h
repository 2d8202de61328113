// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The limits that `tradewind serve` sets by default, for `doctor --limits`.
#pragma once

#include <string>
#include <vector>

namespace tradewind {

struct ListedLimit {
  std::string group;  // http, request, json_schema, grammar, template, admission, server
  std::string name;
  double value = 0;
  std::string unit;  // bytes, s, requests, ...; empty: a number
};

std::vector<ListedLimit> DefaultLimits();

}  // namespace tradewind
