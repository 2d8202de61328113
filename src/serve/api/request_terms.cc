// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/request_terms.h"

#include <charconv>
#include <string>
#include <utility>

namespace tradewind {
namespace {

constexpr int64_t kGreatestPriority = 1000;
constexpr double kLeastMs = 1e-3;
constexpr int64_t kGreatestBytes = 1'000'000'000'000'000;
constexpr double kGreatestAmount = 1e15;  // of joules or money

void ReadTime(ApiFields& fields, std::string_view name, const ApiLimits& limits, std::optional<Duration>* time) {
  double ms = 0;
  if (fields.Real(name, &ms, kLeastMs, limits.greatest_ms)) *time = Duration::Millis(ms);
}

Result<void> ReadBudgetFields(JsonNode node, const std::string& where, const ApiLimits& limits, RequestTerms* terms) {
  ApiFields fields(node, where);
  Budget& budget = terms->budget;
  ReadTime(fields, "ttft_ms", limits, &budget.ttft);
  ReadTime(fields, "tpot_ms", limits, &budget.tpot);
  ReadTime(fields, "deadline_ms", limits, &budget.deadline);
  int64_t bytes = 0;
  if (fields.Integer("memory_bytes", &bytes, 1, kGreatestBytes)) budget.memory_bytes = static_cast<uint64_t>(bytes);
  double amount = 0;
  if (fields.Real("energy_j", &amount, 0, kGreatestAmount)) budget.energy_j = amount;
  if (fields.Real("cost", &amount, 0, kGreatestAmount)) budget.cost = amount;
  if (fields.Real("quality", &amount, 1e-9, 1)) budget.quality = amount;
  fields.Bool("allow_cheaper", &terms->allow_cheaper);
  return fields.Finish();
}

Result<void> ReadKnobs(JsonNode node, const std::string& where, const ApiLimits& limits, Setting* setting) {
  if (node.size() > limits.knobs) return Fail(BadField(where, "has over " + std::to_string(limits.knobs) + " knobs"));
  for (const JsonNode member : node.children()) {
    const std::string name(member.key());
    if (name.empty() || name.size() > limits.name_bytes) return Fail(BadField(where, "has a knob whose name is empty or too long"));
    const std::string place = MemberPlace(where, name);
    switch (member.kind()) {
      case JsonKind::kInteger: setting->Set(name, member.integer()); break;
      case JsonKind::kReal: setting->Set(name, member.number()); break;
      case JsonKind::kText: {
        TW_ASSIGN(const std::string_view text, NameAt(member, place, limits.name_bytes));
        setting->Set(name, std::string(text));
        break;
      }
      default: return Fail(BadField(place, "must be a number of 64 bits or a text"));
    }
  }
  return {};
}

}  // namespace

void ReadTerms(ApiFields& fields, const ApiLimits& limits, RequestTerms* terms) {
  if (const auto budget = fields.Object("budget")) fields.Check(ReadBudgetFields(*budget, fields.Where("budget"), limits, terms));
  if (const auto setting = fields.Object("setting")) fields.Check(ReadKnobs(*setting, fields.Where("setting"), limits, &terms->setting));
  fields.Integer("priority", &terms->priority, -kGreatestPriority, kGreatestPriority);
}

Result<void> AddBudgetHeaders(const HeaderLookup& header, const ApiLimits& limits, RequestTerms* terms) {
  const std::pair<std::string_view, std::optional<Duration>*> times[] = {
      {"x-slo-ttft-ms", &terms->budget.ttft}, {"x-slo-tpot-ms", &terms->budget.tpot}, {"x-deadline-ms", &terms->budget.deadline}};
  for (const auto& [name, time] : times) {
    const std::optional<std::string_view> text = header(name);
    if (!text) continue;
    double ms = 0;
    const char* const begin = text->begin();
    const char* const end = text->end();
    const auto read = std::from_chars(begin, end, ms, std::chars_format::fixed);
    const bool sound = read.ec == std::errc() && read.ptr == end && ms >= kLeastMs && ms <= limits.greatest_ms;
    if (!sound) return Fail(BadField(std::string(name), "must be a number of milliseconds above 0, like 200 or 12.5"));
    if (!*time) *time = Duration::Millis(ms);
  }
  return {};
}

}  // namespace tradewind
