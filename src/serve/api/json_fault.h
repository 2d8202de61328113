// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Why a text is no JSON that is taken, and at which byte: for a text that the fast reader refused, which does not say. Thread-safe.
#pragma once

#include <string_view>

#include "base/status.h"

namespace tradewind {

// kInvalidInput at "body".
Status JsonFault(std::string_view bytes);

}  // namespace tradewind
