// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/encoding.h"

#include <algorithm>
#include <optional>

namespace tradewind {
namespace {

std::optional<double> AsNumber(const KnobValue& value) {
  if (const auto* whole = std::get_if<int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  return std::nullopt;
}

bool Ordered(const SearchDimension& dimension) {
  for (size_t i = 0; i < dimension.values.size(); ++i) {
    const auto x = AsNumber(dimension.values[i]);
    if (!x || (i > 0 && !(*AsNumber(dimension.values[i - 1]) < *x))) return false;
  }
  return !dimension.values.empty();
}

// The unordered dimensions of each list of values that two or more have, in order of appearance.
std::vector<std::vector<size_t>> SharedLists(std::span<const SearchDimension> dimensions) {
  std::vector<std::vector<size_t>> groups;
  for (size_t d = 0; d < dimensions.size(); ++d) {
    if (Ordered(dimensions[d])) continue;
    const auto same = [&](const std::vector<size_t>& group) { return dimensions[group[0]].values == dimensions[d].values; };
    const auto found = std::find_if(groups.begin(), groups.end(), same);
    if (found == groups.end()) {
      groups.push_back({d});
    } else {
      found->push_back(d);
    }
  }
  std::erase_if(groups, [](const std::vector<size_t>& group) { return group.size() < 2; });
  return groups;
}

}  // namespace

void AppendOneHot(size_t count, std::optional<size_t> chosen, std::vector<double>& features) {
  features.resize(features.size() + count, 0.0);
  if (chosen) features[features.size() - count + *chosen] = 1;
}

Result<std::vector<double>> EncodeSetting(const Setting& setting, std::span<const SearchDimension> dimensions) {
  std::vector<double> features;
  std::vector<size_t> chosen;  // the index of each dimension's value
  for (const SearchDimension& dimension : dimensions) {
    const KnobValue* value = setting.Find(dimension.knob);
    if (value == nullptr)
      return Fail(StatusCode::kInvalidInput, "the setting gives " + dimension.knob + " no value; a predictor needs one");
    const auto at = std::find(dimension.values.begin(), dimension.values.end(), *value);
    if (at == dimension.values.end()) {
      return Fail(StatusCode::kInvalidInput, dimension.knob + "=" + ToText(*value) + " is not among the values searched; add it to them");
    }
    chosen.push_back(static_cast<size_t>(at - dimension.values.begin()));
    if (Ordered(dimension)) {
      const double low = *AsNumber(dimension.values.front());
      const double high = *AsNumber(dimension.values.back());
      features.push_back(high > low ? (*AsNumber(*value) - low) / (high - low) : 0);
    } else {
      AppendOneHot(dimension.values.size(), chosen.back(), features);
    }
  }
  for (const std::vector<size_t>& group : SharedLists(dimensions)) {
    const size_t begin = features.size();
    features.resize(begin + dimensions[group[0]].values.size(), 0.0);
    for (const size_t d : group) features[begin + chosen[d]] += 1;
  }
  return features;
}

std::vector<std::string> EncodingNames(std::span<const SearchDimension> dimensions) {
  std::vector<std::string> names;
  for (const SearchDimension& dimension : dimensions) {
    if (Ordered(dimension)) {
      names.push_back(dimension.knob);
    } else {
      for (const KnobValue& value : dimension.values) names.push_back(dimension.knob + "=" + ToText(value));
    }
  }
  for (const std::vector<size_t>& group : SharedLists(dimensions)) {
    for (const KnobValue& value : dimensions[group[0]].values) names.push_back("count:" + ToText(value));
  }
  return names;
}

}  // namespace tradewind
