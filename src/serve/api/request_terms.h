// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What a request says of its cost, beside what it asks: a budget, knobs set by hand, a priority. Fields `budget`, `setting` and `priority`
// of every endpoint that runs a model; the headers x-slo-ttft-ms, x-slo-tpot-ms and x-deadline-ms say the same as the budget's times, and
// the body wins. Plain data.
//
//   RequestTerms terms;
//   ReadTerms(fields, limits, &terms);
//   TW_RETURN_IF_ERROR(AddBudgetHeaders([&](auto name) { return request.Header(name); }, limits, &terms));
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "core/budget.h"
#include "core/setting.h"
#include "serve/api/fields.h"
#include "serve/api/limits.h"

namespace tradewind {

struct RequestTerms {
  Budget budget;               // accepted_at is the caller's to fill
  bool allow_cheaper = false;  // rather a cheaper setting than a refusal
  Setting setting;             // knobs by name; whether they exist and are a request's is judged by who knows them, at "setting.NAME"
  int64_t priority = 0;        // greater first
};

void ReadTerms(ApiFields& fields, const ApiLimits& limits, RequestTerms* terms);

// The value of a header by its name in small letters; absent if it was not sent.
using HeaderLookup = std::function<std::optional<std::string_view>(std::string_view)>;
// Times that the body left open. kInvalidInput names the header.
Result<void> AddBudgetHeaders(const HeaderLookup& header, const ApiLimits& limits, RequestTerms* terms);

}  // namespace tradewind
