// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How an answer is drawn, from its text form: "temperature=0 top_k=40 stop=%0A".
#pragma once

#include <string_view>

#include "base/status.h"
#include "core/event.h"

namespace tradewind::api {

// Fills the prompt's sampling and stop texts; without a seed, a random one. kInvalidInput names the field.
Result<void> SetSampling(std::string_view text, Prompt& prompt);

}  // namespace tradewind::api
