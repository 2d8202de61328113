// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Stands in for line_editor.cc in a build without libedit.
#include <unistd.h>

#include "cli/line_editor.h"

namespace tradewind {

std::unique_ptr<LineSource> MakeLineEditor(ChatSignals& signals, const std::vector<std::string>&, std::FILE* out) {
  return PlainLines(STDIN_FILENO, signals, out);
}

LineEditing DescribeLineEditing() {
  return {false, "none: built without libedit, so `chat` has no editing keys and no history; apt-get install libedit-dev and build again"};
}

}  // namespace tradewind
