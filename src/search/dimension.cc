// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/dimension.h"

#include <algorithm>
#include <string>

namespace tradewind {
namespace {

bool Ascending(const std::vector<KnobValue>& values) {
  return std::is_sorted(values.begin(), values.end()) && !std::holds_alternative<std::string>(values.front());
}

}  // namespace

Result<SearchDimension> ParseDimension(std::string_view text, std::span<const Knob> knobs) {
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    return Fail(Status(StatusCode::kInvalidInput, "\"" + std::string(text) + "\" is not of the form knob=a,b,c").At("--over"));
  }
  TW_ASSIGN(const Knob* knob, FindKnob(knobs, text.substr(0, equals)));
  SearchDimension dimension{.knob = knob->name, .values = {}};
  std::string_view rest = text.substr(equals + 1);
  if (const size_t dots = rest.find(".."); dots != std::string_view::npos && std::holds_alternative<RealDomain>(knob->domain)) {
    TW_ASSIGN(const KnobValue low, knob->Parse(rest.substr(0, dots)));
    TW_ASSIGN(const KnobValue high, knob->Parse(rest.substr(dots + 2)));
    dimension.range = RealDomain{std::get<double>(low), std::get<double>(high)};
    return dimension;
  }
  while (true) {
    const size_t comma = rest.find(',');
    TW_ASSIGN(KnobValue value, knob->Parse(rest.substr(0, comma)));
    dimension.values.push_back(std::move(value));
    if (comma == std::string_view::npos) break;
    rest.remove_prefix(comma + 1);
  }
  dimension.ordered = Ascending(dimension.values);
  return dimension;
}

Result<SearchDimension> WholeDimension(const Knob& knob, size_t most) {
  SearchDimension dimension{.knob = knob.name, .values = {}};
  if (const auto* choice = std::get_if<ChoiceDomain>(&knob.domain)) {
    dimension.values.assign(choice->values.begin(), choice->values.end());
  } else if (const auto* real = std::get_if<RealDomain>(&knob.domain)) {
    dimension.range = *real;
  } else if (const auto* integer = std::get_if<IntegerDomain>(&knob.domain)) {
    const auto span = static_cast<uint64_t>(integer->max) - static_cast<uint64_t>(integer->min);
    const uint64_t steps = std::min<uint64_t>(span, most - 1);
    for (uint64_t i = 0; i <= steps; ++i) {
      const double share = steps == 0 ? 0 : static_cast<double>(i) / static_cast<double>(steps);
      dimension.values.emplace_back(integer->min + static_cast<int64_t>(share * static_cast<double>(span) + 0.5));
    }
    dimension.ordered = true;
  } else {
    return Fail(
        Status(StatusCode::kUnsupported, "the knob " + knob.name + " takes any text; list the values to try: --over " + knob.name + "=a,b")
            .At("--over"));
  }
  return dimension;
}

}  // namespace tradewind
