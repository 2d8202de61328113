// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The predicted frontier of a device that was not searched, as JSON and for people: `tradewind search --from`.
#pragma once

#include <string>

#include "cli/json.h"
#include "search/unseen_device.h"

namespace tradewind {

Json ToJson(const UnseenDevice& found);
// The frontier with the intervals of what is predicted, then what was measured.
std::string UnseenDeviceText(const UnseenDevice& found);

}  // namespace tradewind
