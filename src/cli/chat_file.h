// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A conversation as a file: one JSON object.
//
//   {"format": "tradewind chat", "version": 1, "model": "smollm2-135m",
//    "set": {"threads": 2},                          what was set by hand
//    "setting": {"threads": 2, "layers": 30, ...},   what the last answer ran with; for the reader, not read back
//    "budget": {"ttft_ms": 200, "quality": 0.95},    as in `run --json`
//    "messages": [{"role": "system", "content": "..."}, {"role": "user", ...}, {"role": "assistant", ...}]}
//
// Messages: a system message first or none, then user and assistant in turn, an answer last. Text that is no UTF-8 is written with U+FFFD.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/status.h"
#include "core/budget.h"
#include "core/event.h"
#include "core/setting.h"

namespace tradewind {

struct SavedChat {
  Setting set;      // by hand, with the model
  Setting setting;  // of the last answer; empty before one
  Budget budget;
  std::optional<std::string> system;
  std::vector<Message> messages;  // without the system's
};

constexpr uint64_t kSavedChatBytes = 64u << 20;

std::string ToText(const SavedChat& chat);
// Every error names its field. Fields that are not known are passed over: a later version may have written them.
Result<SavedChat> ParseSavedChat(std::string_view text, std::span<const Knob> knobs);

// Replaces the file whole, or leaves it. kInvalidInput if there is one that is no saved conversation.
Result<void> SaveChat(const std::string& path, const SavedChat& chat);
Result<SavedChat> LoadChat(const std::string& path, std::span<const Knob> knobs);

}  // namespace tradewind
