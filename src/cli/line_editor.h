// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// The lines of a terminal, edited with the arrow keys and with a history to go back in (libedit; where it was not there when this was
// built, no_line_editor.cc reads plain lines instead).
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "cli/chat_lines.h"

namespace tradewind {

// Reads standard input, which is a terminal, and draws on `out`. `history` is oldest first. `signals` is borrowed.
std::unique_ptr<LineSource> MakeLineEditor(ChatSignals& signals, const std::vector<std::string>& history, std::FILE* out);

// What edits lines here, in words; `available`: whether anything does.
struct LineEditing {
  bool available = false;
  std::string text;
};
LineEditing DescribeLineEditing();

}  // namespace tradewind
