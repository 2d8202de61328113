// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Metric: a registered, defined quantity with unit and direction. Measurement: its value for one setting, with interval, count and origin.
// A metric is one file in src/measure/metrics that registers a Metric and computes it from what a trial observed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/interval.h"

namespace tradewind {

enum class Direction : uint8_t { kLowerIsBetter, kHigherIsBetter };

struct MetricInfo {
  std::string name;  // carries its unit: "ttft_ms"
  std::string unit;
  Direction direction = Direction::kLowerIsBetter;
  std::string definition;  // one or two sentences, printed beside the value
};

enum class Origin : uint8_t { kMeasured, kRecorded, kModelled, kAssumed };
std::string_view OriginName(Origin origin);  // "measured"
std::optional<Origin> ParseOrigin(std::string_view name);

struct Measurement {
  std::string metric;
  double value = 0;
  Interval interval;  // of the value
  int64_t count = 0;  // samples behind it
  Origin origin = Origin::kMeasured;
};

}  // namespace tradewind
