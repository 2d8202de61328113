// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Where the lines of a conversation come from, and how they make up what is said. The terminal's editor is in line_editor.h.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "cli/chat_signals.h"

namespace tradewind {

struct ChatLine {
  enum class Kind {
    kText,
    kEnd,          // of the input: Ctrl-D
    kInterrupted,  // Ctrl-C; `text` is what had been typed
    kTerminated,   // SIGTERM
    kTooLong,      // passed over whole
  };
  Kind kind = Kind::kText;
  std::string text;  // without its line feed
};

class LineSource {
 public:
  virtual ~LineSource() = default;
  // `continued`: more is expected of what is being said.
  virtual ChatLine Next(bool continued) = 0;
  virtual void Remember(const std::string&) {}  // for the arrow keys
};

constexpr size_t kChatLineBytes = 64u << 20;

// The lines of a descriptor, byte for byte; the last need not end with a line feed. A prompt goes to `prompt`, if there is one.
std::unique_ptr<LineSource> PlainLines(int fd, ChatSignals& signals, std::FILE* prompt);

// "> ", or what stands before further lines.
const char* ChatPrompt(bool continued);

// Puts lines together: a line that ends in an odd number of backslashes goes on in the next one; what stands between """ and """ is taken
// as it is.
class SaidText {
 public:
  // Whether all of it is there now.
  bool Add(std::string_view line);
  bool open() const { return open_; }
  // Was it between quotes: never a command.
  bool quoted() const { return quoted_; }
  size_t size() const { return text_.size(); }
  std::string Take();

 private:
  bool AddQuoted(std::string_view line);
  std::string text_;
  bool open_ = false;
  bool quoted_ = false;
  bool begun_ = false;  // a quoted line is there
};

}  // namespace tradewind
