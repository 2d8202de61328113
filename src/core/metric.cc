// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "core/metric.h"

namespace tradewind {

std::string_view OriginName(Origin origin) {
  switch (origin) {
    case Origin::kMeasured: return "measured";
    case Origin::kRecorded: return "recorded";
    case Origin::kModelled: return "modelled";
    case Origin::kAssumed: return "assumed";
  }
  return "assumed";
}

std::optional<Origin> ParseOrigin(std::string_view name) {
  for (Origin origin : {Origin::kMeasured, Origin::kRecorded, Origin::kModelled, Origin::kAssumed}) {
    if (OriginName(origin) == name) return origin;
  }
  return std::nullopt;
}

}  // namespace tradewind
