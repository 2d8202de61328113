// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Which build this is.
#pragma once

#include <string>

namespace tradewind {

// "0.1.0 abc1234": recorded with every measurement.
std::string BuildId();
// "x86_64, GNU 12.2.0".
std::string BuildPlatform();

}  // namespace tradewind
