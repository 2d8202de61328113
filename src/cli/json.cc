// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/json.h"

#include <cstdio>

namespace tradewind {

void PrintJson(const Json& value) {
  const std::string text = value.dump(2, ' ', false, Json::error_handler_t::replace);
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fputc('\n', stdout);
  std::fflush(stdout);
}

Json ToJson(const KnobValue& value) {
  return std::visit([](const auto& v) { return Json(v); }, value);
}

Json ToJson(const Setting& setting) {
  Json object = Json::object();
  for (const auto& [name, value] : setting.values()) object[name] = ToJson(value);
  return object;
}

Json ToJson(const Budget& budget) {
  Json object = Json::object();
  if (budget.deadline) object["deadline_ms"] = budget.deadline->ms();
  if (budget.ttft) object["ttft_ms"] = budget.ttft->ms();
  if (budget.tpot) object["tpot_ms"] = budget.tpot->ms();
  if (budget.memory_bytes) object["memory_bytes"] = *budget.memory_bytes;
  if (budget.quality) object["quality"] = *budget.quality;
  return object;
}

}  // namespace tradewind
