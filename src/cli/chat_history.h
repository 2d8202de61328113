// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// ChatHistory: the lines that were typed, for the arrow keys of the next conversation: a file of lines that only its owner may read, of
// the last thousand or so. Several programs may add to it at once. Not thread-safe.
#pragma once

#include <string>
#include <vector>

#include "base/status.h"

namespace tradewind {

class ChatHistory {
 public:
  static constexpr size_t kLines = 1000;         // that are read back
  static constexpr size_t kLineBytes = 16384;    // longer ones are not kept
  static constexpr size_t kFileBytes = 1 << 20;  // a larger file is cut to its last lines

  // Reads the file, or begins one. A file that cannot be had leaves an empty history whose problem() says why.
  explicit ChatHistory(std::string path);

  const std::vector<std::string>& lines() const { return lines_; }  // oldest first
  // Writes it at once, so that nothing is lost by a kill. Blank lines, and one like that before, are left out.
  void Add(const std::string& line);
  // What went wrong first; empty if nothing did.
  const std::string& problem() const { return problem_; }

 private:
  Result<void> Read();
  Result<void> Append(const std::string& line);
  std::string path_;
  std::vector<std::string> lines_;
  std::string problem_;
};

// $XDG_DATA_HOME/tradewind/chat_history.
std::string ChatHistoryPath();

}  // namespace tradewind
