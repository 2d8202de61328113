// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The windows in which llama.cpp's tools (perplexity, imatrix) read a long text: equal stretches of its tokens, each a sequence of its own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "core/tunable.h"

namespace tradewind {

// Stretches of `size` ids, a BOS in place of the first where the instance's texts begin with one; what is left over at the end belongs to
// none.
Result<std::vector<std::vector<int32_t>>> TokenWindows(const Instance& instance, const std::string& text, int64_t size);

}  // namespace tradewind
