// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "study/choice_costs.h"

#include <charconv>

namespace tradewind {

Result<ChoiceCosts> ParseChoiceCosts(const std::vector<std::string>& words) {
  ChoiceCosts costs;
  for (const std::string& word : words) {
    const size_t equals = word.find('=');
    double value = 0;
    if (equals != std::string::npos) {
      const auto [end, error] = std::from_chars(word.data() + equals + 1, word.data() + word.size(), value);
      if (error == std::errc() && end == word.data() + word.size()) {
        costs[word.substr(0, equals)] = value;
        continue;
      }
    }
    return Fail(Status(StatusCode::kInvalidInput, "\"" + word + "\" is not of the form choice=weight").At("cost"));
  }
  return costs;
}

double CostOf(const Setting& setting, const ChoiceCosts& costs) {
  double sum = 0;
  for (const auto& [knob, value] : setting.values()) {
    const auto found = costs.find(ToText(value));
    if (found != costs.end()) sum += found->second;
  }
  return sum;
}

}  // namespace tradewind
