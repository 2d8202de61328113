// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/exhaustive.h"

namespace tradewind {

Result<Exhaustive> Exhaustive::Make(Setting base, std::vector<SearchDimension> dimensions, size_t limit) {
  size_t total = 1;
  for (const SearchDimension& d : dimensions) {
    if (d.values.empty() || total > limit / d.values.size()) {
      return Fail(Status(StatusCode::kInvalidInput,
                         "the knobs have more than " + std::to_string(limit) + " combinations, or one has no value; give fewer values")
                      .At("--over " + d.knob));
    }
    total *= d.values.size();
  }
  return Exhaustive(std::move(base), std::move(dimensions), total);
}

std::vector<Setting> Exhaustive::Propose(size_t count) {
  std::vector<Setting> settings;
  for (; settings.size() < count && next_ < total_; ++next_) {
    Setting setting = base_;
    size_t rest = next_;
    for (size_t i = dimensions_.size(); i-- > 0; rest /= dimensions_[i].values.size()) {
      setting.Set(dimensions_[i].knob, dimensions_[i].values[rest % dimensions_[i].values.size()]);
    }
    settings.push_back(std::move(setting));
  }
  return settings;
}

Result<SearchDimension> ParseDimension(std::string_view text, std::span<const Knob> knobs) {
  const size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    return Fail(Status(StatusCode::kInvalidInput, "\"" + std::string(text) + "\" is not of the form knob=a,b,c").At("--over"));
  }
  TW_ASSIGN(const Knob* knob, FindKnob(knobs, text.substr(0, equals)));
  SearchDimension dimension{.knob = knob->name, .values = {}};
  for (std::string_view rest = text.substr(equals + 1);;) {
    const size_t comma = rest.find(',');
    TW_ASSIGN(KnobValue value, knob->Parse(rest.substr(0, comma)));
    dimension.values.push_back(std::move(value));
    if (comma == std::string_view::npos) return dimension;
    rest.remove_prefix(comma + 1);
  }
}

}  // namespace tradewind
