// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The numbers of a Sampling as data: their names, their options on the command line and their ranges. Thread-safe.
#pragma once

#include <span>
#include <string_view>
#include <variant>

#include "base/status.h"
#include "core/event.h"

namespace tradewind {

struct SamplingField {
  std::string_view name;  // "top_k"
  std::string_view flag;  // "--top-k"
  std::variant<double Sampling::*, int64_t Sampling::*> member;
  double low = 0;  // both inclusive
  double high = 0;

  double Get(const Sampling& sampling) const;
};
std::span<const SamplingField> SamplingFields();

// kInvalidInput names the first number outside its range, by its option.
Result<void> CheckSampling(const Sampling& sampling);
// Sets the number of that name from text, checked; also `seed`, which has no range. kInvalidInput names it, or those that there are.
Result<void> SetSamplingField(Sampling& sampling, std::string_view name, std::string_view text);

}  // namespace tradewind
